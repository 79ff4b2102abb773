"""What the database refuses in the outbox, its record, its lines and what people chose, whatever code runs."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Choice, Delivery, Line, Message, OwnHours, Robot

KEY = "693a91f6-7xxx-4bc4-97a0"


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


@pytest.fixture
def columns(now):
    return {"kind": "test", "about": "accounts.user", "about_key": "1", "due": now, "next_try": now}


@pytest.fixture
def robot(db):
    return Robot.objects.create(name="群", kind="wecom", key=KEY)


@pytest.fixture
def letter(columns, cadre_account):
    return Message.objects.create(**columns, user=cadre_account, channel="email")


def test_a_message_to_a_person_and_a_robot(columns, cadre_account, robot):
    refused(
        "message_one_recipient",
        lambda: Message.objects.create(**columns, user=cadre_account, robot=robot, channel="robot"),
    )


def test_one_message_twice_to_one_robot(columns, robot):
    Message.objects.create(**columns, robot=robot, channel="robot")
    refused("message_once", lambda: Message.objects.create(**columns, robot=robot, channel="robot"))


def test_a_robot_by_mail(columns, robot, cadre_account):
    refused("message_robot_channel", lambda: Message.objects.create(**columns, robot=robot, channel="email"))
    refused("message_robot_channel", lambda: Message.objects.create(**columns, user=cadre_account, channel="robot"))


def test_nobody_notes_that_a_letter_was_read(letter, now):
    refused("message_read_inside_only", lambda: Message.objects.filter(pk=letter.pk).update(read_at=now))


@pytest.mark.parametrize("key", ["", "short", "https://qyapi.weixin.qq.com/x?key=abc", "a" * 15, "693a91f6 7xxx 4bc4"])
def test_a_key_that_is_none(db, key):
    refused("robot_key_shape", lambda: Robot.objects.create(name="群", kind="wecom", key=key))


def test_half_a_scope(robot):
    refused("robot_scope_whole", lambda: Robot.objects.update(label="communities.villagecommittee"))
    refused("robot_scope_whole", lambda: Robot.objects.update(label_key="3"))


def test_a_secret_for_wecom(robot):
    refused("robot_secret_dingtalk", lambda: Robot.objects.update(secret="SECabc"))


def test_two_robots_of_one_name(robot):
    refused("name", lambda: Robot.objects.create(name="群", kind="dingtalk", key=KEY))


def test_one_try_twice(letter, now):
    make = lambda: Delivery.objects.create(message=letter, number=1, channel="email", at=now)  # noqa: E731
    make()
    refused("delivery_once", make)


def test_a_try_into_the_inbox(letter, now):
    refused("delivery_outward", lambda: Delivery.objects.create(message=letter, number=1, channel="inbox", at=now))


def test_a_line_that_is_half_down(db, now):
    refused("line_down_whole", lambda: Line.objects.create(name="sms", down_since=now))
    refused("line_down_whole", lambda: Line.objects.create(name="sms", next_probe=now))


def test_one_line_twice(db):
    Line.objects.create(name="sms")
    refused("name", lambda: Line.objects.create(name="sms"))


def test_one_choice_twice(cadre_account):
    make = lambda: Choice.objects.create(user=cadre_account, kind="test", channel="sms", wanted=True)  # noqa: E731
    make()
    refused("choice_once", make)


@pytest.mark.parametrize("channel", ["inbox", "robot"])
def test_the_inbox_and_groups_are_nobodys_choice(cadre_account, channel):
    refused(
        "choice_outward", lambda: Choice.objects.create(user=cadre_account, kind="test", channel=channel, wanted=False)
    )


@pytest.mark.parametrize("closes", [time(9), time(8)])
def test_hours_the_wrong_way_round(cadre_account, closes):
    refused("own_hours_in_order", lambda: OwnHours.objects.create(user=cadre_account, opens=time(9), closes=closes))
