"""A group's building lies in its community; a review stays as it was decided; histories stay."""

from django.db import migrations

from lib.append_only import Seal

REVIEWED = """
CREATE FUNCTION model_nomination_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '已经评审过，不能再改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'model_nomination_kept';
END $$;
CREATE TRIGGER model_nomination_kept BEFORE UPDATE OR DELETE ON communities_modelnomination
    FOR EACH ROW WHEN (OLD.state <> 'nominated') EXECUTE FUNCTION model_nomination_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0020_self_governed")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE communities_residentgroup ADD CONSTRAINT group_building_here"
            " FOREIGN KEY (community_id, building_id) REFERENCES communities_building (community_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE communities_residentgroup DROP CONSTRAINT group_building_here",
        ),
        migrations.RunSQL(REVIEWED, "DROP FUNCTION model_nomination_kept() CASCADE"),
        *(Seal(f"communities_{name}event") for name in ("residentgroup", "modelnomination", "investment")),
    ]
