"""Granting roles. An administrator makes a grant, the town head checks it; a role ends on a last day, never at once
and never by deletion. Roles that go with a link (a cadre's community, a firm's contract) the link's own room makes."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from lib.periods import beijing_date
from lib.states import WrongState, first_come, move

from . import notifications, roles, sessions
from .models import RoleGrant, RoleReview, User
from .roles import FUND, STAFF, WHO_MAY, Act, Role

Origin = RoleGrant.Origin
LAST_ADMINISTRATOR = "这是最后一位系统管理员，不能停。先授予另一位并复核，再来停这一位。"
DAY = timedelta(days=1)


@transaction.atomic
def propose(
    *, user: User, role: Role, by: User, first_day: date, last_day: date | None = None, reason: str = "", now: datetime
) -> RoleGrant:
    """Grants a role. A staff role counts only from the moment a second person checks it.

    The first town head of an installation needs no check, because there is nobody yet who could.

    Raises:
        PermissionDenied: ``by`` may not grant roles.
        ValidationError: the person already has the role on one of these days, or the days are the wrong way round.
        WrongState: somebody grants it at this very moment.
    """
    roles.demand(by, Act.GRANT)
    origin = Origin.SETUP if role == Role.TOWN_HEAD and not _ever_had_town_head() else Origin.PERSON
    grant = RoleGrant(
        user=user, role=role, granted_by=by, first_day=first_day, last_day=last_day, reason=reason, origin=origin
    )
    grant.full_clean()
    with first_come("刚才已经有人给这个人授予了这个角色。"):
        grant.save()
    if RoleGrant.objects.to_check().filter(pk=grant.pk).exists():
        _tell_checkers(grant, now=now)
    return grant


def _ever_had_town_head() -> bool:
    checked = RoleGrant.objects.filter(role=Role.TOWN_HEAD).exclude(origin=Origin.PERSON, checked_at__isnull=True)
    return checked.exists()


@transaction.atomic
def check(*, grant: RoleGrant, by: User, now: datetime) -> None:
    """The second person agrees; from then on the role counts.

    Raises:
        PermissionDenied: ``by`` may not check grants, made this one, or is the person it is for.
        WrongState: it was checked or withdrawn meanwhile.
    """
    roles.demand_check(by, Act.GRANT)
    roles.demand_other(by, grant.granted_by_id, grant.user_id)
    move(
        grant,
        checked_at__isnull=True,
        withdrawn_at__isnull=True,
        to={"checked_by": by, "checked_at": now},
        else_="这一条刚才已经有人办了。",
    )
    notifications.tell(grant.user, "role-granted", about=grant, due=now, now=now)
    if grant.role in FUND:
        sessions.end_all(user=grant.user)  # who was in with the password alone comes again, with a code


def withdraw(*, grant: RoleGrant, by: User, now: datetime) -> None:
    """Takes back a grant that nobody has checked; by whoever may make or check grants.

    Raises:
        PermissionDenied: ``by`` may do neither.
        WrongState: it was checked or withdrawn meanwhile; a checked role is ended instead.
    """
    if not roles.may_check(by, Act.GRANT):
        roles.demand(by, Act.GRANT)
    move(
        grant,
        origin=Origin.PERSON,
        checked_at__isnull=True,
        withdrawn_at__isnull=True,
        to={"withdrawn_at": now},
        else_="这一条已经复核过或撤回了。复核过的，请定一个最后一天。",
    )


@transaction.atomic
def end(*, grant: RoleGrant, last_day: date, by: User, now: datetime) -> None:
    """Sets the last day of a role, today at the earliest (today still counts).

    Raises:
        PermissionDenied: ``by`` may not grant roles.
        ValidationError: as `demand_end`.
    """
    roles.demand(by, Act.GRANT)
    list(RoleGrant.objects.select_for_update().filter(role=grant.role).order_by("pk"))  # two ends at once: one waits
    demand_end(grant=RoleGrant.objects.get(pk=grant.pk), last_day=last_day, today=beijing_date(now))
    RoleGrant.objects.filter(pk=grant.pk).update(last_day=last_day)
    grant.last_day = last_day


def demand_end(*, grant: RoleGrant, last_day: date, today: date) -> None:
    """Raises ValidationError for a day that is past or after the day set before, or when nobody would remain
    administrator."""
    if last_day < max(today, grant.first_day) or (grant.last_day and last_day > grant.last_day):
        raise ValidationError("最后一天从今天起往后选，也不能晚于原来定的最后一天。")
    if grant.role == Role.ADMINISTRATOR and not _another_remains(grant, last_day):
        raise ValidationError(LAST_ADMINISTRATOR)


def _another_remains(ended: RoleGrant, last_day: date) -> bool:
    """Whether some other administrator's grant counts on the day after, without end."""
    lasting = RoleGrant.objects.in_force(last_day + DAY).filter(last_day__isnull=True, user__is_active=True)
    return lasting.filter(role=Role.ADMINISTRATOR).exclude(user=ended.user_id).exists()


