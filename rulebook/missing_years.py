"""The next year's calendar is asked for when the State Council's notice is due. DOMAIN 0.1"""

from datetime import date, datetime

from accounts import notifications
from accounts.models import Message, User
from accounts.notifications import Text
from accounts.roles import Role
from lib.periods import beijing_date, midnight
from rulebook import workdays, working_hours

KIND = "calendar-missing"
MONTHS = (11, 12)  # the notice appears in November, as a rule


def to_load(today: date) -> int | None:
    """Next year, when its notice is due and its calendar is not loaded yet."""
    due = today.month in MONTHS and today.year + 1 not in workdays.loaded_years()
    return today.year + 1 if due else None


def warn(*, now: datetime) -> int:
    """In November and again in December, tells the administrators that next year's calendar is not loaded yet.

    Each time once, however often it runs. Returns how many were told.
    """
    today = beijing_date(now)
    year = to_load(today)
    due = working_hours.next_working_time(midnight(today.replace(day=1)))
    if year is None or now < due:
        return 0
    people = User.objects.with_role(Role.ADMINISTRATOR, today=today)
    told = [notifications.row(person, KIND, about=("rulebook.calendar", str(year)), due=due) for person in people]
    return notifications.tell_many(told)


def text(message: Message) -> Text:
    year = message.about_key
    said = f"国务院办公厅的放假通知发布后，请载入。没载入前，落在 {year} 年的期限都是暂定的。"
    return Text(f"{year} 年的工作日历还没有载入", said, "rulebook:calendar-load")


notifications.register(KIND, "工作日历要载入", text, related=None, group="规则", roles=frozenset({Role.ADMINISTRATOR}))
