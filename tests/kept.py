"""Tests that commit: what migrations filled is remembered once and put back after each of them (FOUNDATION 2).

Flushing is not possible (the application may not TRUNCATE) nor wanted (rules and calendar come by migration). The
owner empties what such a test left behind, with triggers off, and restores what was there before.
"""

from django.db import connections

SCHEMA = "kept"


def _tables(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'")
    return sorted(name for (name,) in cursor.fetchall())


def remember(connection) -> None:
    """Copies every table that migrations filled into the schema ``kept``."""
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in _tables(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM public."{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE {SCHEMA}."{table}" AS TABLE public."{table}"')


def _changed(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [SCHEMA])
    kept = {name for (name,) in cursor.fetchall()}
    rows_of = "(SELECT count(*)::text || coalesce(sum(hashtextextended(t::text, 0))::text, '') FROM {} t)"
    looks = [
        f"SELECT '{table}' WHERE "
        + (
            rows_of.format(f'public."{table}"') + " <> " + rows_of.format(f'{SCHEMA}."{table}"')
            if table in kept
            else f'EXISTS (SELECT 1 FROM public."{table}")'
        )
        for table in _tables(cursor)
    ]
    cursor.execute(" UNION ALL ".join(looks))
    return [name for (name,) in cursor.fetchall()]


def restore(connection) -> None:
    """Puts every table back to what it held after the migrations; one transaction, no triggers, no key checks."""
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _changed(cursor):
            cursor.execute(f'DELETE FROM public."{table}"')
            cursor.execute("SELECT to_regclass(%s)", [f'{SCHEMA}."{table}"'])
            if cursor.fetchone()[0]:
                cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {SCHEMA}."{table}"')
        cursor.execute("COMMIT")


def restore_all() -> None:
    for connection in connections.all():
        restore(connection)
