"""Twelve months of scores as numbers for an SVG: one line, its values on the marks. UI.md 5"""

from collections.abc import Sequence
from dataclasses import dataclass

from .models import ScoreSheet
from .points import mean, written

WIDTH, HEIGHT, FOOT, HEAD, SIDE = 640, 200, 28, 24, 30
LEAST = 500  # tenths at the foot of the chart: below, the mark stands on it


@dataclass(frozen=True)
class Mark:
    """One month: where it stands and what stands on it."""

    x: int
    y: int
    value: str
    label: str


@dataclass(frozen=True)
class Line:
    marks: list[Mark]
    words: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT

    @property
    def points(self) -> str:
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


def line(newest_first: Sequence[ScoreSheet]) -> Line | None:
    """The line of the inspected months, the oldest at the left; None without any."""
    rows = [row for row in reversed(newest_first) if row.is_inspected]
    if not rows:
        return None
    step = (WIDTH - 2 * SIDE) // max(len(rows) - 1, 1)
    marks = [
        Mark(SIDE + number * step, _height(row.score_deci), written(row.score_deci), f"{row.first_day.month}月")
        for number, row in enumerate(rows)
    ]
    average = written(mean([row.score_deci for row in rows]))
    return Line(marks, f"{len(rows)} 个月平均 {average} 分，最近 {marks[-1].value} 分")


def _height(deci: int) -> int:
    room = HEIGHT - FOOT - HEAD
    return HEIGHT - FOOT - room * max(0, deci - LEAST) // (1000 - LEAST)
