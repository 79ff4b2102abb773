"""Days that are not believed at once: visits of long ago, and visits of a phone whose clock is ahead. Issue 4 §1"""

from datetime import datetime, timedelta

from lib.periods import beijing_date
from rulebook import rules

from .entries import CLOCK_SKEW, Entry
from .models import Patrol

LONGEST = timedelta(days=366)  # older than that is no visit but a phone that lost its clock


def doubt_of(entry: Entry, *, now: datetime) -> str:
    """Why the station is asked about the day of a visit; empty where nothing is odd about it.

    More than ``patrol.old_days`` days ago is OLD; a day or a moment of writing still to come is FUTURE.
    """
    if max(entry.occurred_at, entry.written_at or entry.occurred_at) > now + CLOCK_SKEW:
        return Patrol.Doubt.FUTURE
    today = beijing_date(now)
    age = (today - beijing_date(entry.occurred_at)).days
    return Patrol.Doubt.OLD if age > rules.on(today, "patrol.old_days") else ""


def moment_kept(entry: Entry, *, now: datetime) -> datetime:
    """The moment under which a visit is kept: as told, but the moment of receipt where that cannot be."""
    return entry.occurred_at if now - LONGEST <= entry.occurred_at <= now else now
