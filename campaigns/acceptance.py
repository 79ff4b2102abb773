"""Acceptance by somebody outside the team: passed, or back to be put right with its notices. 验收, H.1"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, may
from communities.models import Building
from communities.responsibility import responsible_on
from inspections import notices, rechecks
from inspections.models import CheckItem, Finding, Notice
from lib.periods import beijing_date
from lib.states import WrongState

from . import found, steps, teams
from .kinds import ACCEPT, RECTIFY, StepState
from .models import CampaignFinding, CampaignPlace, PlaceStep, Step
from .people import is_office

OF_TEAM = "验收要由检查组以外的人来做。"


def may_accept(user: User, place: CampaignPlace) -> bool:
    """The office, or the station of the community; nobody of its team, nobody of its firm."""
    if place.is_served_by(user) or _has_inspected(user, place):
        return False
    return is_office(user) or (may(user, Act.RECHECK) and place.is_kept_by(user))


def _has_inspected(user: User, place: CampaignPlace) -> bool:
    """Of the team today, or the check was theirs, whatever became of the team."""
    return teams.is_of_team(user, place) or teams.has_checked(user, place)


def demand_acceptor(user: User, place: CampaignPlace) -> None:
    """Raises PermissionDenied for whoever may not accept the community."""
    if not may_accept(user, place):
        raise PermissionDenied(OF_TEAM if _has_inspected(user, place) else "验收由镇物业办或者物管站做。")


@transaction.atomic
def accept(
    *,
    place: CampaignPlace,
    passed: bool,
    day: date,
    text: str = "",
    failed: Sequence[Finding] = (),
    item: CheckItem | None = None,
    building: Building | None = None,
    by: User,
    now: datetime,
) -> PlaceStep:
    """Passed: the community is through, and somebody looks again some weeks later. Failed: each finding that is still
    there gets its next notice, what is new gets its first, and the community goes back to be put right.

    Args:
        text: what was seen; needed when it failed.
        failed: findings of the campaign that are not put right.
        item, building: of something new, which ``text`` describes.

    Raises:
        PermissionDenied: of the team, of the firm, or neither office nor station.
        WrongState: the campaign does not run, it passed before, or it failed on that day before.
        ValidationError: failed without saying what; out of order; open findings though passed; by field.
    """
    demand_acceptor(by, place)
    step = place.campaign.step(ACCEPT)
    if step is None:
        raise ValidationError("这次行动没有验收。")
    _demand_first(place, step, passed, day)
    found.pull(now=now)
    if passed:
        return _passed(place, step, day, text, by, now)
    if not text.strip():
        raise ValidationError({"text": "写一句哪里不合格。"})
    if not failed and item is None and place.campaign.items.exists():
        raise ValidationError({"failed": "点出哪些问题没整改好，或者选一个检查项记新的问题。"})
    row = steps.write(place=place, step=step, state=StepState.FAILED, day=day, text=text, by=by, now=now)
    for finding in failed:
        _once_more(place, finding, text, by, now)
    if item is not None:
        _found(place, item, building, text, by, now)
    steps.no_look_back(place)
    _back(place, text, by, now)
    return row


def _demand_first(place: CampaignPlace, step: Step, passed: bool, day: date) -> None:
    """One acceptance of a community at a time; sent twice, or by two people at once, it is one."""
    CampaignPlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
    rows = PlaceStep.objects.filter(place=place, step=step)
    if passed and rows.filter(state=StepState.DONE).exists():
        raise WrongState("这个小区已经验收合格了。")
    if not passed and rows.filter(events__state=StepState.FAILED, events__day=day).exists():
        raise WrongState("这一天已经验收过，不合格。整改好了再来验收。")


def _passed(place: CampaignPlace, step: Step, day: date, text: str, by: User, now: datetime) -> PlaceStep:
    left = Finding.objects.open().filter(campaign_findings__place=place).count()
    if left:
        raise ValidationError({"passed": f"还有 {left} 个问题没办结，办结了才能验收合格。"})
    row = steps.write(place=place, step=step, state=StepState.DONE, day=day, text=text, by=by, now=now)
    steps.plan_look_back(place, day, now=now)
    return row


def _once_more(place: CampaignPlace, finding: Finding, text: str, by: User, now: datetime) -> None:
    """The notice's next round where it waits for its recheck, a first notice where there is none; one that is being
    put right or with a department goes on; one that was settled too early is found again.
    """
    notice = finding.notices.standing().order_by("-pk").first()
    if finding.state != Finding.State.OPEN:
        _found(place, finding.item, finding.building, f"{finding.text}（验收时又有）", by, now, again=finding)
    elif notice is None:
        if finding.handling != Finding.Handling.TRANSFER:
            notices.send(finding=finding, by=by, now=now)
    elif notice.state == Notice.State.REPLIED:
        if not rechecks.people.may_recheck(by, notice):
            raise ValidationError({"failed": f"“{finding}”的抄告是您发的或者您代为回复的，要另一个人来看。"})
        rechecks.recheck(notice=notice, passed=False, note=f"验收：{text}", by=by, now=now)


def _found(
    place, item: CheckItem, building, text: str, by: User, now: datetime, again: Finding | None = None
) -> Finding:
    """A finding like any other, found by the acceptance, with its notice; ``again``: where and how severe it was."""
    today = beijing_date(now)
    was = {"place": again.place, "severity_reason": again.severity_reason} if again else {}
    finding = Finding.objects.create(
        client_id=uuid4(),
        community=place.community,
        source=Finding.Source.TEAM,
        item=item,
        severity=again.severity if again else item.severity,
        building=building,
        **was,
        text=text.strip()[:500],
        handling=Finding.Handling.NOTICE,
        firm=responsible_on(place.community, today).firm,
        found_by=by,
        found_on=today,
    )
    CampaignFinding.objects.create(place=place, finding=finding)
    notices.send(finding=finding, by=by, now=now)
    return finding


def _back(place: CampaignPlace, text: str, by: User, now: datetime) -> None:
    """The community is being put right again."""
    step = place.campaign.step(RECTIFY)
    if step:
        state, words = StepState.DOING, f"验收不合格，退回整改：{text}"[:300]
        steps.write(place=place, step=step, state=state, day=beijing_date(now), text=words, by=by, now=now)
