"""Whose groups, nominations and investments somebody sees."""

from datetime import date

from django.db import models
from django.db.models import Sum

from lib.dated import DatedQuerySet

from .committees import ByOverseers


class ResidentGroupQuerySet(ByOverseers, DatedQuerySet):
    pass


class ModelNominationQuerySet(ByOverseers):
    def waiting(self) -> "ModelNominationQuerySet":
        return self.filter(state="nominated")


class InvestmentQuerySet(ByOverseers):
    def by_source(self) -> list[tuple[str, int]]:
        """Sources with their sums in fen, the largest first."""
        sums = self.order_by().values_list("source").annotate(total=Sum("amount_fen")).order_by("-total")
        return [(source, int(total)) for source, total in sums]

    def spent_between(self, first: date | None, last: date | None) -> models.QuerySet:
        bounds = {"spent_on__gte": first, "spent_on__lte": last}
        return self.filter(**{name: day for name, day in bounds.items() if day})
