"""The three lists: each problem with its measures, the one who is responsible, and the day. 三清单, 方案一 五（一）"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, may
from communities.models import Community
from lib.periods import beijing_date
from lib.refusals import spoken
from lib.states import WrongState, move
from lib.typed_days import demand_come, demand_near

from .kinds import OVER, CampaignState
from .models import Campaign, CampaignPlace, Measure, Phase, Problem
from .task_list import demand_workday

NOT_WHOLE = "三清单未齐"
WHO = "三清单由镇物业办写；一个小区的，它的物管站也写。"
CHANGED = "刚才有人改过这一条，看看现在怎么样。"


def may_write(user: User, campaign: Campaign, place: CampaignPlace | None) -> bool:
    """The office writes all; a station what concerns a community of its own."""
    if may(user, Act.CAMPAIGN):
        return True
    return place is not None and place.is_kept_by(user)


def _demand(user: User, campaign: Campaign, place: CampaignPlace | None) -> None:
    if not may_write(user, campaign, place):
        raise PermissionDenied(WHO)
    if campaign.state == CampaignState.ENDED:
        raise WrongState(OVER)


@transaction.atomic
def put(
    *,
    campaign: Campaign,
    text: str,
    phase: Phase | None = None,
    place: CampaignPlace | None = None,
    measures: Sequence[str] = (),
    person: str = "",
    due_on: date | None = None,
    problem: Problem | None = None,
    by: User,
    now: datetime,
) -> Problem:
    """A problem goes on the list, or is written anew; what is not known yet may be missing, and blocks later steps.

    Args:
        phase: in which it was listed; without it the present one, or the first.
        place: the community that it is about; None: the campaign as a whole.

    Raises:
        PermissionDenied: neither the office nor the community's station.
        WrongState: the campaign has ended, or the problem is settled.
        ValidationError: no text, a person without a day; by field.
    """
    _demand(by, campaign, place)
    row = _held(problem, "这一条已经办好，不能再改。") if problem else Problem(campaign=campaign, by=by, at=now)
    is_new_day = due_on is not None and due_on != row.due_on
    row.text, row.place, row.person, row.due_on = text.strip(), place, person.strip(), due_on
    row.phase = phase or (row.phase if problem else _present(campaign, beijing_date(now)))
    if bool(row.person) != bool(due_on):
        raise ValidationError({"due_on" if row.person else "person": "责任人和日期一起写。"})
    if is_new_day:
        demand_near([due_on], beijing_date(now), field="due_on")
        demand_workday(due_on)
    row.full_clean()
    with spoken():
        row.save()
    row.measures.all().delete()
    Measure.objects.bulk_create(Measure(problem=row, text=one.strip()) for one in measures if one.strip())
    return row


def _held(problem: Problem, settled: str) -> Problem:
    """The line as it stands, held for one writer; raises WrongState when it was settled or taken off meanwhile."""
    row = Problem.objects.select_for_update().filter(pk=problem.pk).first()
    if row is None or row.done_on:
        raise WrongState(settled if row else CHANGED)
    return row


def _present(campaign: Campaign, today: date) -> Phase:
    present = campaign.phases_on(today) or campaign.ordered_phases[:1]
    if not present:
        raise ValidationError("先排好阶段，再列问题。")
    return present[0]


@transaction.atomic
def settle(*, problem: Problem, done_on: date, result: str, by: User, now: datetime) -> None:
    """A problem is dealt with.

    Raises:
        PermissionDenied, WrongState: as `put`; or it was settled before.
        ValidationError: no measure or person yet, a day to come, no word how; by field.
    """
    _demand(by, problem.campaign, problem.place)
    if not problem.is_whole:
        raise ValidationError(f"{NOT_WHOLE}：先写措施、责任人和日期。")
    demand_come(done_on, beijing_date(now), field="done_on")
    if not result.strip():
        raise ValidationError({"result": "写一句办得怎么样。"})
    move(problem, done_on=None, to={"done_on": done_on, "result": result.strip()}, else_=CHANGED)


@transaction.atomic
def strike(*, problem: Problem, by: User, now: datetime) -> None:
    """A wrong entry goes.

    Raises:
        PermissionDenied, WrongState: as `put`.
    """
    _demand(by, problem.campaign, problem.place)
    _held(problem, "这一条已经办好，不能再删。").delete()


def writable(user: User, problems: Iterable[Problem]) -> set[int]:
    """Which of these the user may write, in one query: the keys of the problems."""
    rows = list(problems)
    if may(user, Act.CAMPAIGN):
        return {row.pk for row in rows}
    about = {row.place.community_id for row in rows if row.place}
    kept = set(Community.objects.kept_by(user).filter(pk__in=about).values_list("pk", flat=True))
    return {row.pk for row in rows if row.place and row.place.community_id in kept}
