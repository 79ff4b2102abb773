"""What a person must be told: rows in the outbox, written in the transaction of their cause, sent by a sweeper.

Each room registers its kinds at start (`register`), so that this module imports none of them. The text is made when
a message is read or sent, from the thing it is about, and never stored.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Model

from .models import Address, Message, User


class Text(NamedTuple):
    """What a message says. ``url`` is a path or the name of an address without arguments."""

    subject: str
    body: str
    url: str


class Row(NamedTuple):
    """One thing to tell one person; the outbox holds each such row once a channel."""

    kind: str
    user: int
    about: str
    about_key: str
    round: int
    due: datetime

    @property
    def thing(self) -> tuple:
        """What is told, whoever is told it."""
        return self.kind, self.about, self.about_key, self.round, self.due


@dataclass(frozen=True)
class Kind:
    title: str
    text: Callable[[Message], Text]
    related: Sequence[str] | None


KINDS: dict[str, Kind] = {}


def register(kind: str, title: str, text: Callable[[Message], Text], *, related: Sequence[str] | None = ()) -> None:
    """Makes a kind of message known, once at start.

    Args:
        kind: its name, for instance ``"notice-received"``.
        title: what it is called in lists.
        text: makes subject, body and address from a message; ``message.thing`` is the row it is about.
        related: paths of ``select_related`` that the text needs; None when the message is not about a row.
    """
    KINDS[kind] = Kind(title, text, related)


# ---------------------------------------------------------------- telling


def row(user: User | int, kind: str, *, about: Model | tuple[str, str], round: int = 0, due: datetime) -> Row:
    """A row for `tell_many`; ``about`` is a row of any table, or a label and a key."""
    label, key = about if isinstance(about, tuple) else (about._meta.label_lower, str(about.pk))
    return Row(kind, user if isinstance(user, int) else user.pk, label, key, round, due)


def tell(
    user: User | int,
    kind: str,
    *,
    about: Model | tuple[str, str],
    round: int = 0,
    due: datetime | None = None,
    channels: Iterable[str] | None = None,
    now: datetime,
) -> int:
    """Writes to the outbox what a person must be told; the second time with the same key does nothing.

    Kind, thing, round, person, channel and ``due`` are the key. Whoever may run twice passes the moment at which the
    telling was due, moved into working hours, and not the clock.

    Returns:
        How many rows were new.
    """
    return tell_many([row(user, kind, about=about, round=round, due=due or now)], channels=channels)


TELL = """
WITH things AS (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::timestamptz[])
        WITH ORDINALITY AS t(kind, about, about_key, round, due, number)
), told AS (
    SELECT * FROM unnest(%s::int[], %s::bigint[]) AS t(number, user_id) JOIN things USING (number)
), channels AS (
    SELECT told.*, 'inbox' AS channel, 'sent' AS state, due AS sent_at FROM told
    UNION ALL
    SELECT told.*, 'email', 'waiting', NULL FROM told
    JOIN accounts_user u ON u.id = told.user_id AND u.is_active
    JOIN accounts_address a ON a.id = u.email_id AND a.kind = 'email' AND a.confirmed_at IS NOT NULL
)
INSERT INTO accounts_message
    (kind, user_id, about, about_key, round, due, channel, state, sent_at, next_try, tries, error)
SELECT kind, user_id, about, about_key, round, due, channel, state, sent_at, due, 0, '' FROM channels
WHERE channel = ANY(%s)
ON CONFLICT DO NOTHING
"""


def tell_many(rows: Iterable[Row], *, channels: Iterable[str] | None = None) -> int:
    """`tell` for many rows in one statement: the inbox always, e-mail to those with a confirmed address.

    Returns:
        How many rows were new.

    Raises:
        KeyError: a kind that nobody registered.
    """
    rows = list(rows)
    for kind in {row.kind for row in rows} - KINDS.keys():
        raise KeyError(f"nobody registered the kind {kind}")
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(TELL, [*_columns(rows), list(channels or Message.Channel.values)])
        return cursor.rowcount


def _columns(rows: Sequence[Row]) -> list[list]:
    """The rows by columns; what thousands of people are told alike is said once, with its number."""
    numbers: dict[tuple, int] = {}
    people = [(numbers.setdefault(row.thing, len(numbers) + 1), row.user) for row in rows]
    return [list(column) for column in (*zip(*numbers, strict=True), *zip(*people, strict=True))]


def tell_address(address: Address, kind: str, *, about: Model, due: datetime) -> None:
    """Writes an e-mail to an address itself, for instance the code that shows whose it is."""
    label, key = about._meta.label_lower, str(about.pk)
    Message.objects.bulk_create(
        [Message(kind=kind, address=address, channel="email", about=label, about_key=key, due=due, next_try=due)],
        ignore_conflicts=True,
    )


# ---------------------------------------------------------------- reading


def read_texts(messages: Sequence[Message]) -> Sequence[Message]:
    """Gives each message its ``thing`` and its ``text``, with one query a table of things, however many messages."""
    keys = defaultdict(set)
    for message in messages:
        if message.kind in KINDS and KINDS[message.kind].related is not None:
            keys[message.kind, message.about].add(message.about_key)
    things = {group: _load(*group, found) for group, found in keys.items()}
    for message in messages:
        message.thing = things.get((message.kind, message.about), {}).get(message.about_key)
        message.text = _text(message)
    return messages


def _load(kind: str, label: str, keys: set[str]) -> dict[str, Model]:
    model = apps.get_model(label)
    rows = model._base_manager.select_related(*KINDS[kind].related).filter(pk__in=keys)
    return {str(thing.pk): thing for thing in rows}


def _text(message: Message) -> Text | None:
    """None when the thing is gone, or when nobody knows the kind any more."""
    kind = KINDS.get(message.kind)
    if kind is None or (message.thing is None and kind.related is not None):
        return None
    return kind.text(message)


def title(kind: str) -> str:
    return KINDS[kind].title if kind in KINDS else kind


def unread_count(user: User, *, now: datetime) -> int:
    """How many messages in the inbox wait to be read; one query."""
    return Message.objects.inbox(user, now=now).unread().count()


def mark_read(messages, *, now: datetime) -> int:
    """Marks those of the messages that are unread; returns how many."""
    return messages.unread().update(read_at=now)
