"""Taking the time of two things by turns, so that a busy machine slows both down alike."""

import time
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS = 15


def cpu_and_wall(work: Callable, times: int = 1) -> tuple[float, float]:
    """Seconds of this process's CPU and of the clock for one call, over so many calls."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(times):
        work()
    return (time.process_time() - cpu) / times, (time.perf_counter() - wall) / times


def by_turns(works: dict[str, tuple[Callable, int]], rounds: int = ROUNDS) -> dict[str, tuple[float, float]]:
    """The best (CPU, clock) of each work over many rounds, in which each has its turn: what it costs undisturbed.

    Args:
        works: name → (call, times a round).
    """
    for work, _ in works.values():
        work()
    taken = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, times) in works.items():
            taken[name].append(cpu_and_wall(work, times))
    return {name: tuple(min(column) for column in zip(*rows, strict=True)) for name, rows in taken.items()}


def statements(work: Callable) -> list[str]:
    """The SQL that a call sends."""
    with CaptureQueriesContext(connection) as caught:
        work()
    return [query["sql"] for query in caught.captured_queries]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
