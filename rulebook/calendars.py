"""A new year's working days: pasted or uploaded, looked at before, entered by one and checked by another. DOMAIN 0.1"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import roles
from accounts.roles import Act
from lib.periods import Month, beijing_date, days_between
from lib.states import WrongState, first_come, move
from rulebook import workdays
from rulebook.models import CalendarDay, CalendarLoad

OFF, WORKED = ("休", "放假", "休息", "休假", "假"), ("班", "上班", "调休上班", "补班", "工作日", "调班")
DAY = re.compile(r"(?:(20\d\d)\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
BETWEEN = re.compile(r"\s*(?:\.\.|~|至|到|—+|–|-)\s*")
MOST_LINES = 400
NO_LONGER_WAITING = "这份日历刚才已经有人复核或退回了。"


class BadTable(ValueError):
    """The table cannot be taken; ``lines`` holds a sentence for each thing to put right."""

    def __init__(self, lines: list[str]):
        super().__init__(" ".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Line:
    """One day of the table: worked or off, and what it is about."""

    date: date
    is_workday: bool
    note: str

    @property
    def unlike_weekday(self) -> bool:
        return self.is_workday != (self.date.weekday() < 5)


@dataclass(frozen=True)
class Change:
    """A day as it counts now and as it would count."""

    date: date
    was: bool
    will: bool
    note: str


@dataclass(frozen=True)
class Preview:
    """What a table would change: every day that would count otherwise, and the sums a person can check."""

    year: int
    is_loaded: bool
    lines: list[Line]
    changes: list[Change]
    passed: list[Change]  # days that have passed and therefore stay as they are

    @property
    def days_off(self) -> list[Line]:
        return [line for line in self.lines if not line.is_workday]

    @property
    def days_made_up(self) -> list[Line]:
        return [line for line in self.lines if line.is_workday]

    @property
    def workdays(self) -> int:
        days = days_between(date(self.year, 1, 1), date(self.year, 12, 31))
        return sum(day.weekday() < 5 for day in days) - len(self.days_off) + len(self.days_made_up)


# ---------------------------------------------------------------- reading


def parse(text: str, *, year: int) -> list[Line]:
    """The days unlike Monday to Friday of a table with one day or one span of days a line.

    A line is a day (2027-01-01, 1月1日) or two joined by 至, then 休 or 班, then what it is about; days off that are
    weekends anyway may stand in it. Lines that begin with # are passed over.

    Raises:
        BadTable: with a sentence for each line that cannot be read, or for a public holiday that is missing.
    """
    rows = [(number, line.strip()) for number, line in enumerate(_plain(text).splitlines(), 1)]
    rows = [(number, line) for number, line in rows if line and not line.startswith("#")]
    if not rows or len(rows) > MOST_LINES:
        raise BadTable(["把放假和调休的日子一行一天贴进来，比如：2027-01-01 休 元旦。"])
    found, wrong = [], []
    for number, line in rows:
        try:
            found += _line(line, year)
        except ValueError as error:
            wrong.append(f"第 {number} 行“{line[:30]}”：{error}")
    wrong += _doubles(found) or _missing(found, year) if not wrong else []
    if wrong:
        raise BadTable(wrong)
    return sorted((line for line in found if line.unlike_weekday), key=lambda line: line.date)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\t", " ").replace(",", " ").replace(";", " ")


def _line(line: str, year: int) -> list[Line]:
    first = DAY.match(line)
    if not first:
        raise ValueError("开头写日期，比如 2027-01-01。")
    rest = line[first.end() :]
    joined = BETWEEN.match(rest)
    last = DAY.match(rest, joined.end()) if joined else None
    sign, _, note = (rest[last.end() :] if last else rest).strip().partition(" ")
    if sign not in OFF + WORKED:
        raise ValueError("日期后面写 休 或 班。")
    days = _days(_date(first, year), _date(last or first, year), year)
    return [Line(day, sign in WORKED, note.strip()[:30]) for day in days]


def _date(match: re.Match, year: int) -> date:
    try:
        return date(int(match[1] or year), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError("没有这一天。") from None


def _days(first: date, last: date, year: int) -> list[date]:
    if first.year != year or last.year != year:
        raise ValueError(f"不是 {year} 年的日子。")
    if last < first:
        raise ValueError("后一天比前一天早。")
    return list(days_between(first, last))


def _doubles(lines: list[Line]) -> list[str]:
    many = Counter(line.date for line in lines)
    return [f"{day.month}月{day.day}日 出现了 {times} 次。" for day, times in many.items() if times > 1]


def _missing(lines: list[Line], year: int) -> list[str]:
    """A public holiday on a weekday that the table does not name: it was cut off or is another year's."""
    worked = {line.date: line.is_workday for line in lines}
    fixed = (date(year, *month_day) for month_day in sorted(workdays.FIXED_HOLIDAYS))
    missing = (day for day in fixed if worked.get(day, day.weekday() < 5))
    return [f"{day.month}月{day.day}日 是法定节日，表里没有列为休息。" for day in missing]


