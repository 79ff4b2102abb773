"""The month's dispatch of a running campaign: how far, how well, what is in the way, what was decided. 月调度, H.2"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand, may
from communities.models import ActionItem, Community
from lib.periods import Month, beijing_date, month_of
from lib.states import first_come, move
from lib.typed_days import demand_come
from rulebook.workdays import working_days

from . import matrix, planning
from .kinds import NOT_BEGUN, TONES
from .models import Campaign, CampaignPlace, Decision, Dispatch

TWICE = "这个月已经记过调度。"


def due_on(month: Month) -> date:
    """By when the dispatch of a month is held: its last working day. H.2"""
    return working_days(month.first_day, month.last_day)[-1]


# ---------------------------------------------------------------- what is known without asking


@dataclass(frozen=True)
class Figures:
    """What the portal knows when a dispatch is written: communities, steps, findings, tasks, decisions."""

    communities: int
    steps_done: int
    steps: int
    found: int
    left: int
    late: int
    decided: int

    def __str__(self) -> str:
        words = [f"{self.communities} 个小区，{self.steps} 步完成了 {self.steps_done} 步。"]
        if self.found:
            words.append(f"查出 {self.found} 处，还剩 {self.left} 处。")
        if self.late:
            words.append(f"逾期没办好的任务 {self.late} 项。")
        if self.decided:
            words.append(f"以前调度定下的事还有 {self.decided} 件没办好。")
        return "".join(words)


def figures(campaign: Campaign, today: date) -> Figures:
    """The numbers of a campaign as it stands."""
    sums = matrix.total(matrix.rows(campaign, campaign.places.all()))
    return Figures(
        communities=sums.communities,
        steps_done=sum(sums.done),
        steps=sums.communities * len(campaign.ordered_steps),
        found=sums.found,
        left=sums.left,
        late=campaign.tasks.late(today).count(),
        decided=open_decisions(campaign).count(),
    )


def open_decisions(campaign: Campaign):
    """What earlier dispatches decided and nobody has done yet."""
    rows = Decision.objects.filter(dispatch__campaign=campaign, item__done_at=None)
    return rows.select_related("item__community", "dispatch").order_by("item__due_on", "pk")


def months_without(campaign: Campaign, today: date) -> list[Month]:
    """The months, newest first, that may still get their dispatch: since the campaign began, a year back at most."""
    held = set(campaign.dispatches.values_list("month", flat=True))
    month, first, found = month_of(today), month_of(_begun_on(campaign)), []
    for _ in range(12):
        if month >= first and month.first_day not in held:
            found.append(month)
        month = month.previous
    return found


def _begun_on(campaign: Campaign) -> date:
    """When work may begin: the first phase's day, or the approval if that came earlier or there is no day."""
    approved = beijing_date(campaign.approved_at or campaign.made_at)
    return min(campaign.first_day or approved, approved)


# ---------------------------------------------------------------- held


@transaction.atomic
def hold(
    *,
    campaign: Campaign,
    month: Month,
    held_on: date,
    progress: str,
    quality: str = "",
    money_fen: int | None = None,
    blockers: str = "",
    decisions: Sequence[dict[str, Any]] = (),
    by: User,
    now: datetime,
) -> Dispatch:
    """Notes the dispatch of a month, with the matrix as it stands today.

    Args:
        money_fen: what was spent up to the day, in fen.
        decisions: what `decide` takes of each: text, person, due_on, community.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign does not run.
        ValidationError: nothing said of the progress, a month or day that cannot be, a decision without somebody or a
            day, a second one of the month; by field.
    """
    demand(by, Act.CAMPAIGN)
    planning.demand_running(campaign)
    today = beijing_date(now)
    _demand_days(campaign, month, held_on, today)
    said = {"progress": progress.strip(), "quality": quality.strip(), "blockers": blockers.strip()}
    kept = {"snapshot": matrix.snapshot(campaign, today), "money_fen": money_fen}
    row = Dispatch(campaign=campaign, month=month.first_day, held_on=held_on, by=by, at=now, **said, **kept)
    row.full_clean()
    with first_come(TWICE):
        row.save()
    for decision in decisions:
        _decided(row, **decision, by=by, now=now)
    return row


def _demand_days(campaign: Campaign, month: Month, held_on: date, today: date) -> None:
    if month.first_day > today:
        raise ValidationError({"month": "这个月还没到。"})
    if month < month_of(_begun_on(campaign)):
        raise ValidationError({"month": "那时候行动还没开始。"})
    demand_come(held_on, today, field="held_on")
    if held_on < month.first_day:
        raise ValidationError({"held_on": f"写 {month.number}月1日 或以后的一天。"})


@transaction.atomic
def decide(
    *,
    dispatch: Dispatch,
    text: str,
    person: str,
    due_on: date,
    community: Community | None = None,
    by: User,
    now: datetime,
) -> Decision:
    """One more thing that the dispatch decided: who does it by when, in one community or in all.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign does not run.
        ValidationError: nothing written, nobody, a day before the dispatch, a community outside the campaign; by field.
    """
    demand(by, Act.CAMPAIGN)
    planning.demand_running(dispatch.campaign)
    return _decided(dispatch, text=text, person=person, due_on=due_on, community=community, by=by, now=now)


