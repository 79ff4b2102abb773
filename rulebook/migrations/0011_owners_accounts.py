"""How long an owner's code is good, and how long the paper with the codes may lie there: our own designs."""

from datetime import date

from django.db import migrations

ROWS = [("activation.days", "天", 60), ("activation.paper_minutes", "分钟", 60)]


def enter(apps, editor):
    town = apps.get_model("rulebook", "Jurisdiction").objects.get(code="town")
    for key, unit, value in ROWS:
        apps.get_model("rulebook", "Rule").objects.create(
            key=key,
            kind="integer",
            unit=unit,
            value=value,
            jurisdiction=town,
            basis="本系统拟定的做法，镇物业办可以改",
            first_day=date(2004, 1, 1),
            origin="migration",
        )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0010_certificates")]

    operations = [migrations.RunPython(enter)]
