"""Two people at once enter or check the same: one acts, the other is told."""

from datetime import date, timedelta

import pytest

from lib.states import WrongState
from rulebook import calendars, rules
from rulebook.models import CalendarDay, CalendarLoad, Jurisdiction, Rule
from tests.at_once import at_once, the_refusal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enter_rule(administrator, now, today):
    where = Jurisdiction.objects.get(code="town")
    row = {"key": "recheck.workdays", "jurisdiction": where, "first_day": today + timedelta(days=9)}
    return lambda value=4: rules.enter(**row, value=value, basis="会议纪要", by=administrator, now=now)


@pytest.fixture
def enter_year(administrator, table, now):
    lines = calendars.parse(table(2029), year=2029)
    return lambda: calendars.enter(year=2029, lines=lines, source="演示通知", by=administrator, now=now)


@pytest.fixture
def second_head(make_user):
    return make_user("zhao2", "另一位", "town_head")


def test_the_same_rule_is_entered_once(enter_rule):
    refused = the_refusal(at_once(enter_rule, lambda: enter_rule(5)))
    assert "已经有" in str(refused)
    assert Rule.objects.waiting().count() == 1


def test_a_rule_is_checked_once(enter_rule, town_head, second_head, now):
    row = enter_rule()
    acts = [
        lambda by=by: rules.check(rule=Rule.objects.get(pk=row.pk), by=by, now=now) for by in (town_head, second_head)
    ]
    assert isinstance(the_refusal(at_once(*acts)), WrongState)


def test_a_rule_is_checked_or_sent_back(enter_rule, administrator, town_head, now):
    row = enter_rule()
    one = lambda: Rule.objects.get(pk=row.pk)  # noqa: E731
    acts = [lambda: rules.check(rule=one(), by=town_head, now=now), lambda: rules.withdraw(rule=row, by=administrator)]
    refused = the_refusal(at_once(*acts))
    assert isinstance(refused, WrongState | Rule.DoesNotExist)


def test_the_same_year_is_entered_once(enter_year):
    refused = the_refusal(at_once(enter_year, enter_year))
    assert "已经有" in str(refused)
    assert CalendarLoad.objects.waiting().count() == 1


def test_a_year_is_checked_once(enter_year, town_head, second_head, now):
    load = enter_year()
    acts = [
        lambda by=by: calendars.check(load=CalendarLoad.objects.get(pk=load.pk), by=by, now=now)
        for by in (town_head, second_head)
    ]
    assert isinstance(the_refusal(at_once(*acts)), WrongState)
    assert CalendarDay.objects.filter(date__gte=date(2029, 1, 1)).count() == 365
