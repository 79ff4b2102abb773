"""What no code may do with campaigns, in plain SQL (rules_v1.sql); what is only added to; the templates of the plans."""

import json
from pathlib import Path

from django.db import migrations

from lib.append_only import Seal

HERE = Path(__file__).parent
RULES = (HERE / "rules_v1.sql").read_text()


def fill(apps, editor) -> None:
    PlanTemplate = apps.get_model("campaigns", "PlanTemplate")
    rows = json.loads((HERE / "templates_v1.json").read_text())
    PlanTemplate.objects.bulk_create(PlanTemplate(**row) for row in rows)


def nothing(apps, editor) -> None:
    """The tables go with 0001."""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
        migrations.RunPython(fill, nothing),
        Seal("campaigns_extension"),
        Seal("campaigns_campaignevent"),
        Seal("campaigns_stepevent"),
        Seal("campaigns_quarterreport"),
    ]
