"""Whoever decided a charge does not decide the appeal; what was agreed of a deposit may be put right until it is opened."""

from django.db import migrations

APPEAL = """
CREATE OR REPLACE FUNCTION assessments_keep_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state <> 'open' THEN
        RAISE EXCEPTION '决定过的申诉不能改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'appeal_decided_stays';
    END IF;
    IF NEW.decided_by_id IS NOT NULL AND EXISTS (
        SELECT FROM assessments_scoresheet s WHERE s.id = NEW.sheet_id
           AND (NEW.decided_by_id IN (s.assessed_by_id, s.checked_by_id)
                OR EXISTS (SELECT FROM assessments_charge c
                           WHERE c.sheet_id = s.id AND c.decided_by_id = NEW.decided_by_id))) THEN
        RAISE EXCEPTION '申诉由没经手的人决定' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_by_somebody_else';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION assessments_agreed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.last_no > 0 AND (OLD.price_fen, OLD.area_centi, OLD.annual_fee_fen, OLD.opening_fen)
       IS DISTINCT FROM (NEW.price_fen, NEW.area_centi, NEW.annual_fee_fen, NEW.opening_fen) THEN
        RAISE EXCEPTION '开户以后，单价、面积、开户额不能再改'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'deposit_agreed_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreed_stays BEFORE UPDATE ON assessments_deposit FOR EACH ROW EXECUTE FUNCTION assessments_agreed_stays();
"""


def allow(apps, editor) -> None:
    app = editor.quote_name(editor.connection.app_role)
    columns = "price_fen, area_centi, annual_fee_fen, opening_fen"
    editor.execute(f"GRANT UPDATE ({columns}) ON assessments_deposit TO {app}", params=None)


def nothing(apps, editor) -> None:
    """The table goes with 0001."""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_gates")]

    operations = [migrations.RunSQL(APPEAL, migrations.RunSQL.noop), migrations.RunPython(allow, nothing)]
