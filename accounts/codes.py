"""Six digits that show whose an address is: sent there, typed here, stored nowhere."""

from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from lib.periods import beijing_date, midnight
from lib.states import WrongState

from . import notifications
from .models import Address, Message, User

DAY = timedelta(days=1)
CODES_A_DAY, TRIES_A_DAY = 5, 10


def send(kind: str, *, user: User, address: Address, pause: timedelta, now: datetime, else_: str) -> None:
    """Sends today's code there, at most once in each ``pause`` of the day.

    Raises:
        WrongState: too many codes were asked for today; says ``else_``.
    """
    label, today = User._meta.label_lower, midnight(beijing_date(now))
    sent = Message.objects.filter(kind=kind, about=label, about_key=str(user.pk), due__gte=today)
    if sent.count() >= CODES_A_DAY:
        raise WrongState(else_)
    notifications.tell_address(address, kind, about=user, due=now - (now - today) % pause)


def demand(kind: str, *, user: User, address: Address | None, typed: str, now: datetime, else_: str) -> None:
    """The person typed the code of today's or yesterday's message to that address.

    Raises:
        WrongState: the code is not right (``else_``), or was guessed at too often today.
    """
    today = beijing_date(now)
    tried = f"{kind}:{user.pk}:{today}"
    cache.add(tried, 0, int(DAY.total_seconds()))
    if cache.incr(tried) > TRIES_A_DAY:
        raise WrongState("今天试得太多了，请明天再来。")
    right = [digits(kind, user, address, day) for day in (today, today - DAY)] if address else []
    if not any(constant_time_compare(typed.strip(), good) for good in right):
        raise WrongState(else_)


def digits(kind: str, user: User, address: Address, day: date) -> str:
    """Six digits that belong to this person, this address and this day."""
    digest = salted_hmac(f"accounts.{kind}", f"{user.pk} {address.value} {day}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06}"
