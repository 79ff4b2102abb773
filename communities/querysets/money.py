"""Whose monthly figures somebody sees."""

from django.db import models
from django.db.models import Q

from lib.dated import DatedQuerySet


def _seen_by(user, way: str) -> Q:
    """Communities overseen as staff, governed as member of a committee, or served by the user's firm."""
    from ..models import Community

    rows = Community.objects
    keys = [rows.overseen_by(user), rows.governed_by(user), rows.served_by(user)]
    found = Q(pk__in=[])
    for communities in keys:
        found |= Q(**{f"{way}community__in": communities})
    return found


class FeeMonthQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FeeMonthQuerySet":
        """Staff and committees of the community; a firm what it reported itself."""
        from ..models import Community, Firm

        if not user.is_authenticated:
            return self.none()
        places = Q(community__in=Community.objects.overseen_by(user)) | Q(
            community__in=Community.objects.governed_by(user)
        )
        seen = places | Q(firm__in=Firm.objects.employing(user))
        return self.filter(seen).select_related("community", "firm")


class SupervisedAccountQuerySet(DatedQuerySet):
    def visible_to(self, user) -> "SupervisedAccountQuerySet":
        return self.filter(_seen_by(user, "")) if user.is_authenticated else self.none()

    def public(self) -> "SupervisedAccountQuerySet":
        """Everybody may look into them: that is what they are for."""
        return self.filter(community__ended_on=None)


class SupervisedMonthQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SupervisedMonthQuerySet":
        return self.filter(_seen_by(user, "account__")) if user.is_authenticated else self.none()
