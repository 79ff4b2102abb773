"""A person's e-mail address: nothing is sent to it before the code that was sent there was typed in. Of people who
share an address, such as an office's, one does so for all."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from lib.periods import beijing_date, midnight
from lib.states import WrongState

from . import notifications, people
from .models import Address, Message, User

DAY = timedelta(days=1)
CODES_A_DAY, TRIES_A_DAY = 5, 10


def ask(*, user: User, value: str, now: datetime) -> None:
    """Makes the address the person's own and sends a code there, once an hour; empty removes the address.

    Raises:
        WrongState: too many codes were asked for today.
    """
    address = people.address(Address.Kind.EMAIL, value.strip().lower())
    if address is not None and address.confirmed_at is None:
        _send_code(user, address, now)
    User.objects.filter(pk=user.pk).update(email=address)
    user.email = address


def _send_code(user: User, address: Address, now: datetime) -> None:
    label, today = User._meta.label_lower, midnight(beijing_date(now))
    sent = Message.objects.filter(kind="email-code", about=label, about_key=str(user.pk), due__gte=today)
    if sent.count() >= CODES_A_DAY:
        raise WrongState("今天发过好几次验证码了，请明天再来。信也可能在垃圾邮件里，找一找。")
    hour = now.replace(minute=0, second=0, microsecond=0)
    notifications.tell_address(address, "email-code", about=user, due=max(hour, today))


def confirm(*, user: User, typed: str, now: datetime) -> None:
    """The person typed the code of today's or yesterday's letter.

    Raises:
        WrongState: the code is not right, or was guessed at too often today.
    """
    today = beijing_date(now)
    tried = f"email-code:{user.pk}:{today}"
    cache.add(tried, 0, int(DAY.total_seconds()))
    if cache.incr(tried) > TRIES_A_DAY:
        raise WrongState("今天试得太多了，请明天再来。")
    right = [code(user, user.email, day) for day in (today, today - DAY)] if user.email else []
    if not any(constant_time_compare(typed.strip(), good) for good in right):
        raise WrongState("验证码不对。看看信里的 6 位数字，或者再发一次。")
    Address.objects.filter(pk=user.email_id, confirmed_at=None).update(confirmed_at=now)


def code(user: User, address: Address, day: date) -> str:
    """Six digits that belong to this person, this address and this day; stored nowhere."""
    digest = salted_hmac("accounts.emails", f"{user.pk} {address.value} {day}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06}"


def _code_text(message) -> notifications.Text:
    digits = code(message.thing, message.address, beijing_date(message.due))
    body = f"验证码 {digits}，今明两天有效。请在“我的—邮箱”里填上。不是您要的，不用理会。"
    return notifications.Text(f"{settings.SITE['title']}邮箱验证码", body, "accounts:email")


notifications.register("email-code", "邮箱验证码", _code_text)
