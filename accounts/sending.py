"""The sweeper of the outbox: what is due leaves, once, whatever dies in between.

Any number of workers sweep at once. Each message is claimed just before it is sent and noted as a try; when a worker
dies in between, another takes it up after ten minutes. A letter keeps its key for ever (a Message-ID, an
Idempotency-Key), so that the other side can drop the second one. Text messages are repeated once at most.
"""

import logging
import time
from contextlib import ExitStack, closing
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.shortcuts import resolve_url

from lib.periods import beijing_date, midnight

from . import demo, letters, lines, notifications, quiet
from .channels import Down, Fault, Later, Logged, Refused, Sender, Sent, Unclear, robots
from .channels.mail import Mail
from .channels.robots import Robot as RobotSender
from .channels.sms import Sms
from .models import Channel, Delivery, Line, Message, User

log = logging.getLogger("linzhi.sending")

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]  # after the 1st to the 4th failure
TRIES = len(BACK_OFF) + 1
CLAIM = timedelta(minutes=10)  # after that a claim counts as died with its worker
SWEEP = 240  # seconds; far less than a claim, for its beginning counts from the beginning of the sweep
TOGETHER = 50  # at most so many messages in one digest
UNCLEAR_AT_MOST = {Channel.SMS: 2, Channel.ROBOT: 2}  # e-mail is told apart by its Message-ID
CLAIMING = 4_701_001  # the number of the lock under which claims are made
MINUTE = timedelta(minutes=1)
State, Outcome = Message.State, Delivery.Outcome


def send_due(now: datetime) -> int:
    """Sends what waits, is due and may leave at this hour; returns how many messages went out."""
    quiet.hold_back(now)
    lines.hold_back(now)
    sent, end = 0, time.monotonic() + SWEEP
    with Senders() as senders:
        while time.monotonic() < end and (claimed := _claim(now)):
            sent += _deliver(claimed, senders, now)
    return sent


class Senders:
    """The channels of one sweep, each made when it is first needed."""

    def __enter__(self) -> "Senders":
        self.outward, self.made, self.stack = not demo.is_demo(), {}, ExitStack()
        return self

    def __exit__(self, *error) -> None:
        self.stack.close()

    def of(self, message: Message) -> Sender:
        if message.line not in self.made:
            self.made[message.line] = self.stack.enter_context(closing(self._make(message)))
        return self.made[message.line]

    def _make(self, message: Message) -> Sender:
        if message.channel == Channel.EMAIL:
            return Mail(outward=self.outward)
        if message.channel == Channel.SMS:
            return Sms(outward=self.outward)
        robot = message.robot
        return RobotSender(kind=robot.kind, key=robot.key, secret=robot.secret, outward=self.outward)


# ---------------------------------------------------------------- claiming


