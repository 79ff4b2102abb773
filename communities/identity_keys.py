"""The key of the identity numbers is changed: what was sealed with the one before is sealed with today's."""

from django.db import connection, transaction

from lib import sealed

from .models import Person

AT_A_TIME = 1000
CHANGE = """
UPDATE communities_person p SET number_sealed = n.sealed, number_hash = n.hash
FROM unnest(%s::bigint[], %s::bytea[], %s::text[]) AS n (id, sealed, hash) WHERE p.id = n.id
"""


@transaction.atomic
def reseal(*, before: str) -> tuple[int, int]:
    """Seals every number anew, all of them or none; how many were, and how many had today's key already.

    Args:
        before: the key with which they were sealed.

    Raises:
        lib.sealed.Unreadable: a number was sealed with neither key; its person's key is the text.
    """
    people = Person.objects.exclude(number_sealed=None).select_for_update().order_by("pk")
    rows = list(people.values_list("pk", "document", "number_sealed"))
    old = [(pk, document, number) for pk, document, data in rows if (number := _number(pk, data, before)) is not None]
    for first in range(0, len(old), AT_A_TIME):
        _write(old[first : first + AT_A_TIME])
    return len(old), len(rows) - len(old)


def _number(pk: int, data: bytes, before: str) -> str | None:
    """The number that was sealed with the key before; None when it has today's."""
    try:
        return sealed.unseal(data, key=before)
    except sealed.Unreadable:
        pass
    try:
        sealed.unseal(data)
    except sealed.Unreadable as error:
        raise sealed.Unreadable(str(pk)) from error
    return None


def _write(rows: list[tuple[int, str, str]]) -> None:
    new = [(pk, sealed.seal(number), Person.hash_of(document, number)) for pk, document, number in rows]
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, [list(column) for column in zip(*new, strict=True)])
