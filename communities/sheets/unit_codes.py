"""How units are called in sheets: 3幢 2单元 502 室 is 03-2-0502."""

import re
from typing import Any

from lib import cells
from lib.cells import Wrong

ROOM = re.compile(r"([0-9]{1,4})([A-Z]?)")
SUFFIX = re.compile(r"[室号房户]$")


def room_code(cell: Any) -> str:
    """A room, or a whole code: 502室 is 502; 3-2-502 stays as it is typed."""
    words = SUFFIX.sub("", cells.code(30)(cell).upper())
    if not words:
        raise Wrong("房号写成 502 或 03-1-0502 这样。")
    return words


def unit_code(building: str | None, stairwell: str | None, room: str) -> str:
    """The code of a unit: a room takes its building and stairwell in front, a whole code is only brought into form."""
    if "-" in room or building is None:
        return "-".join(_padded(parts, place) for place, parts in _placed(room.split("-")))
    return "-".join(part for part in (building, stairwell, _padded(room, "room")) if part)


def _placed(parts: list[str]) -> list[tuple[str, str]]:
    """Each part with what it is: the first the building, the last the room."""
    places = ["building", *["stairwell"] * (len(parts) - 2), "room"] if len(parts) > 1 else ["room"]
    return list(zip(places, parts, strict=True))


def _padded(part: str, place: str) -> str:
    if place == "stairwell":
        return part.lstrip("0") or "0"
    match = ROOM.fullmatch(part)
    if not match:
        return part
    return match[1].zfill(4 if place == "room" else 2) + match[2]
