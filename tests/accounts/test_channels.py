"""怎么通知我: each kind and channel as the person likes, the inbox always."""

from datetime import time

import pytest

from accounts import notifications
from accounts.models import Choice, Message, OwnHours
from accounts.roles import Role

URL = "/account/channels/"


@pytest.fixture
def client(as_, cadre_account):
    return as_(cadre_account)


@pytest.fixture
def reached(cadre_account, give_email, give_mobile, now):
    give_email(cadre_account, "chen@example.cn", confirmed_at=now)
    give_mobile(cadre_account, confirmed_at=now)
    return cadre_account


def ticked(page) -> set[str]:
    return {cell.name for rows in page.context["groups"].values() for row in rows for cell in row.cells if cell.wanted}


def channels_of(user, name, now) -> set[str]:
    notifications.tell(user, name, about=user, due=now, now=now)
    return set(Message.objects.values_list("channel", flat=True))


def test_it_shows_kinds_in_groups_as_registered(client):
    page = client.get(URL)
    assert {"账号", "巡查"} <= page.context["groups"].keys()
    assert {"patrol-reminder:email", "password-reset:sms"} <= ticked(page)
    assert "patrol-reminder:sms" not in ticked(page)


def test_kinds_that_cannot_concern_somebody_are_not_asked(client, as_, administrator):
    assert "工作日历要载入" not in client.get(URL).content.decode()
    assert "工作日历要载入" in as_(administrator).get(URL).content.decode()


def test_codes_are_not_asked(client):
    assert "验证码" not in client.get(URL).content.decode()


def test_what_is_ticked_is_kept(client):
    client.post(URL, {"want": ["patrol-reminder:sms"]})
    assert ticked(client.get(URL)) == {"patrol-reminder:sms"}


def test_what_is_as_registered_needs_no_row(client, cadre_account):
    client.post(URL, {"want": sorted(ticked(client.get(URL)))})
    assert not Choice.objects.exists()


def test_what_nobody_offered_is_not_kept(client):
    client.post(URL, {"want": ["calendar-missing:sms", "nonsense:email", "patrol-reminder:robot"]})
    assert {(c.kind, c.wanted) for c in Choice.objects.all()} <= {
        (name, False) for name in notifications.KINDS
    } and not Choice.objects.filter(kind="calendar-missing").exists()


def test_a_choice_decides_what_is_written(reached, kind, now):
    kind(defaults=frozenset({"email"}))
    Choice.objects.create(user=reached, kind="test", channel="sms", wanted=True)
    Choice.objects.create(user=reached, kind="test", channel="email", wanted=False)
    assert channels_of(reached, "test", now) == {"inbox", "sms"}


def test_without_a_choice_the_registration_decides(reached, kind, now):
    assert channels_of(reached, kind(defaults=frozenset({"email"})), now) == {"inbox", "email"}


def test_an_unconfirmed_number_gets_nothing_whatever_is_ticked(cadre_account, give_mobile, kind, now):
    give_mobile(cadre_account)
    assert channels_of(cadre_account, kind(), now) == {"inbox"}


def test_one_persons_choice_is_not_anothers(reached, make_user, give_email, kind, now):
    lin = make_user("lin", "林志明", Role.CADRE)
    give_email(lin, "lin@example.cn", confirmed_at=now)
    Choice.objects.create(user=reached, kind="test", channel="email", wanted=False)
    assert channels_of(lin, kind(), now) == {"inbox", "email"}


def test_own_hours(client, cadre_account):
    client.post(URL, {"opens": "10:00", "closes": "12:00"})
    own = OwnHours.objects.get(user=cadre_account)
    assert (own.opens, own.closes) == (time(10), time(12)) and 'value="10:00"' in client.get(URL).content.decode()
    client.post(URL, {"opens": "", "closes": ""})
    assert not OwnHours.objects.exists()


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        ("10:00", "", "都写，或者都空着"),
        ("12:00", "10:00", "要早于"),
        ("20:00", "22:00", "重叠一小时"),
        ("17:00", "20:00", "重叠一小时"),
        ("abends", "22:00", "时间"),
    ],
)
def test_hours_that_are_none_are_explained_and_kept(client, opens, closes, words):
    page = client.post(URL, {"opens": opens, "closes": closes, "want": ["patrol-reminder:sms"]})
    said = page.content.decode()
    assert page.status_code == 422 and words in said and f'value="{opens}"' in said
    assert ticked(page) == {"patrol-reminder:sms"} and not OwnHours.objects.exists() and not Choice.objects.exists()


def test_it_says_where_things_go(client, reached):
    page = client.get(URL).content.decode()
    assert "c***@example.cn" in page and "138****8000" in page and "13800138000" not in page


def test_the_page_is_two_queries_more_than_its_frame(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        client.get(URL)


def test_nobody_is_led_to_the_door(stranger, db):
    assert stranger.get(URL).status_code == 302


def test_other_methods_are_refused(client):
    assert client.put(URL).status_code == 405 and client.delete(URL).status_code == 405
