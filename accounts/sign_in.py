"""Who somebody is at the door: user name or mobile number, and what happens after too many wrong passwords."""

import unicodedata
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from . import passwords, people
from .models import Address, User

WRONG = "用户名或密码不对。大小写要一样；忘了密码，请找给您开账号的人当面重置。"
SLIP_OVER = "纸条上的一次性密码只能用 24 小时，这张已经过时。请找给您纸条的人再开一张。"


class NameOrMobile:
    """Django's sign-in backend: user name or mobile number with password; accounts out of use are refused."""

    def authenticate(self, request, username: str | None = None, password: str | None = None, **others) -> User | None:
        if not username or not password:
            return None
        user = find(username)
        if user is None:
            make_password(password)  # as slow as a wrong password, so that time does not tell who exists
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, pk: int) -> User | None:
        return User.objects.filter(pk=pk, is_active=True).first()


def find(typed: str) -> User | None:
    """The account of a user name or, if there is none, of a mobile number, however spaced."""
    name = unicodedata.normalize("NFKC", typed).strip()
    by_name = Q(username=name)
    by_mobile = Q(mobile__kind=Address.Kind.PHONE, mobile__value=people.plain_number(name))
    name_first = Case(When(by_name, then=0), default=1)
    return User.objects.filter(by_name | by_mobile).order_by(name_first).first()


def counted_as(request: HttpRequest | None, credentials: dict | None) -> str:
    """Under which name axes counts a wrong password: the account's, however it was typed, or the tries would not add
    up; a name that nobody has counts as typed."""
    typed = (credentials or {}).get("username") or ""
    user = find(typed) if typed else None
    return user.username if user else typed


def refusal(user: User | None, *, now: datetime) -> str:
    """Why somebody who typed a right or a wrong password may not come in, as a sentence; empty: they may."""
    if user is None:
        return WRONG
    return SLIP_OVER if passwords.slip_is_over(user, now=now) else ""


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials=None) -> HttpResponse:
    """Called by axes after too many wrong passwords: how long to wait, and whom to ask."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": f"密码错得太多了，请 {minutes} 分钟后再试。"}, status=429)
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
