"""Tables whose rows are never changed. The database refuses, whatever code runs (ARCHITECTURE, FOUNDATION 2)."""

from collections.abc import Sequence

from django.db import migrations

# Called with the columns that stay open as arguments. An update that touches nothing else passes.
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0 AND to_jsonb(OLD) - TG_ARGV[0:] = to_jsonb(NEW) - TG_ARGV[0:] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% 的记录不能改也不能删，只能另记一笔更正', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$
"""


class Seal(migrations.RunPython):
    """A migration operation that closes a table to UPDATE, DELETE and TRUNCATE.

    Plain SQL and not pgtrigger's, because any role can switch those off. The application's role also loses the
    permissions, so that it is told before any trigger speaks.

    Args:
        table: the table's name.
        open_columns: columns that may still be updated, for instance a file's place.
    """

    def __init__(self, table: str, open_columns: Sequence[str] = ()):
        self.table, self.open_columns = table, tuple(open_columns)
        super().__init__(self._close, self._open)

    def deconstruct(self):
        return self.__class__.__name__, [self.table], {"open_columns": self.open_columns} if self.open_columns else {}

    def describe(self) -> str:
        return f"Seal {self.table}: no UPDATE, DELETE or TRUNCATE"

    def database_forwards(self, app_label, editor, from_state, to_state) -> None:
        self._close(None, editor)  # asks for no models, which would be made for it

    def _close(self, apps, editor) -> None:
        app, table = editor.quote_name(editor.connection.app_role), editor.quote_name(self.table)
        arguments = ", ".join(f"'{column}'" for column in self.open_columns)
        _run(
            editor,
            REFUSE,
            f"CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION refuse_change({arguments})",
            f"CREATE TRIGGER sealed_table BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f"REVOKE UPDATE, DELETE ON {table} FROM {app}",
            *(f"GRANT UPDATE ({editor.quote_name(column)}) ON {table} TO {app}" for column in self.open_columns),
        )

    def _open(self, apps, editor) -> None:
        app, table = editor.quote_name(editor.connection.app_role), editor.quote_name(self.table)
        _run(
            editor,
            f"DROP TRIGGER sealed_rows ON {table}",
            f"DROP TRIGGER sealed_table ON {table}",
            f"GRANT UPDATE, DELETE ON {table} TO {app}",
        )


def _run(editor, *statements: str) -> None:
    for sql in statements:
        editor.execute(sql, params=None)  # None, or the % of RAISE is read as a parameter
