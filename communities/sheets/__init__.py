"""Sheets that the office brings in and takes out: one declaration a kind, one engine for all.

A kind says its columns and what stands; `engine` reads a file, recognises its headings, turns rows into values with
reasons in words, and compares. Rooms to the right register their kinds at start, as kinds of messages are.
"""

from .declare import Column, Kind, Line, RowKind

__all__ = ["KINDS", "Column", "Kind", "Line", "RowKind", "register"]

KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Makes a kind of sheet known, in the order in which the page lists them."""
    KINDS[kind.name] = kind
