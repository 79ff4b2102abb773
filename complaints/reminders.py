"""Nothing passes its term unseen: due today, overdue, not accepted, nobody there. Run often, each is told once."""

from datetime import date, datetime

from lib.periods import DAY, beijing_date
from rulebook import rules
from rulebook.working_hours import at, is_working_time, next_working_time

from . import messages
from .models import Complaint, ComplaintTransfer, Petition


def remind(*, now: datetime) -> int:
    """Tells those who answer what is due today, and firm, station and office what became overdue; how many are new."""
    if not is_working_time(now):
        return 0
    today = beijing_date(now)
    opening = at(today, rules.on(today, "notify.working_hours").opens)
    told = sum(messages.due_today(row, due=opening) for row in _rows(Complaint.objects.due_on_day(today)))
    told += sum(messages.overdue(row, due=_after(row.reply_by)) for row in _rows(Complaint.objects.overdue(today)))
    waits = _rows(Complaint.objects.late_to_accept(today))
    told += sum(messages.late_to_accept(row, due=_after(row.accept_by)) for row in waits)
    return told + _letters(today)


def remind_on_site(*, now: datetime) -> int:
    """Tells station and office that nobody was there in time; at any hour, because it may be about somebody's life."""
    late = _rows(Complaint.objects.late_on_site(now))
    return sum(messages.nobody_there(row, due=row.on_site_by) for row in late)


def _letters(today: date) -> int:
    """Departments that are to be chased, letters of petitions that are due; each is told on its own day, once."""
    chased = ComplaintTransfer.objects.filter(answered_on=None, chase_on__lte=today).select_related("complaint")
    told = sum(messages.to_chase(row.complaint, due=_opening(row.chase_on)) for row in chased.order_by("pk"))
    due = Petition.objects.due_by(today).select_related("complaint").order_by("pk")
    return told + sum(messages.petition_due(row.complaint, due=_opening(row.next_by)) for row in due)


def _opening(day: date) -> datetime:
    """When working time begins on the day or after it: the same however late the sweep comes."""
    return next_working_time(at(day, rules.on(day, "notify.working_hours").opens))


def _rows(rows):
    return rows.select_related("community", "firm").order_by("pk").iterator(chunk_size=200)


def _after(last_day: date) -> datetime:
    """When the first overdue day begins to be told."""
    return _opening(last_day + DAY)
