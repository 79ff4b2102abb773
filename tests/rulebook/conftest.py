"""Years and rules entered for a test."""

from datetime import date, datetime

import pytest

from lib.periods import BEIJING
from rulebook import calendars, workdays

TABLE = """
# 演示用，不是真的
{year}-01-01 休 元旦
{year}-02-05 至 {year}-02-11 休 春节
{year}-05-01 至 {year}-05-05 休 劳动节
{year}-10-01 至 {year}-10-07 休 国庆节
"""


@pytest.fixture
def table():
    return lambda year, more="": TABLE.format(year=year) + more.format(year=year)


@pytest.fixture
def a_year(administrator, town_head, table):
    """``a_year(2027, "2027-10-09 班 国庆节")``: a year's table, entered by one and checked by another."""

    def make(year, more="", now=None):
        now = now or datetime.combine(date(year - 1, 11, 10), datetime.min.time(), BEIJING)
        lines = calendars.parse(table(year, more), year=year)
        load = calendars.enter(year=year, lines=lines, source="演示通知", by=administrator, now=now)
        calendars.check(load=load, by=town_head, now=now)
        workdays.forget()
        return load

    return make
