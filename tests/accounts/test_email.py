"""One's own e-mail address: a code shows whose it is before anything is sent there."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts import emails, sending
from accounts.models import Message
from lib.states import WrongState

URL, CONFIRM = "/account/email/", "/account/email/confirm/"


@pytest.fixture
def asked(as_, cadre_account, now):
    """The person typed an address; the letter went out."""
    client = as_(cadre_account)
    client.post(URL, {"email": "Chen@Example.cn"})
    sending.send_due(now + timedelta(minutes=1))
    cadre_account.refresh_from_db()
    return client


def the_code() -> str:
    return mail.outbox[-1].body.partition("验证码 ")[2][:6]


def test_an_address_too_long_is_explained(as_, cadre_account):
    long = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.cn"
    assert as_(cadre_account).post(URL, {"email": long}).status_code == 422


def test_a_code_is_sent_to_the_address_itself(asked):
    assert mail.outbox[0].to == ["chen@example.cn"] and the_code().isdigit()


def test_the_right_code_confirms(asked, cadre_account):
    assert asked.post(CONFIRM, {"code": the_code()})["Location"] == "/account/"
    cadre_account.email.refresh_from_db()
    assert cadre_account.email.confirmed_at


def test_a_wrong_code_confirms_nothing_and_says_so(asked, cadre_account):
    wrong = "000000" if the_code() != "000000" else "111111"
    page = asked.post(CONFIRM, {"code": wrong}, headers={"referer": f"http://testserver{URL}"}, follow=True)
    assert "验证码不对" in page.content.decode()
    cadre_account.email.refresh_from_db()
    assert cadre_account.email.confirmed_at is None


def test_the_code_is_the_persons_alone(asked, make_user, now):
    other = make_user("lin", "林志明")
    emails.ask(user=other, value="chen@example.cn", now=now)
    with pytest.raises(WrongState):
        emails.confirm(user=other, typed=the_code(), now=now)


def test_guessing_ends_after_ten(asked, cadre_account, now):
    good = the_code()
    for _ in range(10):
        with pytest.raises(WrongState, match="不对"):
            emails.confirm(user=cadre_account, typed="x", now=now)
    with pytest.raises(WrongState, match="明天"):
        emails.confirm(user=cadre_account, typed=good, now=now)


def test_asking_twice_in_an_hour_sends_one_letter(asked, now):
    asked.post(URL, {"email": "chen@example.cn"})
    assert Message.objects.filter(kind="email-code").count() == 1


def test_five_addresses_a_day_are_enough(cadre_account, now):
    for n in range(5):
        emails.ask(user=cadre_account, value=f"a{n}@example.cn", now=now)
    with pytest.raises(WrongState, match="明天"):
        emails.ask(user=cadre_account, value="a6@example.cn", now=now)


def test_an_empty_address_ends_the_letters(asked, cadre_account):
    asked.post(URL, {"email": ""})
    cadre_account.refresh_from_db()
    assert cadre_account.email is None


def test_what_is_no_address_is_said_and_kept(as_, cadre_account):
    answer = as_(cadre_account).post(URL, {"email": "chen-example"})
    assert answer.status_code == 422 and "chen-example" in answer.content.decode()


def test_nobody_is_led_to_the_door(stranger, db):
    assert stranger.get(URL).status_code == 302 and stranger.post(CONFIRM).status_code == 302


def test_other_methods_are_refused(as_, cadre_account):
    client = as_(cadre_account)
    assert client.put(URL).status_code == 405 and client.get(CONFIRM).status_code == 405
