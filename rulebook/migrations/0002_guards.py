"""What no code may do: change what was checked, pass for a migration, change a day that has passed."""

from django.db import migrations

from lib.append_only import Seal

KEEP = """
CREATE FUNCTION rulebook_keep_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND (OLD.origin = 'migration' OR OLD.checked_at IS NOT NULL) THEN
        RAISE EXCEPTION '已经复核的规则和日历不能改也不能删，请另外录入一条'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rulebook_keep_checked';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.origin = 'migration'
        AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RAISE EXCEPTION '只有系统升级能录入不经复核的规则和日历'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_migration_by_owner';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION rulebook_keep_past_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.date, OLD.id) IS DISTINCT FROM (NEW.date, NEW.id)) THEN
        RAISE EXCEPTION '日历上的日子不能删' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rulebook_keep_days';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.date < timezone('Asia/Shanghai', now())::date THEN
        RAISE EXCEPTION '过去的日子不能改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rulebook_keep_days';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM rulebook_calendarload AS load
        WHERE load.id = NEW.load_id AND load.year = extract(year FROM NEW.date)
            AND (load.origin = 'migration' OR load.checked_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION '日历要先由第二个人复核'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_day_of_checked_load';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_checked BEFORE INSERT OR UPDATE OR DELETE ON rulebook_rule
    FOR EACH ROW EXECUTE FUNCTION rulebook_keep_checked();
CREATE TRIGGER keep_checked BEFORE INSERT OR UPDATE OR DELETE ON rulebook_calendarload
    FOR EACH ROW EXECUTE FUNCTION rulebook_keep_checked();
CREATE TRIGGER keep_past_days BEFORE INSERT OR UPDATE OR DELETE ON rulebook_calendarday
    FOR EACH ROW EXECUTE FUNCTION rulebook_keep_past_days();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON rulebook_rule EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON rulebook_calendarload EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON rulebook_calendarday EXECUTE FUNCTION refuse_change();
"""

GO = """
DROP TRIGGER keep_table ON rulebook_calendarday;
DROP TRIGGER keep_table ON rulebook_calendarload;
DROP TRIGGER keep_table ON rulebook_rule;
DROP TRIGGER keep_past_days ON rulebook_calendarday;
DROP TRIGGER keep_checked ON rulebook_calendarload;
DROP TRIGGER keep_checked ON rulebook_rule;
DROP FUNCTION rulebook_keep_past_days();
DROP FUNCTION rulebook_keep_checked();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial")]

    operations = [
        Seal("rulebook_ruleevent"),
        Seal("rulebook_calendarloadevent"),
        migrations.RunSQL(KEEP, GO),
    ]
