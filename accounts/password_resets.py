"""Resetting a password on the spot: a one-time password on a slip, handed over in person.

Who may reset whom goes by the strongest role that the person holds or is to hold, so that nobody takes over an
account above their own: the station head resets their own people, the town head stations and office, and
administrators, leaders and fund roles are reset by two administrators together. The town head's own password can
also be reset by two administrators, because there may be only one town head.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from lib.periods import beijing_date
from lib.states import WrongState, move

from . import notifications, passwords, roles
from .models import PasswordReset, RoleGrant, User
from .roles import GUARDED, OFFICE, STAFF, STATION, Act, Role

BY_TWO = GUARDED | {Role.TOWN_HEAD}
BY_TOWN_HEAD = (OFFICE | STATION) - GUARDED

Scope = Callable[[User, date], QuerySet[User]]
_scopes: list[Scope] = []


def register_scope(scope: Scope) -> Scope:
    """Rooms to the right tell whose passwords a station head may reset: ``scope(user, today)`` gives their people."""
    if scope not in _scopes:
        _scopes.append(scope)
    return scope


def resettable_by(user: User, *, today: date) -> QuerySet[User]:
    """The people whose password this user may reset or, for guarded roles, ask to reset. Never their own."""
    people = User.objects.none()
    if roles.may(user, Act.RESET_LOCAL):
        people |= _local_people(user, today)
    if roles.may(user, Act.RESET_STAFF):
        people |= _holding(BY_TOWN_HEAD, today).exclude(pk__in=_holding(GUARDED, today))
    if roles.may(user, Act.RESET_GUARDED):
        people |= _holding(BY_TWO, today) | _without_role(today)
    return people.filter(is_active=True).exclude(pk=user.pk)


def _local_people(user: User, today: date) -> QuerySet[User]:
    """Everybody in the registered scopes, but nobody with a stronger role."""
    people = User.objects.none()
    for scope in _scopes:
        people |= User.objects.filter(pk__in=scope(user, today).values("pk"))
    return people.exclude(pk__in=_holding(STAFF, today))


def _holding(held: frozenset[Role], today: date) -> QuerySet[User]:
    grants = RoleGrant.objects.not_ended(today).filter(role__in=held)
    return User.objects.filter(pk__in=grants.values("user"))


def _without_role(today: date) -> QuerySet[User]:
    """New accounts whose slip got lost before a role was granted; they can do nothing yet."""
    return User.objects.exclude(pk__in=RoleGrant.objects.not_ended(today).values("user"))


def needs_two(*, user: User, by: User, today: date) -> bool:
    """Whether a second administrator must approve when ``by`` resets the user's password."""
    if _holding(GUARDED, today).filter(pk=user.pk).exists():
        return True
    return not roles.may(by, Act.RESET_STAFF) and _holding(BY_TWO, today).filter(pk=user.pk).exists()


@transaction.atomic
def reset(*, user: User, by: User, reason: str, now: datetime) -> tuple[PasswordReset, str]:
    """Resets a password, or asks another administrator to approve. Ends all sign-ins and tells the person.

    Returns:
        The record, and the one-time password for the slip; the password is empty while a second administrator is
        waited for. It is kept nowhere: show it once.

    Raises:
        PermissionDenied: the user is not among those whom ``by`` may reset.
        WrongState: an earlier request for this account still waits.
    """
    today = beijing_date(now)
    User.objects.select_for_update().get(pk=user.pk)
    if not resettable_by(by, today=today).filter(pk=user.pk).exists():
        raise PermissionDenied("这个账号的密码不由您重置。")
    if PasswordReset.objects.waiting().filter(user=user).exists():
        raise WrongState("这个账号已经有一份申请在等第二位管理员，不用再交。")
    guarded = needs_two(user=user, by=by, today=today)
    issued_at = None if guarded else now
    record = PasswordReset.objects.create(
        user=user, asked_by=by, guarded=guarded, reason=reason, asked_at=now, issued_at=issued_at
    )
    if guarded:
        _tell_administrators(record, now=now)
        return record, ""
    return record, _issue(record, now=now)


@transaction.atomic
def approve(*, reset: PasswordReset, by: User, now: datetime) -> str:
    """The second administrator agrees; returns the one-time password for the slip, which is kept nowhere.

    Raises:
        PermissionDenied: not an administrator, or the one who asked, or the person themselves.
        WrongState: it was issued or withdrawn meanwhile.
    """
    roles.demand_check(by, Act.RESET_GUARDED)
    if by.pk in (reset.asked_by_id, reset.user_id):
        raise PermissionDenied("要另一位管理员来同意。")
    move(
        reset,
        issued_at__isnull=True,
        withdrawn_at__isnull=True,
        to={"approved_by": by, "issued_at": now},
        else_="这份申请刚才已经有人办了。",
    )
    return _issue(reset, now=now)


def withdraw(*, reset: PasswordReset, by: User, now: datetime) -> None:
    """An administrator takes a waiting request back.

    Raises:
        PermissionDenied: not an administrator.
        WrongState: it was issued or withdrawn meanwhile.
    """
    roles.demand(by, Act.RESET_GUARDED)
    move(
        reset,
        issued_at__isnull=True,
        withdrawn_at__isnull=True,
        to={"withdrawn_at": now},
        else_="这份申请刚才已经有人办了。",
    )


def _issue(record: PasswordReset, *, now: datetime) -> str:
    notifications.tell(record.user, "password-reset", about=record, due=now, now=now)
    return passwords.give_one_time(user=record.user, now=now)


def _tell_administrators(record: PasswordReset, *, now: datetime) -> None:
    """Those who may approve, and the person, who may know nothing of it."""
    administrators = User.objects.with_role(Role.ADMINISTRATOR, today=beijing_date(now)).exclude(pk=record.asked_by_id)
    for user in {*administrators, record.user}:
        notifications.tell(user, "password-reset-asked", about=record, due=now, now=now)


def _reset_text(message) -> notifications.Text:
    record = message.thing
    body = f"{record.asked_by}给您重置了密码，原因：{record.reason}。您在各处的登录都退出了。"
    return notifications.Text("您的密码被重置了", f"{body}如果不是您要的，请马上打电话。", "accounts:me")


def _asked_text(message) -> notifications.Text:
    record = message.thing
    body = f"{record.asked_by}申请给{record.user}重置密码，原因：{record.reason}。要另一位管理员同意。"
    return notifications.Text("有一份密码重置等同意", body, "accounts:password-reset-list")


BOTH = ("email", "sms")  # whose password it is must hear of it, wherever they are
notifications.register(
    "password-reset", "密码重置", _reset_text, related=("asked_by",), group="账号", urgent=True, defaults=BOTH
)
notifications.register(
    "password-reset-asked", "密码重置等同意", _asked_text, related=("asked_by", "user"), group="账号"
)
