"""A complaint may be put right to another community while it is unanswered; a petition that is decided stays."""

from django.db import migrations

from lib.append_only import Seal

KEEP = """
CREATE OR REPLACE FUNCTION complaint_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '投诉 % 不能删，只能撤回或不予受理', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.client_id, OLD.number, OLD.source, OLD.registered_at)
       IS DISTINCT FROM (NEW.client_id, NEW.number, NEW.source, NEW.registered_at) THEN
        RAISE EXCEPTION '投诉 % 的编号、来源和登记时间不能改', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.community_id, OLD.firm_id) IS DISTINCT FROM (NEW.community_id, NEW.firm_id)
       AND (OLD.community_id = NEW.community_id
            OR OLD.state NOT IN ('registered', 'accepted', 'assigned', 'handling', 'reopened')
            OR OLD.finding_id IS NOT NULL) THEN
        RAISE EXCEPTION '投诉 % 的小区和当天的物业，答复、移交、转成问题以后不能改，也不能单改物业', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('closed', 'not_accepted', 'withdrawn') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION '投诉 % 已经办结，不能再改状态', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

BEFORE = """
CREATE OR REPLACE FUNCTION complaint_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$
"""

DECIDED = """
CREATE TRIGGER petition_decided_once BEFORE UPDATE ON complaints_petition
    FOR EACH ROW WHEN (OLD.decided_on IS NOT NULL) EXECUTE FUNCTION complaint_part_ended()
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_looks")]

    operations = [
        migrations.RunSQL(KEEP, BEFORE),
        Seal("complaints_look"),
        migrations.RunSQL(DECIDED, "DROP TRIGGER petition_decided_once ON complaints_petition"),
    ]
