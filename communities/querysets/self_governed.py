"""Whose groups, nominations and investments somebody sees."""

from datetime import date

from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from lib.dated import DatedQuerySet
from lib.periods import beijing_date

from .committees import ByOverseers


class ResidentGroupQuerySet(ByOverseers, DatedQuerySet):
    def partners_of(self, user, day: date) -> "ResidentGroupQuerySet":
        """The partner units for which the user speaks on the day."""
        return self.on(day).filter(kind="partner", leader__user=user)

    def partners_for(self, problem, user, day: date) -> "ResidentGroupQuerySet":
        """The partner units of the problem's community in whose name the user may take it on: one's own; for whoever
        keeps the community's registry, each."""
        from ..models import Community

        rows = self.on(day).filter(kind="partner", community=problem.community_id)
        kept = Community.objects.kept_by(user).filter(pk=problem.community_id).exists()
        return rows if kept else rows.filter(leader__user=user)


class ClaimedProblemQuerySet(ByOverseers):
    def visible_to(self, user) -> "ClaimedProblemQuerySet":
        """As what a community has by staff and committee; and by its partner units of today."""
        from ..models import ResidentGroup

        if not user.is_authenticated:
            return self.none()
        own = ResidentGroup.objects.partners_of(user, beijing_date(timezone.now()))
        seen = self.model.objects.filter(community__in=own.values("community")) | super().visible_to(user)
        return self.filter(pk__in=seen.values("pk"))

    def acted_on_by(self, user, day: date) -> "ClaimedProblemQuerySet":
        """Those of the units for which the user speaks, and those of the registry that the user keeps."""
        from ..models import Community, ResidentGroup

        mine = Q(group__in=ResidentGroup.objects.partners_of(user, day))
        return self.filter(mine | Q(community__in=Community.objects.kept_by(user)))

    def in_state(self, wanted: str) -> "ClaimedProblemQuerySet":
        """Those in a state; with nothing said, those that are open; "all" is all."""
        if wanted == "all":
            return self
        return self.filter(state__in=[wanted] if wanted else ["listed", "claimed"])


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
