"""Past resets, and the second administrator's approval."""

import pytest

from accounts.models import PasswordReset

URL = "/account/resets/"


@pytest.fixture
def asked(administrator, second_administrator, leader):
    return PasswordReset.objects.create(user=leader, asked_by=administrator, guarded=True, reason="领导忘了密码")


def test_the_office_sees_every_reset(as_, clerk, asked):
    page = as_(clerk).get(URL).content.decode()
    assert "领导忘了密码" in page and "吴副镇长" in page and "同意，出纸条" not in page


def test_a_station_sees_its_own_only(as_, station_head_account, cadre_account, asked, now):
    PasswordReset.objects.create(
        user=cadre_account, asked_by=station_head_account, reason="干部忘了密码", issued_at=now
    )
    page = as_(station_head_account).get(URL).content.decode()
    assert "干部忘了密码" in page and "领导忘了密码" not in page


def test_the_second_administrator_approves_and_gets_the_slip(as_, second_administrator, asked, leader):
    client = as_(second_administrator)
    assert "同意，出纸条" in client.get(URL).content.decode()
    answer = client.post(f"{URL}{asked.pk}/approve/")
    assert "一次性密码" in answer.content.decode() and "no-store" in answer["Cache-Control"]
    leader.refresh_from_db()
    assert leader.must_change_password


def test_whoever_asked_is_not_offered_it_and_gets_403(as_, administrator, asked):
    client = as_(administrator)
    assert "同意，出纸条" not in client.get(URL).content.decode()
    assert client.post(f"{URL}{asked.pk}/approve/").status_code == 403


def test_who_comes_second_is_told(as_, second_administrator, asked, now):
    PasswordReset.objects.filter(pk=asked.pk).update(withdrawn_at=now)
    page = as_(second_administrator).post(
        f"{URL}{asked.pk}/approve/", headers={"referer": f"http://testserver{URL}"}, follow=True
    )
    assert "刚才已经有人办了" in page.content.decode()


def test_a_request_can_be_withdrawn(as_, administrator, asked, leader):
    assert as_(administrator).post(f"{URL}{asked.pk}/withdraw/").status_code == 302
    asked.refresh_from_db()
    leader.refresh_from_db()
    assert asked.withdrawn_at and leader.check_password("yigewanmeidemima")


@pytest.mark.parametrize("act", ["approve", "withdraw"])
def test_the_onlooker_gets_403(as_, clerk, asked, act):
    assert as_(clerk).post(f"{URL}{asked.pk}/{act}/").status_code == 403


@pytest.mark.parametrize("act", ["approve", "withdraw"])
def test_links_do_nothing_and_what_is_not_there_is_404(as_, second_administrator, asked, act):
    client = as_(second_administrator)
    assert client.get(f"{URL}{asked.pk}/{act}/").status_code == 405
    assert client.post(f"{URL}999999/{act}/").status_code == 404


def test_the_list_costs_the_same_however_long(as_, clerk, administrator, make_user, now, django_assert_max_num_queries):
    for n in range(30):
        PasswordReset.objects.create(
            user=make_user(f"u{n}", f"人{n}"), asked_by=administrator, reason="x", issued_at=now
        )
    client = as_(clerk)
    client.get(URL)
    with django_assert_max_num_queries(10):
        assert "共 30 条" in client.get(URL).content.decode()


def test_the_list_is_only_looked_at(as_, clerk):
    assert as_(clerk).post(URL).status_code == 405


def test_cadres_do_not_come_in(as_, cadre_account):
    assert as_(cadre_account).get(URL).status_code == 403
