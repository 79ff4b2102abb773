"""Partner units take on problems of their community: listed, claimed, reported on, done or given back. R08"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from lib.periods import beijing_date
from lib.states import move
from lib.text import day_words
from lib.typed_days import demand_come

from . import days
from .models import ClaimedProblem, ClaimEvent, Community, ResidentGroup

State, Kind = ClaimedProblem.State, ClaimEvent.Kind
TAKEN = "刚才已经有单位认领了，或者撤下了。"
NO_PARTNER = "只能由这个小区现在的共建单位认领。"
MOVED = "刚才有人改过，看看现在是哪一步。"


def _note(problem: ClaimedProblem, kind: str, text: str, *, by: User, now: datetime) -> None:
    ClaimEvent.objects.create(problem=problem, kind=kind, by=by, at=now, text=text.strip())


@transaction.atomic
def put_on_list(*, community: Community, what: str, needs: str, by: User, now: datetime) -> ClaimedProblem:
    """A problem goes on the community's list.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: nothing written; by field.
    """
    days.demand_registry(by, community)
    row = ClaimedProblem(community=community, what=what.strip(), needs=needs.strip(), listed_by=by, listed_at=now)
    row.full_clean()
    row.save()
    _note(row, Kind.LISTED, row.needs, by=by, now=now)
    return row


@transaction.atomic
def take(*, problem: ClaimedProblem, group: ResidentGroup, due_on: date, by: User, now: datetime) -> None:
    """A partner unit takes a problem on and says by when; whoever keeps the registry may note it for the unit.

    Raises:
        PermissionDenied: neither the unit's nor the registry's.
        ValidationError: no partner of this community today, or a day that has passed; by field.
        WrongState: taken on or struck a moment ago.
    """
    demand(by, Act.CLAIM)
    today = beijing_date(now)
    if not ResidentGroup.objects.partners_for(problem, by, today).filter(pk=group.pk).exists():
        raise PermissionDenied(NO_PARTNER)
    if due_on < today:
        raise ValidationError({"due_on": "写今天或以后的一天。"})
    move(problem, state=State.LISTED, to={"state": State.CLAIMED, "group": group, "due_on": due_on}, else_=TAKEN)
    _note(problem, Kind.CLAIMED, f"{group}，打算{day_words(due_on)}办好", by=by, now=now)


def demand_claimer(problem: ClaimedProblem, by: User, now: datetime) -> None:
    """Raises PermissionDenied for whoever speaks neither for the unit that took it on nor for the registry."""
    demand(by, Act.CLAIM)
    if not ClaimedProblem.objects.acted_on_by(by, beijing_date(now)).filter(pk=problem.pk).exists():
        raise PermissionDenied("这个问题由认领它的单位来办。")


@transaction.atomic
def report(*, problem: ClaimedProblem, text: str, by: User, now: datetime) -> None:
    """How far it is.

    Raises:
        PermissionDenied: neither the unit's nor the registry's.
        WrongState: not taken on any more.
    """
    demand_claimer(problem, by, now)
    move(problem, state=State.CLAIMED, to={"state": State.CLAIMED}, else_=MOVED)
    _note(problem, Kind.PROGRESS, text, by=by, now=now)


@transaction.atomic
def finish(*, problem: ClaimedProblem, done_on: date, text: str, by: User, now: datetime) -> None:
    """It is done, and what was done.

    Raises:
        PermissionDenied: neither the unit's nor the registry's.
        ValidationError: a day to come; by field.
        WrongState: not taken on any more.
    """
    demand_claimer(problem, by, now)
    demand_come(done_on, beijing_date(now), field="done_on")
    move(problem, state=State.CLAIMED, to={"state": State.DONE, "done_on": done_on}, else_=MOVED)
    _note(problem, Kind.DONE, text, by=by, now=now)


@transaction.atomic
def give_back(*, problem: ClaimedProblem, text: str, by: User, now: datetime) -> None:
    """The unit cannot do it; the problem is on the list again.

    Raises:
        PermissionDenied: neither the unit's nor the registry's.
        WrongState: not taken on any more.
    """
    demand_claimer(problem, by, now)
    unit = problem.group
    move(problem, state=State.CLAIMED, to={"state": State.LISTED, "group": None, "due_on": None}, else_=MOVED)
    _note(problem, Kind.GIVEN_BACK, f"{unit}：{text.strip()}", by=by, now=now)


@transaction.atomic
def strike(*, problem: ClaimedProblem, text: str, by: User, now: datetime) -> None:
    """Nobody needs to do it any more; it leaves the list.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: taken on, or struck before.
    """
    days.demand_registry(by, problem.community)
    move(problem, state=State.LISTED, to={"state": State.STRUCK}, else_=TAKEN)
    _note(problem, Kind.STRUCK, text, by=by, now=now)
