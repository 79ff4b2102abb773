"""What a process remembers of the rulebook, so that a page may ask a hundred times and query once.

Rules and calendar days are only ever added, and a rule begins at the earliest on the day after it was checked (the
database sees to both). So what is remembered stays right for every day up to the one on which it was read; for days
to come another process may lag by a minute. That is why no message has to be sent between processes.
"""

from collections.abc import Callable
from datetime import date, datetime
from time import monotonic
from typing import Generic, TypeVar

from lib.periods import BEIJING

LOOK_AGAIN_AFTER = 60  # seconds
T = TypeVar("T")


class Memory(Generic[T]):
    """A value read from the database, read again when its version has grown.

    Args:
        read: makes the value.
        version: a cheap query that answers something else whenever the value has changed.
    """

    def __init__(self, read: Callable[[], T], version: Callable[[], object]):
        self._read, self._version = read, version
        self.forget()

    def forget(self) -> None:
        """Reads anew at the next question; called where rows are entered and at the end of a test that did."""
        self._kept: tuple[object, T] | None = None
        self._looked_at = 0.0
        self._looked_on: date | None = None

    def get(self) -> T:
        """The value, at most a minute old and never from before midnight."""
        kept = self._kept
        if kept is None or self._is_old():
            kept = self._look_again(kept)
        return kept[1]

    def _is_old(self) -> bool:
        return monotonic() - self._looked_at > LOOK_AGAIN_AFTER or self._looked_on != datetime.now(BEIJING).date()

    def _look_again(self, kept: tuple[object, T] | None) -> tuple[object, T]:
        at, on, version = monotonic(), datetime.now(BEIJING).date(), self._version()
        if kept is None or kept[0] != version:
            kept = (version, self._read())
        self._kept, self._looked_at, self._looked_on = kept, at, on
        return kept
