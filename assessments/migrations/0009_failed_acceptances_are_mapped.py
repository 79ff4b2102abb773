"""What an acceptance of a campaign that was not passed costs: an item of its own in the dated map. DOMAIN D.3"""

from django.db import migrations

ITEM = "ENV-1"


def enter(apps, editor) -> None:
    rules = apps.get_model("assessments", "EvidenceRule").objects
    for item in apps.get_model("assessments", "ScoreItem").objects.filter(code=ITEM, table__origin="migration"):
        rules.create(table=item.table, source="campaign", item=item)


def nothing(apps, editor) -> None:
    """The rows go with their table."""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_failed_acceptances")]

    operations = [migrations.RunPython(enter, nothing)]
