"""Telling: a row for each channel, once a key, many in one statement."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts import notifications
from accounts.models import Message, User


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    found = notifications.Kind("测试", lambda m: notifications.Text("话", "说", "accounts:me"), ())
    monkeypatch.setitem(notifications.KINDS, "test", found)


def channels() -> list[str]:
    return sorted(Message.objects.values_list("channel", flat=True))


def test_the_inbox_is_told_always(cadre_account, now):
    assert notifications.tell(cadre_account, "test", about=cadre_account, now=now) == 1
    message = Message.objects.get()
    assert (message.channel, message.state, message.due, message.about_key) == (
        "inbox",
        "sent",
        now,
        str(cadre_account.pk),
    )


def test_a_confirmed_address_is_written_to(cadre_account, give_email, now):
    give_email(cadre_account, "chen@example.cn", confirmed_at=now)
    notifications.tell(cadre_account, "test", about=cadre_account, now=now)
    assert channels() == ["email", "inbox"]
    assert Message.objects.get(channel="email").state == "waiting"


def test_an_unconfirmed_address_is_not(cadre_account, give_email, now):
    give_email(cadre_account, "chen@example.cn")
    notifications.tell(cadre_account, "test", about=cadre_account, now=now)
    assert channels() == ["inbox"]


def test_a_channel_can_be_chosen(cadre_account, give_email, now):
    give_email(cadre_account, "chen@example.cn", confirmed_at=now)
    notifications.tell(cadre_account, "test", about=cadre_account, channels=["inbox"], now=now)
    assert channels() == ["inbox"]


def test_the_second_time_with_the_same_key_does_nothing(cadre_account, give_email, now):
    give_email(cadre_account, "chen@example.cn", confirmed_at=now)
    told = [
        notifications.tell(cadre_account, "test", about=cadre_account, due=now, now=now + timedelta(hours=n))
        for n in range(3)
    ]
    assert told == [2, 0, 0]


def test_another_round_or_another_moment_is_another_telling(cadre_account, now):
    notifications.tell(cadre_account, "test", about=cadre_account, due=now, now=now)
    assert notifications.tell(cadre_account, "test", about=cadre_account, round=1, due=now, now=now) == 1
    assert notifications.tell(cadre_account, "test", about=cadre_account, due=now + timedelta(1), now=now) == 1


def test_a_kind_nobody_registered_is_a_mistake_of_the_program(cadre_account, now):
    with pytest.raises(KeyError, match="nonsense"):
        notifications.tell(cadre_account, "nonsense", about=cadre_account, now=now)


def test_ten_thousand_rows_are_few_statements(db, now, django_assert_max_num_queries):
    users = User.objects.bulk_create(User(username=f"u{n}", name=f"人{n}", password="!") for n in range(10_000))
    rows = [notifications.row(user, "test", about=user, due=now) for user in users]
    with django_assert_max_num_queries(5):
        assert notifications.tell_many(rows) == 10_000
        assert notifications.tell_many(rows) == 0


def test_nothing_to_tell_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert notifications.tell_many([]) == 0


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_tell_once(make_user, now):
    user, gate, told = make_user("chen", "陈国平"), Barrier(8), []

    def tell():
        gate.wait()
        told.append(notifications.tell(user, "test", about=user, due=now, now=now))
        connection.close()

    threads = [Thread(target=tell) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(told) == [0] * 7 + [1]
