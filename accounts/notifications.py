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

from .models import Address, Channel, Message, Robot, User
from .roles import Role


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
    """What is known of a kind of message. ``title`` to ``related`` as in `register`."""

    title: str
    text: Callable[[Message], Text]
    related: Sequence[str] | None
    group: str = ""
    defaults: frozenset[str] = frozenset({Channel.EMAIL})
    urgent: bool = False
    roles: frozenset[Role] | None = None
    robot: Callable[[Message], str | None] | None = None


KINDS: dict[str, Kind] = {}


def register(kind: str, title: str, text: Callable[[Message], Text], *, related=(), defaults=None, **more) -> None:
    """Makes a kind of message known, once at start.

    Args:
        kind: its name, for instance ``"notice-received"``.
        title: what it is called in lists.
        text: makes subject, body and address from a message; ``message.thing`` is the row it is about.
        related: paths of ``select_related`` that the text needs; None when the message is not about a row.
        group: under which heading a person finds it among the choices; without one it is not offered there.
        defaults: the channels outward on which it goes to people who chose nothing; e-mail alone when not given.
        urgent: leaves at any hour and never in a digest.
        roles: those whom it can concern; None: everybody. Others do not find it among their choices.
        robot: what a group's robot says of it, without anybody's name, phone or plate. Only kinds that have this are
            public and may go to groups.
    """
    outward = frozenset({Channel.EMAIL} if defaults is None else defaults)
    KINDS[kind] = Kind(title, text, related, defaults=outward, **more)


def urgent_kinds() -> list[str]:
    return [name for name, kind in KINDS.items() if kind.urgent]


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
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::bool[], %s::bool[])
        WITH ORDINALITY AS t(kind, about, about_key, round, due, by_email, by_sms, number)
), told AS (
    SELECT * FROM unnest(%s::int[], %s::bigint[]) AS t(number, user_id) JOIN things USING (number)
), channels AS (
    SELECT told.*, 'inbox' AS channel, 'sent' AS state, due AS sent_at FROM told
    UNION ALL
    SELECT told.*, outward.channel, 'waiting', NULL FROM told
    JOIN accounts_user u ON u.id = told.user_id AND u.is_active
    CROSS JOIN LATERAL (VALUES ('email', 'email', u.email_id, by_email), ('sms', 'phone', u.mobile_id, by_sms))
        AS outward(channel, address_kind, address_id, by_default)
    JOIN accounts_address a ON a.id = outward.address_id AND a.kind = outward.address_kind
        AND a.confirmed_at IS NOT NULL
    LEFT JOIN accounts_choice c ON c.user_id = u.id AND c.kind = told.kind AND c.channel = outward.channel
    WHERE coalesce(c.wanted, outward.by_default)
)
INSERT INTO accounts_message
    (kind, user_id, about, about_key, round, due, channel, state, sent_at, next_try, tries, error)
SELECT kind, user_id, about, about_key, round, due, channel, state, sent_at, due, 0, '' FROM channels
WHERE channel = ANY(%s)
ON CONFLICT DO NOTHING
"""


def tell_many(rows: Iterable[Row], *, channels: Iterable[str] | None = None) -> int:
    """`tell` for many rows in one statement: the inbox always, e-mail and text message as each person chose, to
    addresses that they have confirmed.

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
        cursor.execute(TELL, [*_columns(rows), list(channels or Channel.values)])
        return cursor.rowcount


def _columns(rows: Sequence[Row]) -> list[list]:
    """The rows by columns; what thousands of people are told alike is said once, with its number."""
    numbers: dict[tuple, int] = {}
    people = [(numbers.setdefault(row.thing, len(numbers) + 1), row.user) for row in rows]
    things = [(*thing, *(channel in KINDS[thing[0]].defaults for channel in ("email", "sms"))) for thing in numbers]
    return [list(column) for column in (*zip(*things, strict=True), *zip(*people, strict=True))]


CHANNEL_OF = {Address.Kind.EMAIL: Channel.EMAIL, Address.Kind.PHONE: Channel.SMS}


def tell_address(address: Address, kind: str, *, about: Model, due: datetime) -> None:
    """Writes to an address itself, for instance the code that shows whose it is."""
    label, key = about._meta.label_lower, str(about.pk)
    _keep([Message(kind=kind, address=address, channel=CHANNEL_OF[address.kind], about=label, about_key=key)], due)


def tell_robots(
    kind: str, *, about: Model | tuple[str, str], scope: Model | None = None, round: int = 0, due: datetime
) -> None:
    """Tells the groups of the office, or those of one place, what the kind's ``robot`` says.

    Raises:
        KeyError: the kind is not public.
    """
    if KINDS[kind].robot is None:
        raise KeyError(f"{kind} is not public and never goes to a group")
    label, key = about if isinstance(about, tuple) else (about._meta.label_lower, str(about.pk))
    place = {"label": scope._meta.label_lower, "label_key": str(scope.pk)} if scope else {"label": "", "label_key": ""}
    found = Robot.objects.filter(is_on=True, **place)
    common = {"kind": kind, "channel": Channel.ROBOT, "about": label, "about_key": key, "round": round}
    _keep([Message(robot=robot, **common) for robot in found], due)


def _keep(messages: list[Message], due: datetime) -> None:
    """Writes rows of the outbox that are not there yet."""
    for message in messages:
        message.due = message.next_try = due
    Message.objects.bulk_create(messages, ignore_conflicts=True)


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
