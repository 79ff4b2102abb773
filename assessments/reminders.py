"""Who is reminded when a step of the month's timetable has come; each once. DOMAIN D.5"""

from datetime import date, datetime

from lib.periods import DAY, beijing_date
from rulebook.working_hours import at, next_working_time

from . import messages, people
from .models import ScoreSheet

BACK = 62  # days: what is older has been told


def remind(*, now: datetime) -> None:
    """Drafts of a month that is over, checks that are late, sheets that may be published."""
    today = beijing_date(now)
    recent = ScoreSheet.objects.months().filter(last_day__gte=today - BACK * DAY).select_related("community")
    for sheet in recent.to_assess(today=today):
        messages.of_month(
            "score-assess-due", sheet, people.assessors(sheet, today), moment=_morning(sheet.last_day + DAY)
        )
    for sheet in recent.filter(state="to_check"):
        if today > sheet.check_by.date:
            whom = people.checkers(sheet, today) - {sheet.assessed_by_id}
            messages.of_month("score-check-late", sheet, whom, moment=_morning(sheet.check_by.date + DAY))
    for sheet in recent.to_publish(today=today):
        whom = people.checkers(sheet, today) - {sheet.assessed_by_id}
        messages.of_month("score-publish-due", sheet, whom, moment=_morning(sheet.appeal_until + DAY))


def _morning(day: date) -> datetime:
    """The first working moment of a day or after it: the same whenever it is asked."""
    return next_working_time(at(day, datetime.min.time()))
