"""Several people of a firm on one phone: each comes with six digits of their own, given out by a manager. Issue 6 §2

A code is good on this phone alone, which is known by a random key in a cookie, for pages of firms alone, and until
twelve hours after the manager has signed in here with the password. Five wrong tries end it. Who acts is the person
whose code it was. Neither key nor code is kept; the database holds hashes, made with a key outside it (lib/sealed.py).
"""

import secrets
from collections.abc import Callable
from datetime import date, datetime

from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from lib.periods import beijing_date
from lib.sealed import fingerprint
from lib.states import WrongState

from .models import PhoneCode, SharedPhone, SignIn, User
from .models.shared_phones import HOURS, TRIES
from .roles import FIRM, Act, demand, may
from .sessions import BY_CODE

COOKIE = "shared-phone"
OVER = "这部手机共用的时间到了：请负责人用密码登录，再给大家发码。"
People = Callable[[User, date], QuerySet[User]]
_people: list[People] = []


def register_people(people: People) -> None:
    """The room that knows firms tells whom a manager may give a code: ``people(manager, today)``."""
    _people.append(people)


def people_of(manager: User, *, today: date) -> QuerySet[User]:
    """Whom the manager may give a code; nobody once they manage nothing."""
    found = User.objects.none()
    for people in _people if may(manager, Act.SHARE_PHONE) else ():
        found |= User.objects.filter(pk__in=people(manager, today).values("pk"))
    return found.filter(is_active=True).order_by("pinyin", "pk")


# ---------------------------------------------------------------- the manager


@transaction.atomic
def open_(*, sign_in: SignIn | None, key: str, by: User, now: datetime) -> str:
    """Makes the phone on which a manager has just signed in one for several; returns the key for its cookie.

    Opened again by the same manager after signing in again, it keeps key and codes, and the twelve hours begin anew.

    Args:
        sign_in: the manager's sign-in with the password on this phone; None where they came otherwise.
        key: what the phone's cookie holds now, perhaps nothing.

    Raises:
        PermissionDenied: not a manager of a firm.
        WrongState: they did not sign in with the password on this phone within twelve hours.
    """
    demand(by, Act.SHARE_PHONE)
    if sign_in is None or now >= sign_in.at + HOURS:
        raise WrongState("先退出，再用密码登录一次，然后在这里开。")
    times = {"signed_in_at": sign_in.at, "until": sign_in.at + HOURS, "device": sign_in.device}
    if (known := here(key, now=now)) and known.opened_by_id == by.pk:
        SharedPhone.objects.filter(pk=known.pk).update(**times)
        return key
    key = secrets.token_urlsafe(32)
    SharedPhone.objects.create(key_hash=_hash("phone", key), opened_by=by, **times)
    return key


def here(key: str, *, now: datetime) -> SharedPhone | None:
    """The shared phone with this key in its cookie, while its time lasts."""
    found = (
        SharedPhone.objects.open(now=now).filter(key_hash=_hash("phone", key)) if key else SharedPhone.objects.none()
    )
    return found.select_related("opened_by").first()


def of(user: User, *, now: datetime) -> QuerySet[SharedPhone]:
    """Phones that this manager shares now."""
    return SharedPhone.objects.visible_to(user).open(now=now)


def give_code(*, phone: SharedPhone, user: User, by: User, now: datetime) -> str:
    """Six new digits for one person on this phone, shown once; those before are void.

    Raises:
        PermissionDenied: another manager's phone, or somebody who does not work for the firm today.
    """
    if phone.opened_by_id != by.pk or not people_of(by, today=beijing_date(now)).filter(pk=user.pk).exists():
        raise PermissionDenied("只能给自己企业现在的人发码，在自己开的手机上发。")
    code = f"{secrets.randbelow(1_000_000):06}"
    fresh = {"code_hash": _hash("code", phone.pk, user.pk, code), "tries": 0}
    PhoneCode.objects.update_or_create(phone=phone, user=user, defaults=fresh)
    return code


def _hash(*parts) -> str:
    return fingerprint(" ".join(map(str, parts)))


# ---------------------------------------------------------------- whoever takes the phone


def codes_on(phone: SharedPhone, *, now: datetime) -> QuerySet[PhoneCode]:
    """Whose codes are good on the phone: people who still work for its manager."""
    people = people_of(phone.opened_by, today=beijing_date(now))
    return phone.codes.filter(user__in=people.order_by().values("pk")).select_related("user")


def enter(*, phone: SharedPhone, person: int, typed: str, now: datetime) -> User:
    """Who typed the right six digits on this phone. Each try counts before it is looked at, so none is free.

    Raises:
        WrongState: no code of theirs here, not the right digits, or five wrong tries: it is over.
    """
    code = codes_on(phone, now=now).filter(user=person).first()
    if code is None:
        raise WrongState("这部手机上没有您的码，请负责人给您发一个。")
    same = PhoneCode.objects.filter(pk=code.pk, code_hash=code.code_hash)
    if not same.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        raise WrongState(f"这个码试错了 {TRIES} 次，作废了。请负责人再发一个。")
    if not constant_time_compare(code.code_hash, _hash("code", phone.pk, person, typed.strip())):
        left = TRIES - code.tries - 1
        raise WrongState(f"码不对，还能试 {left} 次。" if left > 0 else "码不对，已经作废。请负责人再发一个。")
    same.update(tries=0)
    return code.user


def narrow(request: HttpRequest, *, now: datetime) -> None:
    """Whoever came with a code is of the firm and nothing else; when the phone's time is over, they are out."""
    request.shared_phone = None
    if (pk := request.session.get(BY_CODE)) is None:
        return
    request.shared_phone = SharedPhone.objects.open(now=now).filter(pk=pk).first()
    if request.shared_phone is None:
        auth.logout(request)
    else:
        request.user.roles = request.user.roles & FIRM


def end(phone: SharedPhone) -> None:
    """Nobody uses it by code any more; who is in by one is out at the next page."""
    phone.delete()
