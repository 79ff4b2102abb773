"""A complaint becomes a finding and notice in words written anew; ten share one; its end is pulled from it. Issue 7 §4

Findings and their notices stand to the left and know nothing of complaints: the sweep asks how they ended.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import STATION
from communities.responsibility import responsible_on
from inspections import notices, outcomes
from inspections.models import Category as CheckCategory
from inspections.models import CheckItem, Finding, FindingEvent, Notice, Patrol, PatrolAnswer
from inspections.outcomes import End, How
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move
from rulebook import rules

from . import answers, messages, staffing
from .events import Kind, note
from .kinds import Category
from .models import Answer, Complainant, Complaint, Look

# Which category of the check list speaks of the same things.
CHECKED_AS = {
    Category.HYGIENE: CheckCategory.HYGIENE,
    Category.GREENERY: CheckCategory.HYGIENE,
    Category.PILE: CheckCategory.PILES,
    Category.VEHICLE: CheckCategory.VEHICLES,
    Category.FIRE: CheckCategory.FIRE,
    Category.BUILD: CheckCategory.BUILDING,
    Category.FACILITY: CheckCategory.FACILITY,
    Category.LIFT: CheckCategory.FACILITY,
    Category.WATER: CheckCategory.FACILITY,
    Category.ELECTRICITY: CheckCategory.FACILITY,
}


@transaction.atomic
def become(
    *,
    complaint: Complaint,
    item: CheckItem,
    text: str,
    by: User,
    now: datetime,
    severity: str = "",
    others: Sequence[Complaint] = (),
) -> Finding:
    """Makes a finding and its notice of a complaint, in words written anew: nobody's own reach the firm. RELIABILITY

    Args:
        severity: the check list's own when not given.
        others: further complaints about the same thing, which share the notice and its end.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: nothing said, or the complainant's own words.
        WrongState: it is a finding already, or not in work.
    """
    staffing.demand_staff(by, complaint)
    _demand_own_words(complaint, text.strip())
    day = beijing_date(now)
    finding = Finding.objects.create(
        community=complaint.community,
        source=Finding.Source.COMPLAINT,
        item=item,
        severity=severity or item.severity,
        building=complaint.building,
        text=text.strip(),
        handling=Finding.Handling.NOTICE,
        firm=responsible_on(complaint.community, day).firm,
        found_by=by,
        found_on=day,
    )
    FindingEvent.objects.create(finding=finding, kind=FindingEvent.Kind.FOUND, by=by, at=now)
    for row in (complaint, *others):
        attach(complaint=row, finding=finding, by=by, now=now)
    notices.issue(finding=finding, by=by, now=now)
    return finding


def alike(complaint: Complaint):
    """Further complaints of the community and category in work that could be the same thing, the newest first."""
    rows = Complaint.objects.filter(community=complaint.community_id, category=complaint.category, finding=None)
    return rows.filter(state__in=staffing.WORKED_ON).exclude(pk=complaint.pk).newest_first()


def _demand_own_words(complaint: Complaint, text: str) -> None:
    if not text:
        raise ValidationError({"text": "写一句是什么问题、在哪里。"})
    if text in complaint.text or complaint.text in text:
        raise ValidationError({"text": "用自己的话重写一遍，不要照抄投诉人的话，免得被认出来。"})


@transaction.atomic
def attach(*, complaint: Complaint, finding: Finding, by: User, now: datetime) -> None:
    """One more complaint about a finding that is there: they share its notice and its end.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: a finding of another community.
        WrongState: it has a finding, is not in work, or the finding is closed.
    """
    staffing.demand_staff(by, complaint)
    if finding.community_id != complaint.community_id:
        raise ValidationError({"finding": "选同一个小区的问题。"})
    if finding.state != Finding.State.OPEN:
        raise WrongState("这个问题已经办结，不能再挂上去。")
    to = {"finding": finding}
    move(complaint, finding=None, state__in=staffing.WORKED_ON, to=to, else_=staffing.CHANGED)
    note(complaint, Kind.FOUND, by=by, now=now, text=f"转成问题，按整改的期限办：{finding.item}")


def open_findings(complaint: Complaint):
    """Findings of the community to which a complaint may be attached, the newest first."""
    return Finding.objects.open().filter(community=complaint.community_id).select_related("item", "building")


# ---------------------------------------------------------------- its end


def settle_from_findings(*, now: datetime) -> int:
    """Answers the complaints whose finding has ended, or takes them up again; run twice, each is told once."""
    waits = Complaint.objects.filter(state__in=staffing.WORKED_ON, is_final=False)
    ended = waits.filter(finding__in=Finding.objects.ended()).select_related("finding")
    return sum(_settle(complaint, outcomes.of(complaint.finding), now) for complaint in ended.order_by("pk"))


@transaction.atomic
def _settle(complaint: Complaint, end: End, now: datetime) -> bool:
    try:
        if end.how == How.WITHDRAWN:
            _take_up_again(complaint, now)
        else:
            _answer(complaint, f"您反映的问题{end.how}。", end.by, now)
    except WrongState:
        return False
    return True


def _answer(complaint: Complaint, text: str, by: User, now: datetime) -> None:
    answers.settle_answered(complaint, now=now)
    say = {"round": complaint.reopened, "level": complaint.level, "text": text, "by": by, "at": now}
    Answer.objects.create(complaint=complaint, **say)
    note(complaint, Kind.ANSWERED, by=by, now=now, text=text)
    messages.answered(complaint, now=now)


def _take_up_again(complaint: Complaint, now: datetime) -> None:
    """The finding was none after all: whoever answers the complaint goes on without it."""
    to = {"finding": None}
    move(complaint, finding=complaint.finding_id, state__in=staffing.WORKED_ON, to=to, else_=staffing.CHANGED)
    note(complaint, Kind.UNFOUND, by=None, now=now, text="转成的问题撤销了，投诉接着办")
    messages.assigned(complaint, now=now)


# ---------------------------------------------------------------- 修好了吗


def ask_whether_fixed() -> None:
    """Asks everybody whose finding waits for a recheck to look; once a round of the notice, however often it runs."""
    waits = Complaint.objects.filter(state__in=staffing.WORKED_ON, finding__in=Finding.objects.said_to_be_fixed())
    for complaint in waits.order_by("pk"):
        notice = Notice.objects.to_recheck().filter(finding=complaint.finding_id).first()
        if notice:
            messages.ask_to_look(complaint, due=notice.round.replied_at)


def waits_for_look(complainant: Complainant) -> Notice | None:
    """The notice of which this person may say now whether it is fixed; None when nothing waits, or they have said."""
    case = complainant.complaint.main
    notice = Notice.objects.to_recheck().filter(finding=case.finding_id).first() if case.finding_id else None
    if notice is None or complainant.looks.filter(finding=case.finding_id, round=notice.round_no).exists():
        return None
    return notice


@transaction.atomic
def look(*, complainant: Complainant, fixed: bool, now: datetime) -> None:
    """Whoever complained says 修好了 or 没好; it stands beside the recheck at once, without their name or words.

    Raises:
        WrongState: nothing waits for a recheck, or they have said so already.
    """
    notice = waits_for_look(complainant)
    if notice is None:
        raise WrongState("现在不用再答：还没有整改回复，已经复查过，或者您已经答过了。")
    with first_come("这一次您已经答过了。"):
        Look.objects.create(complainant=complainant, finding=notice.finding, round=notice.round_no, fixed=fixed, at=now)
    outcomes.hear(finding=notice.finding, fixed=fixed, now=now)
    note(complainant.complaint.main, Kind.LOOKED, by=None, now=now, text="修好了" if fixed else "没好")


# ---------------------------------------------------------------- soon after 没问题


def said_fine(complaint: Complaint, user: User):
    """Patrols that found nothing wrong of the kind shortly before; for that cadre and the station only. Issue 7 §4"""
    checked = CHECKED_AS.get(Category(complaint.category))
    if checked is None:
        return Patrol.objects.none()
    hours = rules.on(complaint.registered_on, "finding.soon_after_hours")
    since = complaint.registered_at - timedelta(hours=hours)
    fine = PatrolAnswer.objects.filter(category=checked, result=PatrolAnswer.Result.OK)
    rows = Patrol.objects.visible_to(user).submitted().filter(community=complaint.community_id, answers__in=fine)
    rows = rows.filter(occurred_at__gte=since, occurred_at__lte=complaint.registered_at)
    return rows if not STATION.isdisjoint(user.roles) else rows.filter(user=user)
