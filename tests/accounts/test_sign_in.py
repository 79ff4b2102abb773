"""The door: user name or mobile number, wrong passwords, lockout, slips."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts import passwords, sign_in
from accounts.models import Address, SignIn

PASSWORD = "yigewanmeidemima"
URL = "/account/sign-in/"


@pytest.fixture
def chen(make_user):
    user = make_user("chen", "陈国平")
    user.mobile = Address.objects.create(kind="phone", value="13800138000")
    user.save()
    return user


def sign_in_as(client, username, password=PASSWORD, headers=None, **others):
    return client.post(URL, {"username": username, "password": password, **others}, headers=headers)


def is_signed_in(client) -> bool:
    return SESSION_KEY in client.session


def test_the_page_asks_for_name_and_password(stranger, db):
    page = stranger.get(URL).content.decode()
    assert "用户名或手机号" in page and "以演示身份进入" not in page


def test_a_user_name_opens_the_door(stranger, chen):
    answer = sign_in_as(stranger, "chen")
    assert answer.status_code == 302 and answer["Location"] == reverse("portal:home")
    assert is_signed_in(stranger)


@pytest.mark.parametrize("typed", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００"])
def test_a_mobile_number_opens_it_too_however_spaced(stranger, chen, typed):
    sign_in_as(stranger, typed)
    assert is_signed_in(stranger)


def test_a_user_name_that_looks_like_a_number_comes_first(stranger, chen, make_user):
    other = make_user("13800138000", "别人")
    assert sign_in.find("13800138000") == other


def test_a_wrong_password_keeps_the_name_and_does_not_tell_who_exists(stranger, chen):
    wrong, nobody = sign_in_as(stranger, "chen", "错的密码错的密码"), sign_in_as(stranger, "meiyou")
    for answer in (wrong, nobody):
        assert answer.status_code == 422 and sign_in.WRONG in answer.content.decode()
    assert 'value="chen"' in wrong.content.decode()
    assert "错的密码" not in wrong.content.decode()


def test_nothing_typed_is_said_at_the_field(stranger, db):
    assert sign_in_as(stranger, "", "").status_code == 422


def test_an_account_out_of_use_is_refused_like_a_wrong_password(stranger, chen):
    chen.is_active = False
    chen.save()
    assert sign_in.WRONG in sign_in_as(stranger, "chen").content.decode()
    assert not is_signed_in(stranger)


def test_an_account_put_out_of_use_is_out_at_once(as_, chen):
    client = as_(chen)
    assert client.get("/account/").status_code == 200
    type(chen).objects.filter(pk=chen.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302


def test_one_goes_where_one_wanted_to_go(stranger, chen):
    assert sign_in_as(stranger, "chen", next="/account/inbox/")["Location"] == "/account/inbox/"


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "https:evil"])
def test_but_never_out_of_the_portal(stranger, chen, bad):
    assert sign_in_as(stranger, "chen", next=bad)["Location"] == reverse("portal:home")


def test_a_page_that_asks_for_a_sign_in_is_returned_to(stranger, chen):
    asked = stranger.get("/account/inbox/")
    assert asked["Location"] == f"{URL}?next=/account/inbox/"
    assert 'name="next" value="/account/inbox/"' in stranger.get(asked["Location"]).content.decode()


def test_a_button_pressed_too_late_leads_back_to_its_page(stranger, db):
    page = "http://testserver/account/devices/"
    asked = stranger.post("/account/devices/end-others/", headers={"Referer": page})
    assert unquote(asked["Location"]) == f"{URL}?next={page}"
    elsewhere = stranger.post("/account/devices/end-others/", headers={"Referer": "https://evil.example/"})
    assert elsewhere["Location"] == f"{URL}?next=/"


def test_what_somebody_signed_in_sees_no_proxy_keeps(stranger, as_, chen):
    assert as_(chen).get("/account/")["Cache-Control"] == "private, no-cache"
    assert "Cache-Control" not in stranger.get("/")


def test_the_session_gets_a_new_key(stranger, chen):
    stranger.get(URL)
    session = stranger.session
    session["before"] = 1
    session.save()
    stranger.cookies["sessionid"] = session.session_key
    sign_in_as(stranger, "chen")
    assert stranger.session.session_key != session.session_key


def test_the_device_is_noted(client, chen):
    phone = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    client.post(URL, {"username": "chen", "password": PASSWORD}, headers={"user-agent": phone})
    assert SignIn.objects.get(user=chen).device == "手机 Chrome"


def test_six_wrong_passwords_lock_the_name_at_this_address(stranger, chen):
    for _ in range(5):
        assert sign_in_as(stranger, "chen", "cuocuocuocuo").status_code == 422
    locked = sign_in_as(stranger, "chen", "cuocuocuocuo")
    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode() and "站长" in locked.content.decode()
    assert sign_in_as(stranger, "chen").status_code == 429, "the right password does not help now"
    assert not is_signed_in(stranger)


def test_wrong_passwords_are_kept_for_the_law_also_after_a_right_one(stranger, chen):
    sign_in_as(stranger, "chen", "cuocuocuocuo")
    sign_in_as(stranger, "chen")
    assert AccessFailureLog.objects.get().username == AccessLog.objects.get().username == "chen"


def test_six_spellings_of_one_name_are_six_tries(stranger, chen):
    for typed in ("chen", " chen", "ｃｈｅｎ", "13800138000", "138 0013 8000"):
        assert sign_in_as(stranger, typed, "cuocuocuocuo").status_code == 422
    assert sign_in_as(stranger, "+86 138-0013-8000", "cuocuocuocuo").status_code == 429
    assert sign_in_as(stranger, "chen").status_code == 429


@pytest.mark.parametrize("behind, locked", [(True, False), (False, True)])
def test_behind_a_proxy_a_stranger_cannot_lock_somebody_out(stranger, chen, settings, behind, locked):
    """Only the address that the town's own proxy added counts; without one the header is nobody's word."""
    settings.BEHIND_PROXY = behind
    for _ in range(6):
        sign_in_as(stranger, "chen", "cuocuocuocuo", headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7"})
    mine = sign_in_as(stranger, "chen", headers={"X-Forwarded-For": "203.0.113.7, 198.51.100.9"})
    assert (mine.status_code == 429) == locked


def test_others_at_the_same_address_are_not_locked_out(stranger, chen, make_user):
    make_user("lin", "林志明")
    for _ in range(6):
        sign_in_as(stranger, "chen", "cuocuocuocuo")
    assert sign_in_as(stranger, "lin").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(stranger, chen):
    for _ in range(5):
        sign_in_as(stranger, "chen", "cuocuocuocuo")
    assert sign_in_as(stranger, "chen").status_code == 302
    stranger.post("/account/sign-out/")
    assert sign_in_as(stranger, "chen", "cuocuocuocuo").status_code == 422


def test_a_slip_is_worth_24_hours(stranger, chen, now):
    password = passwords.give_one_time(user=chen, now=now - timedelta(hours=23, minutes=59))
    assert sign_in_as(stranger, "chen", password).status_code == 302


def test_and_not_a_minute_more(stranger, chen, now):
    password = passwords.give_one_time(user=chen, now=now - timedelta(hours=24))
    refused = sign_in_as(stranger, "chen", password)
    assert refused.status_code == 422 and sign_in.SLIP_OVER in refused.content.decode()
    assert not is_signed_in(stranger)


def test_who_has_no_slip_is_not_told_that_it_is_over(stranger, chen, now):
    passwords.give_one_time(user=chen, now=now - timedelta(hours=24))
    assert sign_in.SLIP_OVER not in sign_in_as(stranger, "chen", "cuocuocuocuo").content.decode()


def test_other_methods_are_refused(stranger, db):
    assert stranger.put(URL).status_code == 405


def test_looking_writes_nothing(stranger, chen):
    stranger.get(URL)
    assert not SignIn.objects.exists() and not Session.objects.exists()
