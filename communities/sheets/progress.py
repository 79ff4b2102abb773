"""How far a sheet is, told to whoever listens: a kind goes through its rows with `each`, the import listens.

Who listens is known by the thread of work, not by an argument, so that kinds need not hand it on.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Listener = Callable[[str, int, int], None]  # what is done, rows done, rows in all
T = TypeVar("T")
EVERY = 50  # rows
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """What is done within is told to the listener."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(doing: str, done: int, total: int) -> None:
    if listener := _listener.get():
        listener(doing, done, total)


def each(rows: Sequence[T], doing: str) -> Iterator[T]:
    """The rows one after the other; every 50 it is told how many are done."""
    for done, row in enumerate(rows):
        if done % EVERY == 0:
            tell(doing, done, len(rows))
        yield row
    tell(doing, len(rows), len(rows))
