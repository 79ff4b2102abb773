"""When people may be told things: 8:30 to 17:30 of working days."""

from datetime import date, datetime

import pytest

from lib.periods import BEIJING
from rulebook import working_hours

pytestmark = pytest.mark.django_db


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-11-19 08:29:59", False),
        ("2026-11-19 08:30", True),
        ("2026-11-19 17:29:59", True),
        ("2026-11-19 17:30", False),
        ("2026-11-21 10:00", False),  # Saturday
        ("2026-10-10 10:00", True),  # a Saturday that is worked
        ("2026-10-01 10:00", False),
    ],
)
def test_working_time(moment, working):
    assert working_hours.is_working_time(at(moment)) is working


@pytest.mark.parametrize(
    ("moment", "next_one"),
    [
        ("2026-11-19 12:00", "2026-11-19 12:00"),
        ("2026-11-19 00:00", "2026-11-19 08:30"),
        ("2026-11-19 17:30", "2026-11-20 08:30"),
        ("2026-11-20 18:00", "2026-11-23 08:30"),
        ("2026-11-21 07:00", "2026-11-23 08:30"),
        ("2026-09-30 17:30", "2026-10-08 08:30"),
    ],
)
def test_the_next_working_time(moment, next_one):
    assert working_hours.next_working_time(at(moment)) == at(next_one)


def test_the_hours_are_those_of_their_day(a_rule):
    a_rule("notify.working_hours", ["09:00", "16:00"], date(2026, 11, 20))
    assert working_hours.next_working_time(at("2026-11-19 17:30")) == at("2026-11-20 09:00")
    assert not working_hours.is_working_time(at("2026-11-20 08:45"))
    assert working_hours.is_working_time(at("2026-11-19 08:45"))


def test_the_working_day_before(db):
    found = working_hours.last_working_day(date(2026, 10, 2), not_before=date(2026, 9, 28))
    assert found == date(2026, 9, 30)
    assert working_hours.last_working_day(date(2026, 10, 2), not_before=date(2026, 10, 1)) is None
