from datetime import UTC, datetime

import time_machine

from rulebook import memory
from rulebook.memory import Memory


def asked(versions):
    """A memory that counts how often it was read."""
    reads = []
    version = iter(versions)

    def read():
        reads.append(1)
        return len(reads)

    return Memory(read, lambda: next(version)), reads


def test_it_reads_once():
    kept, reads = asked([1])
    assert [kept.get(), kept.get(), kept.get()] == [1, 1, 1]
    assert len(reads) == 1


def test_after_a_minute_it_looks_and_reads_only_if_something_was_entered(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(memory, "monotonic", lambda: clock[0])
    kept, reads = asked([1, 1, 2])
    kept.get()
    clock[0] = 61
    assert kept.get() == 1
    clock[0] = 122
    assert kept.get() == 2
    assert len(reads) == 2


def test_after_midnight_in_beijing_it_looks_at_once():
    with time_machine.travel(datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), tick=False) as clock:
        kept, _ = asked([1, 2])
        assert kept.get() == 1
        clock.shift(1)
        assert kept.get() == 2


def test_it_forgets_when_told():
    kept, reads = asked([1, 1])
    kept.get()
    kept.forget()
    kept.get()
    assert len(reads) == 2
