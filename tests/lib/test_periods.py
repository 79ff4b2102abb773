from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.periods import (
    BEIJING,
    Month,
    MonthConverter,
    Week,
    WeekConverter,
    beijing_date,
    days_between,
    month_of,
    week_of,
)

WEEK = Week(date(2026, 11, 16))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 0, 0, tzinfo=BEIJING), date(2026, 11, 23)),
    ],
)
def test_a_moment_falls_on_its_beijing_day(moment, day):
    assert beijing_date(moment) == day


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        beijing_date(datetime(2026, 11, 22))
    with pytest.raises(ValueError, match="time zone"):
        week_of(datetime(2026, 11, 22))


def test_sunday_midnight_begins_the_next_week():
    assert week_of(datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)) == WEEK
    assert week_of(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == WEEK.next


def test_a_week_says_what_it_is():
    assert str(WEEK) == "2026-11-16..2026-11-22"
    assert WEEK.sunday == date(2026, 11, 22)
    assert WEEK.days == list(days_between(WEEK.monday, WEEK.sunday))
    assert len(WEEK.days) == 7
    assert WEEK.previous.next == WEEK
    assert WEEK.next > WEEK


def test_a_week_holds_its_moments_and_no_others():
    assert WEEK.start == datetime(2026, 11, 15, 16, tzinfo=UTC)
    assert WEEK.end == datetime(2026, 11, 22, 16, tzinfo=UTC) == WEEK.next.start
    assert WEEK.start in WEEK
    assert WEEK.end not in WEEK
    assert WEEK.end - timedelta(microseconds=1) in WEEK
    assert date(2026, 11, 22) in WEEK
    assert date(2026, 11, 23) not in WEEK


def test_a_week_begins_on_monday():
    with pytest.raises(ValueError, match="no Monday"):
        Week(date(2026, 11, 17))


@given(st.dates(date(2004, 1, 1), date(2099, 12, 1)))
def test_every_day_is_in_its_week_and_month(day):
    assert day in week_of(day)
    assert day in month_of(day)
    assert week_of(day).monday.weekday() == 0
    assert month_of(day).previous.last_day < day < month_of(day).next.first_day


def test_a_month_crosses_the_year():
    december = Month(2026, 12)
    assert (december.first_day, december.last_day) == (date(2026, 12, 1), date(2026, 12, 31))
    assert december.next == Month(2027, 1)
    assert Month(2027, 1).previous == december
    assert str(december) == "2026-12"
    assert month_of(datetime(2026, 12, 31, 16, tzinfo=UTC)) == Month(2027, 1)


def test_leap_february():
    assert Month(2028, 2).last_day == date(2028, 2, 29)


def test_weeks_and_months_in_addresses():
    assert WeekConverter().to_python("2026-11-16") == WEEK
    assert WeekConverter().to_url(WEEK) == "2026-11-16"
    assert MonthConverter().to_python("2026-11") == Month(2026, 11)
    assert MonthConverter().to_url(Month(2026, 11)) == "2026-11"


@pytest.mark.parametrize("text", ["2026-11-17", "2026-02-30"])
def test_an_address_that_is_no_week_is_refused(text):
    with pytest.raises(ValueError):
        WeekConverter().to_python(text)
