"""Who sits at which station, who works for which firm. A firm's post makes its role; a station's role is granted."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import grants
from accounts.models import RoleGrant, User
from accounts.roles import STAFF, Act, Role, demand, may
from lib.periods import DAY, beijing_date

from . import days
from .models import Community, Contract, Firm, FirmPost, PatrolDuty, StationPost, VillageCommittee

ROLE_OF_STATION = {StationPost.Kind.HEAD: Role.STATION_HEAD, StationPost.Kind.CLERK: Role.STATION_CLERK}
ROLE_OF_FIRM = {FirmPost.Kind.MANAGER: Role.FIRM_MANAGER, FirmPost.Kind.STAFF: Role.FIRM_STAFF}

# ---------------------------------------------------------------- stations


@transaction.atomic
def take_station_post(
    *,
    user: User,
    village_committee: VillageCommittee,
    kind: str,
    first_day: date,
    last_day: date | None = None,
    by: User,
    now: datetime,
) -> StationPost:
    """Somebody heads or works at a station. The role is granted by administrator and town head; this says where.

    Raises:
        PermissionDenied: not the town's office.
        ValidationError: already there on these days, or without the role; by field.
    """
    days.locked(user)
    post = StationPost(
        user=user, village_committee=village_committee, kind=kind, first_day=first_day, last_day=last_day
    )
    check_station_post(post, by=by, today=beijing_date(now))
    post.save()
    return post


def check_station_post(post: StationPost, *, by: User, today: date) -> None:
    """Raises what `take_station_post` raises, and writes nothing."""
    demand(by, Act.REGISTRY_TOWN)
    post.full_clean()
    role = ROLE_OF_STATION[StationPost.Kind(post.kind)]
    if not RoleGrant.objects.not_ended(today).filter(user=post.user, role=role).exists():
        raise ValidationError({"user": f"{post.user}还没有“{role.label}”的角色，先请系统管理员授予。"})


def end_station_post(*, post: StationPost, last_day: date | None, by: User, now: datetime) -> None:
    """Sets the last day at a station.

    Raises:
        PermissionDenied: not the town's office.
        ValidationError: before the first day; by field.
    """
    check_station_end(post, last_day, by=by, today=beijing_date(now))
    post.last_day = last_day
    post.save(update_fields=["last_day"])


def check_station_end(post: StationPost, last_day: date | None, *, by: User, today: date) -> None:
    """Raises what `end_station_post` raises, and writes nothing."""
    demand(by, Act.REGISTRY_TOWN)
    days.demand_end(post, last_day, by=by, today=today)


def take_back_station_post(*, post: StationPost, by: User, now: datetime) -> None:
    """Takes back a post that begins today or later.

    Raises:
        PermissionDenied: not the town's office.
        ValidationError: it has begun; then it can only end.
    """
    demand(by, Act.REGISTRY_TOWN)
    days.demand_not_begun(post, today=beijing_date(now))
    post.delete()


def who_may_sit(*, today: date) -> QuerySet[User]:
    """People who have or will have a station's role."""
    held = RoleGrant.objects.not_ended(today).filter(role__in=ROLE_OF_STATION.values())
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pinyin", "pk")


# ---------------------------------------------------------------- firms


@transaction.atomic
def take_firm_post(
    *,
    user: User,
    firm: Firm,
    kind: str,
    first_day: date,
    last_day: date | None = None,
    by: User,
    now: datetime,
) -> FirmPost:
    """Somebody works for a firm; the role of manager or staff comes with it.

    Raises:
        PermissionDenied: a firm that serves none of the station's communities.
        ValidationError: already there on these days, or a person of the office, a station or a cadre; by field.
    """
    days.locked(user)
    post = FirmPost(user=user, firm=firm, kind=kind, first_day=first_day, last_day=last_day)
    check_firm_post(post, by=by, today=beijing_date(now))
    post.save()
    grants.for_link(user=user, role=ROLE_OF_FIRM[FirmPost.Kind(kind)], first_day=first_day, last_day=last_day)
    return post


def check_firm_post(post: FirmPost, *, by: User, today: date) -> None:
    """Raises what `take_firm_post` raises, and writes nothing."""
    _demand_firm(by, post.firm, today=today)
    post.full_clean()
    days.demand_days(by, changed_from=post.first_day, today=today)
    supervisors = RoleGrant.objects.not_ended(today).filter(user=post.user, role__in=STAFF | {Role.CADRE})
    if supervisors.exists():
        raise ValidationError({"user": f"{post.user}是干部或工作人员，不能同时是物业企业的人。"})


