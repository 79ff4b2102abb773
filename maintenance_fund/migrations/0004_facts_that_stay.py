"""Keys over two columns of renewal notices; what the agency's list said of first deposits is never changed."""

from django.db import migrations

from lib.append_only import Seal

NOTICE_OPEN = (
    "received_on",
    "delivery",
    "state",
    "closed_on",
    "reason",
    "term_start",
    "term_days",
    "term_counting",
    "due_on",
    "due_provisional",
)


class Migration(migrations.Migration):
    dependencies = [("maintenance_fund", "0003_households")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE maintenance_fund_renewalnotice ADD CONSTRAINT renewal_unit_here
                FOREIGN KEY (community_id, unit_id) REFERENCES communities_unit (community_id, id);
            """,
            "ALTER TABLE maintenance_fund_renewalnotice DROP CONSTRAINT renewal_unit_here",
        ),
        Seal("maintenance_fund_openingdeposit"),
        Seal("maintenance_fund_renewalnotice", open_columns=NOTICE_OPEN),
    ]
