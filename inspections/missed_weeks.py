"""Missed weeks and the reasons noted for them. They are shown to the cadre, the station's head and the office only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import OFFICE, Act, demand, may
from communities.models import Community
from lib.periods import Week, beijing_date
from lib.states import WrongState

from . import weeks
from .boards import CommunityWeek
from .models import MissedWeekReason


def is_over(week: Week, *, now: datetime) -> bool:
    """Nothing more can be sent in for the week; what was not met by now is missed. DOMAIN B.3"""
    return beijing_date(now) > weeks.terms_of(week).submit_by.date


def note(*, community: Community, user: User, week: Week, reason: str, by: User, now: datetime) -> MissedWeekReason:
    """Notes why a week was missed; it changes no count, and earlier notes stay. DOMAIN B.3

    Raises:
        PermissionDenied: not the head of the community's station.
        WrongState: the week can still be met, or was.
    """
    demand(by, Act.MISSED_REASON)
    if not Community.objects.headed_by(by).filter(pk=community.pk).exists():
        raise PermissionDenied("原因由这个小区的物管站站长注明。")
    if not (is_over(week, now=now) and shortage(week, user, community)):
        raise WrongState("这一周没有缺，或者记录还能交，不用注明。")
    return MissedWeekReason.objects.create(
        community=community, user=user, monday=week.monday, reason=reason, by=by, at=now
    )


def shortage(week: Week, user: User, community: Community) -> int:
    """How many patrols a cadre lacked in a community; with PER_CADRE how many in all."""
    mine = weeks.cadre_week(week, user)
    share = mine.share_of(community)
    if share is None:
        return 0
    return mine.missing if mine.terms.is_per_cadre else share.missing


def name(board: Sequence[CommunityWeek], week: Week, viewer: User, *, terms: weeks.Terms, now: datetime) -> None:
    """Says on the rows whose cadres the viewer may know what each lacked and why; on the others nothing. DOMAIN 0.3"""
    everywhere = not OFFICE.isdisjoint(viewer.roles)
    headed = set(Community.objects.headed_by(viewer).values_list("pk", flat=True))
    named = [row for row in board if everywhere or row.community.pk in headed]
    if not named:
        return
    over, lacking, reasons = is_over(week, now=now), _lacking(named, week, terms), _reasons_on(week, viewer)
    for row in named:
        row.names_cadres, row.may_note = True, row.community.pk in headed and may(viewer, Act.MISSED_REASON)
        for share in row.shares:
            share.short = lacking.get(share.user.pk, share.missing) if over else 0
            share.reasons = reasons.get((share.community.pk, share.user.pk), [])


def _lacking(rows: Sequence[CommunityWeek], week: Week, terms: weeks.Terms) -> dict[int, int]:
    """PER_CADRE: what each cadre lacked in all, elsewhere included; otherwise the share says it."""
    if not terms.is_per_cadre:
        return {}
    users = {share.user.pk: share.user for row in rows for share in row.shares}
    return {mine.user.pk: mine.missing for mine in weeks.cadre_weeks(week, users.values(), terms=terms)}


def _reasons_on(week: Week, viewer: User) -> dict[tuple[int, int], list[MissedWeekReason]]:
    found = defaultdict(list)
    rows = MissedWeekReason.objects.visible_to(viewer).filter(monday=week.monday).select_related("by")
    for row in rows.order_by("at"):
        found[row.community_id, row.user_id].append(row)
    return dict(found)


def reasons_of(user: User, *past: Week) -> list[MissedWeekReason]:
    """What was noted for one cadre's weeks, the earliest first."""
    rows = MissedWeekReason.objects.filter(user=user, monday__in=[week.monday for week in past])
    return list(rows.select_related("community", "by").order_by("monday", "at"))
