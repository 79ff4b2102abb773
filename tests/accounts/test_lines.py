"""A way outward that is down rests, is tried carefully, loses nothing, and the office hears of it once a day."""

from datetime import timedelta

import pytest

from accounts import lines, notifications, sending
from accounts.models import Delivery, Line, Message

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def people(make_user, give_mobile, now):
    """Ten people with confirmed numbers."""
    users = [make_user(f"u{n}", f"人{n}") for n in range(10)]
    for n, user in enumerate(users):
        give_mobile(user, f"1380013800{n}", confirmed_at=now)
    return users


@pytest.fixture
def told(people, kind, now):
    """One urgent text message each, due now."""
    name = kind(urgent=True)
    notifications.tell_many([notifications.row(user, name, about=user, due=now) for user in people])


def states() -> dict[str, int]:
    found = list(Message.objects.filter(channel="sms").values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def test_five_failures_in_a_row_and_it_rests(told, sms_gateway, now):
    sms_gateway.moods = [500] * 5
    assert sending.send_due(now) == 0
    assert len(sms_gateway.posts) == 5 and states() == {"waiting": 10}
    assert sending.send_due(now + 14 * MINUTE) == 0 and len(sms_gateway.posts) == 5


def test_four_and_it_goes_on(told, sms_gateway, now):
    sms_gateway.moods = [500] * 4
    assert sending.send_due(now) == 6 and not lines.down()


def test_then_one_message_tries_it_and_the_others_follow(told, sms_gateway, now):
    sms_gateway.moods = [500] * 5
    sending.send_due(now)
    assert sending.send_due(now + 15 * MINUTE) == 10 and not lines.down()
    assert Line.objects.get().failures == 0


def test_the_one_that_fails_makes_it_rest_for_longer(told, sms_gateway, now):
    sms_gateway.moods = [500] * 6
    sending.send_due(now)
    assert sending.send_due(now + 15 * MINUTE) == 0 and len(sms_gateway.posts) == 6
    assert sending.send_due(now + 44 * MINUTE) == 0 and len(sms_gateway.posts) == 6
    sending.send_due(now + 45 * MINUTE)
    assert len(sms_gateway.posts) > 6


def test_while_one_tries_it_no_other_worker_does(told, sms_gateway, now):
    sms_gateway.moods = [500] * 5
    sending.send_due(now)
    later = now + 15 * MINUTE
    assert len(sending._claim(later)) == 1 and sending._claim(later) == []


def test_a_wrong_key_is_enough(told, sms_gateway, now):
    sms_gateway.moods = [401]
    sending.send_due(now)
    assert len(sms_gateway.posts) == 1 and "key" in lines.down()[0].error


def test_a_wrong_number_is_no_fault_of_the_line(told, sms_gateway, now):
    sms_gateway.moods = [400] * 7
    assert sending.send_due(now) == 3
    assert states() == {"failed": 7, "sent": 3} and not lines.down()


def test_the_office_is_told_once_a_channel_and_day(told, people, sms_gateway, clerk, now):
    sms_gateway.moods = [401] * 50
    for quarter in range(3):
        sending.send_due(now + quarter * 15 * MINUTE)
    told = Message.objects.filter(kind="channel-down")
    days = {message.due for message in told}
    assert {(m.user, m.channel) for m in told} == {(clerk, "inbox")} and told.count() == len(days)
    assert "短信发不出去" in notifications.read_texts([told[0]])[0].text.subject
    again = now + DAY + 5 * 60 * MINUTE
    notifications.tell(people[0], "test", about=clerk, due=again, now=again)
    sending.send_due(again)
    assert Message.objects.filter(kind="channel-down").count() == len(days) + 1


def test_afterwards_the_words_say_that_it_works_again(told, sms_gateway, clerk, now):
    sms_gateway.moods = [401]
    sending.send_due(now)
    sending.send_due(now + 15 * MINUTE)
    (message,) = notifications.read_texts(list(Message.objects.filter(kind="channel-down")))
    assert "又通了" in message.text.subject


def test_what_waited_a_day_stays_in_the_inbox(told, people, sms_gateway, now):
    sms_gateway.moods = [401] * 500
    sending.send_due(now)
    sending.send_due(now + DAY + MINUTE)
    assert states() == {"failed": 10}
    assert all(Message.objects.inbox(user, now=now).exists() for user in people)


def test_what_was_told_on_one_channel_alone_gets_its_row_in_the_inbox(people, kind, sms_gateway, now):
    user = people[0]
    notifications.tell(user, kind(urgent=True), about=user, due=now, channels=["sms"], now=now)
    sms_gateway.moods = [400]
    sending.send_due(now)
    assert Message.objects.inbox(user, now=now).get().kind == "test"


def test_a_text_message_is_repeated_once_at_most_and_counted(people, kind, sms_gateway, now):
    user = people[0]
    notifications.tell(user, kind(urgent=True), about=user, due=now, now=now)
    sms_gateway.moods = ["drop"] * 5  # it took each, and died before it answered
    moment = now
    for pause in [timedelta(0), *sending.BACK_OFF]:
        moment += pause
        sending.send_due(moment)
    assert len(sms_gateway.posts) == 2 and len({post.data["id"] for post in sms_gateway.posts}) == 1
    assert Delivery.objects.perhaps_twice().count() == 1
    assert Message.objects.get(channel="sms").state == "failed"


def test_the_desk_says_what_is_down_and_how_much_waits(told, sms_gateway, as_, clerk, now):
    sms_gateway.moods = [401]
    sending.send_due(now)
    (line,) = lines.down()
    assert (line.label, line.waiting) == ("短信", 10)
    assert "短信发不出去" in as_(clerk).get("/office/").content.decode()


def test_the_desk_of_a_station_does_not(told, sms_gateway, as_, station_head, now):
    sms_gateway.moods = [401]
    sending.send_due(now)
    assert "短信发不出去" not in as_(station_head).get("/office/").content.decode()
