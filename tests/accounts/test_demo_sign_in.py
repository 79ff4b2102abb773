"""One click into a demo town; nowhere else."""

import pytest
from django.contrib.auth import SESSION_KEY

from accounts import demo
from accounts.models import DemoMark
from accounts.roles import Role

URL = "/account/demo-sign-in/"


@pytest.fixture
def demo_town(db):
    return DemoMark.objects.create(seed=1)


@pytest.fixture
def demo_cadre(make_user):
    return make_user(demo.username(Role.CADRE), "演示干部", Role.CADRE)


def test_one_click_is_enough(stranger, demo_town, demo_cadre):
    assert stranger.post(URL, {"role": "cadre"}).status_code == 302
    assert stranger.session[SESSION_KEY] == str(demo_cadre.pk)


def test_the_door_says_what_each_role_sees(stranger, demo_town, demo_cadre):
    page = stranger.get("/account/sign-in/").content.decode()
    assert "以演示身份进入" in page and demo.SEES[Role.CADRE] in page
    assert 'value="leader"' not in page, "only people who exist are offered"


def test_without_the_mark_there_is_nothing(stranger, demo_cadre):
    assert stranger.post(URL, {"role": "cadre"}).status_code == 404
    assert "以演示身份进入" not in stranger.get("/account/sign-in/").content.decode()
    assert SESSION_KEY not in stranger.session


@pytest.mark.parametrize("role", ["", "leader", "admin", "demo-cadre"])
def test_who_is_not_offered_is_not_let_in(stranger, demo_town, demo_cadre, role):
    assert stranger.post(URL, {"role": role}).status_code == 404


def test_a_real_account_with_the_role_is_not_let_in_this_way(stranger, demo_town, clerk):
    assert stranger.post(URL, {"role": "town_clerk"}).status_code == 404


def test_a_demo_account_that_lost_its_role_is_not_offered_another(stranger, demo_town, demo_cadre, days_ago):
    demo_cadre.grants.update(last_day=days_ago(1))
    assert stranger.post(URL, {"role": "cadre"}).status_code == 404


def test_it_is_a_deed_and_not_a_look(stranger, demo_town):
    assert stranger.get(URL).status_code == 405
