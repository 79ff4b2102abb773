"""The next campaign from the last one: the same plan from another day, with what was left unfinished. H.1"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from inspections.models import CheckItem
from lib.periods import beijing_date
from lib.refusals import spoken
from lib.typed_days import demand_near

from . import matrix, plan_templates
from .kinds import LOOK_BACK, StepState
from .models import Body, Campaign, CampaignPlace, Phase, Step, Task
from .planning import begin


@transaction.atomic
def copy(*, campaign: Campaign, title: str, starts_on: date, by: User, now: datetime) -> Campaign:
    """The next quarter's draft from the last one's: the same plan from another day, with what was left unfinished —
    tasks that are open and communities that did not pass every step.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: no title, the plan names no day, or a start in another age; by field.
    """
    demand_near([starts_on], beijing_date(now), field="starts_on")
    old = [phase for phase in campaign.ordered_phases if phase.first_day or phase.last_day]
    if not old:
        raise ValidationError({"starts_on": "原来的方案没有日期，没法照着排。"})
    move_ = plan_templates.SHIFTS["days"](old[0].first_day or old[0].last_day, starts_on)
    say = {key: getattr(campaign, key) for key in ("basis", "goal", "standards")}
    listed = campaign.items.order_by().values("code")
    items = CheckItem.objects.asked_on(max(starts_on, beijing_date(now))).filter(code__in=listed)
    new = begin(title=title, kind=campaign.kind, copied_from=campaign, items=items, **say, by=by, now=now)
    _copy_rows(campaign, new, lambda day: move_(day) if day else None)
    return new


def _copy_rows(old: Campaign, new: Campaign, day: Callable[[date | None], date | None]) -> None:
    bodies = {
        body.pk: Body.objects.create(**_like(body, "name", "is_lead", "whom"), campaign=new)
        for body in old.bodies.all()
    }
    phases = {None: None}
    with spoken():
        for phase in old.ordered_phases:
            said = _like(phase, "no", "code", "name", "waits_for", "days", "must")
            if phase.waits_for or phase.days:
                days = {"first_day": None if phase.days else day(phase.first_day), "last_day": None}
            else:
                days = {"first_day": day(phase.first_day), "last_day": day(phase.last_day)}
            phases[phase.pk] = Phase.objects.create(campaign=new, **said, **days)
    for step in old.ordered_steps:
        said = _like(step, "no", "code", "name", "doer", "requires", "needs_document", "hint")
        Step.objects.create(campaign=new, phase=phases[step.phase_id], **said)
    for task in old.tasks.filter(done_on=None).prefetch_related("assists"):
        said = _like(task, "text", "when", "standard", "evidence")
        lead, phase = bodies[task.lead_id], phases[task.phase_id]
        made = Task.objects.create(campaign=new, phase=phase, lead=lead, due_on=day(task.due_on), **said)
        made.assists.set(bodies[body.pk] for body in task.assists.all())
    for place in unfinished(old):
        CampaignPlace.objects.create(campaign=new, community=place.community, batch=place.batch)


def _like(row, *names: str) -> dict:
    return {name: getattr(row, name) for name in names}


def unfinished(campaign: Campaign) -> Iterator[CampaignPlace]:
    """The communities that did not pass every step, or still have a finding open. Looking back is the old one's."""
    for row in matrix.rows(campaign, campaign.places.all()):
        steps = [cell for cell in row.cells if cell.step.code != LOOK_BACK]
        if row.left or any(cell.state != StepState.DONE for cell in steps):
            yield row.place