def demand_not_last_administrator(user: User, *, today: date) -> None:
    """Raises ValidationError when putting the account out of use would leave no administrator."""
    others = User.objects.with_role(Role.ADMINISTRATOR, today=today).exclude(pk=user.pk)
    if Role.ADMINISTRATOR in user.roles and not others.exists():
        raise ValidationError(LAST_ADMINISTRATOR)


@transaction.atomic
def for_link(*, user: User, role: Role, first_day: date, last_day: date | None = None) -> None:
    """The role that goes with a link: afterwards the person holds it on every day of the link, once.

    Raises:
        ValueError: a staff role, which is never granted by a link.
    """
    if role in STAFF:
        raise ValueError(f"{role} is granted by an administrator, not by a link")
    User.objects.select_for_update().get(pk=user.pk)  # two links at once would find the same gap
    held = RoleGrant.objects.filter(user=user, role=role, withdrawn_at__isnull=True).order_by("first_day")
    gaps = _gaps(list(held.between(first_day, last_day or date.max)), first_day, last_day)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, first_day=first, last_day=last, origin=Origin.LINK) for first, last in gaps
    )


def _gaps(held: list[RoleGrant], first_day: date, last_day: date | None) -> list[tuple[date, date | None]]:
    """The days from the first to the last that no grant covers."""
    gaps, start = [], first_day
    for grant in held:
        if grant.first_day > start:
            gaps.append((start, grant.first_day - DAY))
        if grant.last_day is None:
            return gaps
        start = max(start, grant.last_day + DAY)
    if last_day is None or start <= last_day:
        gaps.append((start, last_day))
    return gaps


def end_for_link(*, user: User, role: Role, last_day: date, now: datetime) -> None:
    """The last link of this kind ends: roles that came with a link end with it, those not begun are withdrawn."""
    linked = RoleGrant.objects.filter(user=user, role=role, origin=Origin.LINK).not_ended(last_day + DAY)
    linked.filter(first_day__gt=last_day).update(withdrawn_at=now)
    linked.filter(first_day__lte=last_day).update(last_day=last_day)


@transaction.atomic
def review(*, grant: RoleGrant, by: User, now: datetime) -> None:
    """Somebody who may make or check grants has looked: the role is still needed this year.

    Raises:
        PermissionDenied: ``by`` may do neither, or it is their own role.
        WrongState: somebody has looked this year, or the role is not in force.
    """
    if not roles.may_check(by, Act.GRANT):
        roles.demand(by, Act.GRANT)
    roles.demand_other(by, grant.user_id)
    today, gone = beijing_date(now), "这一条今年已经看过，或者已经停了。"
    if not RoleGrant.objects.to_review(today).filter(pk=grant.pk).exists():
        raise WrongState(gone)
    with first_come(gone):
        RoleReview.objects.create(grant=grant, year=today.year, by=by, at=now)


def _tell_checkers(grant: RoleGrant, *, now: datetime) -> None:
    for user in User.objects.with_role(*roles.WHO_MAY[Act.GRANT].check, today=beijing_date(now)):
        notifications.tell(user, "role-to-check", about=grant, due=now, now=now)


def _to_check_text(message) -> notifications.Text:
    grant = message.thing
    body = f"{grant.granted_by}要授予{grant.user}“{grant.get_role_display()}”，等您复核。"
    return notifications.Text("有一个角色等复核", body, "admin:accounts_rolegrant_changelist")


def _granted_text(message) -> notifications.Text:
    grant = message.thing
    return notifications.Text(
        f"您现在是{grant.get_role_display()}", f"从{grant.first_day:%Y年%-m月%-d日}起。", "accounts:me"
    )


CHECKERS = WHO_MAY[Act.GRANT].check
notifications.register(
    "role-to-check", "角色等复核", _to_check_text, related=("granted_by", "user"), group="账号", roles=CHECKERS
)
notifications.register("role-granted", "角色生效", _granted_text, related=("user",), group="账号")
