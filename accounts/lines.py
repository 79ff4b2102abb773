"""How the ways outward do. One that fails five times in a row, or for good, rests; then one message tries it.

While it rests nothing is lost: every message to a person stands in the inbox, and the office is told once a day.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse

from lib.periods import beijing_date, midnight
from lib.text import day_words

from . import notifications
from .models import Channel, Line, Message, Robot, User
from .roles import Role

IN_A_ROW = 5
PAUSES = [timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240)]  # after the 5th, 6th, … failure
PROBE = timedelta(minutes=10)  # as long as one message tries it, no other does
PATIENCE = timedelta(days=1)  # what waited longer on a line that is down stays in the inbox
INSIST = timedelta(days=7)  # so long is tried what goes to an address itself, behind which no inbox stands
OFFICE_TOLD = (Role.TOWN_HEAD, Role.TOWN_CLERK, Role.ADMINISTRATOR)
KIND = "channel-down"


def succeeded(name: str) -> None:
    """A message went through: whatever was, the line works."""
    Line.objects.filter(name=name).exclude(failures=0).update(failures=0, down_since=None, next_probe=None, error="")


@transaction.atomic
def failed(name: str, why: str, *, for_good: bool, now: datetime) -> None:
    """Notes a failure of the line itself; the fifth in a row, or one for good, makes it rest and tells the office."""
    Line.objects.get_or_create(name=name)
    line = Line.objects.select_for_update().get(name=name)
    line.failures, line.error = line.failures + 1, why[:200]
    if for_good or line.failures >= IN_A_ROW:
        line.down_since = line.down_since or now
        line.next_probe = now + _pause(line.failures)
        _tell_office(line, now)
    line.save()


def _pause(failures: int) -> timedelta:
    return PAUSES[min(max(failures - IN_A_ROW, 0), len(PAUSES) - 1)]


def take_probe(name: str, *, now: datetime) -> None:
    """A line that is down and has rested is tried by one message; the others go on waiting."""
    Line.objects.down().filter(name=name).update(next_probe=now + PROBE)


def give_back_probe(name: str, *, now: datetime) -> None:
    """The message that was to try the line did not get as far as it."""
    Line.objects.down().filter(name=name).update(next_probe=now)


def hold_back(now: datetime) -> None:
    """Messages of a line that rests wait until it is tried; after a day they stay in the inbox alone, those to people
    without an account after a week.
    """
    for line in Line.objects.down():
        waiting = Message.objects.on_the_way().on_lines([line.name]).filter(state=Message.State.WAITING)
        if line.down_since < now - PATIENCE:
            kept = waiting.filter(address=None, due__lt=now - PATIENCE)
            fall_back(kept, why="这个渠道停了一天多，只留在站内")
            fall_back(waiting.filter(due__lt=now - INSIST), why="这个渠道停了一周多，没有发出去")
        if line.next_probe > now:
            waiting.filter(next_try__lt=line.next_probe).update(next_try=line.next_probe)


def fall_back(messages, *, why: str) -> None:
    """Gives messages up; each person finds theirs in the inbox."""
    for message in messages:
        keep_inside(message)
    messages.update(state=Message.State.FAILED, error=why)


def keep_inside(message: Message) -> None:
    """The same message in the inbox, if it is not there; what goes to an address or a group has no inbox."""
    if message.user_id:
        row = notifications.Row(*(getattr(message, name) for name in ("kind", "user_id", *_KEY)))
        notifications.tell_many([row], channels=[Channel.INBOX])


_KEY = ("about", "about_key", "round", "due")

# ---------------------------------------------------------------- for the office


class DownLine(NamedTuple):
    label: str
    since: datetime
    error: str
    waiting: int


def down() -> list[DownLine]:
    """The ways outward that do not work now, with how many messages wait for them; for the office's desk."""
    lines = Line.objects.down().order_by("down_since")
    return [DownLine(label(line.name), line.down_since, line.error, _waiting(line.name)) for line in lines]


def down_for(user: User) -> list[DownLine]:
    """`down` for those who look after the channels; nothing for everybody else."""
    return [] if user.roles.isdisjoint(OFFICE_TOLD) else down()


def _waiting(name: str) -> int:
    return Message.objects.on_the_way().on_lines([name]).count()


def label(name: str) -> str:
    """短信, or 群机器人 城东社区物管群."""
    if name in Channel.values:
        return Channel(name).label
    robot = Robot.objects.filter(pk=name.partition("-")[2]).first()
    return f"群机器人“{robot}”"


def _tell_office(line: Line, now: datetime) -> None:
    """Once a channel and day."""
    day = beijing_date(now)
    office = User.objects.with_role(*OFFICE_TOLD, today=day)
    about = ("accounts.line", line.name)
    rows = [notifications.row(user, KIND, about=about, due=midnight(day)) for user in office]
    notifications.tell_many(rows, channels=[Channel.INBOX])


def _down_text(message: Message) -> notifications.Text:
    line = Line.objects.filter(name=message.about_key).first()
    name, day = label(message.about_key), day_words(beijing_date(message.due))
    url = reverse("admin:accounts_line_changelist")
    if line is None or line.down_since is None:
        return notifications.Text(f"{name}又通了", f"{day}断过，现在好了，不用再做什么。", url)
    body = "等着发的都在各人的站内通知里。系统过一会儿自己再试；一直不通，请管理员核对设置，要紧的事打电话。"
    return notifications.Text(f"{name}发不出去", f"原因：{line.error}。{body}", url)


notifications.register(KIND, "渠道断了", _down_text, related=None, defaults=())
