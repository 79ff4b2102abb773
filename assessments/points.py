"""Points as whole tenths: a proposal, a sheet's total, its band. Knows no tables. DOMAIN D.3, D.4"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lib.money import half_up

FULL_BP = 10_000


class Lost(NamedTuple):
    """Points that count on one item: those of findings that were only issued, and all others."""

    issued: int
    other: int


class Step(NamedTuple):
    """A band: its letter and from how many tenths on it reaches."""

    letter: str
    from_deci: int


def proposal(*, base_deci: int, factor: int, size_bp: int = FULL_BP, exempt: bool = False) -> int:
    """What a fact costs by rule, half up to 0.1 point. DOMAIN D.3"""
    return 0 if exempt else half_up(base_deci * factor * size_bp, FULL_BP)


def item_loss(lost: Lost, *, cap_deci: int, issued_bp: int) -> int:
    """What an item loses: being found may use only its share of the cap, floored to 0.1. DOMAIN D.4"""
    return min(cap_deci, min(cap_deci * issued_bp // FULL_BP, lost.issued) + lost.other)


def area_loss(losses: Iterable[int], *, most: int) -> int:
    """What an area loses: what its items lose, not more than its full points. DOMAIN D.4"""
    return min(most, sum(losses))


def total(left: Iterable[int], *, veto_cap_deci: int | None = None) -> int:
    """The score: what is left of all areas; with a veto not above its cap. DOMAIN D.4"""
    score = sum(left)
    return score if veto_cap_deci is None else min(score, veto_cap_deci)


def band(score_deci: int, steps: Iterable[Step], *, not_above: str | None = None) -> str:
    """The band of a score; an edge belongs to the upper one. A gate keeps it from rising above a band. DOMAIN D.4"""
    falling = sorted(steps, key=lambda step: -step.from_deci)
    letters = [step.letter for step in falling]
    reached = next((at for at, step in enumerate(falling) if score_deci >= step.from_deci), len(falling) - 1)
    return letters[max(reached, letters.index(not_above))] if not_above else letters[reached]


def mean(scores: Sequence[int]) -> int | None:
    """The mean of scores to 0.1 point, half up; None of none."""
    return half_up(sum(scores), len(scores)) if scores else None


def written(deci: int) -> str:
    """877 is 87.7"""
    return f"{'−' if deci < 0 else ''}{abs(deci) // 10}.{abs(deci) % 10}"
