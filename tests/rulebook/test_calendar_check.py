import pytest
from django.urls import reverse

from rulebook import calendars, workdays
from rulebook.models import CalendarDay, CalendarLoad

YEAR = 2061


@pytest.fixture
def load(administrator, now, table):
    lines = calendars.parse(table(YEAR), year=YEAR)
    return calendars.enter(year=YEAR, lines=lines, source="演示通知", by=administrator, now=now)


@pytest.fixture
def url(load):
    return reverse("rulebook:calendar-check", args=[load.pk])


def test_the_town_head_passes_it(as_town_head, url, django_capture_on_commit_callbacks):
    assert "等您复核" in as_town_head.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_town_head.post(url, {"decision": "pass"}, follow=True, HTTP_REFERER=f"http://testserver{url}")
    assert "2061 年按这份日历算" in answer.content.decode()
    assert CalendarDay.objects.of_year(YEAR).count() == 365
    assert YEAR in workdays.loaded_years()
    workdays.forget()


def test_the_town_head_sends_it_back(as_town_head, url):
    as_town_head.post(url, {"decision": "back"})
    assert not CalendarLoad.objects.waiting().exists()


def test_its_author_takes_it_back_but_does_not_pass_it(as_, administrator, url):
    author = as_(administrator)
    assert author.post(url, {"decision": "pass"}).status_code == 403
    author.post(url, {"decision": "back"})
    assert not CalendarLoad.objects.waiting().exists()


def test_who_comes_second_is_told(as_town_head, url):
    as_town_head.post(url, {"decision": "pass"})
    assert (
        "已经有人复核"
        in as_town_head.post(
            url, {"decision": "pass"}, follow=True, HTTP_REFERER=f"http://testserver{url}"
        ).content.decode()
    )


def test_an_onlooker_reads_and_does_nothing(as_clerk, url):
    page = as_clerk.get(url)
    assert page.status_code == 200
    assert "decision" not in page.content.decode()
    for decision in ("pass", "back"):
        assert as_clerk.post(url, {"decision": decision}).status_code == 403
    assert CalendarLoad.objects.waiting().exists()


@pytest.mark.parametrize("who", ["station_head", "cadre", "firm"])
def test_who_is_not_of_the_office_gets_403(as_, request, who, url):
    assert as_(request.getfixturevalue(who)).get(url).status_code == 403


def test_what_came_with_the_system_has_no_such_page(as_town_head):
    load = CalendarLoad.objects.get(year=2026)
    assert as_town_head.get(reverse("rulebook:calendar-check", args=[load.pk])).status_code == 404


def test_a_stranger_is_asked_to_sign_in(stranger, url):
    assert stranger.get(url).status_code == 302


def test_a_wrong_method_gets_405(as_town_head, url):
    assert as_town_head.delete(url).status_code == 405
