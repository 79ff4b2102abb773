"""Renovation of old communities: what could be done, what owners want, what goes on the list. R48, issue 10 §4"""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from communities import days
from communities.models import Ownership, Person
from lib.periods import beijing_date
from lib.states import WrongState

from . import planning
from .kinds import LIST, OPINIONS, CampaignKind, StepState
from .models import CampaignPlace, ListItem, Opinion, PlaceStep, Step

CLOSED = "征求意见已经结束，改造清单定了。"
NOT_NOW = "现在不在征求意见，看看改造清单。"
FIXED = "改造清单已经定了，不能再改。"
MOST = 1_000_000  # households; more is a slip of the pen


# ---------------------------------------------------------------- what stands when


def is_fixed(place: CampaignPlace) -> bool:
    """The list was recorded as done."""
    return PlaceStep.objects.filter(place=place, step__code=LIST, state=StepState.DONE).exists()


def is_open(place: CampaignPlace, today: date) -> bool:
    """Owners may say what they want: campaign and phase of the step 征求意见 run, it is under way or has no record
    yet, and the list is not fixed.
    """
    campaign = place.campaign
    if campaign.kind != CampaignKind.RENOVATION or not campaign.is_running or is_fixed(place):
        return False
    step = campaign.step(OPINIONS)
    if step is None or not _runs(step, today):
        return False
    row = PlaceStep.objects.filter(place=place, step=step).first()
    return row is None or row.state == StepState.DOING


def _runs(step: Step, today: date) -> bool:
    return step.phase.holds_on(today) if step.phase else bool(step.campaign.phases_on(today))


def owner_of(user: User, place: CampaignPlace, today: date) -> Person | None:
    """The person behind an account, if they own a unit in the community on the day."""
    if Role.RESIDENT not in user.roles:
        return None
    owned = Ownership.objects.on(today).filter(person__user=user, unit__community=place.community_id)
    return Person.objects.filter(user=user, pk__in=owned.values("person")).first()


# ---------------------------------------------------------------- what staff write


def _demand_keeper(place: CampaignPlace, by: User) -> None:
    """Raises PermissionDenied for whoever does not keep the community's registry, WrongState for another campaign."""
    days.demand_registry(by, place.community)
    if place.campaign.kind != CampaignKind.RENOVATION:
        raise WrongState("这次行动不是老旧小区改造，没有改造清单。")
    planning.demand_running(place.campaign)


def _held(place: CampaignPlace) -> CampaignPlace:
    """One writer of a community's list at a time."""
    return CampaignPlace.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=place.pk)


@transaction.atomic
def add_item(*, place: CampaignPlace, text: str, by: User, now: datetime) -> ListItem:
    """Something that could be renovated goes on the list that owners are asked about.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: the list is fixed, or the campaign does not run.
        ValidationError: nothing written, or it is on the list; by field.
    """
    _demand_keeper(place, by)
    if is_fixed(_held(place)):
        raise WrongState(FIXED)
    row = ListItem(place=place, text=text.strip())
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def count_on_paper(*, item: ListItem, on_paper: int, by: User, now: datetime) -> None:
    """How many households said on paper that they want it, beside those who said so here.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: the list is fixed, or the campaign does not run.
        ValidationError: no number of households; by field.
    """
    _demand_keeper(item.place, by)
    if not 0 <= on_paper <= MOST:
        raise ValidationError({"on_paper": f"写 0 到 {MOST} 的数。"})
    if is_fixed(_held(item.place)):
        raise WrongState(FIXED)
    item.on_paper = on_paper
    item.save(update_fields=["on_paper"])


@transaction.atomic
def choose(*, place: CampaignPlace, items: Iterable[ListItem], by: User, now: datetime) -> None:
    """Which items are renovated; chosen before the step 改造清单 is recorded, or right after it if nobody had.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: the list is fixed, or the campaign does not run.
        ValidationError: nothing chosen, or something of another community; by field.
    """
    _demand_keeper(place, by)
    rows = _held(place).list_items
    if is_fixed(place) and rows.filter(is_chosen=True).exists():
        raise WrongState(FIXED)
    wanted = {item.pk for item in items}
    if not wanted:
        raise ValidationError({"items": "至少选一项。"})
    if rows.filter(pk__in=wanted).count() < len(wanted):
        raise ValidationError({"items": "只能选这个小区的。"})
    rows.filter(pk__in=wanted).update(is_chosen=True)
    rows.exclude(pk__in=wanted).update(is_chosen=False)


# ---------------------------------------------------------------- what owners say


@transaction.atomic
def say(*, place: CampaignPlace, items: Iterable[ListItem], by: User, now: datetime) -> None:
    """An owner ticks what they want; what was ticked before and is not any more is taken back.

    Raises:
        PermissionDenied: owns nothing in the community today.
        WrongState: opinions are not asked for now.
        ValidationError: something of another community; by field.
    """
    today = beijing_date(now)
    person = owner_of(by, place, today)
    if person is None:
        raise PermissionDenied("只有这个小区现在的业主可以提。")
    held = _held(place)
    if not is_open(held, today):
        raise WrongState(CLOSED if is_fixed(held) else NOT_NOW)
    wanted = {item.pk for item in items}
    if held.list_items.filter(pk__in=wanted).count() < len(wanted):
        raise ValidationError({"items": "只能选这个小区的。"})
    mine = Opinion.objects.filter(item__place=held, person=person)
    mine.exclude(item__in=wanted).delete()
    known = set(mine.values_list("item", flat=True))
    Opinion.objects.bulk_create(Opinion(item_id=pk, person=person, at=now) for pk in sorted(wanted - known))
