"""From how many days on an entry of a register counts as written afterwards: our own design."""

from datetime import date

from django.db import migrations


def enter(apps, editor):
    town = apps.get_model("rulebook", "Jurisdiction").objects.get(code="town")
    apps.get_model("rulebook", "Rule").objects.create(
        key="record.late_days",
        kind="integer",
        unit="天",
        value=7,
        jurisdiction=town,
        basis="本系统拟定的做法，镇物业办可以改",
        first_day=date(2004, 1, 1),
        origin="migration",
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0008_committees")]

    operations = [migrations.RunPython(enter)]
