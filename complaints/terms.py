"""By when a complaint must be accepted, answered, seen on the spot, closed. Numbers are rule rows. DOMAIN E.3"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lib.periods import DAY, beijing_date, midnight
from rulebook import rules
from rulebook.workdays import WorkingDay, add_working_days, working_days

from .kinds import Level, Urgency

WORKING_DAYS = {Level.FIRM: "complaint.firm_wd", Level.STATION: "complaint.station_wd", Level.TOWN: "complaint.town_wd"}


@dataclass(frozen=True)
class Terms:
    """By when a complaint is to be accepted and answered."""

    accept: WorkingDay
    reply: WorkingDay
    reply_by: date


def days_of(level: str, day: date) -> int:
    """How many working days a level has for its answer, by the rule of the day."""
    return rules.on(day, WORKING_DAYS[Level(level)])


def accept_term(day: date) -> WorkingDay:
    """Until when what was registered on the day is to be accepted."""
    return add_working_days(day, rules.on(day, "complaint.accept_wd"))


def of(registered_at: datetime, level: str, *, platform_due: date | None = None) -> Terms:
    """The terms of a complaint, counted from its registration; a hotline's own limit caps the answer's."""
    day = beijing_date(registered_at)
    reply = add_working_days(day, days_of(level, day))
    return Terms(accept_term(day), reply, min(reply.date, platform_due or date.max))


def on_site_by(registered_at: datetime, urgency: str) -> datetime | None:
    """Until when somebody must be there; clock hours run on holidays. A repair is done on its day. DOMAIN E.3"""
    day = beijing_date(registered_at)
    if urgency == Urgency.LIFE:
        return registered_at + timedelta(minutes=rules.on(day, "complaint.life_minutes"))
    if urgency == Urgency.SAFETY:
        return registered_at + timedelta(hours=rules.on(day, "complaint.urgent_hours"))
    return midnight(day + DAY) if urgency == Urgency.REPAIR else None


def close_on(replied_on: date) -> WorkingDay:
    """The last day on which an answer can be rated; after it the case closes by itself."""
    return add_working_days(replied_on, rules.on(replied_on, "complaint.autoclose_wd"))


def reopen_until(replied_on: date) -> date:
    return add_working_days(replied_on, rules.on(replied_on, "complaint.reopen_wd")).date


def reopen_words(day: date) -> str:
    return f"不满意，{rules.on(day, 'complaint.reopen_wd')} 个工作日内可以退回重办，由上一级来办"


def paused_days(first_day: date, last_day: date) -> int:
    """Working days that a pause takes out of the term: the day it began is not one of them, the last one is."""
    return len(working_days(first_day + DAY, last_day)) if last_day > first_day else 0


def mailbox_answer_by(received_at: datetime) -> date:
    """Until when a letter to the mailbox is answered: calendar days, not rolled. DOMAIN E.3"""
    day = beijing_date(received_at)
    return day + rules.on(day, "mailbox.days") * DAY


def columns(complaint) -> dict:
    """The term of a complaint as it was computed anew, for one conditional UPDATE."""
    names = ("term_start", "term_days", "term_counting", "due_on", "due_provisional")
    return {name: getattr(complaint, name) for name in names}
