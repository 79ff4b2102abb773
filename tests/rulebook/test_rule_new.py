from datetime import timedelta

import pytest
from django.urls import reverse

from rulebook.models import Rule

URL = reverse("rulebook:rule-new")


@pytest.fixture
def as_administrator(as_, administrator):
    return as_(administrator)


@pytest.fixture
def typed(db, today):
    from rulebook.models import Jurisdiction

    return {
        "key": "patrol.weekly_quota",
        "jurisdiction": Jurisdiction.objects.get(code="town").pk,
        "first_day": (today + timedelta(days=1)).isoformat(),
        "value": "４",
        "basis": "镇物业办会议纪要",
        "article": "",
    }


def test_an_administrator_enters_a_rule(as_administrator, administrator, typed, today):
    answer = as_administrator.post(URL, typed)
    row = Rule.objects.waiting().get()
    assert answer.headers["Location"] == reverse("rulebook:rule-check", args=[row.pk])
    assert (row.value, row.kind, row.unit, row.entered_by) == (4, "integer", "次", administrator)
    assert row.first_day == today + timedelta(days=1)


def test_the_form_knows_what_it_was_opened_for(as_administrator):
    page = as_administrator.get(URL, {"key": "fund.renewal_days"})
    assert page.context["form"]["key"].initial == "fund.renewal_days"
    assert page.context["form"]["jurisdiction"].initial.code == "city"
    assert as_administrator.get(URL, {"key": "no.such"}).status_code == 200


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("value", "三次", "写一个整数"),
        ("value", "", "写上新的值"),
        ("basis", "", "basis"),
        ("first_day", "昨天", "first_day"),
        ("key", "no.such", "key"),
    ],
)
def test_bad_input_is_explained_and_kept(as_administrator, typed, column, value, sentence):
    page = as_administrator.post(URL, {**typed, column: value})
    assert page.status_code == 422
    errors = page.context["form"].errors
    assert sentence in str(errors.as_data()) or column in errors
    assert 'value="４"' in page.content.decode() or column == "value"
    assert not Rule.objects.waiting().exists()


def test_today_is_too_early(as_administrator, typed, today):
    page = as_administrator.post(URL, {**typed, "first_day": today.isoformat()})
    assert page.status_code == 422
    assert "最早从明天起" in page.content.decode()


def test_an_ending_has_no_value(as_administrator, typed, a_rule, today):
    a_rule("vote.notice_days", 20, today - timedelta(days=9))
    typed |= {"key": "vote.notice_days", "ends": "on"}
    both = as_administrator.post(URL, typed)
    assert both.status_code == 422
    as_administrator.post(URL, {**typed, "value": ""})
    assert Rule.objects.waiting().get().value is None


def test_an_ending_after_which_nobody_speaks_is_explained(as_administrator, typed):
    page = as_administrator.post(URL, {**typed, "ends": "on", "value": ""})
    assert page.status_code == 422
    assert "没有别的范围接着管" in page.content.decode()
    assert not Rule.objects.waiting().exists()


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("patrol.submit_grace_workdays", "0", "至少写 1"),
        ("patrol.weekly_quota", "9" * 150, "太大"),
        ("vote.notice_days", "36501", "太大"),
        ("fund.disclosure_due", "2月29日", "写成月和日"),
    ],
)
def test_a_number_out_of_bounds_is_explained(as_administrator, typed, key, value, sentence):
    page = as_administrator.post(URL, {**typed, "key": key, "value": value})
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_a_second_row_of_that_day_is_explained(as_administrator, typed):
    as_administrator.post(URL, typed)
    again = as_administrator.post(URL, typed)
    assert again.status_code == 422
    assert "已经有一行" in again.content.decode()


@pytest.mark.parametrize("who", ["town_head", "clerk"])
def test_an_onlooker_gets_403(as_, request, who, typed):
    person = as_(request.getfixturevalue(who))
    assert person.get(URL).status_code == 403
    assert person.post(URL, typed).status_code == 403
    assert not Rule.objects.waiting().exists()


@pytest.mark.parametrize("who", ["station_head", "cadre", "firm"])
def test_who_is_not_of_the_office_gets_403(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(URL).status_code == 403


def test_a_stranger_is_asked_to_sign_in(stranger):
    assert stranger.get(URL).status_code == 302


def test_a_wrong_method_gets_405(as_administrator):
    assert as_administrator.put(URL).status_code == 405


def test_get_writes_nothing(as_administrator):
    as_administrator.get(URL)
    assert not Rule.objects.waiting().exists()
