"""What a trigger of ours refuses, as the sentence that it says."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction


@contextmanager
def spoken() -> Iterator[None]:
    """Around writes whose rules stand in triggers, those that are asked at the end of the transaction too.

    Raises:
        ValidationError: with the trigger's own sentence; nothing of the block is written. What another constraint
            refuses stays an IntegrityError.
    """
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        said = error.__cause__.diag
        if said.source_function != "exec_stmt_raise":
            raise
        raise ValidationError(said.message_primary, said.constraint_name or "refused") from error
