"""A complaint becomes a finding, in words written anew; ten may share one; its end is pulled from it. Issue 7 §4

Findings and their notices stand to the left and know nothing of complaints: the sweep asks how they ended.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import STATION
from communities.responsibility import responsible_on
from inspections.models import Category as CheckCategory
from inspections.models import CheckItem, Finding, FindingEvent, Patrol, PatrolAnswer
from lib.periods import beijing_date
from lib.states import WrongState, move
from rulebook import rules

from . import answers, messages, staffing
from .events import Kind, note
from .kinds import Category
from .models import Answer, Complaint

FIXED = "您反映的问题已经整改，经复查合格，办结了。"
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
def become(*, complaint: Complaint, item: CheckItem, text: str, by: User, now: datetime, severity: str = "") -> Finding:
    """Makes a finding of a complaint; its text is written anew, so that nobody's words reach the firm. RELIABILITY

    Args:
        severity: the check list's own when not given.

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
    attach(complaint=complaint, finding=finding, by=by, now=now)
    return finding


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
    """Answers the complaints whose finding is closed; run twice, each is answered once."""
    ended = Complaint.objects.filter(finding__state=Finding.State.CLOSED, state__in=staffing.WORKED_ON, is_final=False)
    return sum(_settle(complaint, now) for complaint in ended.select_related("finding").order_by("pk"))


@transaction.atomic
def _settle(complaint: Complaint, now: datetime) -> bool:
    last = complaint.finding.events.order_by("-at", "-pk").select_related("by").first()
    by = last.by if last else complaint.finding.found_by
    try:
        answers.settle_answered(complaint, now=now)
    except WrongState:
        return False
    say = {"round": complaint.reopened, "level": complaint.level, "text": FIXED, "by": by, "at": now}
    Answer.objects.create(complaint=complaint, **say)
    note(complaint, Kind.ANSWERED, by=by, now=now, text=FIXED)
    messages.answered(complaint, now=now)
    return True


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
