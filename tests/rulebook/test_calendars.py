from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError
from django.db.transaction import atomic

from lib.states import WrongState
from rulebook import calendars, workdays
from rulebook.calendars import BadTable, Line, parse
from rulebook.models import CalendarDay, CalendarLoad

NOV_23 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


# ---------------------------------------------------------------- reading a table


@pytest.mark.parametrize(
    "line",
    [
        "2027-01-01 休 元旦",
        "2027/1/1\t放假\t元旦",
        "2027年1月1日 休息 元旦",
        "1月1日 休 元旦",
        "2027.1.1,休,元旦",
        "２０２７－０１－０１　休　元旦",
    ],
)
def test_a_day_is_written_in_many_ways(line, table):
    rest = table(2027).replace("2027-01-01 休 元旦", line)
    assert parse(rest, year=2027)[0] == Line(date(2027, 1, 1), False, "元旦")


@pytest.mark.parametrize(
    "span", ["2027-10-01 至 2027-10-07", "10月1日至10月7日", "10月1日-10月7日", "2027-10-01..2027-10-07"]
)
def test_a_span_of_days_is_written_in_many_ways(span, table):
    rest = table(2027).replace("2027-10-01 至 2027-10-07", span)
    october = [line.date.day for line in parse(rest, year=2027) if line.date.month == 10]
    assert october == [1, 4, 5, 6, 7]  # the 2nd and 3rd are a weekend anyway


def test_only_what_differs_from_the_weekday_is_kept(table):
    lines = parse(table(2027, "{year}-10-09 班 国庆节\n2027-10-10 休 周日\n2027-10-11 班 周一\n"), year=2027)
    assert [line for line in lines if line.date.month == 10][-1] == Line(date(2027, 10, 9), True, "国庆节")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("十月一日 休", "开头写日期"),
        ("2027-02-30 休", "没有这一天"),
        ("2028-03-01 休", "不是 2027 年"),
        ("2027-03-01", "写 休 或 班"),
        ("2027-03-01 也许", "写 休 或 班"),
        ("2027-03-05 至 2027-03-01 休", "后一天比前一天早"),
    ],
)
def test_a_line_that_cannot_be_read_gets_a_sentence_with_its_number(line, sentence, table):
    with pytest.raises(BadTable) as error:
        parse(table(2027) + line, year=2027)
    assert error.value.lines == [error.value.lines[0]]
    assert sentence in error.value.lines[0]
    assert error.value.lines[0].startswith("第 7 行")


def test_every_bad_line_is_named(table):
    with pytest.raises(BadTable) as error:
        parse(table(2027) + "啊\n2027-13-01 休\n", year=2027)
    assert len(error.value.lines) == 2


def test_a_day_twice_is_named(table):
    with pytest.raises(BadTable, match="10月1日 出现了 2 次"):
        parse(table(2027) + "10月1日 休 国庆节", year=2027)


def test_a_table_that_was_cut_off_is_noticed(table):
    with pytest.raises(BadTable, match=r"10月1日 是法定节日.*"):
        parse(table(2027).split("2027-10-01")[0], year=2027)


@pytest.mark.parametrize("text", ["", "\n\n", "# 只有说明"])
def test_an_empty_table_gets_an_example(text):
    with pytest.raises(BadTable, match="一行一天"):
        parse(text, year=2027)


def test_a_table_as_long_as_a_book_is_not_read():
    with pytest.raises(BadTable, match="一行一天"):
        parse("2027-01-01 休\n" * 401, year=2027)


# ---------------------------------------------------------------- entering and checking


@pytest.fixture
def waiting(administrator, table):
    lines = parse(table(2027, "2027-10-09 班 国庆节"), year=2027)
    return calendars.enter(year=2027, lines=lines, source="演示通知", by=administrator, now=NOV_23)


def test_the_preview_shows_what_would_count_otherwise(db, table):
    lines = parse(table(2027, "2027-10-09 班 国庆节"), year=2027)
    seen = calendars.preview(lines, year=2027, today=date(2026, 11, 23))
    assert not seen.is_loaded
    assert [(change.date.day, change.was, change.will) for change in seen.changes if change.date.month == 10] == [
        (4, True, False), (5, True, False), (6, True, False), (7, True, False), (9, False, True),
    ]  # fmt: skip
    assert len(seen.days_made_up) == 1
    assert seen.workdays == 248
    assert not seen.passed


def test_one_enters_and_another_checks(waiting, town_head):
    assert 2027 not in workdays.loaded_years()
    calendars.check(load=waiting, by=town_head, now=NOV_23)
    workdays.forget()
    assert 2027 in workdays.loaded_years()
    assert CalendarDay.objects.of_year(2027).count() == 365
    assert CalendarDay.objects.get(date=date(2027, 10, 9)).load == waiting
    workdays.forget()


