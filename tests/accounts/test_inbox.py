"""The inbox: one's own messages, unread marked, opened by a deed."""

from datetime import timedelta

import pytest

from accounts import notifications
from accounts.models import Message

URL = "/account/inbox/"


@pytest.fixture
def kind(monkeypatch):
    """A kind of message that is about an account and says its name."""
    found = notifications.Kind(
        "测试", lambda m: notifications.Text(f"关于{m.thing.name}", "去看看", "accounts:devices"), ()
    )
    monkeypatch.setitem(notifications.KINDS, "test", found)
    return "test"


@pytest.fixture
def told(kind, cadre_account, now):
    notifications.tell(cadre_account, kind, about=cadre_account, now=now - timedelta(minutes=1))
    return Message.objects.get(channel="inbox")


def test_a_message_says_what_it_is_about(as_, cadre_account, told):
    page = as_(cadre_account).get(URL).content.decode()
    assert "关于陈国平" in page and "去看看" in page and "没看" in page


def test_opening_marks_it_read_and_leads_to_the_thing(as_, cadre_account, told):
    client = as_(cadre_account)
    assert client.post(f"{URL}{told.pk}/")["Location"] == "/account/devices/"
    told.refresh_from_db()
    assert told.read_at and "没看" not in client.get(URL).content.decode()


def test_opening_again_keeps_the_first_time(as_, cadre_account, told):
    client = as_(cadre_account)
    client.post(f"{URL}{told.pk}/")
    first = Message.objects.get(pk=told.pk).read_at
    client.post(f"{URL}{told.pk}/")
    assert Message.objects.get(pk=told.pk).read_at == first


def test_all_can_be_marked_at_once(as_, cadre_account, kind, now):
    for n in range(3):
        notifications.tell(cadre_account, kind, about=cadre_account, round=n, now=now - timedelta(minutes=1))
    assert notifications.unread_count(cadre_account, now=now) == 3
    as_(cadre_account).post("/account/inbox/read/")
    assert notifications.unread_count(cadre_account, now=now) == 0


def test_somebody_elses_message_is_no_address(as_, make_user, told, clerk):
    for other in (make_user("lin", "林志明"), clerk):
        client = as_(other)
        assert "关于陈国平" not in client.get(URL).content.decode()
        assert client.post(f"{URL}{told.pk}/").status_code == 404
        client.post("/account/inbox/read/")
    told.refresh_from_db()
    assert told.read_at is None


def test_what_is_due_later_is_not_there_yet(as_, cadre_account, kind, now):
    notifications.tell(cadre_account, kind, about=cadre_account, due=now + timedelta(hours=1), now=now)
    assert "没有通知" in as_(cadre_account).get(URL).content.decode()
    assert notifications.unread_count(cadre_account, now=now) == 0
    assert notifications.unread_count(cadre_account, now=now + timedelta(hours=1)) == 1


def test_a_thing_that_is_gone_leaves_a_sentence(as_, cadre_account, kind, now):
    notifications.tell(cadre_account, kind, about=("accounts.user", "999999"), now=now - timedelta(minutes=1))
    client = as_(cadre_account)
    assert "已经不在了" in client.get(URL).content.decode()
    assert client.post(f"{URL}{Message.objects.get().pk}/")["Location"] == URL


def test_a_kind_nobody_knows_any_more_does_no_harm(as_, cadre_account, told, monkeypatch):
    monkeypatch.delitem(notifications.KINDS, "test")
    assert as_(cadre_account).get(URL).status_code == 200


def test_a_page_holds_25_and_costs_the_same_however_many(
    as_, cadre_account, kind, make_user, now, django_assert_max_num_queries
):
    for n in range(30):
        about = make_user(f"u{n}", f"人{n}")
        notifications.tell(cadre_account, kind, about=about, now=now - timedelta(minutes=n + 1))
    client = as_(cadre_account)
    client.get(URL)
    with django_assert_max_num_queries(12):
        page = client.get(URL).content.decode()
    assert page.count("关于人") == 25 and "共 30 条" in page
    assert client.get(f"{URL}?page=2").content.decode().count("关于人") == 5


def test_the_unread_count_is_one_query(cadre_account, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        notifications.unread_count(cadre_account, now=now)


def test_looking_marks_nothing(as_, cadre_account, told):
    as_(cadre_account).get(URL)
    told.refresh_from_db()
    assert told.read_at is None


def test_wrong_methods_are_refused(as_, cadre_account, told):
    client = as_(cadre_account)
    assert client.post(URL).status_code == 405
    assert client.get(f"{URL}{told.pk}/").status_code == 405
    assert client.get("/account/inbox/read/").status_code == 405


def test_nobody_is_led_to_the_door(stranger, db):
    assert stranger.get(URL)["Location"].startswith("/account/sign-in/")
