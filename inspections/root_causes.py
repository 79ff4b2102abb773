"""The same place again and again: one task to find out why, instead of the fourth notice. 治本单, issue 6 §6"""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, may
from communities.models import Community
from lib.periods import beijing_date
from lib.states import move
from rulebook import rules

from . import findings, notices
from .models import Finding, RootCause

State = RootCause.State


def at_the_same_place(finding: Finding):
    """Standing findings of the same check item in the same building, or at the place written alike."""
    same = Finding.objects.standing().filter(community=finding.community_id, item__code=finding.item.code)
    if finding.building_id:
        return same.filter(building=finding.building_id)
    return same.filter(building=None, place=finding.place) if finding.place else same.none()


def is_due(finding: Finding) -> bool:
    """So many times in so many days before this one: rule ``finding.root_cause``."""
    times, days = rules.on(finding.found_on, "finding.root_cause")
    since = finding.found_on - timedelta(days=days)
    before = at_the_same_place(finding).filter(found_on__gte=since, pk__lt=finding.pk)
    return before.count() >= times


def propose(*, finding: Finding, now: datetime) -> RootCause:
    """The finding joins the open task of its place, or makes the station consider one."""
    open_ = RootCause.objects.filter(
        community=finding.community_id,
        building=finding.building_id,
        item__code=finding.item.code,
        place="" if finding.building_id else finding.place,
        state__in=[State.PROPOSED, State.ACCEPTED],
    )
    row = open_.first() or RootCause.objects.create(
        community=finding.community,
        building=finding.building,
        item=finding.item,
        place="" if finding.building_id else finding.place,
        proposed_at=now,
    )
    Finding.objects.filter(pk=finding.pk).update(root_cause=row)
    finding.root_cause = row
    return row


def may_decide(user: User, row: RootCause) -> bool:
    seen = Community.objects.overseen_by(user).filter(pk=row.community_id)
    return may(user, Act.ROOT_CAUSE) and seen.exists()


def _demand(by: User, row: RootCause) -> None:
    if not may_decide(by, row):
        raise PermissionDenied("治本单由小区的物管站或镇物业办定。")


@transaction.atomic
def accept(*, row: RootCause, task: str, person: str, due_on: date, by: User, now: datetime) -> None:
    """The station says what is to be done about the cause, by whom and until when.

    Raises:
        PermissionDenied: not the station's or the office's.
        Refused: something is missing, or the day has passed.
        WrongState: decided before.
    """
    _demand(by, row)
    notices.demand(
        task=(task.strip(), "写一句要办什么，治在哪里。"),
        person=(person.strip(), "写上谁来办。"),
        due_on=(due_on >= beijing_date(now), "日期写今天或以后。"),
    )
    to = {"state": State.ACCEPTED, "task": task.strip(), "person": person.strip(), "due_on": due_on, "decided_by": by}
    move(row, state=State.PROPOSED, to=to, else_="这份治本单刚才已经定了。")


@transaction.atomic
def decline(*, row: RootCause, by: User, now: datetime) -> None:
    """No task: the findings go out as notices after all.

    Raises:
        PermissionDenied, WrongState: as `accept`.
    """
    _demand(by, row)
    move(row, state=State.PROPOSED, to={"state": State.DECLINED, "decided_by": by}, else_="这份治本单刚才已经定了。")
    for finding in row.findings.open():
        notices.send(finding=finding, by=by, now=now)


@transaction.atomic
def finish(*, row: RootCause, result: str, by: User, now: datetime) -> None:
    """It was done; the findings that wait for it are settled.

    Raises:
        PermissionDenied: not the station's or the office's.
        Refused: no word how.
        WrongState: not accepted, or finished before.
    """
    _demand(by, row)
    notices.demand(result=(result.strip(), "写一句办得怎么样。"))
    to = {"state": State.DONE, "result": result.strip(), "settled_by": by, "settled_on": beijing_date(now)}
    move(row, state=State.ACCEPTED, to=to, else_="这份治本单刚才已经办好了，或者还没定。")
    for finding in row.findings.open():
        findings.close(finding=finding, by=by, now=now, text=f"治本单办好：{result.strip()}")
