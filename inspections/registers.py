"""The register 台账: how much of what was found has been put right. 逐一销号, R62"""

from dataclasses import dataclass

from django.db.models import Count, Q

from .querysets import NoticeQuerySet


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
    counts = rows.order_by().aggregate(
        total=Count("pk", filter=~Q(state="withdrawn")), closed=Count("pk", filter=Q(state="closed"))
    )
    return Settled(counts["total"], counts["closed"])
