"""The clock of a complaint: extended once before it is due, stopped for three reasons, put right. DOMAIN E.3"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move
from rulebook import deadlines, rules

from . import messages, terms
from .events import Kind, note
from .models import Complaint, ComplaintPause, State
from .staffing import CHANGED, demand_staff

RUNNING = (State.ACCEPTED, State.ASSIGNED, State.HANDLING, State.REOPENED, State.TRANSFERRED)


@transaction.atomic
def extend(*, complaint: Complaint, days: int, reason: str, by: User, now: datetime) -> None:
    """Lengthens the answer's term once, by at most its own length, before it is due; people are told. DOMAIN E.3

    Args:
        days: working days.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: too long, no reason.
        WrongState: extended before, due already, or answered.
    """
    demand_staff(by, complaint)
    most = terms.days_of(complaint.level, complaint.term_start)
    if not 1 <= days <= most:
        raise ValidationError({"days": f"最多延长 {most} 个工作日，和原来的期限一样长。"})
    if not reason.strip():
        raise ValidationError({"reason": "写一句为什么要延长，投诉人看得到。"})
    if complaint.extended_days:
        raise WrongState("已经延长过一次，不能再延长。")
    if beijing_date(now) > complaint.reply_by:
        raise WrongState("已经过了期限，不能再延长。请尽快答复。")
    to = _longer(complaint, days) | {"extended_days": days}
    move(complaint, state__in=RUNNING, extended_days=0, term_days=complaint.term_days, to=to, else_=CHANGED)
    complaint.refresh_from_db(fields=["reply_by"])
    note(complaint, Kind.EXTENDED, by=by, now=now, text=f"延长 {days} 个工作日：{reason.strip()}")
    messages.to_complainants(complaint, messages.EXTENDED, now=now)


def _longer(complaint: Complaint, days: int) -> dict:
    due = deadlines.due_after(complaint.term_start, complaint.term_days + days)
    return {"term_days": complaint.term_days + days, "due_on": due.date, "due_provisional": due.provisional}


@transaction.atomic
def pause(*, complaint: Complaint, kind: str, reason: str, by: User, now: datetime) -> ComplaintPause:
    """Stops the clock, for one of three reasons; the complainant sees it. DOMAIN E.3

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no such reason, nothing said.
        WrongState: stopped already, or nothing runs.
    """
    demand_staff(by, complaint)
    held = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if held.state not in RUNNING:
        raise WrongState(CHANGED)
    if kind == ComplaintPause.Kind.COMPLAINANT and _waited(held) >= _most_wait(held):
        raise WrongState(f"等投诉人补充最多停 {_most_wait(held)} 个工作日，已经用完了。")
    row = ComplaintPause(complaint=held, kind=kind, reason=reason.strip(), first_day=beijing_date(now), by=by)
    row.full_clean(exclude=["complaint"])
    with first_come("已经停着了，先恢复。"):
        row.save()
    complaint.paused = True
    note(complaint, Kind.PAUSED, by=by, now=now, text=f"{row.get_kind_display()}：{row.reason}")
    messages.to_complainants(complaint, messages.PAUSED, now=now)
    return row


def _most_wait(complaint: Complaint) -> int:
    return rules.on(complaint.registered_on, "complaint.pause_wait_wd")


def _waited(complaint: Complaint) -> int:
    """Working days already waited for the complainant."""
    rows = complaint.pauses.filter(kind=ComplaintPause.Kind.COMPLAINANT)
    return sum(row.days for row in rows)


@transaction.atomic
def resume(*, complaint: Complaint, by: User, now: datetime) -> None:
    """Lets the clock run on; the term becomes longer by the working days in between.

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: it runs.
    """
    demand_staff(by, complaint)
    if not end_pause(complaint, beijing_date(now)):
        raise WrongState("计时没有停着。")
    note(complaint, Kind.RESUMED, by=by, now=now)


def end_pause(complaint: Complaint, day: date) -> bool:
    """Ends a pause that runs and lengthens the term by it; False where none does.

    A wait for the complainant takes out no more days than the rule allows.
    """
    row = complaint.pauses.select_for_update().filter(last_day=None).first()
    if row is None:
        return False
    days = terms.paused_days(row.first_day, day)
    if row.kind == ComplaintPause.Kind.COMPLAINANT:
        days = min(days, max(_most_wait(complaint) - _waited(complaint), 0))
    move(row, last_day=None, to={"last_day": day, "days": days}, else_=CHANGED)
    complaint.paused = False
    if days:
        Complaint.objects.filter(pk=complaint.pk).update(**_longer(complaint, days))
        complaint.refresh_from_db(fields=["term_days", "due_on", "due_provisional", "reply_by"])
    return True


def end_long_waits(*, now: datetime) -> int:
    """Lets clocks run again that have waited for the complainant as long as the rule allows; once each."""
    day, ended = beijing_date(now), 0
    rows = ComplaintPause.objects.filter(kind=ComplaintPause.Kind.COMPLAINANT, last_day=None)
    for row in rows.select_related("complaint"):
        waited = _waited(row.complaint) + terms.paused_days(row.first_day, day)
        if waited >= _most_wait(row.complaint):
            ended += _end_wait(row.complaint, day, now)
    return ended


@transaction.atomic
def _end_wait(complaint: Complaint, day: date, now: datetime) -> bool:
    ended = end_pause(complaint, day)
    if ended:
        note(complaint, Kind.RESUMED, by=None, now=now, text="等补充的日子到了，接着计时")
    return ended


def recompute() -> int:
    """Puts open terms right by today's calendar; what a complainant was told never moves earlier. DOMAIN 0.1"""
    changed = deadlines.recompute(Complaint.objects.unanswered().filter(due_provisional=True), told=True)
    for row in Complaint.objects.to_accept().filter(accept_provisional=True):
        term = terms.accept_term(row.registered_on)
        same = Complaint.objects.filter(pk=row.pk, accept_by=row.accept_by, accept_provisional=F("accept_provisional"))
        if (row.accept_by, True) != (term.date, term.provisional):
            changed += same.update(accept_by=max(term.date, row.accept_by), accept_provisional=term.provisional)
    return changed
