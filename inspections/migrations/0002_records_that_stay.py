"""What no code may do to patrols: move a finding to another community, change a version, undo a void."""

from django.db import migrations

from lib.append_only import Seal

KEEP = """
CREATE FUNCTION patrol_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '巡查记录 % 不能删，只能作废', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'voided' OR (OLD.client_id, OLD.number, OLD.community_id, OLD.user_id, OLD.submitted_at)
       IS DISTINCT FROM (NEW.client_id, NEW.number, NEW.community_id, NEW.user_id, NEW.submitted_at) THEN
        RAISE EXCEPTION '巡查记录 % 的编号、小区、巡查人和收到时间不能改，作废的不能恢复', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER patrol_kept BEFORE UPDATE OR DELETE ON inspections_patrol
    FOR EACH ROW EXECUTE FUNCTION patrol_keeps();
"""

SPOT = """
CREATE FUNCTION on_the_spot_has_photo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM inspections_patrolphoto WHERE finding_id = NEW.id AND kind = 'after') THEN
        RAISE EXCEPTION '当场处理好的问题要有一张处理后的照片'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'on_the_spot_has_photo';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER on_the_spot_has_photo AFTER INSERT OR UPDATE ON inspections_finding
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.handling = 'on_the_spot' AND NEW.state = 'closed') EXECUTE FUNCTION on_the_spot_has_photo();
"""


def together(name: str, columns: str, target: str) -> migrations.RunSQL:
    """A finding's patrol and building lie in the finding's own community."""
    return migrations.RunSQL(
        f"ALTER TABLE inspections_finding ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
        f" REFERENCES {target} (community_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE inspections_finding DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial"), ("communities", "0002_rows_belong_together")]

    operations = [
        together("finding_patrol_here", "community_id, patrol_id", "inspections_patrol"),
        together("finding_building_here", "community_id, building_id", "communities_building"),
        migrations.RunSQL(KEEP, "DROP FUNCTION patrol_keeps() CASCADE"),
        migrations.RunSQL(SPOT, "DROP FUNCTION on_the_spot_has_photo() CASCADE"),
        Seal("inspections_patrolversion"),
        Seal("inspections_patrolremark"),
        Seal("inspections_findingevent"),
        Seal("inspections_missedweekreason"),
        Seal("inspections_checkitemevent"),
    ]
