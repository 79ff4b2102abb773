from datetime import timedelta

import pytest
from django.urls import reverse

from tests.rulebook.pages import others, readers

URL = reverse("rulebook:rule", args=["patrol.weekly_quota"])


@readers
def test_all_staff_read_a_rule_with_its_source(as_, request, who):
    page = as_(request.getfixturevalue(who)).get(URL).content.decode()
    for said in ("每周巡查次数", "3 次", "方案一", "每周不少于三次", "本镇"):
        assert said in page


@others
def test_others_get_403(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(URL).status_code == 403


def test_its_changes_are_shown(as_clerk, a_rule, today):
    a_rule("patrol.weekly_quota", 2, today - timedelta(days=10))
    a_rule("patrol.weekly_quota", 4, today + timedelta(days=10))
    page = as_clerk.get(URL)
    assert page.context["line"].now.value == 2
    assert [row.value for row in page.context["line"].coming] == [4]
    assert [row.value for row in page.context["rows"]] == [4, 2, 3]


def test_an_empty_rule_says_so(as_clerk):
    page = as_clerk.get(reverse("rulebook:rule", args=["settlement.permit_cutoff"])).content.decode()
    assert "没有填" in page


def test_only_an_administrator_sees_the_button(as_, administrator, as_clerk):
    assert "改这条规则" in as_(administrator).get(URL).content.decode()
    assert "改这条规则" not in as_clerk.get(URL).content.decode()


def test_an_unknown_key_gets_404(as_clerk):
    assert as_clerk.get(reverse("rulebook:rule", args=["no.such"])).status_code == 404


def test_a_stranger_is_asked_to_sign_in(stranger):
    assert stranger.get(URL).status_code == 302


def test_a_wrong_method_gets_405(as_clerk):
    assert as_clerk.post(URL).status_code == 405


@pytest.mark.parametrize("key", ["rectify.general", "fund.rate_bp.multi", "score.size_bp"])
def test_a_key_opens_its_own_page(as_clerk, key):
    assert as_clerk.get(reverse("rulebook:rule", args=[key])).context["line"].key.name == key