def _demand_firm(by: User, firm: Firm, *, today: date) -> None:
    demand(by, Act.REGISTRY)
    if not firms_of(by, today=today).filter(pk=firm.pk).exists():
        raise PermissionDenied("这家企业现在不服务您物管站的小区。")


def firms_of(by: User, *, today: date) -> QuerySet[Firm]:
    """The firms whose people ``by`` keeps: the office all, a station those under contract in its communities."""
    if may(by, Act.REGISTRY_TOWN):
        return Firm.objects.all()
    contracts = Contract.objects.between(today, date.max).filter(community__in=Community.objects.kept_by(by))
    return Firm.objects.filter(pk__in=contracts.values("firm"))


def who_may_work(by: User, *, today: date) -> QuerySet[User]:
    """Whom ``by`` may take for a firm: people of firms, and accounts that have no role yet."""
    held = RoleGrant.objects.not_ended(today)
    supervisors = held.filter(role__in=STAFF | {Role.CADRE})
    people = User.objects.filter(is_active=True).exclude(pk__in=supervisors.values("user"))
    if not may(by, Act.REGISTRY_TOWN):
        others = held.exclude(role__in=ROLE_OF_FIRM.values())
        people = people.exclude(pk__in=others.values("user"))
    return people.order_by("pinyin", "pk")


@transaction.atomic
def end_firm_post(*, post: FirmPost, last_day: date | None, by: User, now: datetime) -> None:
    """Sets the last day at a firm; the role ends when no other post of its kind lasts longer.

    Raises:
        PermissionDenied, ValidationError: as `take_firm_post`.
    """
    check_firm_end(post, last_day, by=by, today=beijing_date(now))
    post.last_day = last_day
    post.save(update_fields=["last_day"])
    role = ROLE_OF_FIRM[FirmPost.Kind(post.kind)]
    grants.for_link(user=post.user, role=role, first_day=post.first_day, last_day=last_day)
    _end_role(post, now=now)


@transaction.atomic
def take_back_firm_post(*, post: FirmPost, by: User, now: datetime) -> None:
    """Takes back a post that begins today or later, and its role.

    Raises:
        PermissionDenied: as `take_firm_post`.
        ValidationError: it has begun; then it can only end.
    """
    _demand_firm(by, post.firm, today=beijing_date(now))
    days.demand_not_begun(post, today=beijing_date(now))
    post.delete()
    _end_role(post, now=now)


def _end_role(post: FirmPost, *, now: datetime) -> None:
    """The role ends with the last post of its kind; without any it ended yesterday."""
    others = FirmPost.objects.filter(user=post.user, kind=post.kind)
    lasting = days.lasts_until(others) or beijing_date(now) - DAY
    if lasting < date.max:
        role = ROLE_OF_FIRM[FirmPost.Kind(post.kind)]
        grants.end_for_link(user=post.user, role=role, last_day=lasting, now=now)


def check_firm_end(post: FirmPost, last_day: date | None, *, by: User, today: date) -> None:
    """Raises what `end_firm_post` raises, and writes nothing."""
    _demand_firm(by, post.firm, today=today)
    days.demand_end(post, last_day, by=by, today=today)
    kept, post.last_day = post.last_day, last_day
    try:
        post.full_clean()
    finally:
        post.last_day = kept


# ---------------------------------------------------------------- for rooms to the left


def people_of_manager(user: User, today: date) -> QuerySet[User]:
    """Everybody who works today for a firm that the user manages. Issue 6 §2"""
    managed = FirmPost.objects.on(today).filter(user=user, kind=FirmPost.Kind.MANAGER)
    posts = FirmPost.objects.on(today).filter(firm__in=managed.values("firm"))
    return User.objects.filter(pk__in=posts.values("user"))


def people_of_station(user: User, today: date) -> QuerySet[User]:
    """Cadres with a duty in the station's communities, and people of firms under contract there. Issue 3 §2"""
    heads = StationPost.objects.on(today).filter(user=user, kind=StationPost.Kind.HEAD)
    communities = Community.objects.filter(village_committee__in=heads.values("village_committee"))
    contracts = Contract.objects.on(today).filter(community__in=communities)
    firm_posts = FirmPost.objects.on(today).filter(firm__in=contracts.values("firm"))
    duties = PatrolDuty.objects.between(today, date.max).filter(community__in=communities)
    return User.objects.filter(Q(pk__in=firm_posts.values("user")) | Q(pk__in=duties.values("user")))
