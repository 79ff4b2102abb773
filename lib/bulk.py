"""Many rows in one statement, by COPY; their keys are drawn first, so that other rows can name them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import RawSQL


def keys(model: type[Model], number: int) -> list[int]:
    """So many new keys of a table."""
    sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [model._meta.db_table, number])
        return [key for (key,) in cursor.fetchall()]


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes rows of values in the order of the columns (as the database names them). Triggers and checks speak."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def one_of(values: Iterable[int | str], kind: str = "bigint") -> RawSQL:
    """For ``filter(pk__in=one_of(keys))``: any of many keys, or words with ``kind="text"``, as one argument.

    Tables that were filled a moment ago have no statistics yet, and a join of two is planned as if they were empty:
    minutes for 50,000 rows. Rows by their keys are found by one scan, whatever the planner thinks.
    """
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(values)])  # noqa: S611 — what is typed is a parameter