# ---------------------------------------------------------------- looking before


def preview(lines: list[Line], *, year: int, today: date) -> Preview:
    """What the table would change against what counts now."""
    will = {line.date: line for line in lines}
    changes = []
    for day in days_between(date(year, 1, 1), date(year, 12, 31)):
        was, line = workdays.is_working_day(day), will.get(day)
        becomes = line.is_workday if line else day.weekday() < 5
        if was != becomes:
            changes.append(Change(day, was, becomes, line.note if line else ""))
    is_loaded = year in workdays.loaded_years()
    passed = [change for change in changes if is_loaded and change.date <= today]
    return Preview(year, is_loaded, lines, [change for change in changes if change not in passed], passed)


def lines_of(load: CalendarLoad) -> list[Line]:
    return [Line(date.fromisoformat(day), worked, note) for day, worked, note in load.days]


# ---------------------------------------------------------------- entering and checking


def enter(*, year: int, lines: list[Line], source: str, by, now: datetime) -> CalendarLoad:
    """Enters a year's table or its correction; it counts when another person has checked it. DOMAIN 0.4

    Raises:
        PermissionDenied: not an administrator. DOMAIN D.7
        ValidationError: another table of that year waits for its check.
        WrongState: somebody enters one at this very moment.
    """
    roles.demand(by, Act.RULES)
    demand_none_waiting(year)
    days = [[line.date.isoformat(), line.is_workday, line.note] for line in lines]
    load = CalendarLoad(year=year, days=days, source=source, entered_by=by, entered_at=now)
    load.full_clean()
    with first_come(f"{year} 年的日历刚才已经有人录入，先复核或退回那一份。"):
        load.save()
    return load


def demand_none_waiting(year: int) -> None:
    """Raises ValidationError when a table of that year waits for its check."""
    if CalendarLoad.objects.waiting().filter(year=year).exists():
        raise ValidationError(f"{year} 年已经有一份在等复核，先复核或退回它。")


@transaction.atomic
def check(*, load: CalendarLoad, by, now: datetime) -> None:
    """The second person passes a table: its days count from now on, and the rooms recompute their open deadlines.

    In a year that was loaded before, only days after today change.

    Raises:
        PermissionDenied: not the town's head. DOMAIN D.7
        WrongState: the same person entered it, or it is no longer waiting.
    """
    roles.demand_check(by, Act.RULES)
    if load.entered_by_id == by.pk:
        raise WrongState("这份日历是您录入的，请另一个人复核。")
    move(load, checked_at=None, origin="person", to={"checked_by": by, "checked_at": now}, else_=NO_LONGER_WAITING)
    _fill(load, today=beijing_date(now))
    transaction.on_commit(workdays.forget)


def _fill(load: CalendarLoad, *, today: date) -> None:
    unlike = {line.date: line for line in lines_of(load)}
    here = {row.date: row for row in CalendarDay.objects.of_year(load.year).select_for_update()}
    new, changed = [], []
    for day in days_between(date(load.year, 1, 1), date(load.year, 12, 31)):
        line = unlike.get(day)
        worked, note = (line.is_workday, line.note) if line else (day.weekday() < 5, "")
        row = here.get(day)
        if row is None:
            new.append(CalendarDay(date=day, is_workday=worked, note=note, load=load))
        elif day > today and (row.is_workday, row.note) != (worked, note):
            row.is_workday, row.note, row.load = worked, note, load
            changed.append(row)
    CalendarDay.objects.bulk_create(new)
    CalendarDay.objects.bulk_update(changed, ["is_workday", "note", "load"])


def withdraw(*, load: CalendarLoad, by) -> None:
    """Takes back a table that nobody has checked: its author, or the checker who sends it back.

    Raises:
        PermissionDenied: neither administrator nor checker.
        WrongState: it has been checked or taken back in the meantime.
    """
    if not roles.may_check(by, Act.RULES):
        roles.demand(by, Act.RULES)
    if not CalendarLoad.objects.waiting().filter(pk=load.pk).delete()[0]:
        raise WrongState(NO_LONGER_WAITING)


# ---------------------------------------------------------------- showing


@dataclass(frozen=True)
class Summary:
    """A month of the calendar: how many working days, and what is unlike the weekday, in words."""

    month: Month
    workdays: int
    off: str
    made_up: str


def summary(month: Month, unlike: Iterable[CalendarDay]) -> Summary:
    """One line of the year's table; ``unlike`` are the loaded days unlike Monday to Friday."""
    here = [row for row in unlike if row.date in month]
    off = [row for row in here if not row.is_workday]
    worked = [row for row in here if row.is_workday]
    count = len(workdays.working_days(month.first_day, month.last_day))
    return Summary(month, count, _in_words(off), _in_words(worked))


def _in_words(rows: list[CalendarDay]) -> str:
    """Days by what they are about: 元旦 1日、2日."""
    about: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        about[row.note].append(f"{row.date.day}日")
    return "；".join(f"{note} {'、'.join(days)}".strip() for note, days in about.items())
