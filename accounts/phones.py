"""A person's own mobile number: text messages go there, and online votes count, once they typed the code sent to it.

The number itself is entered by the office, for one signs in with it, and because after a password slip the code must
go to the person and not to whoever holds the slip (issue 3: online voting waits for it).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from lib.periods import beijing_date
from lib.states import WrongState

from . import codes, demo, notifications
from .models import Address, User

CODE = "phone-code"
PAUSE = timedelta(minutes=10)


def is_connected() -> bool:
    """Whether text messages leave at all; in a demo town they stand in the log, which is enough to try it."""
    return bool(settings.SMS["url"]) or demo.is_demo()


def waits(user: User) -> bool:
    """Whether there is a number that the person has yet to confirm, the first time or after a password slip."""
    return user.mobile is not None and (user.mobile.confirmed_at is None or user.confirm_phone)


def ask(*, user: User, now: datetime) -> None:
    """Sends a code to the registered number, once in ten minutes.

    Raises:
        WrongState: there is no number, text messages are not connected, or too many codes were asked for today.
    """
    if user.mobile is None:
        raise WrongState("您还没有登记手机号，请物业办登记。")
    if not is_connected():
        raise WrongState("短信还没有接通，现在发不出验证码。通知照常在站内。")
    often = "今天发过好几次验证码了，请明天再来。"
    codes.send(CODE, user=user, address=user.mobile, pause=PAUSE, now=now, else_=often)


@transaction.atomic
def confirm(*, user: User, typed: str, now: datetime) -> None:
    """The person typed the code of today's or yesterday's text message.

    Raises:
        WrongState: the code is not right, or was guessed at too often today.
    """
    wrong = "验证码不对。看看短信里的 6 位数字，或者再发一次。"
    codes.demand(CODE, user=user, address=user.mobile, typed=typed, now=now, else_=wrong)
    Address.objects.filter(pk=user.mobile_id).update(confirmed_at=now)
    User.objects.filter(pk=user.pk).update(confirm_phone=False)
    user.confirm_phone = False


def forget(address: Address | None) -> None:
    """The number was given to an account anew: whoever holds it now confirms it."""
    if address is not None:
        Address.objects.filter(pk=address.pk).update(confirmed_at=None)


def _code_text(message) -> notifications.Text:
    code = codes.digits(CODE, message.thing, message.address, beijing_date(message.due))
    return notifications.Text(f"验证码 {code}", "今明两天有效，不要告诉别人。不是您要的，不用理会。", "accounts:phone")


notifications.register(CODE, "手机验证码", _code_text, urgent=True)
