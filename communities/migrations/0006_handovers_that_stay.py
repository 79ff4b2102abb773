"""A slip keeps its people and its day; it is confirmed by all or not at all; once closed it stays as it is."""

from django.db import migrations

from lib.append_only import Seal

CLOSED = """
CREATE FUNCTION handover_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '交接单已经办完或撤销，不能再改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'handover_closed';
END $$;
CREATE TRIGGER handover_closed BEFORE UPDATE ON communities_handover
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION handover_closed();
"""

BY_ALL = """
CREATE FUNCTION handover_by_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM communities_handoverpart p JOIN communities_handover h ON h.id = p.handover_id
               WHERE h.id = NEW.id AND h.state = 'confirmed' AND p.received_at IS NULL) THEN
        RAISE EXCEPTION '接班人还没有都确认'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'handover_by_all';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER handover_by_all AFTER INSERT OR UPDATE ON communities_handover
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state = 'confirmed') EXECUTE FUNCTION handover_by_all();
"""

PARTS = """
CREATE FUNCTION handover_part_of_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM communities_handover
                   WHERE id = NEW.handover_id AND state = 'open' AND user_id <> NEW.user_id) THEN
        RAISE EXCEPTION '交接单已经办完，或者交给了交班人自己'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'handover_part_of_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_part_of_open BEFORE INSERT OR UPDATE ON communities_handoverpart
    FOR EACH ROW EXECUTE FUNCTION handover_part_of_open();
"""

PROMISES = """
ALTER TABLE communities_actionitem ADD CONSTRAINT action_item_place_of_handover
    FOREIGN KEY (handover_id, community_id) REFERENCES communities_handoverpart (handover_id, community_id)
    DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0005_handovers")]

    operations = [
        Seal("communities_handover", open_columns=["state", "handed_at", "confirmed_at"]),
        Seal("communities_handoverpart", open_columns=["received_at"]),
        Seal("communities_handoverevent"),
        Seal("communities_actionitem", open_columns=["done_at", "done_by_id"]),
        migrations.RunSQL(CLOSED, "DROP FUNCTION handover_closed() CASCADE"),
        migrations.RunSQL(BY_ALL, "DROP FUNCTION handover_by_all() CASCADE"),
        migrations.RunSQL(PARTS, "DROP FUNCTION handover_part_of_open() CASCADE"),
        migrations.RunSQL(PROMISES, "ALTER TABLE communities_actionitem DROP CONSTRAINT action_item_place_of_handover"),
    ]
