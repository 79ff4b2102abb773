"""How a committee comes about: steps with their dates, and the list of communities that should have one. R05"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError

from accounts.models import User
from lib.periods import DAY, beijing_date
from lib.states import first_come, move
from rulebook import rules

from . import days
from .models import CommitteeElection, Community, OwnersCommittee

Kind, State = CommitteeElection.Kind, CommitteeElection.State
SCREENING = "人选联审"
OVER = "这一项刚才已经办完了。"


def start(*, community: Community, kind: str, ready_on: date, basis: str, by: User, now: datetime) -> CommitteeElection:
    """Puts a community on the list: it should have a committee, its term ends, or seats are empty.

    Args:
        ready_on: the day from which the first term counts: conditions met, or the owners' request came in.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: a day to come, a first committee where there is one, a re-election where there is none.
        WrongState: somebody has put it there at this moment.
    """
    days.demand_registry(by, community)
    today = beijing_date(now)
    if ready_on > today:
        raise ValidationError({"ready_on": "起算日不能晚于今天。"})
    has_one = OwnersCommittee.objects.on(today).filter(community=community).exists()
    if has_one and kind == Kind.FIRST:
        raise ValidationError({"kind": "这个小区现在有业委会，选换届或者增补委员。"})
    if not has_one and kind == Kind.BY_ELECTION:
        raise ValidationError({"kind": "这个小区现在没有业委会，选首次成立或者换届。"})
    row = CommitteeElection(community=community, kind=kind, ready_on=ready_on, basis=basis)
    row.full_clean()
    with first_come("刚才已经有人列进来了。"):
        row.save()
    return row


def go_on(*, election: CommitteeElection, by: User, now: datetime, **columns) -> None:
    """Notes how far it has come: the days of the steps, the totals of the screening.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: days to come or in the wrong order, more party members than candidates; by field.
        WrongState: it is over.
    """
    days.demand_registry(by, election.community)
    for name, value in columns.items():
        if isinstance(value, date) and value > beijing_date(now):
            raise ValidationError({name: "日期不能晚于今天。"})
        setattr(election, name, value)
    election.full_clean()
    move(election, state=State.RUNNING, to=columns, else_=OVER)


def stop(*, election: CommitteeElection, stopped_why: str, by: User, now: datetime) -> None:
    """It is not gone on with, for a reason: conditions are not met, owners do not want it.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: it is over.
    """
    days.demand_registry(by, election.community)
    move(election, state=State.RUNNING, to={"state": State.STOPPED, "stopped_why": stopped_why}, else_=OVER)


def finish_by_election(*, election: CommitteeElection, by: User, now: datetime) -> None:
    """The empty seats are filled; the members themselves are entered with the committee.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: no assembly has been held, or there is no committee today.
        WrongState: it is over.
    """
    days.demand_registry(by, election.community)
    committee = OwnersCommittee.objects.on(beijing_date(now)).filter(community=election.community).first()
    if committee is None or election.assembly_on is None:
        raise ValidationError("先写上业主大会召开的日期。")
    move(election, state=State.RUNNING, to={"state": State.DONE, "committee": committee}, else_=OVER)


# ---------------------------------------------------------------- steps


@dataclass(frozen=True)
class Step:
    """One step: done on a day, or due by one; neither known where nothing says when."""

    label: str
    done_on: date | None
    due_on: date | None = None
    is_late: bool = False


def steps(election: CommitteeElection, before: OwnersCommittee | None, *, today: date) -> list[Step]:
    """The steps of an election in their order. ``before``: the committee whose term ends, for a re-election.

    Terms by ``committee.prepare_days`` of the first day (R05), or so many months before the term ends.
    """
    group_within, assembly_within = rules.on(election.ready_on, "committee.prepare_days")
    if election.kind == Kind.FIRST:
        group_due = election.ready_on + group_within * DAY
        assembly_due = (election.group_on or group_due) + assembly_within * DAY
    else:
        group_due, assembly_due = None, election_due(before) if before else None
    found = [
        ("列入名单", election.ready_on, None),
        ("成立筹备组" if election.kind == Kind.FIRST else "成立换届小组", election.group_on, group_due),
        (SCREENING, election.screened_on, None),
        ("召开业主大会，选出业委会", election.assembly_on, assembly_due),
    ]
    return [Step(label, done, due, done is None and due is not None and due < today) for label, done, due in found]


def election_due(committee: OwnersCommittee) -> date:
    """The day by which the next committee is to be elected: so many months before the term ends. C.2 (5)"""
    months = rules.on(committee.last_day, "committee.election_months")
    year, month = divmod(committee.last_day.year * 12 + committee.last_day.month - 1 - months, 12)
    for day in range(committee.last_day.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(committee.last_day.day, 28))


# ---------------------------------------------------------------- the list


@dataclass
class Place:
    """A community without a committee, or with one whose term ends: what is under way there."""

    community: Community
    election: CommitteeElection | None = None
    last: OwnersCommittee | None = None  # the committee of today, else the last one there was
    stopped: CommitteeElection | None = None  # the last thing that was not gone on with
    steps: list[Step] = field(default_factory=list)

    @property
    def next_step(self) -> Step | None:
        return next((step for step in self.steps if step.done_on is None and step.label != SCREENING), None)

    @property
    def is_late(self) -> bool:
        return self.next_step is not None and self.next_step.is_late

    @property
    def is_expired(self) -> bool:
        """There was a committee, its term is over, and nothing is under way."""
        return self.election is None and self.last is not None


def watched(communities: Iterable[Community], *, today: date) -> list[Place]:
    """Communities without a committee, or with an election under way; late ones first, then those on the list, then
    those of which nobody has said whether they should have one. A constant number of queries."""
    places = {community.pk: Place(community) for community in communities}
    for committee in OwnersCommittee.objects.filter(community__in=places).order_by("first_day"):
        if committee.first_day <= today:
            places[committee.community_id].last = committee
    for election in CommitteeElection.objects.filter(community__in=places).order_by("pk"):
        place = places[election.community_id]
        if election.state == State.RUNNING:
            place.election, place.steps = election, steps(election, place.last, today=today)
        elif election.state == State.STOPPED:
            place.stopped = election
    found = [place for place in places.values() if place.election or not (place.last and place.last.holds_on(today))]
    return sorted(found, key=_urgency)


def _urgency(place: Place) -> tuple:
    order = 0 if place.is_late else 1 if place.is_expired else 2 if place.election else 4 if place.stopped else 3
    return order, place.community.pinyin, place.community.pk
