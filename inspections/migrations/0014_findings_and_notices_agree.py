"""What no code may do between a finding, its notices and their rounds: settle the one while the other stands open, begin
a round that no failed recheck opened, hand over without a department, withdraw what was signed for without a decision.
"""

from importlib import import_module

from django.db import migrations

from lib.append_only import Seal

before = import_module("inspections.migrations.0011_notices_that_stay")

# A finding, its notices and their rounds agree when the transaction ends.
AGREE = """
CREATE OR REPLACE FUNCTION notice_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint := CASE TG_TABLE_NAME WHEN 'inspections_notice' THEN NEW.id
        ELSE (to_jsonb(NEW)->>'notice_id')::bigint END;
    it inspections_notice; turn inspections_noticeround;
BEGIN
    SELECT * INTO it FROM inspections_notice WHERE id = concerned;
    SELECT * INTO turn FROM inspections_noticeround WHERE notice_id = concerned AND no = it.round_no;
    IF it.state IN ('issued', 'received', 'replied') AND (turn.id IS NULL OR turn.outcome <> ''
           OR it.due_on IS DISTINCT FROM turn.due_on
           OR (turn.received_on IS NOT NULL) <> (it.state <> 'issued')
           OR (turn.replied_at IS NOT NULL) <> (it.state = 'replied')) THEN
        RAISE EXCEPTION '抄告单 % 的状态和这一轮对不上', it.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_agrees';
    END IF;
    IF it.state IN ('closed', 'withdrawn', 'transferred') AND turn.outcome = '' THEN
        RAISE EXCEPTION '抄告单 % 已经结束，这一轮还开着', it.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_agrees';
    END IF;
    IF it.state = 'closed'
       AND NOT EXISTS (SELECT 1 FROM inspections_recheck c WHERE c.round_id = turn.id AND c.passed)
       AND NOT EXISTS (SELECT 1 FROM inspections_transfer t WHERE t.notice_id = it.id
                       AND t.state IN ('answered', 'dropped')) THEN
        RAISE EXCEPTION '抄告单 % 没有合格的复查，也没有部门的答复，不能销号', it.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_closed_by_recheck';
    END IF;
    IF it.state = 'transferred' AND NOT EXISTS (SELECT 1 FROM inspections_transfer t
                                                WHERE t.notice_id = it.id AND t.state = 'sent') THEN
        RAISE EXCEPTION '抄告单 % 没有发给部门的移交，不能算已移交', it.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_transferred_by_letter';
    END IF;
    IF it.state = 'withdrawn' AND (turn.no > 1 OR turn.received_on IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM inspections_objection o WHERE o.notice_id = it.id AND o.state = 'upheld')
       AND NOT EXISTS (SELECT 1 FROM inspections_notice n WHERE n.finding_id = it.finding_id AND n.id > it.id) THEN
        RAISE EXCEPTION '抄告单 % 已经签收，要异议成立或者改发给别家才能撤销', it.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_withdrawn_by_decision';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION finding_stays_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned bigint := CASE TG_TABLE_NAME WHEN 'inspections_finding' THEN NEW.id
    ELSE (to_jsonb(NEW)->>'finding_id')::bigint END;
BEGIN
    IF EXISTS (SELECT 1 FROM inspections_finding f WHERE f.id = concerned AND f.state <> 'open')
       AND EXISTS (SELECT 1 FROM inspections_notice n WHERE n.finding_id = concerned
                   AND n.state IN ('issued', 'received', 'replied', 'transferred')) THEN
        RAISE EXCEPTION '这个问题的抄告单还没有办结，问题不能先办结或撤销'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_open_with_notice';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER finding_stays_open AFTER UPDATE OF state ON inspections_finding
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state <> 'open') EXECUTE FUNCTION finding_stays_open();
CREATE CONSTRAINT TRIGGER notice_of_open_finding AFTER INSERT ON inspections_notice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION finding_stays_open();
"""

FOLLOW = """
CREATE FUNCTION round_follows_failed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM inspections_noticeround
                   WHERE notice_id = NEW.notice_id AND no = NEW.no - 1 AND outcome = 'failed') THEN
        RAISE EXCEPTION '上一轮复查不合格，才有下一轮'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_follows_failed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_follows_failed BEFORE INSERT ON inspections_noticeround
    FOR EACH ROW WHEN (NEW.no > 1) EXECUTE FUNCTION round_follows_failed();
"""

TAKEN_OVER = """
CREATE FUNCTION notice_is_taken_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inspections_notice SET successor_id = NEW.firm_id
    WHERE id = NEW.notice_id AND state IN ('issued', 'received', 'replied')
      AND COALESCE(successor_id, firm_id) <> NEW.firm_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION '只有没办结的抄告能由另一家企业接手'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'takeover_of_an_open_notice';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_is_taken_over AFTER INSERT ON inspections_takeover
    FOR EACH ROW EXECUTE FUNCTION notice_is_taken_over();

CREATE FUNCTION successor_took_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM inspections_takeover WHERE notice_id = NEW.id AND firm_id = NEW.successor_id) THEN
        RAISE EXCEPTION '接手的企业要有接手的记录'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'successor_took_over';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER successor_took_over BEFORE INSERT OR UPDATE OF successor_id ON inspections_notice
    FOR EACH ROW WHEN (NEW.successor_id IS NOT NULL) EXECUTE FUNCTION successor_took_over();
"""

# As before; neither the firm that the notice names nor one that has taken it over looks itself.
BY_ANOTHER = before.BY_ANOTHER.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
BY_NO_FIRM = BY_ANOTHER.replace(
    "p.firm_id = it.firm_id AND",
    "(p.firm_id = it.firm_id OR p.firm_id IN (SELECT t.firm_id FROM inspections_takeover t"
    " WHERE t.notice_id = it.notice_id)) AND",
).replace("SELECT n.firm_id,", "SELECT n.id AS notice_id, n.firm_id,")
AGREED = before.AGREE.partition("CREATE CONSTRAINT TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0013_contracts_pass_on")]

    operations = [
        migrations.RunSQL(AGREE, AGREED + before.drop("finding_stays_open")),
        migrations.RunSQL(FOLLOW, before.drop("round_follows_failed")),
        migrations.RunSQL(TAKEN_OVER, before.drop("notice_is_taken_over", "successor_took_over")),
        migrations.RunSQL(BY_NO_FIRM, BY_ANOTHER),
        Seal("inspections_takeover"),
    ]
