"""Deadlines that keep what they were computed from, so that a calendar loaded later puts them right. DOMAIN 0.1

A room gives its table :class:`Term`, starts it with ``start_term`` and has its sweep call :func:`recompute` with the
rows that are still open. Nothing on the left calls the right: the sweep asks, at least every minute.
"""

from datetime import date, timedelta

from django.db import models
from django.db.models import QuerySet

from rulebook.workdays import WorkingDay, add_working_days, roll_to_working_day


class Term(models.Model):
    """A deadline with its inputs."""

    class Counting(models.TextChoices):
        WORKING_DAYS = "working", "工作日"
        DAYS = "days", "日历日"
        DAYS_ROLLED = "rolled", "日历日，遇休息日顺延"

    term_start = models.DateField("从哪天起算", null=True, blank=True, editable=False)
    term_days = models.PositiveSmallIntegerField("期限", default=0, editable=False)
    term_counting = models.CharField(
        "怎么算", max_length=7, choices=Counting, default=Counting.WORKING_DAYS, editable=False
    )
    due_on = models.DateField("最迟", null=True, blank=True, editable=False)
    due_provisional = models.BooleanField("暂定", default=False, editable=False)

    class Meta:
        abstract = True

    def start_term(self, start: date, days: int, counting: str = Counting.WORKING_DAYS) -> None:
        """Sets the deadline; the caller saves. The day of the event, ``start``, is not counted."""
        self.term_start, self.term_days, self.term_counting = start, days, counting
        due = due_after(start, days, counting)
        self.due_on, self.due_provisional = due.date, due.provisional


def due_after(start: date, days: int, counting: str = Term.Counting.WORKING_DAYS) -> WorkingDay:
    """The last day of a period that begins after ``start``. DOMAIN 0.2"""
    if counting == Term.Counting.WORKING_DAYS:
        return add_working_days(start, days)
    nominal = start + timedelta(days=days)
    return roll_to_working_day(nominal) if counting == Term.Counting.DAYS_ROLLED else WorkingDay(nominal)


def moved(old: WorkingDay, new: WorkingDay, *, told: bool) -> WorkingDay:
    """Where a deadline stands after the calendar has changed: one that was told is never moved earlier. DOMAIN 0.1"""
    if told and new.date < old.date:
        return WorkingDay(old.date, new.provisional)
    return new


def recompute(rows: QuerySet, *, told: bool) -> int:
    """Puts open deadlines right by today's calendar. Run twice, it changes nothing the second time.

    Args:
        rows: open rows of a table of :class:`Term`.
        told: whether the deadlines of these rows have already been told to a citizen or firm.

    Returns:
        How many rows changed.
    """
    changed = 0
    for row in rows.filter(due_on__isnull=False).iterator():
        old = WorkingDay(row.due_on, row.due_provisional)
        new = moved(old, due_after(row.term_start, row.term_days, row.term_counting), told=told)
        if new != old:
            same = type(row)._base_manager.filter(pk=row.pk, due_on=old.date, due_provisional=old.provisional)
            changed += same.update(due_on=new.date, due_provisional=new.provisional)
    return changed
