"""A state moves by a conditional UPDATE: whoever comes second changes nothing and is told so (ARCHITECTURE)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model, Q
from psycopg.errors import DeadlockDetected


class WrongState(Exception):
    """Somebody was quicker, or the row is past this step. The message is a sentence for the person on the page."""


@contextmanager
def first_come(else_: str) -> Iterator[None]:
    """Around writing a row that has passed its checks: what the database still refuses, somebody wrote meanwhile.

    Raises:
        WrongState: with the sentence for whoever came second; the transaction around it goes on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise WrongState(else_) from error
    except OperationalError as error:  # two at one moment under an exclusion constraint: the database ends one of them
        if not isinstance(error.__cause__, DeadlockDetected):
            raise
        raise WrongState(else_) from error


def move(row: Model, *where: Q, to: dict, else_: str, **from_) -> None:
    """Changes a row if, in the database at this moment, it still is as ``from_`` says.

    Args:
        row: what is to change; its attributes are brought up to date.
        where: further conditions.
        to: columns and their new values.
        else_: the sentence for whoever came second.
        from_: what the columns must be now, as filters.

    Raises:
        WrongState: it was not so any more; nothing is written.
    """
    if not type(row)._base_manager.filter(*where, pk=row.pk, **from_).update(**to):
        raise WrongState(else_)
    for column, value in to.items():
        setattr(row, column, value)
