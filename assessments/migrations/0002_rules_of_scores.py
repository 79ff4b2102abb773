"""What no code may do with scores and deposits, in plain SQL (rules_v1.sql); which rows stay as they are."""

from pathlib import Path

from django.db import migrations

from lib.append_only import Seal

RULES = (Path(__file__).parent / "rules_v1.sql").read_text()
MAY_CHANGE = "holder, bank, account, beneficiary, clause"  # of a deposit; its sums are the database's own


def own_the_sums(apps, editor) -> None:
    app = editor.quote_name(editor.connection.app_role)
    editor.execute(f"REVOKE UPDATE, DELETE ON assessments_deposit FROM {app}", params=None)
    editor.execute(f"GRANT UPDATE ({MAY_CHANGE}) ON assessments_deposit TO {app}", params=None)


def nothing(apps, editor) -> None:
    """The tables go with 0001."""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
        migrations.RunPython(own_the_sums, nothing),
        Seal("assessments_evidence"),
        Seal("assessments_sheetevent"),
        Seal("assessments_manualfact"),
        Seal("assessments_booking"),
        Seal("assessments_depositline"),
        Seal("assessments_depositbankline"),
        Seal("assessments_appealpoint", open_columns=["decided_deci"]),
        Seal("assessments_scoretableevent"),
    ]
