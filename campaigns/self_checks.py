"""A firm checks itself against the campaign's list; what it finds it reports as ever: nothing is typed twice. H.1"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count

from accounts.models import User
from inspections.models import CheckItem, Finding
from lib.periods import beijing_date

from . import found, steps
from .kinds import SELF_CHECK, StepState
from .models import CampaignPlace, PlaceStep, SelfCheckAnswer, Step

Result = SelfCheckAnswer.Result


@dataclass(frozen=True)
class Line:
    """An item of the list: how many problems the firm has reported of it in this campaign, and what it said."""

    item: CheckItem
    reported: int
    answer: str

    @property
    def field(self) -> str:
        """Its name in the form."""
        return f"item-{self.item.pk}"

    @property
    def is_fine(self) -> bool:
        return self.answer == Result.FINE


def lines(place: CampaignPlace, fine: Collection[int] = ()) -> list[Line]:
    """The list in its order; three queries whatever its length. ``fine``: items just said to be fine, not kept yet."""
    reported = dict(_reported(place).values_list("item__code").annotate(Count("pk")))
    said = dict(place.self_checks.values_list("item", "result")) | dict.fromkeys(fine, Result.FINE)
    items = place.campaign.items.in_order()
    return [Line(item, reported.get(item.code, 0), said.get(item.pk, "")) for item in items]


def _reported(place: CampaignPlace):
    own = Finding.objects.standing().filter(source=Finding.Source.SELF_REPORT, community=place.community_id)
    first = place.campaign.first_day or beijing_date(place.campaign.approved_at)
    return own.filter(found_on__gte=first).order_by()


@transaction.atomic
def finish(*, place: CampaignPlace, fine: Collection[int], by: User, now: datetime) -> PlaceStep:
    """The firm has looked at every item: each is fine, or its problems are reported.

    Args:
        fine: items that were said to be fine.

    Raises:
        PermissionDenied: not the firm of the community (the office may note it for one without account).
        WrongState: the campaign does not run.
        ValidationError: an item was not looked at, or before the campaign begins; by field ``item-<key>``.
    """
    step = place.campaign.step(SELF_CHECK)
    if step is None:
        raise ValidationError("这次行动没有自查。")
    steps.demand_recorder(by, place, step)
    found.pull(now=now)
    _demand_begun(place, step, beijing_date(now))
    rows = lines(place)
    missing = [line for line in rows if not line.reported and line.item.pk not in fine]
    if missing:
        told = "没问题就点“没问题”；有问题先报，报了再回来。"
        raise ValidationError({line.field: told for line in missing})
    _answer(place, rows, by, now)
    number = sum(line.reported for line in rows)
    text = f"查了 {len(rows)} 项，" + (f"自查出 {number} 处" if number else "没发现问题")
    return steps.write(place=place, step=step, state=StepState.DONE, day=beijing_date(now), text=text, by=by, now=now)


def _demand_begun(place: CampaignPlace, step: Step, today: date) -> None:
    first = step.phase.first_day if step.phase else place.campaign.first_day
    if first and first > today:
        raise ValidationError(f"自查从 {first} 开始。")


def _answer(place: CampaignPlace, rows: list[Line], by: User, now: datetime) -> None:
    for line in rows:
        said = Result.PROBLEM if line.reported else Result.FINE
        SelfCheckAnswer.objects.update_or_create(
            place=place, item=line.item, defaults={"result": said, "by": by, "at": now}
        )
