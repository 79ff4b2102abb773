"""我的: who I am here, my roles with their days."""

from datetime import date, timedelta

from accounts.models import Address, RoleGrant
from accounts.roles import Role

URL = "/account/"


def test_the_page_says_who_one_is(as_, cadre_account):
    cadre_account.mobile = Address.objects.create(kind="phone", value="13800138000")
    cadre_account.save()
    page = as_(cadre_account).get(URL).content.decode()
    assert "陈国平" in page and "包区干部" in page and "138****8000" in page and "13800138000" not in page


def test_roles_show_their_days_and_what_waits_for_a_second_person(as_, cadre_account, administrator, today):
    last = today + timedelta(days=30)
    RoleGrant.objects.create(
        user=cadre_account, role=Role.TOWN_CLERK, first_day=today, last_day=last, granted_by=administrator
    )
    page = as_(cadre_account).get(URL).content.decode()
    assert "镇物业办经办" in page and "等复核" in page and f"{last.month}月{last.day}日" in page


def test_ended_roles_are_gone(as_, cadre_account, days_ago):
    RoleGrant.objects.create(
        user=cadre_account, role=Role.RESIDENT, first_day=date(2020, 1, 1), last_day=days_ago(1), origin="setup"
    )
    assert "居民" not in as_(cadre_account).get(URL).content.decode()


def test_one_role_needs_no_switch(as_, cadre_account):
    assert "换个角色看" not in as_(cadre_account).get(URL).content.decode()


def test_resetting_is_offered_to_those_who_may(as_, cadre_account, station_head_account, clerk):
    assert "给别人重置密码" in as_(station_head_account).get(URL).content.decode()
    for other in (cadre_account, clerk):
        assert "给别人重置密码" not in as_(other).get(URL).content.decode()


def test_nobody_is_led_to_the_door(stranger, db):
    assert stranger.get(URL)["Location"] == "/account/sign-in/?next=/account/"


def test_it_is_only_looked_at(as_, cadre_account):
    assert as_(cadre_account).post(URL).status_code == 405


def test_the_page_costs_few_queries(as_, cadre_account, django_assert_max_num_queries):
    client = as_(cadre_account)
    with django_assert_max_num_queries(12):
        client.get(URL)


def test_pages_that_do_not_fit_the_bar_of_a_phone_stand_here(as_, make_user, clerk):
    assert "更多页面" in (page := as_(clerk).get(URL).content.decode())
    assert page.count('href="/scores/deposits/"') == 2 and page.count('href="/rules/"') == 2
    partner = make_user("unit", "共建单位", Role.PARTNER)
    assert "更多页面" not in as_(partner).get(URL).content.decode()
