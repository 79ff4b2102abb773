"""What no code may do to complaints: take one away, change its number or place, wake one that is over, change the past."""

from django.db import migrations

from lib.append_only import Seal

KEEP = """
CREATE FUNCTION complaint_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '投诉 % 不能删，只能撤回或不予受理', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.client_id, OLD.number, OLD.community_id, OLD.source, OLD.registered_at, OLD.firm_id)
       IS DISTINCT FROM (NEW.client_id, NEW.number, NEW.community_id, NEW.source, NEW.registered_at, NEW.firm_id) THEN
        RAISE EXCEPTION '投诉 % 的编号、小区、来源、登记时间和当天的物业不能改', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('closed', 'not_accepted', 'withdrawn') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION '投诉 % 已经办结，不能再改状态', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaint_kept BEFORE UPDATE OR DELETE ON complaints_complaint
    FOR EACH ROW EXECUTE FUNCTION complaint_keeps();
"""

CLOSED_ROWS = """
CREATE FUNCTION complaint_part_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '已经结束的一段不能再改' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER complaint_pause_ended BEFORE UPDATE ON complaints_complaintpause
    FOR EACH ROW WHEN (OLD.last_day IS NOT NULL) EXECUTE FUNCTION complaint_part_ended();
CREATE TRIGGER complaint_transfer_ended BEFORE UPDATE ON complaints_complainttransfer
    FOR EACH ROW WHEN (OLD.answered_on IS NOT NULL) EXECUTE FUNCTION complaint_part_ended();
CREATE TRIGGER answer_checked_once BEFORE UPDATE ON complaints_answer
    FOR EACH ROW WHEN (OLD.checked_by_id IS NOT NULL OR OLD.sent_back <> '') EXECUTE FUNCTION complaint_part_ended();
"""


def together(name: str, columns: str, target: str) -> migrations.RunSQL:
    """A complaint's building, main case and finding lie in the complaint's own community."""
    return migrations.RunSQL(
        f"ALTER TABLE complaints_complaint ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
        f" REFERENCES {target} (community_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE complaints_complaint DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
        ("communities", "0002_rows_belong_together"),
        ("inspections", "0002_records_that_stay"),
    ]

    operations = [
        together("complaint_building_here", "community_id, building_id", "communities_building"),
        together("complaint_merged_here", "community_id, merged_into_id", "complaints_complaint"),
        together("complaint_finding_here", "community_id, finding_id", "inspections_finding"),
        migrations.RunSQL(KEEP, "DROP FUNCTION complaint_keeps() CASCADE"),
        migrations.RunSQL(CLOSED_ROWS, "DROP FUNCTION complaint_part_ended() CASCADE"),
        Seal("complaints_complaintevent"),
        Seal("complaints_rating"),
        Seal("complaints_contactreading"),
        Seal("complaints_mediation"),
        Seal("complaints_upheldcomplaint"),
        Seal("complaints_answer", open_columns=["checked_by_id", "checked_at", "sent_back"]),
    ]
