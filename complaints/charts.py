"""A small bar chart as numbers for an SVG: at most two series, with their values on the bars. UI.md 5"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT, HEAD = 640, 200, 28, 22


@dataclass(frozen=True)
class Bar:
    """One bar: where it stands, how high it is, what stands on it."""

    x: int
    y: int
    width: int
    height: int
    value: int
    series: str  # a, b: the classes of portal.css
    middle: int


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    labels: list[tuple[int, str]]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def bars(groups: Sequence[tuple[str, int, int]]) -> Chart:
    """Two bars a group: (label, first, second)."""
    most = max((value for _, *values in groups for value in values), default=0) or 1
    step = WIDTH // max(len(groups), 1)
    thick = min(step // 3, 44)
    found, labels = [], []
    for number, (label, *values) in enumerate(groups):
        left = number * step + (step - 2 * thick - 4) // 2
        labels.append((left + thick + 2, label))
        found += [
            _bar(left + place * (thick + 4), value, most, thick, "ab"[place]) for place, value in enumerate(values)
        ]
    return Chart(found, labels)


def _bar(x: int, value: int, most: int, thick: int, series: str) -> Bar:
    height = (HEIGHT - FOOT - HEAD) * value // most
    return Bar(x, HEIGHT - FOOT - height, thick, height, value, series, x + thick // 2)
