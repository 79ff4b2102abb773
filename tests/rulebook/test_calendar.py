import pytest
from django.urls import reverse

from rulebook import calendars
from tests.rulebook.pages import others, readers

URL = reverse("rulebook:calendar")


@readers
def test_all_staff_read_the_calendar(as_, request, who):
    page = as_(request.getfixturevalue(who)).get(URL, {"year": 2026})
    assert page.context["total"] == 248
    october = page.context["months"][9]
    assert (october.workdays, october.off, october.made_up) == (18, "国庆节 1日、2日、5日、6日、7日", "国庆节 10日")
    assert "国务院办公厅" in page.content.decode()


@others
def test_others_get_403(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(URL).status_code == 403


def test_a_year_not_loaded_is_provisional_and_says_so(as_clerk):
    page = as_clerk.get(URL, {"year": 2060}).content.decode()
    assert "暂定" in page
    assert "暂定" not in as_clerk.get(URL, {"year": 2026}).content.decode()


def test_without_a_year_it_is_this_year(as_clerk, today):
    assert as_clerk.get(URL).context["year"] == today.year


@pytest.mark.parametrize("year", ["2003", "2100", "x", "²", "", "20261"])
def test_a_year_that_is_none_gets_404(as_clerk, year):
    assert as_clerk.get(URL, {"year": year}).status_code == 404


def test_a_table_that_waits_is_shown(as_clerk, administrator, now, table):
    calendars.enter(year=2060, lines=calendars.parse(table(2060), year=2060), source="x", by=administrator, now=now)
    assert "2060 年的日历等复核" in as_clerk.get(URL).content.decode()


def test_a_stranger_is_asked_to_sign_in(stranger):
    assert stranger.get(URL).status_code == 302


def test_a_wrong_method_gets_405(as_clerk):
    assert as_clerk.post(URL).status_code == 405
