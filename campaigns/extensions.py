"""Days of an approved plan move: extended with a reason, or an event that was waited for has come. 延期, H.1"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from lib.periods import DAY, beijing_date
from lib.refusals import spoken
from lib.states import move
from lib.text import day_words
from lib.typed_days import demand_near

from . import messages, planning, teams
from .models import CampaignEvent, Extension, Phase, Task
from .task_list import demand_workday

Kind = CampaignEvent.Kind


@transaction.atomic
def extend_phase(*, phase: Phase, last_day: date, reason: str, by: User, now: datetime) -> None:
    """A phase of an approved plan ends later, or earlier but not before today; what follows moves with it. The old
    days and the reason stay.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign does not run.
        ValidationError: the same day, before its first or a day that has passed, no reason; by field.
    """
    demand(by, Act.CAMPAIGN)
    campaign = phase.campaign
    planning.demand_running(campaign)
    phase.refresh_from_db(fields=["first_day", "last_day"])  # somebody may have moved it since the page was opened
    if not reason.strip():
        raise ValidationError({"reason": "写一句为什么延期。"})
    if phase.last_day is None:
        raise ValidationError({"last_day": f"这个阶段等“{phase.waits_for}”结束，不用延期。"})
    if last_day == phase.last_day:
        raise ValidationError({"last_day": "新的结束日期和原来一样。"})
    if last_day < max(beijing_date(now), phase.first_day or last_day):
        raise ValidationError({"last_day": "新的结束日期写今天或以后、不早于这个阶段开始的一天。"})
    demand_near([last_day], beijing_date(now), field="last_day")
    by_days = last_day - phase.last_day
    with spoken():
        for later in campaign.phases.filter(no__gte=phase.no).order_by("no"):
            if later.last_day is None and later.first_day is None:
                continue
            first = later.first_day if later.pk == phase.pk else later.first_day and later.first_day + by_days
            _move_phase(later, first, later.last_day and later.last_day + by_days, reason, by, now)
    teams.settle_duties(campaign, by=by, now=now)
    planning.note(campaign, Kind.EXTENDED, by, now, f"{phase}延到{day_words(last_day)}：{reason}")
    messages.extended(campaign, now=now)


def _move_phase(phase: Phase, first: date | None, last: date | None, reason: str, by: User, now: datetime) -> None:
    if last is not None:
        old = {"old_first_day": phase.first_day, "old_last_day": phase.last_day}
        new = {"new_first_day": first, "new_last_day": last}
        Extension.objects.create(
            campaign=phase.campaign, phase=phase, reason=reason.strip()[:200], by=by, at=now, **old, **new
        )
    Phase.objects.filter(pk=phase.pk).update(first_day=first, last_day=last)


@transaction.atomic
def extend_task(*, task: Task, due_on: date, reason: str, by: User, now: datetime) -> None:
    """A task gets another day; the old one and the reason stay.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign does not run, or the task is done.
        ValidationError: the same day, one that has passed or is off, no reason; by field.
    """
    demand(by, Act.CAMPAIGN)
    planning.demand_running(task.campaign)
    if not reason.strip():
        raise ValidationError({"reason": "写一句为什么延期。"})
    if task.due_on is None or due_on == task.due_on or due_on < beijing_date(now):
        raise ValidationError({"due_on": "写今天或以后、和原来不一样的一天。"})
    demand_near([due_on], beijing_date(now), field="due_on")
    demand_workday(due_on)
    old = {"old_last_day": task.due_on, "new_last_day": due_on}
    with spoken():
        Extension.objects.create(campaign=task.campaign, task=task, reason=reason.strip()[:200], by=by, at=now, **old)
        move(task, done_on=None, due_on=task.due_on, to={"due_on": due_on}, else_=planning.CHANGED)
    planning.note(task.campaign, Kind.EXTENDED, by, now, f"{task}延到{day_words(due_on)}：{reason}")


@transaction.atomic
def event_came(*, phase: Phase, day: date, by: User, now: datetime) -> None:
    """What a phase waited for has come: it ended that day, and what hangs on it gets its days.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign does not run, or the day was entered before.
        ValidationError: a day to come or before the phase began; by field.
    """
    demand(by, Act.CAMPAIGN)
    planning.demand_running(phase.campaign)
    phase.refresh_from_db(fields=["first_day"])
    demand_near([day], beijing_date(now), field="day")
    if day > beijing_date(now) or (phase.first_day and day < phase.first_day):
        raise ValidationError({"day": "写阶段开始以后、今天或以前的一天。"})
    with spoken():
        move(phase, last_day=None, to={"last_day": day}, else_="刚才已经写上了。")
        for later in phase.campaign.phases.filter(no__gt=phase.no).order_by("no"):
            if later.days is None:
                break
            first, day_ = day + DAY, day + later.days * DAY
            Phase.objects.filter(pk=later.pk).update(first_day=first, last_day=day_)
            day = day_
    teams.settle_duties(phase.campaign, by=by, now=now)
    planning.note(phase.campaign, Kind.EVENT, by, now, f"{phase.waits_for}：{day_words(phase.last_day)}")
