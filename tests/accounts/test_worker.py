"""The sweeper through processes that are really killed, and a broker that is really restarted."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import notifications, sending, tasks
from accounts.models import Delivery, Message, PasswordReset
from config.celery import app
from tests import settings as of_tests
from tests import worker as real

pytestmark = pytest.mark.django_db(transaction=True)
SWEEP = """
import django
django.setup()
from django.utils import timezone
from accounts import sending
sending.send_due(timezone.now())
"""


@pytest.fixture
def chen(make_user, give_mobile):
    user = make_user("chen", "陈国平")
    give_mobile(user, confirmed_at=timezone.now())
    return user


@pytest.fixture
def tell(chen, administrator):
    """Something urgent of a kind that every process knows."""

    def tell(number):
        record = PasswordReset.objects.create(
            user=chen, asked_by=administrator, reason="忘了", issued_at=timezone.now()
        )
        notifications.tell(chen, "password-reset", about=record, round=number, now=timezone.now())

    return tell


def sweeper(gateway) -> subprocess.Popen:
    """A process of its own that sweeps once."""
    own = {
        "LINZHI_TEST_DATABASE": connection.settings_dict["NAME"],
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SMS_URL": f"{gateway.url}/v1/sms",
        "SMS_KEY": "geheim",
    }
    return subprocess.Popen([sys.executable, "-c", SWEEP], cwd=real.ROOT, env=os.environ | own)


def test_killed_after_the_gateway_took_it_and_before_it_was_noted(tell, sms_gateway):
    tell(1)
    started = []
    sms_gateway.moods = [lambda: os.kill(started[0].pid, signal.SIGKILL)]
    started.append(sweeper(sms_gateway))
    assert started[0].wait(real.LIMIT) == -signal.SIGKILL
    message = Message.objects.get(channel="sms")
    assert message.state == "sending" and Delivery.objects.get().outcome == "started"
    assert sending.send_due(timezone.now() + timedelta(minutes=9)) == 0  # it may still be alive, for all we know
    assert sending.send_due(timezone.now() + timedelta(minutes=11)) == 1
    first, second = sms_gateway.posts
    assert first.data["id"] == second.data["id"] == second.headers["Idempotency-Key"]
    assert Delivery.objects.perhaps_twice().count() == 1  # the one that may have come twice is counted


def test_killed_twice_there_is_no_third(tell, sms_gateway):
    tell(1)
    for n in range(2):
        Message.objects.update(next_try=timezone.now() - timedelta(minutes=1))
        started = []
        sms_gateway.moods = [lambda started=started: os.kill(started[0].pid, signal.SIGKILL)]
        started.append(sweeper(sms_gateway))
        started[0].wait(real.LIMIT)
        assert len(sms_gateway.posts) == n + 1
    sending.send_due(timezone.now() + timedelta(minutes=30))
    assert len(sms_gateway.posts) == 2 and Message.objects.get(channel="sms").state == "failed"


def test_two_processes_at_once(tell, sms_gateway):
    for number in range(30):
        tell(number)
    both = [sweeper(sms_gateway), sweeper(sms_gateway)]
    assert [process.wait(real.LIMIT) for process in both] == [0, 0]
    numbers = [post.data["id"] for post in sms_gateway.posts]
    assert len(numbers) == len(set(numbers)) == 30
    assert set(Message.objects.filter(channel="sms").values_list("state", flat=True)) == {"sent"}


def test_the_broker_is_restarted_in_between(tell, sms_gateway, tmp_path, monkeypatch):
    for name, value in (("SMS_URL", f"{sms_gateway.url}/v1/sms"), ("SMS_KEY", "geheim")):
        monkeypatch.setenv(name, value)
    before, broker = app.conf.broker_url, real.Broker(tmp_path)
    worker = real.Worker(broker)
    try:
        broker.start()
        worker.start()
        real.send_to(f"{broker.url}/{of_tests.number}")
        tell(1)
        tasks.send_messages.delay()
        real.until(lambda: len(sms_gateway.posts) == 1, "the first text message left")
        broker.stop()
        tell(2)  # it waits in its table; nothing of it is in the broker
        broker.start()
        for _ in range(3):
            tasks.send_messages.delay()
        real.until(lambda: not Message.objects.on_the_way().exists(), "the second left")
        assert len(sms_gateway.posts) == 2
    finally:
        worker.stop()
        broker.stop()
        real.send_to(before)
