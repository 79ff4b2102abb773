"""When messages may leave: in the office's hours, and within them in those that a person chose.

The office's hours, and from how many messages on they leave as one, are rules. The rulebook stands to the right of
accounts and hands them in at start (`follow`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from django.db.models import F

from lib.periods import BEIJING, DAY

from . import notifications
from .models import Message, OwnHours, User

LOOK_AHEAD = 14  # days; longer than any holiday
LEAST = 60  # minutes of the office's hours that own hours must leave


class Hours(Protocol):
    opens: time
    closes: time


@dataclass(frozen=True)
class Rules:
    """``next_time``: a moment, or the next at which people may be told. ``digest_from``: more than so many leave as
    one. ``hours``: those of a day."""

    next_time: Callable[[datetime], datetime]
    digest_from: Callable[[date], int]
    hours: Callable[[date], Hours]


_followed: list[Rules] = []


def follow(rules: Rules) -> None:
    """Called once at start by whoever knows the rules."""
    _followed[:] = [rules]


def rules() -> Rules:
    return _followed[0]


def next_moment(now: datetime, own: OwnHours | None = None) -> datetime:
    """The moment itself when messages may leave, else the next one. Own hours that no longer meet the office's are
    passed over."""
    moment = office = rules().next_time(now)
    for _ in range(LOOK_AHEAD if own else 0):
        here = moment.astimezone(BEIJING)
        if own.opens <= here.time() < own.closes:
            return moment
        day = here.date() if here.time() < own.opens else here.date() + DAY
        moment = rules().next_time(datetime.combine(day, own.opens, BEIJING))
    return office


def hold_back(now: datetime) -> int:
    """Puts off what is due and not urgent to the next moment at which its person may be told; returns how many."""
    due = Message.objects.to_send(now=now).filter(state=Message.State.WAITING).order_by()
    calm = due.exclude(kind__in=notifications.urgent_kinds())
    opening = next_moment(now)
    if opening > now:
        return calm.update(next_try=opening)
    held = 0
    for own in OwnHours.objects.filter(user__in=calm.values("user")):
        opening = next_moment(now, own)
        if opening > now:
            held += calm.filter(user=own.user_id).update(next_try=opening)
    return held


# ---------------------------------------------------------------- a person's own hours


def office_hours(day: date) -> Hours:
    """The hours of a working day in which messages leave."""
    return rules().hours(day)


def own_of(user: User) -> dict[str, time]:
    """The hours that a person chose; empty: the office's."""
    own = OwnHours.objects.filter(user=user).first()
    return {"opens": own.opens, "closes": own.closes} if own else {}


def refusal(opens: time, closes: time, *, today: date) -> str:
    """Why these cannot be somebody's hours, in words; empty when they can."""
    office = office_hours(today)
    if opens >= closes:
        return "“从”要早于“到”。"
    if _minutes(min(closes, office.closes)) - _minutes(max(opens, office.opens)) < LEAST:
        until = f"{office.opens:%H:%M} 到 {office.closes:%H:%M}"
        return f"通知只在工作日 {until} 发，您的时间要和它至少重叠一小时。"
    return ""


def set_own(*, user: User, opens: time | None, closes: time | None) -> None:
    """The hours in which a person wants messages outward; none: the office's. What waits is looked at anew."""
    if opens is None or closes is None:
        OwnHours.objects.filter(user=user).delete()
    else:
        OwnHours.objects.update_or_create(user=user, defaults={"opens": opens, "closes": closes})
    fresh = Message.objects.on_the_way().filter(user=user, state=Message.State.WAITING, tries=0)
    fresh.filter(next_try__gt=F("due")).update(next_try=F("due"))


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