def _decided(dispatch: Dispatch, *, text, person, due_on, community=None, by: User, now: datetime) -> Decision:
    text, person = text.strip(), person.strip()
    if not person:
        raise ValidationError({"person": f"写上谁来办：{text}"})
    if due_on < dispatch.held_on:
        raise ValidationError({"due_on": f"“{text}”的日期早于调度那天（{dispatch.held_on}）。"})
    if community and not dispatch.campaign.places.filter(community=community).exists():
        raise ValidationError({"community": f"{community}不在这次行动里。"})
    item = ActionItem(
        kind=ActionItem.Kind.DISPATCH,
        community=community,
        person=person,
        text=text,
        due_on=due_on,
        given_by=by,
        given_at=now,
    )
    item.full_clean()
    item.save()
    return Decision.objects.create(dispatch=dispatch, item=item)


def finishable_by(user: User, decisions: Iterable[Decision]) -> list[Decision]:
    """Those not done that the user may say are done: the office's clerk all, a station its communities'."""
    undone = [one for one in decisions if one.item.done_at is None]
    if may(user, Act.CAMPAIGN):
        return undone
    about = [one.item.community_id for one in undone]
    kept = set(Community.objects.kept_by(user).filter(pk__in=about).values_list("pk", flat=True))
    return [one for one in undone if one.item.community_id in kept]


def demand_finisher(decision: Decision, by: User) -> None:
    """Raises PermissionDenied for whoever is neither the office's clerk nor keeps the community's registry."""
    community = decision.item.community_id
    kept = community and Community.objects.kept_by(by).filter(pk=community).exists()
    if not may(by, Act.CAMPAIGN) and not kept:
        raise PermissionDenied("由镇物业办经办或者这个小区的物管站来记。")


@transaction.atomic
def finish_decision(*, decision: Decision, by: User, now: datetime) -> None:
    """What was decided is done.

    Raises:
        PermissionDenied: neither the office's clerk nor of the community's station.
        WrongState: it was done before.
    """
    demand_finisher(decision, by)
    move(decision.item, done_at=None, to={"done_at": now, "done_by": by}, else_="这件事已经记过办好了。")


# ---------------------------------------------------------------- read


@dataclass(frozen=True)
class Cell:
    """A step of a community in a snapshot, with its colour."""

    step: str
    label: str
    tone: str
    mark: str


@dataclass(frozen=True)
class Row:
    place: int
    community: str
    batch: int | None
    cells: list[Cell]
    found: int
    left: int


def table(dispatch: Dispatch, places: Iterable[int] | None = None) -> list[Row]:
    """The matrix as it was kept; only some ``places`` where they are given."""
    steps, wanted = dispatch.snapshot.get("steps", []), None if places is None else set(places)
    return [
        Row(row["place"], row["community"], row["batch"], _cells(steps, row), row["found"], row["left"])
        for row in dispatch.snapshot.get("rows", [])
        if wanted is None or row["place"] in wanted
    ]


def _cells(steps: list[str], row: dict) -> list[Cell]:
    parts = zip(steps, row["states"], row["words"], strict=True)
    return [Cell(step, word, *TONES.get(state, TONES[""])) for step, state, word in parts]


def places_seen_by(user: User, campaign: Campaign) -> dict[int, int]:
    """The places of a campaign whose lines somebody may read, with their communities."""
    return dict(CampaignPlace.objects.visible_to(user).filter(campaign=campaign).values_list("pk", "community"))


def before(dispatch: Dispatch) -> Dispatch | None:
    """The dispatch before this one."""
    return dispatch.campaign.dispatches.filter(month__lt=dispatch.month).order_by("-month").first()


@dataclass(frozen=True)
class Change:
    """What is different in a community since the last dispatch, in words."""

    community: str
    words: list[str]


def changes(old: Sequence[Row], new: Sequence[Row]) -> list[Change]:
    """What is different between two matrices; communities without a difference are left out."""
    known = {row.place: row for row in old}
    found = []
    for row in new:
        words = _differences(known[row.place], row) if row.place in known else ["新参加"]
        if words:
            found.append(Change(row.community, words))
    gone = known.keys() - {row.place for row in new}
    return found + [Change(known[place].community, ["不再参加"]) for place in sorted(gone)]


def _differences(old: Row, new: Row) -> list[str]:
    was = {cell.step: cell.label for cell in old.cells}
    words = [
        f"{cell.step}：{was.get(cell.step, NOT_BEGUN)}变为{cell.label}"
        for cell in new.cells
        if cell.label != was.get(cell.step, NOT_BEGUN)
    ]
    for what, before, after in (("查出", old.found, new.found), ("还剩", old.left, new.left)):
        if before != after:
            words.append(f"{what} {before} 处变为 {after} 处")
    return words
