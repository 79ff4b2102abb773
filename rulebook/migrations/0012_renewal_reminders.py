"""How many days before the last day a household is reminded to renew: our own design."""

from datetime import date

from django.db import migrations


def enter(apps, editor):
    apps.get_model("rulebook", "Rule").objects.create(
        key="fund.renewal_remind_days",
        kind="list",
        unit="天",
        value=[30, 7],
        jurisdiction=apps.get_model("rulebook", "Jurisdiction").objects.get(code="town"),
        basis="本系统拟定的做法，镇物业办可以改",
        first_day=date(2004, 1, 1),
        origin="migration",
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0011_owners_accounts")]

    operations = [migrations.RunPython(enter)]
