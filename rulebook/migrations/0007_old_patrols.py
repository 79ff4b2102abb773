"""From how many days on a patrol's own day is asked about by the station."""

from datetime import date

from django.db import migrations


def enter(apps, editor):
    town = apps.get_model("rulebook", "Jurisdiction").objects.get(code="town")
    apps.get_model("rulebook", "Rule").objects.create(
        key="patrol.old_days",
        kind="integer",
        unit="天",
        value=7,
        jurisdiction=town,
        basis="本系统拟定的做法，镇物业办可以改",
        first_day=date(2004, 1, 1),
        origin="migration",
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0006_digest")]

    operations = [migrations.RunPython(enter)]
