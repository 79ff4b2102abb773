"""When people may be told things: the working hours of working days (rule ``notify.working_hours``)."""

from datetime import date, datetime, time

from accounts import quiet
from lib.periods import BEIJING, DAY

from . import rules, workdays


def is_working_time(moment: datetime) -> bool:
    """Whether a moment lies in working hours, the opening included, the closing not."""
    here = moment.astimezone(BEIJING)
    hours = rules.on(here.date(), "notify.working_hours")
    return workdays.is_working_day(here.date()) and hours.opens <= here.time() < hours.closes


def next_working_time(moment: datetime) -> datetime:
    """The moment itself when it lies in working hours, else the next opening."""
    here = moment.astimezone(BEIJING)
    if is_working_time(here):
        return moment
    day = here.date()
    hours = rules.on(day, "notify.working_hours")
    if here.time() >= hours.closes or not workdays.is_working_day(day):
        day = workdays.add_working_days(day, 1).date
    return datetime.combine(day, rules.on(day, "notify.working_hours").opens, BEIJING)


def at(day: date, clock: time) -> datetime:
    """A clock time of a Beijing day as a moment."""
    return datetime.combine(day, clock, BEIJING)


def last_working_day(day: date, *, not_before: date) -> date | None:
    """The day itself or the working day before it, not earlier than a limit; None where there is none."""
    while day >= not_before:
        if workdays.is_working_day(day):
            return day
        day -= DAY
    return None


def hand_in() -> None:
    """Gives accounts, which stand to the left, the rules by which messages leave. Called once at start."""
    quiet.follow(
        quiet.Rules(
            next_time=next_working_time,
            digest_from=lambda day: rules.on(day, "notify.digest_from"),
            hours=lambda day: rules.on(day, "notify.working_hours"),
        )
    )
