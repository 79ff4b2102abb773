"""Charging sheds and bins: how many places there are and are needed, what is planned, what was done. R42"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When

from accounts.models import User
from communities import days
from lib.periods import beijing_date
from lib.states import WrongState, move
from lib.typed_days import demand_come

from . import planning
from .models import Amenity, CampaignPlace

DONE = "这一处已经补好了，不用再改。"


@transaction.atomic
def add(*, place: CampaignPlace, kind: str, spot: str, by: User, now: datetime, **said: Any) -> Amenity:
    """A shed or the bins of a spot, with what is there and what is needed.

    Args:
        said: ``capacity``, ``needed`` (places), ``plan``, ``planned_on``.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: the campaign does not run.
        ValidationError: nothing written, the spot is listed, a day without a plan; by field.
    """
    days.demand_registry(by, place.community)
    planning.demand_running(place.campaign)
    row = Amenity(place=place, kind=kind, spot=spot.strip(), **_checked(said))
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def amend(*, amenity: Amenity, by: User, now: datetime, **said: Any) -> None:
    """What is there, what is needed and what is planned, as it is now.

    Raises:
        PermissionDenied, WrongState, ValidationError: as `add`; WrongState also when it was done.
    """
    days.demand_registry(by, amenity.place.community)
    planning.demand_running(amenity.place.campaign)
    held = Amenity.objects.select_for_update().get(pk=amenity.pk)
    if held.done_on:
        raise WrongState(DONE)
    for name, value in _checked(said).items():
        setattr(held, name, value)
    held.full_clean()
    held.save()


def _checked(said: dict) -> dict:
    said = said | {"plan": said.get("plan", "").strip()}
    if said.get("planned_on") and not said["plan"]:
        raise ValidationError({"plan": "写打算怎么补。"})
    return said


@transaction.atomic
def finish(*, amenity: Amenity, done_on: date, capacity: int, by: User, now: datetime) -> None:
    """What was missing is there; ``capacity`` is what there is now.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: it was done before.
        ValidationError: a day to come, or still less than is needed; by field.
    """
    days.demand_registry(by, amenity.place.community)
    demand_come(done_on, beijing_date(now), field="done_on")
    if capacity < amenity.needed:
        lacks = amenity.needed - capacity
        raise ValidationError({"capacity": f"还差 {lacks} 个，没补够的用“更改”写现在有多少。"})
    move(amenity, done_on=None, to={"done_on": done_on, "capacity": capacity}, else_=DONE)


def sums(rows: QuerySet[Amenity]) -> list[dict]:
    """For each kind: spots, places there are, places needed, places missing, spots with a gap and no plan."""
    gap = Case(When(needed__gt=F("capacity"), then=F("needed") - F("capacity")), default=Value(0))
    found = (
        rows.order_by()
        .values("kind")
        .annotate(
            spots=Count("pk"),
            there=Sum("capacity"),
            wanted=Sum("needed"),
            lacking=Sum(gap),
            unplanned=Count("pk", filter=Q(needed__gt=F("capacity"), plan="", done_on=None)),
        )
    )
    return [row | {"label": Amenity.Kind(row["kind"]).label} for row in found.order_by("-kind")]
