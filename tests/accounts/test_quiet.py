"""When messages leave: in the office's hours, in one's own within them, at once when it cannot wait."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail

from accounts import notifications, quiet, sending
from accounts.models import Message, OwnHours
from lib.periods import BEIJING


def at(day, hour, minute=0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BEIJING)


@pytest.fixture
def chen(cadre_account, give_email, now):
    give_email(cadre_account, "chen@example.cn", confirmed_at=now)
    return cadre_account


def waits_until(user, kind, due) -> datetime:
    notifications.tell(user, kind, about=user, due=due, now=due)
    sending.send_due(due)
    return Message.objects.get(channel="email").next_try


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        (at(24, 7), at(24, 8, 30)),  # before the opening
        (at(24, 17, 30), at(25, 8, 30)),  # the closing is outside
        (at(27, 20), at(30, 8, 30)),  # Friday evening
        (at(29, 12), at(30, 8, 30)),  # Sunday
    ],
)
def test_out_of_hours_it_waits(chen, kind, due, leaves):
    assert waits_until(chen, kind(), due) == leaves and not mail.outbox
    assert sending.send_due(leaves - timedelta(seconds=1)) == 0 and sending.send_due(leaves) == 1


@pytest.mark.parametrize("due", [at(24, 8, 30), at(24, 17, 29)])
def test_in_hours_it_leaves(chen, kind, due):
    waits_until(chen, kind(), due)
    assert len(mail.outbox) == 1


def test_what_is_urgent_leaves_at_night(chen, kind):
    waits_until(chen, kind(urgent=True), at(29, 3))
    assert len(mail.outbox) == 1


def test_the_inbox_never_waits(chen, kind):
    waits_until(chen, kind(), at(29, 3))
    assert Message.objects.inbox(chen, now=at(29, 3)).count() == 1


@pytest.mark.parametrize(
    ("due", "leaves"), [(at(24, 9), at(24, 10)), (at(24, 12), at(25, 10)), (at(27, 15), at(30, 10))]
)
def test_own_hours_within_the_offices(chen, kind, due, leaves):
    OwnHours.objects.create(user=chen, opens=time(10), closes=time(12))
    assert waits_until(chen, kind(), due) == leaves and not mail.outbox


def test_own_hours_do_not_open_the_night(chen, kind):
    OwnHours.objects.create(user=chen, opens=time(6), closes=time(12))
    assert waits_until(chen, kind(), at(24, 6, 30)) == at(24, 8, 30)


def test_own_hours_that_a_new_rule_has_left_behind_are_passed_over(chen):
    evening = OwnHours(opens=time(20), closes=time(22))
    assert quiet.next_moment(at(24, 10), evening) == at(24, 10)


def test_one_persons_hours_hold_up_nobody_else(chen, kind, make_user, give_email, now):
    lin = make_user("lin", "林志明")
    give_email(lin, "lin@example.cn", confirmed_at=now)
    OwnHours.objects.create(user=chen, opens=time(14), closes=time(16))
    notifications.tell(lin, kind(), about=lin, due=at(24, 10), now=now)
    notifications.tell(chen, "test", about=chen, due=at(24, 10), now=now)
    assert sending.send_due(at(24, 10)) == 1 and mail.outbox[0].to == ["lin@example.cn"]


def test_new_hours_are_looked_at_at_once(chen, kind):
    OwnHours.objects.create(user=chen, opens=time(14), closes=time(16))
    waits_until(chen, kind(), at(24, 10))
    quiet.set_own(user=chen, opens=None, closes=None)
    assert sending.send_due(at(24, 10, 5)) == 1
