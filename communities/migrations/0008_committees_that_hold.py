"""Members sit within their term, rows of a committee stay in its community, entries of a register are never changed."""

from django.db import migrations

from lib.append_only import Seal

HISTORY = (
    "ownerscommitteeevent",
    "committeememberevent",
    "committeeelectionevent",
    "committeeconcernevent",
    "partybranchevent",
    "exithandoverevent",
    "exititemevent",
)

WITHIN_TERM = """
CREATE FUNCTION committee_member_within_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM communities_committeemember m JOIN communities_ownerscommittee c ON c.id = m.committee_id
               WHERE CASE TG_TABLE_NAME WHEN 'communities_committeemember' THEN m.id ELSE c.id END = NEW.id
                 AND (m.first_day < c.first_day OR m.first_day > c.last_day OR m.last_day > c.last_day)) THEN
        RAISE EXCEPTION '委员的日子要在这一届的任期里'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'committee_member_within_term';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER committee_member_within_term AFTER INSERT OR UPDATE ON communities_committeemember
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION committee_member_within_term();
CREATE CONSTRAINT TRIGGER committee_term_holds_members AFTER UPDATE OF first_day, last_day ON communities_ownerscommittee
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION committee_member_within_term();
"""

ELECTION_KEPT = """
CREATE FUNCTION committee_election_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '这一项已经办完，不能再改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'committee_election_kept';
END $$;
CREATE TRIGGER committee_election_kept BEFORE UPDATE OR DELETE ON communities_committeeelection
    FOR EACH ROW WHEN (OLD.state <> 'running') EXECUTE FUNCTION committee_election_kept();
"""

STRUCK_ONCE = """
CREATE FUNCTION record_struck_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '这一条已经作废' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'record_struck_once';
END $$;
CREATE TRIGGER record_struck_once BEFORE UPDATE ON communities_record
    FOR EACH ROW WHEN (OLD.struck_at IS NOT NULL) EXECUTE FUNCTION record_struck_once();
"""

EXIT_CLOSED = """
CREATE FUNCTION exit_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'communities_exithandover' THEN
        IF OLD.closed_on IS NOT NULL THEN
            RAISE EXCEPTION '移交已经完成，不能再改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'exit_closed';
        END IF;
        IF NEW.closed_on IS NOT NULL AND EXISTS (SELECT 1 FROM communities_exititem
            WHERE exit_id = NEW.id AND handed_on IS NULL AND missing_why = '') THEN
            RAISE EXCEPTION '清单上还有没说清楚的' USING ERRCODE = 'check_violation', CONSTRAINT = 'exit_all_answered';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM communities_exithandover WHERE id = NEW.exit_id AND closed_on IS NOT NULL) THEN
        RAISE EXCEPTION '移交已经完成，不能再改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'exit_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exit_closed BEFORE UPDATE ON communities_exithandover FOR EACH ROW EXECUTE FUNCTION exit_closed();
CREATE TRIGGER exit_closed BEFORE INSERT OR UPDATE ON communities_exititem
    FOR EACH ROW EXECUTE FUNCTION exit_closed();
"""


def together(table: str, name: str, columns: str, target: str) -> migrations.RunSQL:
    """A foreign key over the community and the row, so that both name the same community."""
    return migrations.RunSQL(
        f"ALTER TABLE communities_{table} ADD CONSTRAINT {name} FOREIGN KEY (community_id, {columns})"
        f" REFERENCES communities_{target} (community_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE communities_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("communities", "0007_committees")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE communities_contract ADD CONSTRAINT contract_of_community UNIQUE (community_id, id)",
            "ALTER TABLE communities_contract DROP CONSTRAINT contract_of_community",
        ),
        together("committeeelection", "election_committee_here", "committee_id", "ownerscommittee"),
        together("record", "record_committee_here", "committee_id", "ownerscommittee"),
        together("exithandover", "exit_committee_here", "committee_id", "ownerscommittee"),
        together("exithandover", "exit_contract_here", "contract_id", "contract"),
        migrations.RunSQL(WITHIN_TERM, "DROP FUNCTION committee_member_within_term() CASCADE"),
        migrations.RunSQL(ELECTION_KEPT, "DROP FUNCTION committee_election_kept() CASCADE"),
        migrations.RunSQL(STRUCK_ONCE, "DROP FUNCTION record_struck_once() CASCADE"),
        migrations.RunSQL(EXIT_CLOSED, "DROP FUNCTION exit_closed() CASCADE"),
        Seal("communities_record", open_columns=["struck_at", "struck_by_id", "struck_why"]),
        Seal("communities_recordfile"),
        *(Seal(f"communities_{name}") for name in HISTORY),
    ]
