"""What a group robot can be for: the office, or one place. Rooms to the right say which places there are, at start."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import Model

OFFICE = ""  # no place: the town's office


class Scope(NamedTuple):
    """Places of one table, and their name for people (物管站)."""

    words: str
    places: Callable[[], Iterable[Model]]


SCOPES: dict[str, Scope] = {}


def register(label: str, words: str, places: Callable[[], Iterable[Model]]) -> None:
    """Makes places of a table (``communities.villagecommittee``) known as something a robot can be for."""
    SCOPES[label] = Scope(words, places)


def choices() -> list[tuple[str, str]]:
    """What a robot can be for, as ``label:key`` with its name; the office first."""
    found = [(OFFICE, "镇物业办")]
    for label, scope in SCOPES.items():
        found += [(f"{label}:{place.pk}", f"{place}{scope.words}") for place in scope.places()]
    return found


def name(label: str, key: str) -> str:
    """镇物业办, or 城东社区物管站."""
    return dict(choices()).get(f"{label}:{key}" if label else OFFICE, "这个地方已经不在了")
