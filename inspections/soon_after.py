"""说好却出事: found soon after somebody had said 没问题. For that cadre and the station, never scored. Issue 6 §6"""

from datetime import datetime

from accounts.models import User
from communities.models import Community
from lib.periods import DAY, beijing_date
from rulebook import rules

from .models import Finding

DAYS_SHOWN, MOST_SHOWN = 14, 10


def of_cadre(user: User, *, now: datetime) -> list[Finding]:
    """What came up within ``finding.soon_after_hours`` after this person had said it was fine; of two weeks."""
    return list(_latest(now).soon_after_fine(hours=_hours(now), user=user).with_row_parts()[:MOST_SHOWN])


def of_station(user: User, *, now: datetime) -> list[Finding]:
    """The same for the communities of a station, whoever said so."""
    places = Community.objects.overseen_by(user)
    rows = _latest(now).filter(community__in=places)
    return list(rows.soon_after_fine(hours=_hours(now)).with_row_parts()[:MOST_SHOWN])


def _latest(now: datetime):
    return Finding.objects.announced().filter(found_on__gte=beijing_date(now) - DAYS_SHOWN * DAY)


def _hours(now: datetime) -> int:
    return rules.on(beijing_date(now), "finding.soon_after_hours")
