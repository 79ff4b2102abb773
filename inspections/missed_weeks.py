"""Missed weeks and the reasons noted for them. They are shown to the cadre, the station's head and the office only."""

from collections import defaultdict
from datetime import datetime

from accounts.models import User
from accounts.roles import Act, demand
from communities.models import Community
from lib.periods import Week

from .models import MissedWeekReason


def note(*, community: Community, user: User, week: Week, reason: str, by: User, now: datetime) -> MissedWeekReason:
    """Notes why a week was missed; it changes no count, and earlier notes stay. DOMAIN B.3

    Raises:
        PermissionDenied: not a station's head.
    """
    demand(by, Act.MISSED_REASON)
    return MissedWeekReason.objects.create(
        community=community, user=user, monday=week.monday, reason=reason, by=by, at=now
    )


def reasons_on(week: Week, viewer: User) -> dict[tuple[int, int], list[MissedWeekReason]]:
    """What was noted for a week, by (community, cadre), as far as the viewer may see it."""
    found = defaultdict(list)
    rows = MissedWeekReason.objects.visible_to(viewer).filter(monday=week.monday).select_related("by")
    for row in rows.order_by("at"):
        found[row.community_id, row.user_id].append(row)
    return dict(found)


def reasons_of(user: User, week: Week) -> list[MissedWeekReason]:
    """What was noted for one cadre's week."""
    rows = MissedWeekReason.objects.filter(user=user, monday=week.monday).select_related("community", "by")
    return list(rows.order_by("at"))