def test_who_may_enter_and_check(waiting, administrator, second_administrator, clerk, table):
    with pytest.raises(PermissionDenied):
        calendars.enter(year=2028, lines=[], source="x", by=clerk, now=NOV_23)
    for person in (administrator, second_administrator, clerk):
        with pytest.raises(PermissionDenied):
            calendars.check(load=waiting, by=person, now=NOV_23)
    assert not CalendarDay.objects.of_year(2027).exists()


def test_who_is_both_cannot_check_the_own_table(make_user, table):
    from accounts.roles import Role

    both = make_user("both", "一人两岗", Role.ADMINISTRATOR, Role.TOWN_HEAD)
    load = calendars.enter(year=2027, lines=[], source="x", by=both, now=NOV_23)
    with pytest.raises(WrongState, match="另一个人"):
        calendars.check(load=load, by=both, now=NOV_23)


def test_a_second_check_changes_nothing(waiting, town_head):
    calendars.check(load=waiting, by=town_head, now=NOV_23)
    with pytest.raises(WrongState):
        calendars.check(load=waiting, by=town_head, now=NOV_23)


def test_one_table_a_year_waits(waiting, administrator):
    with pytest.raises(ValidationError, match="等复核"):
        calendars.enter(year=2027, lines=[], source="x", by=administrator, now=NOV_23)


def test_a_table_is_sent_back(waiting, town_head, administrator, clerk):
    with pytest.raises(PermissionDenied):
        calendars.withdraw(load=waiting, by=clerk)
    calendars.withdraw(load=waiting, by=town_head)
    with pytest.raises(WrongState):
        calendars.withdraw(load=waiting, by=administrator)


def test_a_correction_changes_days_to_come_and_leaves_those_that_passed(a_year, table):
    a_year(2080, now=datetime(2026, 11, 23, tzinfo=UTC))
    passed, to_come = date(2080, 3, 4), date(2080, 12, 2)
    assert workdays.is_working_day(passed)
    assert workdays.is_working_day(to_come)
    more = f"{passed} 休 更正\n{to_come} 休 更正"
    seen = calendars.preview(parse(table(2080, more), year=2080), year=2080, today=date(2080, 6, 1))
    assert ([c.date for c in seen.passed], [c.date for c in seen.changes]) == ([passed], [to_come])
    a_year(2080, more, now=datetime(2080, 6, 1, 4, tzinfo=UTC))
    assert workdays.is_working_day(passed)
    assert not workdays.is_working_day(to_come)
    assert CalendarDay.objects.of_year(2080).count() == 366


# ---------------------------------------------------------------- what the database refuses


def the_constraint(caught) -> str:
    return caught.value.__cause__.diag.constraint_name


def test_trigger_keep_checked_load(waiting, town_head):
    calendars.check(load=waiting, by=town_head, now=NOV_23)
    for refused in (lambda rows: rows.update(source="别的"), lambda rows: rows.delete()):
        with pytest.raises((DatabaseError, ValidationError)), atomic():
            refused(CalendarLoad.objects.filter(pk=waiting.pk))
    with pytest.raises(DatabaseError, match="不能改也不能删"), atomic():
        CalendarLoad.objects.filter(year=2026).update(days=[])


def test_constraint_calendar_load_two_people(waiting, administrator):
    with pytest.raises(IntegrityError) as caught, atomic():
        CalendarLoad.objects.filter(pk=waiting.pk).update(checked_by=administrator, checked_at=NOV_23)
    assert the_constraint(caught) == "calendar_load_two_people"


def test_constraint_calendar_load_checked_by_somebody(waiting):
    with pytest.raises(IntegrityError) as caught, atomic():
        CalendarLoad.objects.filter(pk=waiting.pk).update(checked_at=NOV_23)
    assert the_constraint(caught) == "calendar_load_checked_by_somebody"


def test_constraint_calendar_load_by_somebody(db):
    with pytest.raises(IntegrityError) as caught, atomic():
        CalendarLoad.objects.create(year=2027)
    assert the_constraint(caught) == "calendar_load_by_somebody"


def test_constraint_calendar_load_one_waiting(waiting, administrator):
    with pytest.raises(IntegrityError) as caught, atomic():
        CalendarLoad.objects.create(year=2027, entered_by=administrator, entered_at=NOV_23)
    assert the_constraint(caught) == "calendar_load_one_waiting"


@pytest.mark.parametrize("year", [2003, 2100])
def test_constraint_calendar_load_year(administrator, year):
    with pytest.raises(IntegrityError) as caught, atomic():
        CalendarLoad.objects.create(year=year, entered_by=administrator, entered_at=NOV_23)
    assert the_constraint(caught) == "calendar_load_year"
