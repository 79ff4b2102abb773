"""What an acceptance of a campaign that was not passed costs: an item of its own in the dated map. DOMAIN D.3"""

from django.db import migrations

ITEM = "ENV-1"


def enter(apps, editor) -> None:
    Rule, Item = (apps.get_model("assessments", name) for name in ("EvidenceRule", "ScoreItem"))
    items = Item.objects.filter(code=ITEM, table__origin="migration")
    Rule.objects.bulk_create(Rule(table=item.table, source="campaign", item=item) for item in items)


def nothing(apps, editor) -> None:
    """The rows go with their table."""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_failed_acceptances")]

    operations = [migrations.RunPython(enter, nothing)]
