from datetime import timedelta

import pytest
from django.urls import reverse

from rulebook import keys, rules
from rulebook.models import Jurisdiction
from tests.rulebook.pages import others, readers

URL = reverse("rulebook:rules")


@readers
def test_all_staff_read_the_rules(as_, request, who):
    page = as_(request.getfixturevalue(who)).get(URL)
    assert page.status_code == 200
    assert page.context["page"].paginator.count == len(keys.declared)


@others
def test_others_get_403(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(URL).status_code == 403


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("每周巡查次数", "每周巡查次数"),
        ("REMIND_HOURS", "什么时候提醒"),
        ("包区 三次", "每周巡查次数"),
        ("续交通知", "多久内续交"),
    ],
)
def test_words_are_looked_for_in_label_key_basis_and_article(as_clerk, words, found):
    page = as_clerk.get(URL, {"words": words})
    assert any(found in line.key.label for line in page.context["page"])
    assert page.context["page"].paginator.count < 10


def test_a_topic_shows_its_rules(as_clerk):
    page = as_clerk.get(URL, {"topic": "保证金"})
    assert {line.key.topic for line in page.context["page"]} == {"保证金"}


def test_nothing_found_is_said(as_clerk):
    assert "没有找到" in as_clerk.get(URL, {"words": "宇宙飞船"}).content.decode()


def test_an_address_that_somebody_bent_shows_everything(as_clerk):
    page = as_clerk.get(URL, {"topic": "没有这个", "page": "x"})
    assert page.context["page"].paginator.count == len(keys.declared)


def test_a_proposal_and_a_coming_rule_are_shown(as_clerk, a_rule, administrator, now, today):
    a_rule("patrol.weekly_quota", 2, today + timedelta(days=20))
    where = Jurisdiction.objects.get(code="town")
    row = {"key": "recheck.workdays", "jurisdiction": where, "first_day": today + timedelta(days=9), "value": 5}
    rules.enter(**row, basis="x", by=administrator, now=now)
    page = as_clerk.get(URL, {"topic": "巡查"}).content.decode()
    assert "将有变化" in page
    assert "等复核的" in page
    assert "5 个工作日" in page


def test_a_stranger_is_asked_to_sign_in(stranger):
    assert stranger.get(URL).status_code == 302


def test_a_wrong_method_gets_405(as_clerk):
    assert as_clerk.post(URL).status_code == 405


def test_the_number_of_queries_is_constant(as_clerk, django_assert_max_num_queries):
    as_clerk.get(URL)
    with django_assert_max_num_queries(8):  # session, person, roles, unread, rules, waiting
        as_clerk.get(URL)
