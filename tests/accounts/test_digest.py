"""Four or more that wait for one person on one channel leave as one; what has been tried stays as it was."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from accounts import notifications, sending
from accounts.models import Choice, Delivery, Message

FAIL = []


class Failing(EmailBackend):
    def send_messages(self, messages):
        if FAIL:
            raise SMTPServerDisconnected(FAIL[0])
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def failing(settings):
    settings.EMAIL_BACKEND = "tests.accounts.test_digest.Failing"
    settings.EMAIL_HOST = "mail.example.cn"  # connected, as far as the record of delivery knows
    FAIL.clear()


@pytest.fixture
def chen(make_user, give_email, working_time):
    user = make_user("chen", "陈国平")
    give_email(user, "chen@example.cn", confirmed_at=working_time)
    return user


@pytest.fixture
def tell(chen, kind, working_time):
    """``tell(4)``: so many messages that are due now."""
    kind()

    def tell(count, name="test", first=0):
        for n in range(first, first + count):
            notifications.tell(chen, name, about=chen, round=n, due=working_time, now=working_time)

    return tell


@pytest.mark.parametrize(("count", "letters"), [(3, 3), (4, 1), (5, 1)])
def test_more_than_three_leave_as_one(tell, count, letters, working_time):
    tell(count)
    assert sending.send_due(working_time) == count and len(mail.outbox) == letters
    assert Message.objects.filter(channel="email", state="sent").count() == count


def test_a_digest_says_each(tell, working_time):
    tell(5)
    sending.send_due(working_time)
    (letter,) = mail.outbox
    assert "有 5 条通知" in letter.subject and letter.body.count("关于陈国平") == 5


def test_the_number_is_a_rule(tell, a_rule, working_time, today):
    a_rule("notify.digest_from", 1, working_time.date())
    tell(2)
    sending.send_due(working_time)
    assert len(mail.outbox) == 1


def test_what_is_urgent_leaves_by_itself(tell, kind, working_time):
    tell(4)
    tell(1, kind("now", urgent=True))
    sending.send_due(working_time)
    assert len(mail.outbox) == 2


def test_each_persons_own(tell, make_user, give_email, working_time):
    lin = make_user("lin", "林志明")
    give_email(lin, "lin@example.cn", confirmed_at=working_time)
    tell(4)
    notifications.tell(lin, "test", about=lin, due=working_time, now=working_time)
    sending.send_due(working_time)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["chen@example.cn", "lin@example.cn"]
    assert all("林志明" not in letter.body for letter in mail.outbox if letter.to == ["chen@example.cn"])


def test_a_digest_that_failed_leaves_again_as_the_same(tell, working_time):
    tell(4)
    FAIL.append("gone")
    assert sending.send_due(working_time) == 0
    tell(2, first=10)  # came later: not in it
    FAIL.clear()
    later = working_time + timedelta(minutes=1)
    assert sending.send_due(later) == 6
    first = Message.objects.filter(channel="email").earliest("pk")
    keys = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert f"<message-{first.pk}@localhost>" in keys and len(set(keys)) == 3
    assert max(letter.body.count("关于陈国平") for letter in mail.outbox) == 4


def test_one_that_was_tried_alone_never_joins(tell, working_time):
    tell(1)
    FAIL.append("gone")
    sending.send_due(working_time)
    FAIL.clear()
    tell(4, first=10)
    sending.send_due(working_time + timedelta(minutes=1))
    assert len(mail.outbox) == 2


def test_a_worker_that_died_with_a_digest(tell, working_time):
    tell(4)
    sending._claim(working_time)  # and the worker is killed here
    assert sending.send_due(working_time + timedelta(minutes=9)) == 0
    assert sending.send_due(working_time + timedelta(minutes=10)) == 4 and len(mail.outbox) == 1
    assert Delivery.objects.filter(outcome="unclear").count() == 4 == Delivery.objects.perhaps_twice().count()


def test_what_was_switched_off_meanwhile_stays_out(tell, kind, chen, working_time):
    tell(4)
    tell(1, kind("other"))
    Choice.objects.create(user=chen, kind="other", channel="email", wanted=False)
    assert sending.send_due(working_time) == 4
    assert Message.objects.get(kind="other", channel="email").state == "dropped"


def test_a_text_message_names_the_subjects(tell, chen, give_mobile, sms_gateway, working_time):
    give_mobile(chen, confirmed_at=working_time)
    tell(4)
    sending.send_due(working_time)
    (post,) = sms_gateway.posts
    assert "有 4 条通知：关于陈国平；" in post.data["text"]


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_write_one_letter_a_person(make_user, give_email, kind, working_time):
    kind()
    for n in range(10):
        user = make_user(f"u{n}", f"人{n}")
        give_email(user, f"u{n}@example.cn", confirmed_at=working_time)
        for number in range(5):
            notifications.tell(user, "test", about=user, round=number, due=working_time, now=working_time)
    gate, counts = Barrier(4), []

    def work():
        gate.wait()
        counts.append(sending.send_due(working_time))
        connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert sum(counts) == 50 and len(mail.outbox) == 10
    assert len({letter.to[0] for letter in mail.outbox}) == 10
