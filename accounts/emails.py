"""A person's e-mail address: nothing is sent to it before the code that was sent there was typed in. Of people who
share an address, such as an office's, one does so for all."""

from datetime import datetime, timedelta

from django.conf import settings

from lib.periods import beijing_date

from . import codes, notifications, people
from .models import Address, User

CODE = "email-code"
HOUR = timedelta(hours=1)


def ask(*, user: User, value: str, now: datetime) -> None:
    """Makes the address the person's own and sends a code there, once an hour; empty removes the address.

    Raises:
        WrongState: too many codes were asked for today.
    """
    address = people.address(Address.Kind.EMAIL, value.strip().lower())
    if address is not None and address.confirmed_at is None:
        often = "今天发过好几次验证码了，请明天再来。信也可能在垃圾邮件里，找一找。"
        codes.send(CODE, user=user, address=address, pause=HOUR, now=now, else_=often)
    User.objects.filter(pk=user.pk).update(email=address)
    user.email = address


def confirm(*, user: User, typed: str, now: datetime) -> None:
    """The person typed the code of today's or yesterday's letter.

    Raises:
        WrongState: the code is not right, or was guessed at too often today.
    """
    wrong = "验证码不对。看看信里的 6 位数字，或者再发一次。"
    codes.demand(CODE, user=user, address=user.email, typed=typed, now=now, else_=wrong)
    Address.objects.filter(pk=user.email_id, confirmed_at=None).update(confirmed_at=now)


def _code_text(message) -> notifications.Text:
    code = codes.digits(CODE, message.thing, message.address, beijing_date(message.due))
    body = f"验证码 {code}，今明两天有效。请在“我的—邮箱”里填上。不是您要的，不用理会。"
    return notifications.Text(f"{settings.SITE['title']}邮箱验证码", body, "accounts:email")


notifications.register(CODE, "邮箱验证码", _code_text, urgent=True)
