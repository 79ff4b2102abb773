"""From how many waiting messages on they leave as one: our own design, like the hours in which they leave."""

from datetime import date

from django.db import migrations


def enter(apps, editor):
    town = apps.get_model("rulebook", "Jurisdiction").objects.get(code="town")
    apps.get_model("rulebook", "Rule").objects.create(
        key="notify.digest_from",
        kind="integer",
        unit="条",
        value=3,
        jurisdiction=town,
        basis="本系统拟定的做法，镇物业办可以改",
        first_day=date(2004, 1, 1),
        origin="migration",
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0005_days_as_checked")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
