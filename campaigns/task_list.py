"""A campaign's tasks: written, done with a result, open again. Plan 3's table of tasks, DOMAIN H.2"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from lib.periods import beijing_date
from lib.refusals import spoken
from lib.states import WrongState, move
from lib.text import day_words
from lib.typed_days import demand_come, demand_near
from rulebook.workdays import add_working_days, is_working_day, working_days_before

from .kinds import OVER, CampaignState
from .models import Campaign, CampaignEvent, Task
from .planning import NOT_DRAFT, demand_draft, demand_running, note

Kind = CampaignEvent.Kind


@transaction.atomic
def put(*, campaign: Campaign, task: Task | None = None, by: User, now: datetime, **said: Any) -> Task:
    """Adds a task or writes it anew.

    Raises:
        PermissionDenied, WrongState: as `planning.demand_draft`; an approved campaign still takes new tasks.
        ValidationError: no lead, no day, a day off; by field.
    """
    demand(by, Act.CAMPAIGN)
    if task is not None:
        demand_draft(campaign, by)
    else:
        _demand_open_to_tasks(campaign)
    assists = said.pop("assists", ())
    if said.get("due_on"):
        demand_near([said["due_on"]], beijing_date(now), field="due_on")
        demand_workday(said["due_on"])
    task = task or Task(campaign=campaign)
    for name, value in said.items():
        setattr(task, name, value)
    task.full_clean()
    with spoken():
        task.save()
    task.assists.set([body for body in assists if body.pk != task.lead_id])
    if campaign.state == CampaignState.APPROVED:
        note(campaign, Kind.CHANGED, by, now, f"加了任务：{task}")
    return task


def _demand_open_to_tasks(campaign: Campaign) -> None:
    """Locks the plan: while somebody is asked to approve it, it stays as it is."""
    campaign.state = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk).state
    if campaign.state == CampaignState.PROPOSED:
        raise WrongState(NOT_DRAFT)
    if campaign.state == CampaignState.ENDED:
        raise WrongState(OVER)


def demand_workday(day: date, field: str = "due_on") -> None:
    """A deadline that somebody sets lies on a working day; what a source or a law names stays.

    Raises:
        ValidationError: it is a day off; with the working days before and after.
    """
    if is_working_day(day):
        return
    before, after = working_days_before(day, 1), add_working_days(day, 1).date
    raise ValidationError({field: f"{day_words(day)}是休息日，改成{day_words(before)}或者{day_words(after)}。"})


@transaction.atomic
def remove(*, task: Task, by: User, now: datetime) -> None:
    """Takes a task out of a draft.

    Raises:
        PermissionDenied, WrongState: as `planning.demand_draft`.
    """
    demand_draft(task.campaign, by)
    task.delete()


@transaction.atomic
def finish(*, task: Task, done_on: date, result: str, document: str = "", by: User, now: datetime) -> None:
    """A task is done, with its result and evidence.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign does not run, or it was done before.
        ValidationError: a day to come, nothing written; by field.
    """
    demand(by, Act.CAMPAIGN)
    demand_running(task.campaign)
    demand_come(done_on, beijing_date(now), field="done_on")
    if not result.strip():
        raise ValidationError({"result": "写一句办得怎么样。"})
    if task.evidence and not document.strip():
        raise ValidationError({"document": f"这项任务凭“{task.evidence}”算办好，写上文号、存放处或者附件名称。"})
    to = {"done_on": done_on, "done_by": by, "result": result.strip(), "document": document.strip()}
    move(task, done_on=None, to=to, else_="刚才已经有人登记办好了。")
    note(task.campaign, Kind.CHANGED, by, now, f"办好了：{task}")


@transaction.atomic
def reopen(*, task: Task, reason: str, by: User, now: datetime) -> None:
    """It was not done after all.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: it is not done, or the campaign does not run.
    """
    demand(by, Act.CAMPAIGN)
    demand_running(task.campaign)
    to = {"done_on": None, "done_by": None, "result": "", "document": ""}
    move(task, done_on__isnull=False, to=to, else_="这项任务还没登记办好。")
    note(task.campaign, Kind.CHANGED, by, now, f"没有办好，接着办：{task}。{reason}")
