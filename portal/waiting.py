"""Numbers that wait for somebody on a first page, all of them counted in one query."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User


@dataclass(frozen=True)
class Heap:
    """Rows that may wait for somebody: what they are called, and the list that holds exactly them."""

    rows: QuerySet
    label: str
    unit: str
    url: str


@dataclass(frozen=True)
class Waiting:
    """A number with its label and the list that it counts."""

    label: str
    number: int
    unit: str
    url: str
    hint: str = ""
    tone: str = "warn"


def tiles(heaps: list[Heap]) -> list[Waiting]:
    """Only the heaps in which there is something."""
    numbers = _counts([heap.rows for heap in heaps])
    return [Waiting(h.label, number, h.unit, h.url) for number, h in zip(numbers, heaps, strict=True) if number]


def _counts(lists: list[QuerySet]) -> list[int]:
    """How many rows each has, in one query; those that are empty anyway are not asked for."""
    asked = [rows for rows in lists if not rows.query.is_empty()]
    if not asked:
        return [0] * len(lists)
    numbers = iter(User.objects.order_by("pk").values_list(*map(_count, asked))[:1].get())
    return [0 if rows.query.is_empty() else next(numbers) for rows in lists]


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
