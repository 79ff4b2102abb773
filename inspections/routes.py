"""A cadre's own order of going round, and which community comes next today. Issue 4 §5"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.models import User
from communities.models import Community
from lib.periods import beijing_date

from .models import RouteStop
from .weeks import CadreWeek, Share

LAST = 2**15  # behind every place: a community that was not put anywhere comes after those that were


def places_of(user: User, *, now: datetime) -> QuerySet[Community]:
    """The communities that are the cadre's today, in the own order."""
    today = beijing_date(now)
    return in_own_order(Community.objects.standing(today).duties_of(user, first=today, last=today), user)


def in_own_order(communities: QuerySet[Community], user: User) -> QuerySet[Community]:
    """Communities as the cadre goes round; those that were put nowhere follow by name."""
    stop = RouteStop.objects.filter(user=user, community=OuterRef("pk")).values("position")
    return communities.annotate(stop=Subquery(stop)).order_by(F("stop").asc(nulls_last=True), "pinyin", "pk")


def sort(week: CadreWeek) -> CadreWeek:
    """Puts the communities of a cadre's week into the own order; returns the week."""
    at = dict(RouteStop.objects.filter(user=week.user).values_list("community", "position"))
    week.shares.sort(key=lambda share: at.get(share.community.pk, LAST))
    return week


def next_stop(week: CadreWeek, *, today: date) -> Share | None:
    """The first community of a sorted week that misses a visit and has not been visited today."""
    return next((one for one in week.to_visit(today) if one.since <= today and today not in one.days), None)


@transaction.atomic
def move(*, community: Community, by: User, steps: int, now: datetime) -> None:
    """Moves one of the own communities up (steps < 0) or down; at an end it stays. Two taps at once come one after
    the other.

    Raises:
        ValueError: it is not one of the cadre's communities today.
    """
    User.objects.select_for_update().get(pk=by.pk)
    keys = list(places_of(by, now=now).values_list("pk", flat=True))
    at = keys.index(community.pk)
    keys.insert(max(0, at + steps), keys.pop(at))
    RouteStop.objects.filter(user=by, community__in=keys).delete()
    RouteStop.objects.bulk_create(RouteStop(user=by, community_id=key, position=n) for n, key in enumerate(keys))
