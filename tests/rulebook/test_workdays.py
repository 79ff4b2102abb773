"""DOMAIN 0.1 and 0.2 at their edges."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError
from django.db.transaction import atomic

from rulebook import workdays
from rulebook.models import CalendarDay, CalendarLoad, Jurisdiction
from rulebook.workdays import WorkingDay, add_working_days, is_working_day, roll_to_working_day, working_days

pytestmark = pytest.mark.django_db


def test_every_day_of_2004_to_2026_is_the_state_councils():
    days = dict(CalendarDay.objects.values_list("date", "is_workday"))
    first, last = date(2004, 1, 1), date(2026, 12, 31)
    wanted = {
        first + timedelta(n): chinese_calendar.is_workday(first + timedelta(n)) for n in range((last - first).days + 1)
    }
    assert days == wanted


@pytest.mark.parametrize("year", [2004, 2008, 2013, 2020, 2026])
def test_what_is_remembered_is_what_is_in_the_table(year):
    days = CalendarDay.objects.of_year(year).values_list("date", "is_workday")
    assert all(is_working_day(day) == worked for day, worked in days)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 9, 28), 10, date(2026, 10, 16)),  # 29, 30 September, 8, 9, Saturday 10, 12–16 October
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday made up for
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the Spring Festival
        (date(2026, 2, 24), 4, date(2026, 2, 28)),  # ends on a Saturday made up for
        (date(2026, 11, 22), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), 1, date(2026, 11, 24)),  # the day of the event is not counted
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 12, 30), 1, date(2026, 12, 31)),
    ],
)
def test_working_days_are_counted(start, days, due):
    assert add_working_days(start, days) == WorkingDay(due, False)


def test_no_working_days_is_no_question():
    for days in (0, -1):
        with pytest.raises(ValueError):
            add_working_days(date(2026, 11, 23), days)


def test_a_year_not_loaded_makes_the_answer_provisional():
    assert add_working_days(date(2026, 12, 31), 1) == WorkingDay(date(2027, 1, 4), True)
    assert add_working_days(date(2026, 12, 30), 2) == WorkingDay(date(2027, 1, 4), True)
    assert str(add_working_days(date(2026, 12, 31), 1)) == "2027-01-04（暂定）"
    assert add_working_days(date(2003, 12, 30), 1).provisional


@pytest.mark.parametrize("day", [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)])
def test_the_fixed_holidays_of_a_year_not_loaded(day):
    for year in (2027, 2028, 2029):
        assert not is_working_day(date(year, *day))


@pytest.mark.parametrize(
    ("day", "worked"), [(date(2027, 10, 4), True), (date(2027, 10, 9), False), (date(2027, 5, 3), True)]
)
def test_the_other_days_of_a_year_not_loaded_go_by_the_weekday(day, worked):
    assert is_working_day(day) == worked
    assert workdays.is_provisional(day)


@pytest.mark.parametrize(
    ("day", "rolled"),
    [
        (date(2026, 10, 1), date(2026, 10, 8)),
        (date(2026, 10, 10), date(2026, 10, 10)),  # a working Saturday stays
        (date(2026, 11, 21), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_a_payers_last_day_rolls_to_a_working_day(day, rolled):
    assert roll_to_working_day(day) == WorkingDay(rolled, False)


def test_rolling_into_a_year_not_loaded_is_provisional():
    assert roll_to_working_day(date(2027, 1, 1)) == WorkingDay(date(2027, 1, 4), True)


def test_the_working_days_of_a_week():
    assert working_days(date(2026, 2, 16), date(2026, 2, 22)) == []
    assert (
        len(working_days(date(2026, 9, 28), date(2026, 10, 11))) == 6
    )  # 28–30 September, 8, 9 and Saturday 10 October


def test_a_thousand_questions_are_three_queries(django_assert_num_queries):
    workdays.forget()
    with django_assert_num_queries(4):  # the version twice, the years, the days
        for n in range(1000):
            add_working_days(date(2026, 1, 1) + timedelta(n), 15)


def test_a_loaded_year_counts_and_is_no_longer_provisional(a_year):
    before = workdays.calendar_version()
    assert add_working_days(date(2027, 9, 30), 2) == WorkingDay(date(2027, 10, 5), True)
    a_year(2027, "{year}-10-09 班 国庆节")
    assert add_working_days(date(2027, 9, 30), 2) == WorkingDay(date(2027, 10, 9), False)
    assert 2027 in workdays.loaded_years()
    assert workdays.calendar_version() == before + 1


# ---------------------------------------------------------------- what the database refuses


def test_trigger_keep_past_days():
    with pytest.raises(DatabaseError, match="过去的日子不能改"), atomic():
        CalendarDay.objects.filter(date=date(2026, 10, 1)).update(is_workday=True)
    with pytest.raises(DatabaseError, match="不能删"), atomic():
        CalendarDay.objects.filter(date=date(2026, 10, 1)).delete()


def test_trigger_keep_past_days_needs_a_checked_load_of_that_year(administrator, now):
    load = CalendarLoad.objects.create(year=2050, entered_by=administrator, entered_at=now)
    loaded = CalendarLoad.objects.get(year=2026)
    for wrong in (load, loaded):
        with pytest.raises(IntegrityError, match="第二个人"), atomic():
            CalendarDay.objects.create(date=date(2050, 1, 3), is_workday=True, load=wrong)


def test_constraint_calendar_day_date_unique():
    with pytest.raises(IntegrityError, match="date"), atomic():
        CalendarDay.objects.create(date=date(2026, 1, 1), is_workday=False, load=CalendarLoad.objects.get(year=2026))


def test_trigger_day_as_checked(a_year):
    """Nobody changes a day to come behind the table that two people entered and checked."""
    a_year(2090, "2090-12-04 休 更正")
    for day, worked in ((date(2090, 12, 1), False), (date(2090, 12, 3), True), (date(2090, 12, 4), True)):
        with pytest.raises(IntegrityError) as caught, atomic():
            CalendarDay.objects.filter(date=day).update(is_workday=worked)
        assert caught.value.__cause__.diag.constraint_name == "rulebook_day_as_checked"


def test_seal_of_jurisdictions(db):
    """A jurisdiction under another code would change which rules past days were judged by."""
    Jurisdiction.objects.filter(code="town").update(name="荆溪镇")
    for refused in (lambda rows: rows.update(code="x"), lambda rows: rows._raw_delete("default")):
        with pytest.raises(ProgrammingError, match="permission denied"), atomic():
            refused(Jurisdiction.objects.filter(code="town"))
