"""What no code may do to notices: change what was sent, settle without a recheck, reply without a photo, look at
one's own work. The present round's term is copied to the notice, so that lists and sweeps read one table.
"""

from django.db import migrations

from lib.append_only import Seal

DEPARTMENTS = [
    ("消防救援大队", "FIR"),
    ("综合行政执法队", "BLD"),
    ("住房和城乡建设局", "BLD3 FAC4 FIR10"),
    ("市场监督管理局", "FAC1"),
    ("供电公司", "FIR11 VEH4"),
    ("环卫所", "HYG2 PIL4"),
    ("派出所", "HYG7"),
    ("镇直部门", ""),
]

KEEP = """
CREATE FUNCTION notice_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM inspections_finding
                       WHERE id = NEW.finding_id AND community_id = NEW.community_id) THEN
            RAISE EXCEPTION '抄告单和它的问题不在一个小区'
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'notice_finding_here';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '抄告单 % 不能删，只能撤销', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'notice_kept';
    END IF;
    IF (OLD.number, OLD.finding_id, OLD.community_id, OLD.firm_id, OLD.village_id, OLD.body, OLD.issued_by_id,
        OLD.issued_at, OLD.issued_on)
       IS DISTINCT FROM (NEW.number, NEW.finding_id, NEW.community_id, NEW.firm_id, NEW.village_id, NEW.body,
        NEW.issued_by_id, NEW.issued_at, NEW.issued_on) THEN
        RAISE EXCEPTION '抄告单 % 的文号、问题和发给谁不能改', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'notice_kept';
    END IF;
    IF OLD.state IN ('closed', 'withdrawn') AND NEW.state <> OLD.state
       OR OLD.state = 'transferred' AND NEW.state NOT IN ('transferred', 'closed') THEN
        RAISE EXCEPTION '抄告单 % 已经办结、撤销或移交，不能再变', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'notice_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notice_kept BEFORE INSERT OR UPDATE OR DELETE ON inspections_notice
    FOR EACH ROW EXECUTE FUNCTION notice_keeps();
"""

ROUND = """
CREATE FUNCTION round_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.outcome <> ''
       OR (OLD.notice_id, OLD.no, OLD.issued_on, OLD.late_since)
          IS DISTINCT FROM (NEW.notice_id, NEW.no, NEW.issued_on, NEW.late_since)
       OR OLD.received_on IS NOT NULL AND (NEW.received_on, NEW.deemed_on)
          IS DISTINCT FROM (OLD.received_on, OLD.deemed_on)
       OR OLD.replied_at IS NOT NULL AND (NEW.replied_at, NEW.reply_text, NEW.replied_by_id)
          IS DISTINCT FROM (OLD.replied_at, OLD.reply_text, OLD.replied_by_id) THEN
        RAISE EXCEPTION '抄告的一轮不能删；签收、回复和复查结果写下就不能改'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'round_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_kept BEFORE UPDATE OR DELETE ON inspections_noticeround
    FOR EACH ROW EXECUTE FUNCTION round_keeps();

CREATE FUNCTION notice_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inspections_notice SET round_no = NEW.no, due_on = NEW.due_on, due_provisional = NEW.due_provisional,
        late_since = NEW.late_since, recheck_by = NEW.recheck_by
    WHERE id = NEW.notice_id AND round_no <= NEW.no;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_follows_round
    AFTER INSERT OR UPDATE OF due_on, due_provisional, recheck_by ON inspections_noticeround
    FOR EACH ROW EXECUTE FUNCTION notice_follows();
"""

# A notice and its rounds agree when the transaction ends.
AGREE = """
CREATE FUNCTION notice_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint := CASE TG_TABLE_NAME WHEN 'inspections_notice' THEN NEW.id
        ELSE (to_jsonb(NEW)->>'notice_id')::bigint END;
    it inspections_notice; turn inspections_noticeround;
BEGIN
    SELECT * INTO it FROM inspections_notice WHERE id = concerned;
    SELECT * INTO turn FROM inspections_noticeround WHERE notice_id = concerned AND no = it.round_no;
    IF it.state IN ('issued', 'received', 'replied') AND (turn.id IS NULL OR turn.outcome <> ''
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
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER notice_agrees AFTER INSERT OR UPDATE OF state, round_no ON inspections_notice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION notice_agrees();
CREATE CONSTRAINT TRIGGER round_agrees AFTER INSERT OR UPDATE OF received_on, replied_at, outcome
    ON inspections_noticeround DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION notice_agrees();
"""

