"""The ways outward, all used alike: a letter in, the other side's number out, or one of four faults.

A channel knows nothing of the outbox. In a demo town, and where a channel is not connected, it writes to the log
(`Logged`) and nothing leaves.
"""

from typing import NamedTuple, Protocol


class Letter(NamedTuple):
    """What leaves on a channel: made when it is sent, never stored.

    ``key`` stays the same however often a letter is tried, so that the other side can drop the second one.
    """

    key: str
    to: str
    subject: str
    body: str
    link: str = ""


class Sent(NamedTuple):
    """The other side has taken it, under a number of its own where it gives one."""

    number: str = ""


class Logged(Sent):
    """Nothing left: it stands in the log."""


class Fault(Exception):
    """Why a letter was not sent, in words for the record."""


class Refused(Fault):
    """This letter will never be taken: the number or address is wrong, or the text. The channel is well."""


class Later(Fault):
    """The other side is busy; nothing left."""


class Down(Fault):
    """The channel itself does not work. ``for_good``: trying again does not help, somebody must act (key, account)."""

    def __init__(self, words: str, *, for_good: bool = False):
        self.for_good = for_good
        super().__init__(words)


class Unclear(Fault):
    """It died after the letter had left: it may have arrived or not."""


class Sender(Protocol):
    """A channel in use by one sweep."""

    def send(self, letter: Letter) -> Sent:
        """Hands one letter over; raises a `Fault`."""

    def close(self) -> None:
        """Hangs up; the next letter opens anew."""
