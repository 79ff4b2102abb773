"""How many days ahead a certificate that ends is spoken of: our own design."""

from datetime import date

from django.db import migrations


def enter(apps, editor):
    town = apps.get_model("rulebook", "Jurisdiction").objects.get(code="town")
    apps.get_model("rulebook", "Rule").objects.create(
        key="certificate.remind_days",
        kind="integer",
        unit="天",
        value=30,
        jurisdiction=town,
        basis="本系统拟定的做法，镇物业办可以改",
        first_day=date(2004, 1, 1),
        origin="migration",
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0009_late_records")]

    operations = [migrations.RunPython(enter)]
