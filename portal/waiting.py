"""A number that waits for somebody, and many of them counted in one query."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User


@dataclass(frozen=True)
class Waiting:
    """A number with its label and the list that it counts."""

    label: str
    number: int
    unit: str
    url: str
    hint: str = ""
    tone: str = "warn"


def counts(lists: list[QuerySet]) -> list[int]:
    """How many rows each has, in one query; those that are empty anyway are not asked for."""
    asked = [rows for rows in lists if not rows.query.is_empty()]
    if not asked:
        return [0] * len(lists)
    numbers = iter(User.objects.order_by("pk").values_list(*map(_count, asked))[:1].get())
    return [0 if rows.query.is_empty() else next(numbers) for rows in lists]


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
