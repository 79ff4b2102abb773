"""Where one is signed in, and ending it."""

import pytest
from django.test import Client

from accounts import sessions
from accounts.models import SignIn

URL = "/account/devices/"
OTHERS = "/account/devices/end-others/"


def signed_in(username="chen", agent="Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130") -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/account/sign-in/", {"username": username, "password": "yigewanmeidemima"})
    return client


def row_of(client) -> SignIn:
    return SignIn.objects.get(session=client.session.session_key)


def test_each_device_is_named_and_this_one_marked(cadre_account):
    here = signed_in()
    signed_in(agent="Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/8.0 Mobile Safari")
    page = here.get(URL).content.decode()
    assert "电脑 Edge" in page and "手机 微信" in page and page.count("这一台") == 1


def test_ending_a_device_ends_its_session(cadre_account):
    here, there = signed_in(), signed_in()
    assert here.post(f"{URL}{row_of(there).pk}/end/").status_code == 302
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert SignIn.objects.count() == 1


def test_ending_all_others_leaves_this_one(cadre_account):
    here, others = signed_in(), [signed_in() for _ in range(3)]
    here.post(OTHERS)
    assert here.get("/account/").status_code == 200
    assert {other.get("/account/").status_code for other in others} == {302}


def test_a_device_of_somebody_else_is_no_address(cadre_account, make_user):
    make_user("lin", "林志明")
    here, theirs = signed_in(), signed_in("lin")
    assert here.post(f"{URL}{row_of(theirs).pk}/end/").status_code == 404
    assert theirs.get("/account/").status_code == 200


def test_sessions_that_ran_out_are_not_shown_and_forgotten_at_night(cadre_account, now, days_ago):
    here, there = signed_in(), signed_in()
    there.session.get_session_cookie_age()
    SignIn.objects.get(session=there.session.session_key).session.__class__.objects.filter(
        pk=there.session.session_key
    ).update(expire_date=now)
    assert [row.session_id for row in sessions.of(cadre_account)] == [here.session.session_key]
    sessions.clear(now=now)
    assert SignIn.objects.count() == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("", "别的设备"),
        ("curl/8", "别的设备"),
        ("Mozilla/5.0 (Macintosh) Version/17 Safari/605", "电脑 Safari"),
        ("Mozilla/5.0 (Linux; Android 12; HarmonyOS) HuaweiBrowser/15 Mobile Safari", "手机 华为浏览器"),
        ("Mozilla/5.0 (iPad) Version/17 Mobile Safari/605", "平板 Safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko Firefox/128.0", "电脑 Firefox"),
    ],
)
def test_devices_are_named_as_people_name_them(agent, words):
    assert sessions.device_words(agent) == words


@pytest.mark.parametrize("url", [OTHERS, f"{URL}1/end/"])
def test_a_link_ends_nothing(cadre_account, url):
    assert signed_in().get(url).status_code == 405


def test_the_list_is_only_looked_at(cadre_account):
    assert signed_in().post(URL).status_code == 405
