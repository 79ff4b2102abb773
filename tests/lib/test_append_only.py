"""Sealed tables, on one made for these tests by its owner."""

import pytest
from django.db import DatabaseError, connection
from django.db.transaction import atomic

from lib.append_only import Seal


@pytest.fixture
def sealed(transactional_db):
    """A table as a migration makes it, with one row; ``paid`` stays open."""
    connection.close()
    seal = Seal("tests_sealed", open_columns=("paid",))
    with connection.as_owner():
        app = connection.ops.quote_name(connection.app_role)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE tests_sealed (id bigint, amount bigint, paid boolean)")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON tests_sealed TO {app}")
            cursor.execute("INSERT INTO tests_sealed VALUES (1, 100, false)")
        with connection.schema_editor() as editor:
            seal.code(None, editor)
    yield seal
    connection.close()
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE tests_sealed")


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else cursor.rowcount


CHANGES = [
    "UPDATE tests_sealed SET amount = 5",
    "UPDATE tests_sealed SET amount = 5, paid = true",
    "DELETE FROM tests_sealed",
    "TRUNCATE tests_sealed",
]


@pytest.mark.parametrize("sql", CHANGES)
def test_the_application_is_refused(sealed, sql):
    with pytest.raises(DatabaseError, match="permission denied"), atomic():
        run(sql)
    assert run("SELECT amount, paid FROM tests_sealed") == [(100, False)]


@pytest.mark.parametrize("sql", CHANGES)
def test_triggers_sealed_rows_and_sealed_table_refuse_the_owner(sealed, sql):
    connection.close()
    with connection.as_owner(), pytest.raises(DatabaseError, match="只能另记一笔更正"):
        run(sql)


def test_an_open_column_may_change_and_rows_may_come(sealed):
    assert run("UPDATE tests_sealed SET paid = true") == 1
    assert run("INSERT INTO tests_sealed VALUES (2, 5, false)") == 1


def test_nobody_but_the_owner_switches_it_off(sealed):
    for sql in (
        "ALTER TABLE tests_sealed DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TABLE tests_sealed",
    ):
        with pytest.raises(DatabaseError), atomic():
            run(sql)


def test_it_opens_again_when_the_migration_is_undone(sealed):
    connection.close()
    with connection.as_owner(), connection.schema_editor() as editor:
        sealed.reverse_code(None, editor)
    assert run("UPDATE tests_sealed SET amount = 5") == 1
    assert run("DELETE FROM tests_sealed") == 1


def test_a_migration_can_write_it_down():
    assert Seal("a_table").deconstruct() == ("Seal", ["a_table"], {})
    assert Seal("a_table", ("paid",)).deconstruct() == ("Seal", ["a_table"], {"open_columns": ("paid",)})
    assert "a_table" in Seal("a_table").describe()