@transaction.atomic
def _claim(now: datetime) -> list[Message]:
    """Takes one message for this worker, or all that leave with it as one digest; nothing when nothing is due.

    Claims are made one after the other, so that no two workers share out what belongs into one digest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMING])
    parts = ("user__email", "user__mobile", "address", "robot")
    waiting = _may_leave(now).select_related(*parts).select_for_update(of=("self",), skip_locked=True)
    first = waiting.first()
    if first is None:
        return []
    lines.take_probe(first.line, now=now)
    return _take([first, *_company(first, waiting, now)], parcel=first.parcel or first.pk, now=now)


def _may_leave(now: datetime):
    """What is due, but for lines that rest and robots that have said enough this minute."""
    resting = list(Line.objects.closed(now=now).values_list("name", flat=True))
    said = Delivery.objects.filter(channel=Channel.ROBOT, at__gt=now - MINUTE).values("message__robot")
    tired = said.annotate(count=Count("pk")).filter(count__gte=robots.A_MINUTE).values("message__robot")
    found = Message.objects.to_send(now=now).exclude(robot__isnull=False, robot__in=tired)
    return found.exclude(pk__in=found.on_lines(resting).values("pk")) if resting else found


def _company(first: Message, waiting, now: datetime) -> list[Message]:
    """The messages that leave with a claimed one: those of its earlier digest, or enough new ones for a digest."""
    if first.parcel is not None:
        return list(waiting.filter(parcel=first.parcel).exclude(pk=first.pk))
    urgent = notifications.urgent_kinds()
    if first.user_id is None or first.kind in urgent:
        return []
    same = waiting.filter(user=first.user_id, channel=first.channel, parcel=None).exclude(kind__in=urgent)
    others = list(same.exclude(pk=first.pk)[: TOGETHER - 1])
    return others if len(others) + 1 > quiet.rules().digest_from(beijing_date(now)) else []


def _take(messages: list[Message], *, parcel: int, now: datetime) -> list[Message]:
    """Claims them and notes the try; a try that never ended is one of which nobody knows whether it arrived."""
    keys = [message.pk for message in messages]
    died = Delivery.objects.filter(message__in=keys, outcome=Outcome.STARTED)
    died.update(outcome=Outcome.UNCLEAR, error="发信程序中途停了")
    claim = {"state": State.SENDING, "tries": F("tries") + 1, "next_try": now + CLAIM, "parcel": parcel}
    Message.objects.filter(pk__in=keys).update(**claim)
    for message in messages:
        message.tries, message.parcel = message.tries + 1, parcel
    tries = [Delivery(message=m, number=m.tries, channel=m.channel, at=now) for m in messages]
    Delivery.objects.bulk_create(tries)
    return messages


# ---------------------------------------------------------------- delivering


def _deliver(claimed: list[Message], senders: Senders, now: datetime) -> int:
    """Sends what was claimed, as one letter; whatever happens, the other messages go out. Returns how many left."""
    try:
        _demand_tries(claimed)
        letter, inside, gone = letters.write(claimed)
        _settle(gone, State.DROPPED, Outcome.FAILED, error="不用发了：说的事、收件人或他的选择变了")
        if not inside:
            lines.give_back_probe(claimed[0].line, now=now)
            return 0
        sent = senders.of(claimed[0]).send(letter)
    except Exception as error:  # whatever a channel or a text does
        _note_failure(claimed, error, now)
        if isinstance(error, Fault):
            senders.of(claimed[0]).close()
        return 0
    lines.succeeded(claimed[0].line)
    return _settle_sent(inside, sent, now)


def _demand_tries(claimed: list[Message]) -> None:
    """Raises Refused when there were tries enough."""
    first = claimed[0]
    if first.tries > TRIES and first.address_id is None:
        raise Refused("发信程序几次都在中途停了")
    unclear = Delivery.objects.filter(message=first, outcome=Outcome.UNCLEAR).count()
    if unclear >= UNCLEAR_AT_MOST.get(first.channel, TRIES):
        raise Refused("试了两次都不知道到没到，不再重复发")


def _settle_sent(messages: list[Message], sent: Sent, now: datetime) -> int:
    outcome = Outcome.LOGGED if isinstance(sent, Logged) else Outcome.SENT
    return _settle(messages, State.SENT, outcome, number=sent.number, sent_at=now)


def _settle(messages: list[Message], state: State, outcome: Outcome, *, error="", number="", **columns) -> int:
    """Writes how each ended, unless another worker took it over meanwhile; returns how many were still ours."""
    keys = Q(pk__in=[])
    for message in messages:
        keys |= Q(pk=message.pk, tries=message.tries)
    mine = Message.objects.filter(keys, state=State.SENDING)
    tries = Q(pk__in=[])
    for message in messages:
        tries |= Q(message=message, number=message.tries)
    with transaction.atomic():
        kept = "" if state in (State.SENT, State.DROPPED) else error
        done = mine.update(state=state, error=kept, **columns)
        Delivery.objects.filter(tries).update(outcome=outcome, error=error, gateway_number=number)
    return done


# ---------------------------------------------------------------- what goes wrong


def _note_failure(claimed: list[Message], error: Exception, now: datetime) -> None:
    """A fault of the line counts against the line; a message is put off, or given up when that cannot help."""
    words = str(error) if isinstance(error, Fault) else f"{type(error).__name__}: {error}"
    log.warning("message %s was not sent: %s", claimed[0].pk, words)
    if isinstance(error, (Down, Unclear)):
        lines.failed(claimed[0].line, words, for_good=getattr(error, "for_good", False), now=now)
    else:
        lines.give_back_probe(claimed[0].line, now=now)
    _put_off(claimed, error, words[:200], now)


def _put_off(claimed: list[Message], error: Exception, words: str, now: datetime) -> None:
    outcome = Outcome.UNCLEAR if isinstance(error, Unclear) else Outcome.FAILED
    if _is_tried_again(claimed[0], error, now):
        next_try = now + BACK_OFF[min(claimed[0].tries, len(BACK_OFF)) - 1]
        _settle(claimed, State.WAITING, outcome, error=words, next_try=next_try)
    elif _settle(claimed, State.FAILED, outcome, error=words):
        for message in claimed:
            lines.keep_inside(message)
        _tell_office(now)


def _is_tried_again(message: Message, error: Exception, now: datetime) -> bool:
    """Five times; for a week what goes to an address itself, as long as only the way there is at fault."""
    if isinstance(error, Refused):
        return False
    insists = message.address_id is not None and isinstance(error, (Down, Later)) and message.due > now - lines.INSIST
    return insists or message.tries < TRIES


def _tell_office(now: datetime) -> None:
    """Once a day, however many failed: a mail server that is down must not fill the inbox."""
    day = beijing_date(now)
    about = ("accounts.message", day.isoformat())
    office = User.objects.with_role(*lines.OFFICE_TOLD, today=day)
    rows = [notifications.row(user, "messages-failed", about=about, due=midnight(day)) for user in office]
    notifications.tell_many(rows, channels=[Channel.INBOX])


def _failed_text(message: Message) -> notifications.Text:
    body = "这些话都在各人的站内通知里。请核对收件人的邮箱和手机号，或看看发信设置；要紧的事请打电话告诉本人。"
    return notifications.Text("有通知没发成", body, resolve_url("admin:accounts_message_changelist") + "?state=failed")


notifications.register("messages-failed", "通知没发成", _failed_text, related=None, urgent=True)
