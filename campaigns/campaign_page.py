"""What the page of a campaign shows: where it stands, what is to be finished now, which community lags."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from accounts.roles import OFFICE, STATION, Act, Role, may, may_check

from . import lists, matrix
from .kinds import CAMPAIGN_TONES, CampaignState
from .models import Campaign, Extension, Phase
from .steps import days_left

ROWS_SHOWN = 8


@dataclass(frozen=True)
class Strip:
    """One phase on the strip: over, now, to come, with the days it had before it was extended."""

    phase: Phase
    is_now: bool
    is_over: bool
    left: int | None
    moved: Extension | None


def strip(campaign: Campaign, today: date) -> list[Strip]:
    """The phases in their order, in one query more for their extensions."""
    moved = {
        row.phase_id: row for row in campaign.extensions.exclude(phase=None).order_by("-at", "-pk")
    }  # the first one
    now = campaign.phases_on(today) if campaign.is_running else []
    return [
        Strip(phase, phase in now, phase.is_over(today), days_left(phase.last_day, today), moved.get(phase.pk))
        for phase in campaign.ordered_phases
    ]


def content(campaign: Campaign, user: User, *, today: date) -> dict:
    """Everything that the page shows to this person."""
    rows = matrix.seen_by(campaign, user)
    tasks = list(campaign.tasks.with_row_parts())
    lacking = lists.lacking(campaign).count()
    problems = campaign.problems.count()
    return {
        "campaign": campaign,
        "tone": CAMPAIGN_TONES[campaign.state],
        "today": today,
        "strip": strip(campaign, today),
        "now": campaign.phases_on(today) if campaign.is_running else [],
        "rows": rows[:ROWS_SHOWN],
        "total": matrix.total(rows),
        "batches": matrix.batches(rows),
        "through": sum(row.is_through for row in rows),
        "tasks": tasks,
        "late": sum(task.is_late(today) for task in tasks) if campaign.is_running else 0,
        "lacking": lacking,
        "problems": problems,
        "problems_open": campaign.problems.filter(done_on=None).count(),
        "teams": campaign.teams.select_related("leader").prefetch_related("memberships__user", "places__community"),
        "dispatches": campaign.dispatches.all()[:6],
        "events": campaign.events.select_related("by").order_by("-at", "-pk")[:30],
        "items": campaign.items.in_order(),
        **may_do(campaign, user, today),
    }


def may_do(campaign: Campaign, user: User, today: date) -> dict[str, bool]:
    """Which acts the page offers."""
    plans, checks = may(user, Act.CAMPAIGN), may_check(user, Act.CAMPAIGN)
    over = campaign.last_day is not None and campaign.last_day <= today
    return {
        "is_staff": not (OFFICE | STATION | {Role.CADRE, Role.LEADER}).isdisjoint(user.roles),
        "plans": plans,
        "writes": plans and campaign.is_editable,
        "proposes": plans and campaign.is_editable,
        "approves": checks and campaign.state == CampaignState.PROPOSED and campaign.made_by_id != user.pk,
        "sends_back": campaign.state == CampaignState.PROPOSED and (checks or campaign.made_by_id == user.pk),
        "runs": plans and campaign.is_running,
        "ends": plans and campaign.is_running and over,
        "adds": plans and campaign.state != CampaignState.ENDED,
    }
