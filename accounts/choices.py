"""What each person wants on which channel: the inbox always, e-mail and text message as they choose, kind by kind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from django.db import transaction

from . import notifications, quiet
from .models import Channel, Choice, User

OUTWARD = (Channel.EMAIL, Channel.SMS)


@dataclass(frozen=True)
class Cell:
    """Whether one kind goes to a person on one channel. ``name`` is the tick's in the form."""

    channel: Channel
    name: str
    wanted: bool


@dataclass(frozen=True)
class KindRow:
    name: str
    kind: notifications.Kind
    cells: list[Cell]


def table(user: User, *, ticked: Collection[str] | None = None) -> dict[str, list[KindRow]]:
    """The kinds that can concern the person, by group in the order in which they were registered; one query.

    ``ticked``: what was typed a moment ago and is not kept yet.
    """
    chosen = {f"{c.kind}:{c.channel}": c.wanted for c in Choice.objects.filter(user=user)}
    groups: dict[str, list[KindRow]] = {}
    for name, kind in _offered(user).items():
        cells = [_cell(f"{name}:{c}", c, chosen.get(f"{name}:{c}", c in kind.defaults), ticked) for c in OUTWARD]
        groups.setdefault(kind.group, []).append(KindRow(name, kind, cells))
    return groups


def _cell(name: str, channel: Channel, kept: bool, ticked: Collection[str] | None) -> Cell:
    return Cell(channel, name, kept if ticked is None else name in ticked)


def _offered(user: User) -> dict[str, notifications.Kind]:
    held = user.roles
    return {
        name: kind
        for name, kind in notifications.KINDS.items()
        if kind.group and (kind.roles is None or not kind.roles.isdisjoint(held))
    }


@transaction.atomic
def keep(*, user: User, ticked: Collection[str], opens: time | None, closes: time | None) -> None:
    """Keeps the whole page 怎么通知我: what goes where, and in which hours."""
    choose(user=user, ticked=ticked)
    quiet.set_own(user=user, opens=opens, closes=closes)


@transaction.atomic
def choose(*, user: User, ticked: Collection[str]) -> None:
    """Keeps what the person ticked on the page; what is as registered needs no row, and follows the registration."""
    kinds = _offered(user)
    different = [
        Choice(user=user, kind=name, channel=channel, wanted=f"{name}:{channel}" in ticked)
        for name, kind in kinds.items()
        for channel in OUTWARD
        if (f"{name}:{channel}" in ticked) != (channel in kind.defaults)
    ]
    User.objects.select_for_update().get(pk=user.pk)  # two windows at once: one after the other
    Choice.objects.filter(user=user, kind__in=kinds).delete()
    Choice.objects.bulk_create(different)
