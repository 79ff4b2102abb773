"""The State Council's working days of 2004 to 2026, from rulebook/data/workdays.txt."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "data" / "workdays.txt"


def exceptions():
    """Per year: the days unlike Monday to Friday, as (date, worked, note)."""
    found = defaultdict(list)
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            day, sign, note = line.split()
            found[int(day[:4])].append((day, sign == "班", note))
    return found


def days_of(year, found):
    unlike = {day: (worked, note) for day, worked, note in found}
    day = date(year, 1, 1)
    while day.year == year:
        yield day, *unlike.get(day.isoformat(), (day.weekday() < 5, ""))
        day += timedelta(days=1)


def load(apps, editor):
    Load, Day = apps.get_model("rulebook", "CalendarLoad"), apps.get_model("rulebook", "CalendarDay")  # noqa: N806
    for year, found in exceptions().items():
        source = f"国务院办公厅关于{year}年部分节假日安排的通知"
        row = Load.objects.create(year=year, days=found, source=source, origin="migration")
        Day.objects.bulk_create(
            Day(date=day, is_workday=worked, note=note, load=row) for day, worked, note in days_of(year, found)
        )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0003_rules_of_the_plans")]

    operations = [migrations.RunPython(load)]
