"""A finding put right on the spot keeps a photo that shows it: one that is shown, and that nobody takes away later."""

from django.db import migrations

SHOWN = """
CREATE OR REPLACE FUNCTION on_the_spot_has_photo() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned bigint := CASE TG_TABLE_NAME WHEN 'inspections_finding' THEN (to_jsonb(NEW)->>'id')::bigint
    ELSE (to_jsonb(OLD)->>'finding_id')::bigint END;
BEGIN
    IF EXISTS (SELECT 1 FROM inspections_finding WHERE id = concerned AND handling = 'on_the_spot' AND state = 'closed')
       AND NOT EXISTS (SELECT 1 FROM inspections_patrolphoto
                       WHERE finding_id = concerned AND kind = 'after' AND NOT dropped) THEN
        RAISE EXCEPTION '当场处理好的问题要有一张处理后的照片'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'on_the_spot_has_photo';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER on_the_spot_keeps_photo AFTER UPDATE OR DELETE ON inspections_patrolphoto
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.kind = 'after' AND OLD.finding_id IS NOT NULL) EXECUTE FUNCTION on_the_spot_has_photo();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_check_list")]

    operations = [
        migrations.RunSQL(SHOWN, "DROP TRIGGER on_the_spot_keeps_photo ON inspections_patrolphoto"),
    ]
