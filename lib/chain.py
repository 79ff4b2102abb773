"""A chain of hashes: each row's value covers the one before, so that whoever changes the past breaks what follows."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

START = sha256(b"").digest()  # before the first row


def digest(text: str) -> bytes:
    """SHA-256 of a text, 32 bytes."""
    return sha256(text.encode()).digest()


def day_value(day: date, heads: Iterable[tuple[int, int, bytes]]) -> bytes:
    """One value over the heads of many chains, each (key, rows, value) in order of key: what is published of a day."""
    return digest("\n".join([day.isoformat(), *(f"{key}|{rows}|{value.hex()}" for key, rows, value in heads)]))
