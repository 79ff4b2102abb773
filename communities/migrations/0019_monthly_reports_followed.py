"""A supervised account's next month opens with what the one before closed with; histories stay."""

from django.db import migrations

from lib.append_only import Seal

FOLLOWS = """
CREATE FUNCTION supervised_month_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (
            SELECT opening_fen, lag(closing_fen) OVER (ORDER BY month) AS before
            FROM communities_supervisedmonth WHERE account_id = NEW.account_id
        ) AS rows WHERE before IS NOT NULL AND opening_fen <> before
    ) THEN
        RAISE EXCEPTION '期初要接着上一个月的期末'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'supervised_month_follows';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER supervised_month_follows AFTER INSERT OR UPDATE ON communities_supervisedmonth
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supervised_month_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0018_monthly_reports")]

    operations = [
        migrations.RunSQL(FOLLOWS, "DROP FUNCTION supervised_month_follows() CASCADE"),
        *(Seal(f"communities_{name}event") for name in ("feemonth", "supervisedaccount", "supervisedmonth")),
    ]
