"""The sweeper of the outbox: e-mail that is due goes out, once, whatever dies in between."""

import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.shortcuts import resolve_url

from lib.periods import beijing_date, midnight

from . import notifications
from .models import Message, User
from .roles import Role

log = logging.getLogger("linzhi.sending")

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]  # after the 1st to the 4th failure
TRIES = len(BACK_OFF) + 1
CLAIM = timedelta(minutes=10)  # after that a claim counts as died with its worker
State = Message.State


class Postman:
    """One connection to the mail server for many messages, opened with the first; after an error a new one."""

    def __init__(self):
        self.connection = None

    def __enter__(self) -> "Postman":
        return self

    def __exit__(self, *error) -> None:
        self.hang_up()

    def send(self, mail: EmailMessage) -> None:
        if self.connection is None:
            self.connection = get_connection()
            self.connection.open()
        mail.connection = self.connection
        mail.send()

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def send_due(now: datetime) -> int:
    """Sends what waits and is due; any number of workers may do so at once. Returns how many messages went out.

    Each message is claimed just before it is sent. When a worker dies in between, another takes it up after ten
    minutes; the Message-ID stays the same, so that a mail server which took the first one can drop the second.
    """
    sent = 0
    with Postman() as postman:
        while message := _claim(now):
            sent += _deliver(message, postman, now)
    return sent


@transaction.atomic
def _claim(now: datetime) -> Message | None:
    """Takes one message for this worker; others pass over it."""
    waiting = Message.objects.to_send(now=now).select_for_update(of=("self",), skip_locked=True)
    message = waiting.select_related("user__email", "address").first()
    if message is None:
        return None
    claim = {"state": State.SENDING, "tries": F("tries") + 1, "next_try": now + CLAIM}
    Message.objects.filter(pk=message.pk).update(**claim)
    message.tries += 1
    return message


def _deliver(message: Message, postman: Postman, now: datetime) -> bool:
    try:
        if message.tries > TRIES:
            raise RuntimeError("发信程序几次都在中途停了")
        mail = _mail(message)
        if mail is None:
            return _settle(message, state=State.DROPPED) and False
        postman.send(mail)
    except Exception as error:  # whatever the mail server or a text does, the other messages go out
        log.warning("message %s was not sent: %s", message.pk, error)
        postman.hang_up()
        _put_off(message, error, now)
        return False
    return _settle(message, state=State.SENT, sent_at=now, error="")


def _settle(message: Message, **columns) -> bool:
    """Writes how it ended, unless another worker took over meanwhile."""
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, tries=message.tries)
    return bool(mine.update(**columns))


def _put_off(message: Message, error: Exception, now: datetime) -> None:
    reason = f"{type(error).__name__}: {error}"[:200]
    if message.tries < TRIES:
        _settle(message, state=State.WAITING, next_try=now + BACK_OFF[message.tries - 1], error=reason)
    elif _settle(message, state=State.FAILED, error=reason):
        _tell_office(beijing_date(now), now)


def _mail(message: Message) -> EmailMessage | None:
    """None when there is nobody to write to any more, or nothing to say."""
    to = _address(message)
    notifications.read_texts([message])
    if not to or message.text is None:
        return None
    site = settings.SITE["title"]
    body = f"{message.text.body}\n\n{_link(message.text.url)}\n\n{site}（这封信由系统发出，不用回复）"
    headers = {"Message-ID": f"<message-{message.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"}
    return EmailMessage(f"【{site}】{message.text.subject}", body, to=[to], headers=headers)


def _address(message: Message) -> str:
    if message.address:
        return message.address.value
    user = message.user
    return user.email.value if user.is_active and user.email and user.email.confirmed_at else ""


def _link(url: str) -> str:
    base = settings.SITE["url"]
    return f"打开看：{base}{resolve_url(url)}" if base else "请登录门户查看。"


def _tell_office(day: date, now: datetime) -> None:
    """Once a day, however many failed: a mail server that is down must not fill the inbox."""
    about = ("accounts.message", day.isoformat())
    office = User.objects.with_role(Role.TOWN_HEAD, Role.TOWN_CLERK, Role.ADMINISTRATOR, today=day)
    rows = [notifications.row(user, "messages-failed", about=about, due=midnight(day)) for user in office]
    notifications.tell_many(rows, channels=[Message.Channel.INBOX])


def _failed_text(message: Message) -> notifications.Text:
    body = "试了几次都没发出去。请核对收件人的邮箱，或看看发信设置；要紧的事请打电话告诉本人。"
    return notifications.Text("有邮件没发成", body, resolve_url("admin:accounts_message_changelist") + "?state=failed")


notifications.register("messages-failed", "邮件没发成", _failed_text, related=None)
