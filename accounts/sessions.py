"""Where somebody is signed in: one row a session, on whose end the person decides."""

from django.contrib import auth
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from .models import SharedPhone, SignIn, User

# Looked for in this order in what a browser says of itself; the first match names it.
MACHINES = [
    ("iPad", "平板"),
    ("iPhone", "手机"),
    ("Mobile", "手机"),
    ("Android", "平板"),
    ("HarmonyOS", "手机"),
    ("Windows", "电脑"),
    ("Macintosh", "电脑"),
    ("Linux", "电脑"),
]
BROWSERS = [
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("wxwork", "企业微信"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("QQBrowser", "QQ浏览器"),
    ("UCBrowser", "UC浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
BACKEND = "accounts.sign_in.NameOrMobile"
BY_CODE = "shared_phone"  # in a session: the key of the shared phone on which somebody came with a code


def device_words(user_agent: str) -> str:
    """A device as its owner knows it, from what the browser says of itself: 手机 Chrome, 电脑 Edge, 手机 微信."""
    found = [next((word for mark, word in table if mark in user_agent), "") for table in (MACHINES, BROWSERS)]
    return " ".join(filter(None, found)) or "别的设备"


def begin(request: HttpRequest, user: User, *, phone: SharedPhone | None = None) -> None:
    """Signs somebody in and notes on which device; with a phone, by a code there and no longer than that holds."""
    auth.login(request, user, backend=BACKEND)
    request.session.cycle_key()  # also where the same person was in already, perhaps by a code
    request.session.set_expiry(phone and phone.until)
    if phone:
        request.session[BY_CODE] = phone.pk
    else:
        request.session.pop(BY_CODE, None)
    year = timezone.localdate().year  # the year alone, for the list of roles: never, this year, longer ago
    User.objects.filter(pk=user.pk).exclude(last_year=year).update(last_year=year)
    _note(request, user)


def keep(request: HttpRequest, user: User) -> None:
    """After a change of password: this session goes on under a new key, all others are over."""
    auth.update_session_auth_hash(request, user)
    end_all(user=user)
    _note(request, user)


def _note(request: HttpRequest, user: User) -> None:
    request.session.save()  # the row of the session must stand before a row can point to it
    device = device_words(request.headers.get("User-Agent", "")) + (
        "（共用，凭码）" if BY_CODE in request.session else ""
    )
    SignIn.objects.create(user=user, session_id=request.session.session_key, device=device)


def of(user: User, *, now=None) -> list[SignIn]:
    """Where the person is signed in now, the latest first."""
    return list(user.sign_ins.filter(session__expire_date__gt=now or timezone.now()))


def end(sign_in: SignIn) -> None:
    """Ends one sign-in: its next request finds nobody signed in."""
    Session.objects.filter(pk=sign_in.session_id).delete()


def end_all(*, user: User, but: str | None = None) -> int:
    """Ends the person's sign-ins, all but the session with the given key, and the phones that they share; returns how
    many sign-ins."""
    SharedPhone.objects.filter(opened_by=user).delete()
    others = SignIn.objects.filter(user=user).exclude(session=but)
    count = others.count()
    Session.objects.filter(pk__in=others.values("session")).delete()
    return count


def clear(*, now) -> int:
    """Forgets sessions and shared phones that ran out; the rows of devices and codes go with them."""
    SharedPhone.objects.filter(until__lte=now).delete()
    return Session.objects.filter(expire_date__lte=now).delete()[0]
