from datetime import UTC, datetime

import pytest

from accounts.models import Message
from accounts.notifications import KINDS
from rulebook import missing_years

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 10, 31, 2, tzinfo=UTC), 0),
        (datetime(2026, 11, 1, 2, tzinfo=UTC), 0),  # a Sunday
        (datetime(2026, 11, 2, 0, 29, tzinfo=UTC), 0),  # Monday 8:29
        (datetime(2026, 11, 2, 0, 30, tzinfo=UTC), 1),
        (datetime(2026, 11, 23, 2, tzinfo=UTC), 1),
        (datetime(2027, 1, 4, 2, tzinfo=UTC), 0),
    ],
)
def test_from_november_on_the_administrators_are_told(administrator, clerk, now, told):
    assert missing_years.warn(now=now) == told


def test_twice_in_a_month_is_once_and_december_asks_again(administrator):
    times = [datetime(2026, 11, 23, 2, tzinfo=UTC)] * 2 + [datetime(2026, 12, 10, 2, tzinfo=UTC)] * 2
    assert [missing_years.warn(now=now) for now in times] == [1, 0, 1, 0]


def test_a_loaded_year_is_not_asked_for(administrator, a_year):
    a_year(2027)
    assert missing_years.warn(now=datetime(2026, 11, 23, 2, tzinfo=UTC)) == 0


def test_the_message_says_what_to_do(administrator):
    missing_years.warn(now=datetime(2026, 11, 23, 2, tzinfo=UTC))
    said = KINDS[missing_years.KIND].text(Message.objects.get())
    assert said.subject == "2027 年的工作日历还没有载入"
    assert said.url == "rulebook:calendar-load"
