"""One's own mobile number: registered by the office, confirmed by the person with a code."""

from datetime import timedelta

import pytest

from accounts import emails, passwords, phones, sending
from accounts.models import Message, User
from lib.states import WrongState

URL, CONFIRM = "/account/phone/", "/account/phone/confirm/"


@pytest.fixture
def chen(cadre_account, give_mobile):
    give_mobile(cadre_account)
    return cadre_account


@pytest.fixture
def asked(as_, chen, sms_gateway, now):
    """The person asked for a code; the text message went out."""
    client = as_(chen)
    client.post(URL)
    sending.send_due(now + timedelta(minutes=1))
    return client


def the_code(gateway) -> str:
    return gateway.posts[-1].data["text"].partition("验证码 ")[2][:6]


def test_the_code_goes_to_the_number_at_any_hour(asked, sms_gateway):
    assert sms_gateway.posts[0].data["phone"] == "13800138000" and the_code(sms_gateway).isdigit()


def test_the_page_asks_for_it(asked):
    page = asked.get(URL).content.decode()
    assert "验证码" in page and "138****8000" in page and "13800138000" not in page


def test_the_right_code_confirms(asked, chen, sms_gateway):
    assert asked.post(CONFIRM, {"code": the_code(sms_gateway)})["Location"] == "/account/"
    chen.mobile.refresh_from_db()
    assert chen.mobile.confirmed_at and "已经确认" in asked.get(URL).content.decode()


def test_a_wrong_code_confirms_nothing_and_says_so(asked, chen, sms_gateway):
    wrong = "000000" if the_code(sms_gateway) != "000000" else "111111"
    page = asked.post(CONFIRM, {"code": wrong}, headers={"referer": f"http://testserver{URL}"}, follow=True)
    assert "验证码不对" in page.content.decode() and "autocomplete" in page.content.decode()
    chen.mobile.refresh_from_db()
    assert chen.mobile.confirmed_at is None


def test_after_a_slip_it_is_confirmed_again(asked, chen, sms_gateway, now):
    asked.post(CONFIRM, {"code": the_code(sms_gateway)})
    passwords.give_one_time(user=chen, now=now)
    chen = User.objects.get(pk=chen.pk)
    assert chen.confirm_phone and phones.waits(chen)
    phones.confirm(user=chen, typed=the_code(sms_gateway), now=now)
    chen = User.objects.get(pk=chen.pk)
    assert not chen.confirm_phone and not phones.waits(chen)


def test_a_code_for_the_mailbox_does_not_confirm_the_phone(chen, sms_gateway, now):
    with pytest.raises(WrongState):
        phones.confirm(user=chen, typed=emails.codes.digits("email-code", chen, chen.mobile, now.date()), now=now)


def test_guessing_ends_after_ten(asked, chen, sms_gateway, now):
    for _ in range(10):
        with pytest.raises(WrongState, match="不对"):
            phones.confirm(user=chen, typed="x", now=now)
    with pytest.raises(WrongState, match="明天"):
        phones.confirm(user=chen, typed=the_code(sms_gateway), now=now)


def test_asking_again_within_ten_minutes_sends_nothing(chen, sms_gateway, working_time):
    for minutes in (0, 3, 9):
        phones.ask(user=chen, now=working_time + timedelta(minutes=minutes))
    assert Message.objects.filter(kind="phone-code").count() == 1


def test_five_codes_a_day(chen, sms_gateway, working_time):
    for n in range(5):
        phones.ask(user=chen, now=working_time + timedelta(minutes=10 * n))
    with pytest.raises(WrongState, match="明天"):
        phones.ask(user=chen, now=working_time + timedelta(hours=2))


def test_without_a_gateway_the_page_says_so_and_nothing_is_sent(as_, chen):
    client = as_(chen)
    assert "还没有接通" in client.get(URL).content.decode()
    assert client.post(URL).status_code == 302 and not Message.objects.exists()


def test_without_a_number_the_page_says_whom_to_ask(as_, cadre_account, sms_gateway):
    client = as_(cadre_account)
    assert "请物业办登记" in client.get(URL).content.decode()
    client.post(URL)
    assert not Message.objects.exists()


def test_a_number_given_to_another_account_is_confirmed_anew(as_, administrator, chen, make_user, now):
    type(chen.mobile).objects.update(confirmed_at=now)
    inline = {f"grants-{n}": "0" for n in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    client = as_(administrator)
    keep = {"name": "陈国平", "username": "chen", "is_active": "on", **inline}
    client.post(f"/admin/accounts/user/{chen.pk}/change/", {**keep, "mobile_number": "13800138000"})
    chen.mobile.refresh_from_db()
    assert chen.mobile.confirmed_at  # the same number saved again stays confirmed
    client.post(f"/admin/accounts/user/{chen.pk}/change/", {**keep, "mobile_number": ""})
    other = make_user("lin", "林志明")
    given = {"name": "林志明", "username": "lin", "is_active": "on", "mobile_number": "13800138000", **inline}
    client.post(f"/admin/accounts/user/{other.pk}/change/", given)
    assert User.objects.get(pk=other.pk).mobile.confirmed_at is None


def test_nobody_is_led_to_the_door(stranger, db):
    assert stranger.get(URL).status_code == 302 and stranger.post(CONFIRM).status_code == 302


def test_other_methods_are_refused(as_, chen):
    client = as_(chen)
    assert client.put(URL).status_code == 405 and client.get(CONFIRM).status_code == 405
