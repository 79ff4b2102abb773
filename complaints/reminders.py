"""Nothing passes its term unseen: what is due today, what has become overdue. Run often, each is told once."""

from datetime import datetime

from lib.periods import DAY, beijing_date
from rulebook import rules
from rulebook.working_hours import at, is_working_time, next_working_time

from . import messages
from .models import Complaint


def remind(*, now: datetime) -> int:
    """Tells those who answer what is due today, and firm, station and office what became overdue; how many are new."""
    if not is_working_time(now):
        return 0
    today = beijing_date(now)
    opening = at(today, rules.on(today, "notify.working_hours").opens)
    told = sum(messages.due_today(row, due=opening) for row in _rows(Complaint.objects.due_on_day(today)))
    return told + sum(messages.overdue(row, due=_first_day(row)) for row in _rows(Complaint.objects.overdue(today)))


def _rows(rows):
    return rows.select_related("community", "firm").order_by("pk").iterator(chunk_size=200)


def _first_day(complaint: Complaint) -> datetime:
    """When the first overdue day begins to be told: the same however late the sweep comes."""
    day = complaint.reply_by + DAY
    return next_working_time(at(day, rules.on(day, "notify.working_hours").opens))
