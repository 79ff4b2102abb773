"""Groups of residents and partners, model communities, investments in facilities. R09, R65, R01"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand_check, demand_other
from lib.periods import beijing_date
from lib.states import move

from . import days, person_roles
from .committees import person_called
from .models import Building, Community, Investment, ModelNomination, ResidentGroup

State = ModelNomination.State


@transaction.atomic
def found(
    *, community: Community, kind: str, name: str, first_day: date, building: Building | None = None, leader: str = "",
    number: str = "", size: int | None = None, does: str = "", by: User, now: datetime,
) -> ResidentGroup:  # fmt: skip
    """A group, a team, a partner unit or a stairwell for the law begins.

    Args:
        leader: the name of who leads it or speaks for it; ``number`` their telephone.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: there is one of that name, no building or representative where they are asked; by field.
    """
    days.demand_registry(by, community)
    person = person_called(leader, number, community=community) if leader else None
    row = ResidentGroup(community=community, kind=kind, name=name, first_day=first_day, building=building)
    row.leader, row.size, row.does = person, size, does
    row.full_clean()
    row.save()
    if person:
        person_roles.follow(person, now=now)
    return row


@transaction.atomic
def end(*, group: ResidentGroup, last_day: date, by: User, now: datetime) -> None:
    """A group ends.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: before it began; by field.
    """
    days.demand_registry(by, group.community)
    group.last_day = last_day
    group.full_clean()
    group.save()
    if group.leader:
        person_roles.follow(group.leader, now=now)


# ---------------------------------------------------------------- model communities


def nominate(*, community: Community, kind: str, year: int, reason: str, by: User, now: datetime) -> ModelNomination:
    """A community is nominated for a year. 五类示范

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: nominated before, or for another year than this or the next; by field.
    """
    days.demand_registry(by, community)
    this_year = beijing_date(now).year
    if year not in (this_year, this_year + 1):
        raise ValidationError({"year": f"只推荐今年或明年的，写 {this_year} 或 {this_year + 1}。"})
    row = ModelNomination(community=community, kind=kind, year=year, reason=reason, nominated_by=by, nominated_at=now)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def review(*, nomination: ModelNomination, is_named: bool, opinion: str, by: User, now: datetime) -> None:
    """Another person of the office decides; a community that is named carries the mark.

    Raises:
        PermissionDenied: may not review, or nominated it.
        WrongState: somebody reviewed it before.
    """
    demand_check(by, Act.NOMINATION)
    demand_other(by, nomination.nominated_by_id)
    state = State.NAMED if is_named else State.REFUSED
    to = {"state": state, "reviewed_by": by, "reviewed_at": now, "opinion": opinion}
    move(nomination, state=State.NOMINATED, to=to, else_="刚才已经有人评审了。")
    place = days.locked(nomination.community)
    if is_named and Community.Tag.MODEL not in place.tags:
        place.tags = [*place.tags, Community.Tag.MODEL]
        place.save(update_fields=["tags"])


# ---------------------------------------------------------------- investments


def invest(*, community: Community, spent_on: date, by: User, now: datetime, **columns) -> Investment:
    """Notes what was put into a community's facilities, in fen.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: a day to come, nothing, the superior's money without project and document; by field.
    """
    days.demand_registry(by, community)
    if spent_on > beijing_date(now):
        raise ValidationError({"spent_on": "日期不能晚于今天。"})
    row = Investment(community=community, spent_on=spent_on, entered_by=by, entered_at=now, **columns)
    row.full_clean()
    row.save()
    return row
