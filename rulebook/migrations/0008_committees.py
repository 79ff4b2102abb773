"""When a filed committee has its certificate, and how long whoever leaves has to hand over."""

from datetime import date

from django.db import migrations

FIRST_DAY = date(2004, 1, 1)
OURS = "本系统拟定的做法，镇物业办可以改"
ROWS = [
    ("committee.certificate_wd", "个工作日", 3, "city", "《温州市物业管理条例》第十八条"),
    ("committee.handover_days", "天", 10, "town", OURS),
    ("contract.exit_days", "天", 10, "town", OURS),
]


def enter(apps, editor):
    Jurisdiction, Rule = apps.get_model("rulebook", "Jurisdiction"), apps.get_model("rulebook", "Rule")  # noqa: N806
    of = {row.code: row for row in Jurisdiction.objects.all()}
    Rule.objects.bulk_create(
        Rule(
            key=key,
            kind="integer",
            unit=unit,
            value=value,
            jurisdiction=of[whose],
            basis=basis,
            first_day=FIRST_DAY,
            origin="migration",
        )
        for key, unit, value, whose, basis in ROWS
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0007_old_patrols")]

    operations = [migrations.RunPython(enter)]
