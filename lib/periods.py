"""Beijing days, weeks and months. A moment is stored in UTC and thought of in Beijing (ARCHITECTURE, Time)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def beijing_date(moment: datetime) -> date:
    """The day on which a moment falls in Beijing.

    Raises:
        ValueError: the moment does not say its time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: a moment is always aware")
    return moment.astimezone(BEIJING).date()


def day_of(when: date) -> date:
    """A day as it is; of a moment, its day in Beijing."""
    return beijing_date(when) if isinstance(when, datetime) else when


def midnight(day: date) -> datetime:
    """The moment, in UTC, at which a Beijing day begins."""
    return datetime.combine(day, time.min, BEIJING).astimezone(UTC)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    return (first + n * DAY for n in range((last - first).days + 1))


class Period:
    """What weeks and months have in common: a first and a last day, both included."""

    first_day: date
    last_day: date

    def __contains__(self, when: date) -> bool:
        return self.first_day <= day_of(when) <= self.last_day

    @property
    def days(self) -> list[date]:
        return list(days_between(self.first_day, self.last_day))

    @property
    def start(self) -> datetime:
        """The first moment, in UTC."""
        return midnight(self.first_day)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC: ``start <= moment < end``."""
        return midnight(self.last_day + DAY)


@dataclass(frozen=True, order=True)
class Week(Period):
    """Monday 00:00 to Sunday 24:00 in Beijing. DOMAIN B.1"""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday():
            raise ValueError(f"{self.monday} is no Monday")

    @cached_property
    def sunday(self) -> date:
        return self.monday + 6 * DAY

    @property
    def first_day(self) -> date:
        return self.monday

    @property
    def last_day(self) -> date:
        return self.sunday

    @property
    def previous(self) -> "Week":
        return Week(self.monday - WEEK)

    @property
    def next(self) -> "Week":
        return Week(self.monday + WEEK)

    def __str__(self) -> str:
        return f"{self.monday}..{self.sunday}"


@dataclass(frozen=True, order=True)
class Month(Period):
    """A Beijing month."""

    year: int
    number: int

    @cached_property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @cached_property
    def last_day(self) -> date:
        return self.next.first_day - DAY

    @property
    def previous(self) -> "Month":
        return month_of(self.first_day - DAY)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


def week_of(when: date) -> Week:
    """The week of a day, or of a moment by its Beijing day.

    Raises:
        ValueError: a moment that does not say its time zone.
    """
    day = day_of(when)
    return Week(day - day.weekday() * DAY)


def month_of(when: date) -> Month:
    """The month of a day, or of a moment by its Beijing day."""
    day = day_of(when)
    return Month(day.year, day.month)


def months_after(day: date, months: int) -> date:
    """The same day so many months later (or earlier, below zero); the month's last one where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return min(date(year, month + 1, 1) + (day.day - 1) * DAY, Month(year, month + 1).last_day)


class WeekConverter:
    """A week in an address is its Monday: ``/week/2026-11-16/``. Anything but a Monday is no address (404)."""

    regex = r"20\d\d-[01]\d-[0-3]\d"

    def to_python(self, value: str) -> Week:
        return Week(date.fromisoformat(value))

    def to_url(self, week: Week) -> str:
        return week.monday.isoformat()


class MonthConverter:
    """A month in an address: ``/month/2026-11/``."""

    regex = r"20\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        year, number = value.split("-")
        return Month(int(year), int(number))

    def to_url(self, month: Month) -> str:
        return str(month)
