"""Accounts as people: opening one, which role somebody looks through, how they are found."""

import re
import unicodedata
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from lib.pinyin import initials, sort_key

from . import passwords, roles
from .models import Address, RoleGrant, User
from .roles import Act, Role


@transaction.atomic
def open_account(*, user: User, by: User, now: datetime) -> str:
    """Opens an account and returns its one-time password, which is shown once on a slip and kept nowhere.

    Raises:
        PermissionDenied: ``by`` may not grant roles.
    """
    roles.demand(by, Act.GRANT)
    fill_pinyin(user)
    user.set_unusable_password()
    user.save()
    return passwords.give_one_time(user=user, now=now)


def fill_pinyin(user: User) -> None:
    """The key by which a name is found and sorted, unless a person wrote one."""
    user.pinyin = user.pinyin or f"{sort_key(user.name)} {initials(user.name)}"


def address(kind: str, value: str) -> Address | None:
    """The one row of a phone number or e-mail address, made when it is new; None for nothing."""
    return Address.objects.get_or_create(kind=kind, value=value)[0] if value else None


def plain_number(typed: str) -> str:
    """A mobile number as it is kept and looked for: digits alone, without spaces, dashes or the country's 86."""
    return re.sub(r"^\+?86(?=1[0-9]{10}$)", "", re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)))


def home_role(request: HttpRequest) -> Role | None:
    """The role somebody looks through now: it decides the home page and the menu, never rights or rows."""
    held = request.user.roles if request.user.is_authenticated else frozenset()
    chosen = request.session.get("role")
    if chosen in held:
        return Role(chosen)
    return next((role for role in Role if role in held), None)


def look_through(request: HttpRequest, role: str) -> bool:
    """Switches to another of one's own roles; False when it is not held."""
    if role not in request.user.roles:
        return False
    request.session["role"] = role
    return True


LOOKS = ("big_text", "dark")


def keep_looks(*, user: User, **wanted: bool) -> None:
    """Keeps how somebody likes the pages, on whatever device they come: large type (长辈版), dark. Issue 4 §5

    Args:
        wanted: those of ``LOOKS`` that were chosen; the others stay.
    """
    if wanted:
        User.objects.filter(pk=user.pk).update(**wanted)


def came_last(user: User, *, today: date) -> str:
    """When somebody last signed in, no closer than this (issue 5 §7)."""
    if user.last_year is None:
        return "从没登录过"
    return "今年登录过" if user.last_year >= today.year else "今年还没登录"


def grants_of(user: User, *, today: date) -> QuerySet[RoleGrant]:
    """What somebody may do today or will be able to, with days, in the order of the roles."""
    return user.grants.not_ended(today).order_by("first_day", "pk")
