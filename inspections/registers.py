"""The register 台账: how much of what was found has been put right. 逐一销号, R62"""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from communities.models import Community, Firm

from .querysets import NoticeQuerySet

TOTAL, CLOSED = Count("pk", filter=~Q(state="withdrawn")), Count("pk", filter=Q(state="closed"))


@dataclass(frozen=True)
class Settled:
    """How many notices of a selection are settled; withdrawn ones count for nothing."""

    total: int
    closed: int

    @property
    def percent(self) -> str:
        """73.4%; floored, so that 100.0% is said only when every one is settled."""
        if not self.total:
            return "—"
        tenths = self.closed * 1000 // self.total
        return f"{tenths // 10}.{tenths % 10}%"

    @property
    def open(self) -> int:
        return self.total - self.closed


def settled(rows: NoticeQuerySet) -> Settled:
    """One grouped scan of the filtered rows."""
    return Settled(**rows.order_by().aggregate(total=TOTAL, closed=CLOSED))


@dataclass(frozen=True)
class Share:
    """How much one community or one firm has settled."""

    key: int
    name: str
    settled: Settled


GROUPS = {"community": F("community"), "firm": Coalesce("successor", "firm")}


def shares(rows: NoticeQuerySet, by: str) -> QuerySet:
    """One row a community or firm with ``total`` and ``closed``, those with most left to do first.

    Args:
        by: community, or firm: the one that must put it right. What groups and village committees answer has no firm.
    """
    groups = rows.order_by().annotate(key=GROUPS[by]).exclude(key=None).values("key")
    counted = groups.annotate(total=TOTAL, closed=CLOSED).filter(total__gt=0)
    return counted.order_by(F("closed") - F("total"), "key")


def named(counted: list[dict], by: str) -> list[Share]:
    """The rows of a page with their names, in one query."""
    model = {"community": Community, "firm": Firm}[by]
    names = dict(model.objects.filter(pk__in=[row["key"] for row in counted]).values_list("pk", "name"))
    return [Share(row["key"], names[row["key"]], Settled(row["total"], row["closed"])) for row in counted]
