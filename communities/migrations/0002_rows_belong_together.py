"""Composite keys: a unit's building lies in the unit's community, a stairwell in its building. A code never changes."""

from django.db import migrations

from lib.append_only import Seal

HISTORY = (
    "villagecommitteeevent",
    "communityevent",
    "servicestateevent",
    "buildingevent",
    "stairwellevent",
    "unitevent",
    "equipmentevent",
    "firmevent",
    "contractevent",
    "firmpostevent",
    "patroldutyevent",
    "cadreleaveevent",
    "stationpostevent",
    "buildingheadevent",
)


def together(table: str, name: str, columns: str, target: str, target_columns: str) -> migrations.RunSQL:
    """A foreign key over two columns."""
    table, target = f"communities_{table}", f"communities_{target}"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
        f" REFERENCES {target} ({target_columns}) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("communities", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE communities_stairwell ADD CONSTRAINT stairwell_of_building UNIQUE (building_id, id)",
            "ALTER TABLE communities_stairwell DROP CONSTRAINT stairwell_of_building",
        ),
        together("unit", "unit_building_here", "community_id, building_id", "building", "community_id, id"),
        together("unit", "unit_stairwell_here", "building_id, stairwell_id", "stairwell", "building_id, id"),
        together("equipment", "equipment_building_here", "community_id, building_id", "building", "community_id, id"),
        together("buildinghead", "head_building_here", "community_id, building_id", "building", "community_id, id"),
        together("buildinghead", "head_stairwell_here", "building_id, stairwell_id", "stairwell", "building_id, id"),
        migrations.RunSQL(
            """
            CREATE FUNCTION keep_community_code() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '小区码贴在小区门口，定了就不能改' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER community_code_kept BEFORE UPDATE OF code ON communities_community
                FOR EACH ROW WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION keep_community_code();
            CREATE TRIGGER community_kept BEFORE DELETE ON communities_community
                FOR EACH ROW EXECUTE FUNCTION keep_community_code();
            """,
            "DROP FUNCTION keep_community_code() CASCADE",
        ),
        *(Seal(f"communities_{name}") for name in HISTORY),
    ]
