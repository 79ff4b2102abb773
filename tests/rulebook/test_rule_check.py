from datetime import timedelta

import pytest
from django.urls import reverse

from rulebook import rules
from rulebook.models import Jurisdiction, Rule


@pytest.fixture
def proposal(administrator, now, today):
    return rules.enter(
        key="patrol.weekly_quota",
        jurisdiction=Jurisdiction.objects.get(code="town"),
        first_day=today + timedelta(days=1),
        value=4,
        basis="镇物业办会议纪要",
        by=administrator,
        now=now,
    )


@pytest.fixture
def url(proposal):
    return reverse("rulebook:rule-check", args=[proposal.pk])


def test_the_town_head_passes_it(as_town_head, url, proposal, town_head):
    page = as_town_head.get(url).content.decode()
    assert "3 次" in page
    assert "4 次" in page
    assert "等您复核" in page
    answer = as_town_head.post(url, {"decision": "pass"}, follow=True, HTTP_REFERER=f"http://testserver{url}")
    assert "复核通过" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.checked_by == town_head


def test_the_town_head_sends_it_back(as_town_head, url):
    answer = as_town_head.post(url, {"decision": "back"})
    assert answer.headers["Location"] == reverse("rulebook:rules")
    assert not Rule.objects.waiting().exists()


def test_its_author_takes_it_back_but_does_not_pass_it(as_, administrator, url):
    author = as_(administrator)
    assert "复核通过" not in author.get(url).content.decode()
    assert author.post(url, {"decision": "pass"}).status_code == 403
    author.post(url, {"decision": "back"})
    assert not Rule.objects.waiting().exists()


def test_who_comes_second_is_told(as_town_head, url, proposal):
    as_town_head.post(url, {"decision": "pass"})
    answer = as_town_head.post(url, {"decision": "pass"}, follow=True, HTTP_REFERER=f"http://testserver{url}")
    assert "已经有人复核" in answer.content.decode()
    answer = as_town_head.post(url, {"decision": "back"}, follow=True, HTTP_REFERER=f"http://testserver{url}")
    assert "已经有人复核" in answer.content.decode()
    proposal.refresh_from_db()
    assert not proposal.is_waiting


def test_a_check_after_its_first_day_is_explained(as_town_head, url, proposal, today):
    Rule.objects.filter(pk=proposal.pk).update(first_day=today)
    answer = as_town_head.post(url, {"decision": "pass"}, follow=True, HTTP_REFERER=f"http://testserver{url}")
    assert answer.status_code == 200
    assert "最早从明天起" in answer.content.decode()


def test_an_onlooker_reads_and_does_nothing(as_clerk, url, proposal):
    page = as_clerk.get(url)
    assert page.status_code == 200
    assert "decision" not in page.content.decode()
    for decision in ("pass", "back"):
        assert as_clerk.post(url, {"decision": decision}).status_code == 403
    proposal.refresh_from_db()
    assert proposal.is_waiting


@pytest.mark.parametrize("who", ["station_head", "cadre", "firm", "leader"])
def test_who_is_not_of_the_office_gets_403(as_, request, who, url):
    assert as_(request.getfixturevalue(who)).get(url).status_code == 403


def test_a_row_of_a_migration_has_no_such_page(as_town_head):
    row = Rule.objects.filter(origin="migration").first()
    assert as_town_head.get(reverse("rulebook:rule-check", args=[row.pk])).status_code == 404
    assert as_town_head.get(reverse("rulebook:rule-check", args=[10**9])).status_code == 404


def test_a_stranger_is_asked_to_sign_in(stranger, url):
    assert stranger.get(url).status_code == 302


def test_a_wrong_method_gets_405(as_town_head, url):
    assert as_town_head.delete(url).status_code == 405
