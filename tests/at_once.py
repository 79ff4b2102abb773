"""Several people, or workers, at the same moment: real threads on real connections."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any]) -> list:
    """What each act returned or raised, all of them begun together. For tests that commit."""
    gate, ends = Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            gate.wait(10)
            ends[number] = act()
        except Exception as error:
            ends[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ends


def the_refusal(ends: list) -> Exception:
    """The one exception among the ends of two acts: one of them went through."""
    (refused,) = [end for end in ends if isinstance(end, Exception)]
    return refused
