"""楼幢长: owners who help in their building or stairwell, self-nominated or recommended. 方案一 (三)1, R03"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from lib.periods import beijing_date

from . import days, person_roles
from .models import Building, BuildingHead, Community, Person, Stairwell


@transaction.atomic
def appoint(
    *,
    building: Building,
    person: Person,
    origin: str,
    appointed_on: date,
    stairwell: Stairwell | None = None,
    recommended_by: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
    by: User,
    now: datetime,
) -> BuildingHead:
    """Appoints a building's head for a term; their account, if they have one, gets the role.

    Args:
        origin: nominated by themselves, or recommended; then ``recommended_by`` says by whom.
        stairwell: where a head looks after one stairwell and not the whole building.
        first_day: of the term; the day of the appointment where none is given.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: there is already a head on these days, or no word of who recommended; by field.
    """
    days.locked(building)
    head = BuildingHead(
        community=building.community,
        building=building,
        stairwell=stairwell,
        person=person,
        origin=origin,
        recommended_by=recommended_by,
        appointed_on=appointed_on,
        first_day=first_day or appointed_on,
        last_day=last_day,
    )
    check(head, by=by, today=beijing_date(now))
    head.save()
    person_roles.follow(head.person, now=now)
    return head


def check(head: BuildingHead, *, by: User, today: date) -> None:
    """Raises what `appoint` raises, and writes nothing."""
    days.demand_registry(by, head.building.community)
    head.community = head.building.community
    head.full_clean()
    if head.stairwell and head.stairwell.building_id != head.building_id:
        raise ValidationError({"stairwell": "这个单元不在这幢楼里。"})


@transaction.atomic
def end(*, head: BuildingHead, last_day: date | None, by: User, now: datetime) -> None:
    """Sets the last day of a term.

    Raises:
        PermissionDenied, ValidationError: as `appoint`.
    """
    check_end(head, last_day, by=by, today=beijing_date(now))
    head.last_day = last_day
    head.save(update_fields=["last_day"])
    person_roles.follow(head.person, now=now)


def check_end(head: BuildingHead, last_day: date | None, *, by: User, today: date) -> None:
    """Raises what `end` raises, and writes nothing. Past terms may be corrected: no count hangs on them."""
    days.demand_registry(by, head.community)
    if last_day and last_day < head.first_day:
        raise ValidationError({"last_day": f"结束日期不能早于开始日期（{head.first_day}）。"})
    kept, head.last_day = head.last_day, last_day
    try:
        head.full_clean()
    finally:
        head.last_day = kept


@transaction.atomic
def take_back(*, head: BuildingHead, by: User, now: datetime) -> None:
    """Takes back a term that begins today or later.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: it has begun; then it can only end.
    """
    days.demand_registry(by, head.community)
    days.demand_not_begun(head, today=beijing_date(now))
    head.delete()
    person_roles.follow(head.person, now=now)


def without_head(communities: QuerySet[Community], *, today: date) -> QuerySet[Building]:
    """Buildings that stand and have no head, of the building nor of a stairwell. R03"""
    rows = Building.objects.filter(community__in=communities, ended_on=None).without_head(today)
    return rows.select_related("community").order_by("community__pinyin", "community_id", "code")
