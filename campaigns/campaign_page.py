"""What the page of a campaign shows: where it stands, what is to be finished now, which community lags."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import FIRM, OFFICE, STATION, Act, Role, may, may_check

from . import matrix
from .kinds import LOOK_BACK, RECTIFY, CampaignState, StepState
from .models import Campaign, CampaignEvent, Extension, Phase, Problem

ROWS_SHOWN = 8
Kind = CampaignEvent.Kind
BEFORE = (Kind.DRAFTED, Kind.PROPOSED, Kind.SENT_BACK)  # the approval


@dataclass(frozen=True)
class Strip:
    """One phase on the strip: over, now, to come, with the days it had before it was extended."""

    phase: Phase
    is_now: bool
    is_over: bool
    left: int | None
    moved: Extension | None


@dataclass(frozen=True)
class Turn:
    """The bar under the title: who is to do what, until when. UI.md 2.1"""

    tone: str
    mark: str
    text: str
    day: date | None = None
    when: str = ""


def turn(campaign: Campaign, today: date) -> Turn:
    """Whose turn it is in a campaign as a whole."""
    if campaign.state == CampaignState.DRAFT:
        return Turn("mute", "half", "镇物业办正在起草", when="写好了报批")
    if campaign.state == CampaignState.PROPOSED:
        return Turn("warn", "eye", "等镇物业办负责人批准")
    if campaign.state == CampaignState.ENDED:
        return Turn("good", "okc", "结束了", campaign.ended_on)
    lead, now = f"{campaign.lead}牵头", campaign.phases_on(today)
    if now:
        last, names = now[-1], "、".join(map(str, now))
        when = "结束" if last.last_day else f"到{last.waits_for}"
        return Turn("info", "flag", f"{lead}：{names}", last.last_day, when)
    if campaign.last_day and campaign.last_day < today:
        return Turn("warn", "clock", "等镇物业办写总结、结束行动", campaign.last_day, "是最后一天")
    return Turn("info", "flag", f"{lead}，还没到时间", campaign.first_day, "开始" if campaign.first_day else "")


def place_turn(campaign: Campaign, row: matrix.Row, today: date) -> Turn:
    """Whose turn it is in one community: the first step that is not done."""
    cell = next((cell for cell in row.cells if cell.state != StepState.DONE), None)
    if not row.cells:
        return turn(campaign, today)
    if campaign.state in (CampaignState.DRAFT, CampaignState.PROPOSED):
        return Turn("mute", "dot", "方案批准以后开始")
    if row.is_through:
        return Turn("good", "okc", "每一步都做完了")
    if cell is None:
        return Turn("warn", "clock", f"物业企业：还剩 {row.left} 处没整改好")
    if campaign.state == CampaignState.ENDED and cell.step.code != LOOK_BACK:
        return Turn("mute", "dot", "行动结束了", campaign.ended_on)
    return _step_turn(campaign, cell, row.left, today)


def _step_turn(campaign: Campaign, cell: matrix.Cell, left: int, today: date) -> Turn:
    step, day = cell.step, cell.row.planned_on if cell.row else None
    if day is None:
        day = next((phase.last_day for phase in campaign.ordered_phases if phase.pk == step.phase_id), None)
    firms = step.code == RECTIFY and left  # what was found is put right by the firm, whoever records the step
    text = f"物业企业：{step}，还剩 {left} 处" if firms else f"{step.get_doer_display()}：{step}"
    if day and day < today:
        return Turn("bad", "warn", text, day, "前没做完")
    if cell.state == StepState.STUCK:
        return Turn("bad", "warn", f"{text}，难办", day, "前" if day else "")
    return Turn("info", "clock", text, day, "前" if day else "")


def strip(campaign: Campaign, today: date) -> list[Strip]:
    """The phases in their order, in one query more for their extensions."""
    moved = {
        row.phase_id: row for row in campaign.extensions.exclude(phase=None).order_by("-at", "-pk")
    }  # the first one
    now = campaign.phases_on(today) if campaign.is_running else []
    return [
        Strip(phase, phase in now, phase.is_over(today), _days_left(phase, today), moved.get(phase.pk))
        for phase in campaign.ordered_phases
    ]


def _days_left(phase: Phase, today: date) -> int | None:
    """How many days until its last day; None while that is not known."""
    return (phase.last_day - today).days if phase.last_day else None


def content(campaign: Campaign, user: User, *, today: date) -> dict:
    """Everything that the page shows to this person."""
    rows = matrix.seen_by(campaign, user)
    tasks = list(campaign.tasks.with_row_parts())
    problems = Problem.objects.visible_to(user).filter(campaign=campaign)
    return {
        "campaign": campaign,
        "turn": turn(campaign, today),
        "today": today,
        "strip": strip(campaign, today),
        "now": campaign.phases_on(today) if campaign.is_running else [],
        "rows": rows[:ROWS_SHOWN],
        "total": matrix.total(rows),
        "batches": matrix.batches(rows),
        "through": sum(row.is_through for row in rows),
        "tasks": tasks,
        "late": sum(task.is_late(today) for task in tasks) if campaign.is_running else 0,
        "lacking": campaign.problems.lacking().count(),
        "problems": problems.count(),
        "problems_open": problems.open().count(),
        "teams": campaign.teams.select_related("leader").prefetch_related("memberships__user", "places__community"),
        "dispatches": campaign.dispatches.all()[:6],
        "events": _story(campaign, user)[:30],
        "items": campaign.items.in_order(),
        **may_do(campaign, user, today),
    }


def _story(campaign: Campaign, user: User) -> QuerySet[CampaignEvent]:
    """What happened, the newest first; how the plan came about is for staff."""
    rows = campaign.events.select_related("by").order_by("-at", "-pk")
    return rows if is_staff(user) else rows.exclude(kind__in=BEFORE)


def is_staff(user: User) -> bool:
    """Of the office, a station, a cadre or a leader: not a firm or a committee alone."""
    return not (OFFICE | STATION | {Role.CADRE, Role.LEADER}).isdisjoint(user.roles)


def may_do(campaign: Campaign, user: User, today: date) -> dict[str, bool]:
    """Which acts the page offers."""
    plans, checks = may(user, Act.CAMPAIGN), may_check(user, Act.CAMPAIGN)
    over = campaign.last_day is not None and campaign.last_day <= today
    inside = is_staff(user)
    return {
        "is_staff": inside,
        "reads_help": inside or not FIRM.isdisjoint(user.roles),
        "plans": plans,
        "writes": plans and campaign.is_editable,
        "proposes": plans and campaign.is_editable,
        "approves": checks and campaign.state == CampaignState.PROPOSED and campaign.made_by_id != user.pk,
        "sends_back": campaign.state == CampaignState.PROPOSED and (checks or campaign.made_by_id == user.pk),
        "runs": plans and campaign.is_running,
        "ends": plans and campaign.is_running and over,
        "adds": plans and campaign.state != CampaignState.ENDED,
    }
