"""Who patrols where: linking cadres, handing over, standing in, leave. 方案一 四.1 一区一干部, DOMAIN B.1–B.3

A link makes the role of cadre with it, and the role ends when no link lasts any longer. Whatever overlaps or comes
too late is explained in a ValidationError by field; a station acts in its own communities only.
"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import grants
from accounts.models import RoleGrant, User
from accounts.roles import FIRM, STAFF, Act, Role, demand, may
from lib.periods import DAY, beijing_date

from . import days
from .models import CadreLeave, Community, PatrolDuty, StationPost

Kind = PatrolDuty.Kind


# ---------------------------------------------------------------- links


@transaction.atomic
def link(
    *,
    user: User,
    community: Community,
    first_day: date,
    last_day: date | None = None,
    kind: str = Kind.LINKED,
    by: User,
    now: datetime,
) -> PatrolDuty:
    """Somebody patrols a community from a day on: linked (one a community and day), as substitute or in a team.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: the days overlap, have passed, or the person works for a firm; by field.
    """
    days.locked(community)
    duty = PatrolDuty(user=user, community=community, kind=kind, first_day=first_day, last_day=last_day)
    check_link(duty, by=by, today=beijing_date(now))
    duty.save()
    grants.for_link(user=user, role=Role.CADRE, first_day=first_day, last_day=last_day)
    return duty


def check_link(duty: PatrolDuty, *, by: User, today: date) -> None:
    """Raises what `link` raises, and writes nothing."""
    days.demand_registry(by, duty.community)
    duty.full_clean()
    days.demand_days(by, changed_from=duty.first_day, today=today)
    if duty.kind != Kind.LINKED and duty.last_day is None:
        raise ValidationError({"last_day": "写上到哪一天为止。"})
    if not duty.user.is_active or RoleGrant.objects.in_force(today).filter(user=duty.user, role__in=FIRM).exists():
        raise ValidationError({"user": f"{duty.user}是物业企业的人或者账号已停用，不能巡查小区。"})


def who_may_patrol(by: User, *, today: date) -> QuerySet[User]:
    """Whom ``by`` may link: cadres, accounts without role, and people of their station; the office of any desk."""
    in_force = RoleGrant.objects.in_force(today)
    people = User.objects.filter(is_active=True).exclude(pk__in=in_force.filter(role__in=FIRM).values("user"))
    desks = in_force.filter(role__in=STAFF) if may(by, Act.REGISTRY_TOWN) else StationPost.objects.on(today)
    desks = desks.visible_to(by)
    cadres = in_force.filter(role=Role.CADRE)
    without_role = ~Q(pk__in=RoleGrant.objects.not_ended(today).values("user"))
    found = Q(pk__in=cadres.values("user")) | Q(pk__in=desks.values("user")) | without_role
    return people.filter(found).order_by("pinyin", "pk")


@transaction.atomic
def end_link(*, duty: PatrolDuty, last_day: date | None, by: User, now: datetime) -> None:
    """Sets the last day of a duty, or another one; the role of cadre follows.

    Raises:
        PermissionDenied, ValidationError: as `link`.
    """
    duty.community = days.locked(duty.community)
    check_end(duty, last_day, by=by, today=beijing_date(now))
    duty.last_day = last_day
    duty.save(update_fields=["last_day"])
    grants.for_link(user=duty.user, role=Role.CADRE, first_day=duty.first_day, last_day=last_day)
    _end_role(duty.user, now=now)


def check_end(duty: PatrolDuty, last_day: date | None, *, by: User, today: date) -> None:
    """Raises what `end_link` raises, and writes nothing."""
    days.demand_registry(by, duty.community)
    days.demand_end(duty, last_day, by=by, today=today)
    if last_day is None and duty.kind != Kind.LINKED:
        raise ValidationError({"last_day": "写上到哪一天为止。"})
    kept, duty.last_day = duty.last_day, last_day
    try:
        duty.full_clean()
    finally:
        duty.last_day = kept


@transaction.atomic
def take_back(*, duty: PatrolDuty, by: User, now: datetime) -> None:
    """Takes back a duty that begins today or later, as if it had not been.

    Raises:
        PermissionDenied: as `link`.
        ValidationError: it has begun; then it can only end.
    """
    today = beijing_date(now)
    days.demand_registry(by, duty.community)
    days.demand_not_begun(duty, today=today)
    user = duty.user
    duty.delete()
    _end_role(user, now=now)


def _end_role(user: User, *, now: datetime) -> None:
    """The role of cadre ends with the last duty; without any duty it ended yesterday."""
    lasting = days.lasts_until(PatrolDuty.objects.filter(user=user)) or beijing_date(now) - DAY
    if lasting < date.max:
        grants.end_for_link(user=user, role=Role.CADRE, last_day=lasting, now=now)


@transaction.atomic
def hand_over(*, community: Community, to: User, first_day: date, by: User, now: datetime) -> PatrolDuty:
    """Another cadre takes a community over: the present link ends the day before, the new one begins.

    Raises:
        PermissionDenied, ValidationError: as `link`; also when it is already this person's.
    """
    days.locked(community)
    old = PatrolDuty.objects.on(first_day).filter(community=community, kind=Kind.LINKED).first()
    if old and old.user_id == to.pk:
        raise ValidationError({"user": f"{community}那天已经由{to}联系。"})
    if old and old.first_day == first_day:
        raise ValidationError({"first_day": f"{old.user}从同一天开始联系，请先撤回那一条。"})
    if old:
        end_link(duty=old, last_day=first_day - DAY, by=by, now=now)
    return link(user=to, community=community, first_day=first_day, by=by, now=now)


def substitute(
    *, user: User, community: Community, first_day: date, last_day: date, by: User, now: datetime
) -> PatrolDuty:
    """Somebody else patrols for some days; quota and counting of these days are theirs. DOMAIN B.3

    Raises:
        PermissionDenied, ValidationError: as `link`; one substitute a community and day.
    """
    return link(
        user=user, community=community, first_day=first_day, last_day=last_day, kind=Kind.SUBSTITUTE, by=by, now=now
    )


def join_team(
    *, user: User, community: Community, first_day: date, last_day: date, by: User, now: datetime
) -> PatrolDuty:
    """Somebody joins a team that checks the community for some days; it asks no weekly patrols of them.

    Raises:
        PermissionDenied, ValidationError: as `link`.
    """
    return link(user=user, community=community, first_day=first_day, last_day=last_day, kind=Kind.TEAM, by=by, now=now)


# ---------------------------------------------------------------- leave


def cadres_of(by: User, *, today: date) -> QuerySet[User]:
    """Whose leave ``by`` keeps: people with a duty, today or later, in its communities."""
    duties = PatrolDuty.objects.between(today, date.max).filter(community__in=Community.objects.kept_by(by))
    return User.objects.filter(pk__in=duties.values("user")).order_by("pinyin", "pk")


@transaction.atomic
def record_leave(*, user: User, first_day: date, last_day: date, by: User, now: datetime) -> CadreLeave:
    """A cadre is away for some days, which then ask no patrols. DOMAIN B.3

    Raises:
        PermissionDenied: not a cadre of the communities of ``by``.
        ValidationError: the days overlap another leave or have passed; by field.
    """
    days.locked(user)
    leave = CadreLeave(user=user, first_day=first_day, last_day=last_day)
    check_leave(leave, by=by, today=beijing_date(now))
    leave.save()
    return leave


def check_leave(leave: CadreLeave, *, by: User, today: date) -> None:
    """Raises what `record_leave` raises, and writes nothing."""
    _demand_leave(leave.user, by=by, today=today)
    leave.full_clean()
    days.demand_days(by, changed_from=leave.first_day, today=today)


def _demand_leave(user: User, *, by: User, today: date) -> None:
    demand(by, Act.REGISTRY)
    if may(by, Act.REGISTRY_TOWN):
        return
    if not cadres_of(by, today=today).filter(pk=user.pk).exists():
        raise PermissionDenied("这位干部不联系您物管站的小区。")


@transaction.atomic
def take_back_leave(*, leave: CadreLeave, by: User, now: datetime) -> None:
    """The cadre is here after all: leave to come is taken back, leave that has begun ends yesterday.

    Raises:
        PermissionDenied: as `record_leave`.
        ValidationError: it is over, and ``by`` is not the office.
    """
    today = beijing_date(now)
    _demand_leave(leave.user, by=by, today=today)
    if leave.first_day < today <= leave.last_day:
        leave.last_day = today - DAY
        leave.save(update_fields=["last_day"])
        return
    days.demand_days(by, changed_from=leave.first_day, today=today)
    leave.delete()


def uncovered(leave: CadreLeave) -> QuerySet[Community]:
    """Communities that the person on leave looks after and for which nobody stands in on all of those days."""
    own = PatrolDuty.objects.filter(user=leave.user, kind=Kind.LINKED).between(leave.first_day, leave.last_day)
    covered = PatrolDuty.objects.filter(
        kind=Kind.SUBSTITUTE, first_day__lte=leave.first_day, last_day__gte=leave.last_day
    )
    communities = Community.objects.filter(pk__in=own.values("community"))
    return communities.exclude(pk__in=covered.values("community")).order_by("pinyin", "pk")
