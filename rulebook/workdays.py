"""Working days by the State Council's calendar, made-up days included. DOMAIN 0.1, 0.2

For a year that is not loaded yet, Monday to Friday count except 1 January, 1–2 May and 1–3 October, and every answer
that needed such a year says ``provisional``.
"""

from dataclasses import dataclass
from datetime import date

from lib.periods import DAY, days_between
from rulebook.memory import Memory
from rulebook.models import CalendarDay, CalendarLoad

FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


@dataclass(frozen=True)
class WorkingDay:
    """A day that was computed, and whether a year that is not loaded had a part in it."""

    date: date
    provisional: bool = False

    def __str__(self) -> str:
        return f"{self.date}{'（暂定）' if self.provisional else ''}"


@dataclass(frozen=True)
class Calendar:
    """The years that are loaded, and the days in them that are unlike Monday to Friday."""

    version: int
    years: frozenset[int]
    unlike: dict[date, bool]

    def is_working_day(self, day: date) -> bool:
        if day.year in self.years:
            return self.unlike.get(day, day.weekday() < 5)
        return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def add_working_days(start: date, days: int) -> WorkingDay:
    """The n-th working day after a day, which itself is not counted. DOMAIN 0.2

    Args:
        start: the day of the event.
        days: how many working days, at least 1.
    """
    if days < 1:
        raise ValueError(f"cannot count {days} working days")
    calendar, day, left, provisional = _remembered.get(), start, days, False
    while left:
        day += DAY
        left -= calendar.is_working_day(day)
        provisional |= day.year not in calendar.years
    return WorkingDay(day, provisional)


def working_days_before(day: date, days: int) -> date:
    """The n-th working day before a day, which itself is not counted."""
    while days:
        day -= DAY
        days -= is_working_day(day)
    return day


def roll_to_working_day(day: date) -> WorkingDay:
    """The day itself if it is worked, else the next that is: for periods that bind payers and owners. DOMAIN 0.2"""
    calendar, provisional = _remembered.get(), False
    while True:
        provisional |= day.year not in calendar.years
        if calendar.is_working_day(day):
            return WorkingDay(day, provisional)
        day += DAY


def is_working_day(day: date) -> bool:
    return _remembered.get().is_working_day(day)


def is_provisional(day: date) -> bool:
    """The day's year is not loaded, so whether it is worked is a guess."""
    return day.year not in _remembered.get().years


def working_days(first: date, last: date) -> list[date]:
    """The working days from the first to the last, both included."""
    calendar = _remembered.get()
    return [day for day in days_between(first, last) if calendar.is_working_day(day)]


def loaded_years() -> frozenset[int]:
    return _remembered.get().years


def calendar_version() -> int:
    """A number that grows whenever a year is loaded or corrected."""
    return _remembered.get().version


def forget() -> None:
    """Reads the calendar anew at the next question."""
    _remembered.forget()


def _version() -> int:
    return CalendarLoad.objects.checked().count()


def _read() -> Calendar:
    years = CalendarLoad.objects.checked().values_list("year", flat=True)
    unlike = CalendarDay.objects.unlike_the_weekday().values_list("date", "is_workday")
    return Calendar(_version(), frozenset(years), dict(unlike))


_remembered = Memory(_read, _version)