PHOTO = """
CREATE FUNCTION reply_has_photo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM inspections_patrolphoto WHERE round_id = NEW.id AND kind = 'reply') THEN
        RAISE EXCEPTION '整改回复至少要有一张照片'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_has_photo';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reply_has_photo AFTER INSERT OR UPDATE OF replied_at ON inspections_noticeround
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.replied_at IS NOT NULL) EXECUTE FUNCTION reply_has_photo();

CREATE FUNCTION round_photo_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '抄告里的照片不能拿掉' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'round_photo_stays';
END $$;
CREATE TRIGGER round_photo_stays BEFORE UPDATE OF round_id, kind, dropped ON inspections_patrolphoto FOR EACH ROW
    WHEN (OLD.round_id IS NOT NULL AND (OLD.round_id, OLD.kind) IS DISTINCT FROM (NEW.round_id, NEW.kind)
          OR OLD.round_id IS NOT NULL AND NEW.dropped) EXECUTE FUNCTION round_photo_stays();
CREATE TRIGGER round_photo_kept BEFORE DELETE ON inspections_patrolphoto FOR EACH ROW
    WHEN (OLD.round_id IS NOT NULL) EXECUTE FUNCTION round_photo_stays();
"""

BY_ANOTHER = """
CREATE FUNCTION recheck_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE it record;
BEGIN
    SELECT n.firm_id, n.issued_by_id, f.severity, r.outcome, r.replied_at INTO it
    FROM inspections_noticeround r JOIN inspections_notice n ON n.id = r.notice_id
    JOIN inspections_finding f ON f.id = n.finding_id WHERE r.id = NEW.round_id;
    IF it.outcome <> '' OR it.replied_at IS NULL THEN
        RAISE EXCEPTION '这一轮现在不用复查' USING ERRCODE = 'check_violation', CONSTRAINT = 'recheck_of_a_reply';
    END IF;
    IF it.severity = 'major' AND it.issued_by_id = NEW.by_id THEN
        RAISE EXCEPTION '重大问题不能只由发出抄告的人复查'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recheck_by_another';
    END IF;
    IF EXISTS (SELECT 1 FROM communities_firmpost p WHERE p.firm_id = it.firm_id AND p.user_id = NEW.by_id
               AND p.first_day <= (timezone('Asia/Shanghai', NEW.at))::date
               AND (p.last_day IS NULL OR p.last_day >= (timezone('Asia/Shanghai', NEW.at))::date)) THEN
        RAISE EXCEPTION '复查不能由物业自己做' USING ERRCODE = 'check_violation', CONSTRAINT = 'recheck_not_by_firm';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recheck_by_another BEFORE INSERT ON inspections_recheck
    FOR EACH ROW EXECUTE FUNCTION recheck_by_another();
"""


def enter_departments(apps, editor) -> None:
    rows = apps.get_model("inspections", "Department").objects
    rows.bulk_create([rows.model(name=name, codes=codes) for name, codes in DEPARTMENTS])


def drop(*functions: str) -> str:
    return "; ".join(f"DROP FUNCTION {name}() CASCADE" for name in functions)


def together(table: str, name: str, columns: str, target: str) -> migrations.RunSQL:
    """Rows that belong together lie in one community."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
        f" REFERENCES {target} (community_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0010_notices")]

    operations = [
        together("inspections_rootcause", "root_cause_here", "community_id, building_id", "communities_building"),
        migrations.RunSQL(KEEP, drop("notice_keeps")),
        migrations.RunSQL(ROUND, drop("round_keeps", "notice_follows")),
        migrations.RunSQL(AGREE, drop("notice_agrees")),
        migrations.RunSQL(PHOTO, drop("reply_has_photo", "round_photo_stays")),
        migrations.RunSQL(BY_ANOTHER, drop("recheck_by_another")),
        Seal("inspections_noticeevent"),
        Seal("inspections_recheck"),
        migrations.RunPython(enter_departments, migrations.RunPython.noop),
    ]
