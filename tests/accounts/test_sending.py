"""The sweeper: once, whatever fails in between."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from accounts import notifications, sending, tasks
from accounts.models import Message

REFUSE: set[str] = set()
BOUNCE: dict[str, int] = {}  # address: SMTP code


class Moody(EmailBackend):
    """A mail server that refuses some addresses."""

    def send_messages(self, messages):
        for message in messages:
            if "*" in REFUSE or REFUSE.intersection(message.to):
                raise SMTPServerDisconnected("421 too busy")
            for to in BOUNCE.keys() & set(message.to):
                raise SMTPRecipientsRefused({to: (BOUNCE[to], b"")})
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def moody(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.accounts.test_sending.Moody"
    REFUSE.clear()
    BOUNCE.clear()
    words = lambda m: notifications.Text(f"给{m.thing.name}", "说的话", "accounts:me")  # noqa: E731
    found = notifications.Kind("测试", words, (), urgent=True)  # at any hour, one by one
    monkeypatch.setitem(notifications.KINDS, "test", found)


@pytest.fixture
def chen(make_user, give_email, now):
    user = make_user("chen", "陈国平")
    give_email(user, "chen@example.cn", confirmed_at=now)
    return user


@pytest.fixture
def waiting(chen, now):
    notifications.tell(chen, "test", about=chen, due=now, now=now)
    return Message.objects.get(channel="email")


def again(message) -> Message:
    message.refresh_from_db()
    return message


def test_what_is_due_goes_out_once(waiting, now):
    assert [sending.send_due(now), sending.send_due(now + timedelta(days=1))] == [1, 0]
    (letter,) = mail.outbox
    assert letter.to == ["chen@example.cn"] and "给陈国平" in letter.subject and "说的话" in letter.body
    assert (again(waiting).state, waiting.sent_at, waiting.tries) == ("sent", now, 1)


def test_the_task_sends(waiting):
    tasks.send_messages()
    assert len(mail.outbox) == 1


def test_what_is_due_later_waits(waiting, now):
    assert sending.send_due(now - timedelta(seconds=1)) == 0 and not mail.outbox


def test_a_refusal_is_tried_again_after_a_while(waiting, now):
    REFUSE.add("*")
    assert sending.send_due(now) == 0
    assert (again(waiting).state, waiting.tries, waiting.next_try) == ("waiting", 1, now + timedelta(minutes=1))
    assert "421" in waiting.error
    REFUSE.clear()
    assert sending.send_due(now + timedelta(seconds=59)) == 0
    assert sending.send_due(now + timedelta(minutes=1)) == 1
    assert again(waiting).state == "sent" and waiting.error == ""


def test_after_five_tries_it_is_given_up_and_the_office_told_once(waiting, chen, clerk, now):
    notifications.tell(chen, "test", about=chen, round=1, due=now, now=now)
    BOUNCE["chen@example.cn"] = 450
    moment = now
    for pause in [timedelta(0), *sending.BACK_OFF]:
        moment += pause
        sending.send_due(moment)
    assert (again(waiting).state, waiting.tries) == ("failed", 5)
    told = Message.objects.filter(kind="messages-failed")
    assert [message.user for message in told] == [clerk] and told[0].channel == "inbox"
    assert "没发成" in notifications.read_texts(list(told))[0].text.subject
    BOUNCE.clear()
    assert sending.send_due(moment + timedelta(days=9)) == 0


def test_an_address_that_is_none_is_not_tried_again(waiting, clerk, now):
    BOUNCE["chen@example.cn"] = 550
    assert sending.send_due(now) == 0
    assert (again(waiting).state, waiting.tries) == ("failed", 1) and "550" in waiting.error
    assert Message.objects.filter(kind="messages-failed", user=clerk).exists()


def test_one_that_fails_does_not_hold_up_the_others(waiting, make_user, give_email, now):
    lin = make_user("lin", "林志明")
    give_email(lin, "lin@example.cn", confirmed_at=now)
    notifications.tell(lin, "test", about=lin, due=now, now=now)
    REFUSE.add("chen@example.cn")
    assert sending.send_due(now) == 1
    assert mail.outbox[0].to == ["lin@example.cn"]


def test_a_text_that_breaks_does_not_hold_up_the_others(waiting, chen, now, monkeypatch):
    monkeypatch.setitem(notifications.KINDS, "broken", notifications.Kind("坏", lambda m: 1 / 0, (), urgent=True))
    notifications.tell(chen, "broken", about=chen, due=now - timedelta(minutes=1), now=now)
    assert sending.send_due(now) == 1


def test_a_claim_that_died_is_taken_up_after_ten_minutes(waiting, now):
    (claimed,) = sending._claim(now)  # and the worker is killed here
    assert claimed.pk == waiting.pk and again(waiting).state == "sending"
    assert sending.send_due(now + timedelta(minutes=9)) == 0
    assert sending.send_due(now + timedelta(minutes=10)) == 1
    assert again(waiting).tries == 2


def test_a_worker_that_was_given_up_does_not_overwrite_its_successor(waiting, now):
    slow = sending._claim(now)
    sending.send_due(now + timedelta(minutes=10))
    sending._note_failure(slow, RuntimeError("too late"), now)
    assert again(waiting).state == "sent"


def test_a_letter_keeps_its_message_id(waiting, now):
    sending._claim(now)  # and the worker is killed, perhaps after the letter had left
    sending.send_due(now + timedelta(minutes=10))
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<message-{waiting.pk}@localhost>"


def test_who_has_no_address_any_more_is_not_written_to(waiting, chen, now):
    chen.email = None
    chen.save()
    assert sending.send_due(now) == 0 and again(waiting).state == "dropped"


def test_an_account_out_of_use_is_not_written_to(waiting, chen, now):
    type(chen).objects.update(is_active=False)
    sending.send_due(now)
    assert again(waiting).state == "dropped" and not mail.outbox


def test_a_thing_that_is_gone_is_not_written_about(chen, now):
    notifications.tell(chen, "test", about=("accounts.user", "999999"), due=now, now=now)
    sending.send_due(now)
    assert Message.objects.get(channel="email").state == "dropped"


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_letter_once(chen, now):
    for n in range(40):
        notifications.tell(chen, "test", about=chen, round=n, due=now, now=now)
    gate, counts = Barrier(4), []

    def work():
        gate.wait()
        counts.append(sending.send_due(now))
        connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert sum(counts) == 40 == len(mail.outbox)
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 40
