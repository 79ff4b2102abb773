"""How far a community is: each step is recorded by whom it is for, and only in its order. H.1

What must never be false stands in the database (trigger ``step_in_order``): three lists that are whole, requirements
that are done, documents that are written, an acceptance by somebody outside the team.
"""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, may
from inspections.models import Patrol
from lib.periods import beijing_date
from lib.refusals import spoken
from lib.typed_days import demand_come, demand_near
from rulebook import rules

from . import planning, teams
from .kinds import ACCEPT, INSPECT, LOOK_BACK, SELF_CHECK, CampaignState, Doer, StepState
from .models import Campaign, CampaignPlace, PlaceStep, Step, StepEvent
from .people import is_office

OWN_PAGES = {SELF_CHECK: "自查要逐项查，请用“自查”。", ACCEPT: "验收请用“验收”，不合格的要说哪里不合格。"}


# ---------------------------------------------------------------- who may


def may_record(user: User, place: CampaignPlace, step: Step) -> bool:
    """Whether the user records this step of the community: the office each; else whom the step is for."""
    if is_office(user):
        return True
    if step.doer == Doer.FIRM:
        return may(user, Act.REPLY) and place.is_served_by(user)
    if step.doer == Doer.TEAM:
        return teams.is_of_team(user, place)
    return step.doer == Doer.STATION and place.is_kept_by(user)


def demand_recorder(user: User, place: CampaignPlace, step: Step) -> None:
    """Raises PermissionDenied for whoever the step is not for."""
    if not may_record(user, place, step):
        raise PermissionDenied(f"“{step}”由{step.get_doer_display()}登记。")


# ---------------------------------------------------------------- recorded


@transaction.atomic
def record(
    *,
    place: CampaignPlace,
    step: Step,
    state: str,
    day: date,
    text: str = "",
    document: str = "",
    by: User,
    now: datetime,
) -> PlaceStep:
    """Writes how far a community is with a step; what stood there stays in the events.

    Args:
        day: on which day it was done, failed or found difficult; not in the future.

    Raises:
        PermissionDenied: not the one whom the step is for.
        WrongState: the campaign does not run.
        ValidationError: out of order, lists not whole, document or words missing; by field.
    """
    demand_recorder(by, place, step)
    if step.code in OWN_PAGES:
        raise ValidationError(OWN_PAGES[step.code])
    if state == StepState.FAILED:
        raise ValidationError({"state": "不合格只在验收时写。"})
    return write(place=place, step=step, state=state, day=day, text=text, document=document, by=by, now=now)


@transaction.atomic
def write(
    *, place: CampaignPlace, step: Step, state: str, day: date, by: User | None, now: datetime, **said
) -> PlaceStep:
    """As `record`, by whoever the caller has asked for; ``said`` are text, document, patrol, planned_on."""
    if not (step.code == LOOK_BACK and _has_ended(place)):
        planning.demand_running(place.campaign)
    _demand_day(place, day, beijing_date(now))
    text = said.get("text", "").strip()
    if state in (StepState.STUCK, StepState.FAILED) and not text:
        raise ValidationError({"text": "写一句难在哪里、哪里不合格。"})
    ended = state in (StepState.DONE, StepState.FAILED)
    columns = said | {"state": state, "done_on": day if ended else None, "text": text, "by": by, "at": now}
    columns["document"] = said.get("document", "").strip()
    with spoken():
        row, new = PlaceStep.objects.select_for_update().get_or_create(place=place, step=step, defaults=columns)
        if not new:
            for name, value in columns.items():
                setattr(row, name, value)
            row.save()
    event = {"state": state, "day": day, "text": text, "document": row.document}
    StepEvent.objects.create(place_step=row, by=by, at=now, **event)
    return row


def _has_ended(place: CampaignPlace) -> bool:
    """Looking back comes some weeks later, so often after the end."""
    return Campaign.objects.filter(pk=place.campaign_id, state=CampaignState.ENDED).exists()


def _demand_day(place: CampaignPlace, day: date, today: date) -> None:
    demand_come(day, today, field="day")
    demand_near([day], today, field="day")
    first = place.campaign.first_day
    if first and day < first:
        raise ValidationError({"day": f"行动从 {first} 开始，写那天或以后。"})


def plan_look_back(place: CampaignPlace, accepted_on: date, *, now: datetime) -> None:
    """Some weeks after it was accepted somebody looks again (rule ``campaign.lookback_weeks``). 回头看"""
    step = place.campaign.step(LOOK_BACK)
    if step is None:
        return
    weeks = rules.on(accepted_on, "campaign.lookback_weeks")
    to = {"planned_on": accepted_on + timedelta(weeks=weeks), "state": StepState.DOING, "done_on": None, "at": now}
    PlaceStep.objects.update_or_create(place=place, step=step, defaults=to)


def no_look_back(place: CampaignPlace) -> None:
    """What was planned is not: the community was not accepted after all."""
    planned = PlaceStep.objects.filter(place=place, step__code=LOOK_BACK).exclude(state=StepState.DONE)
    planned.filter(events=None).delete()
    planned.update(planned_on=None)


# ---------------------------------------------------------------- by itself


def settle_from_patrols(*, now: datetime) -> int:
    """A patrol by a member of the community's team, within the days of the check, is that check: nothing is written
    twice. Returns how many communities were checked by it; run twice, it changes nothing.
    """
    today, settled = beijing_date(now), 0
    for step in Step.objects.filter(code=INSPECT, campaign__state="approved").select_related("campaign"):
        first, last = teams.days_of(step.campaign)
        checked = PlaceStep.objects.filter(step=step, state=StepState.DONE)
        places = step.campaign.places.exclude(team=None).exclude(place_steps__in=checked)
        for place in places.select_related("team", "campaign") if first and first <= today else ():
            if patrol := _team_patrol(place, first, last or today):
                settled += _checked(place, step, patrol, now)
    return settled


def _team_patrol(place: CampaignPlace, first: date, last: date) -> Patrol | None:
    """The first one; what was unannounced is the office's alone."""
    rows = Patrol.objects.submitted().between(first, last).exclude(kind=Patrol.Kind.COVERT)
    return rows.filter(community=place.community_id, user__in=place.team.people).order_by("occurred_at").first()


def _checked(place: CampaignPlace, step: Step, patrol: Patrol, now: datetime) -> bool:
    found = patrol.findings.standing().count()
    text = f"{patrol}：{f'发现 {found} 个问题' if found else '没发现问题'}"
    try:
        write(
            place=place,
            step=step,
            state=StepState.DONE,
            day=patrol.occurred_on,
            text=text,
            patrol=patrol,
            by=patrol.user,
            now=now,
        )
    except ValidationError:  # the lists are not whole, or the firm has not checked itself: it waits
        return False
    return True
