"""Reads a file as a kind of sheet and compares it with what stands. Pure but for what the kind asks the database."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from lib.cells import Wrong, demand_computed, is_empty, plain
from lib.table_files import BadFile, Sheet, read

from .declare import Kind, Line
from .progress import tell

HEAD_ROWS = 15  # headings stand in one of the first rows
NO_DATA = re.compile(r"(合计|总计|小计|填表|制表|审核|说明|备注|注[:：])")


@dataclass
class Comparison:
    """A file read as a kind: its lines, each new, changed, same or wrong, and headings nobody knows."""

    kind: Kind
    sheet: Sheet
    first: int  # the number of the first row below the headings
    places: dict[str, int]  # column's name → place in the row
    unknown: list[str]
    lines: list[Line] = field(default_factory=list)

    def of(self, state: str) -> list[Line]:
        return [line for line in self.lines if line.state == state]

    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(("new", "changed", "same", "wrong"), 0)
        for line in self.lines:
            found[line.state] += 1
        return found

    @property
    def to_write(self) -> list[Line]:
        return [line for line in self.lines if line.state in ("new", "changed")]

    def fingerprint(self) -> str:
        """The same as long as the file would do the same: what was looked at before somebody confirmed."""
        found = hashlib.sha256(self.kind.name.encode())
        for line in self.lines:
            done = [*(line.values.items() if line.before is None else ()), *line.changes.items()]
            found.update(repr((line.number, line.state, sorted(done, key=lambda pair: pair[0]))).encode())
        return found.hexdigest()


def examine(kind: Kind, data: bytes, *, by: User, now: datetime) -> Comparison:
    """Everything a preview needs.

    Raises:
        BadFile: the file cannot be read, or no sheet in it has the headings.
    """
    found = find_sheet(kind, data)
    found.lines = parse(found)
    if not found.lines:
        raise BadFile("表头认出来了，下面没有数据。请在表头下面写上要导入的行。")
    _demand_once(kind, found.lines)
    tell("比对", 0, len(found.lines))
    kind.compare(found.lines, by=by)
    kind.examine(found.lines, by=by, now=now)
    return found


# ---------------------------------------------------------------- headings


def find_sheet(kind: Kind, data: bytes) -> Comparison:
    """The first sheet whose headings are those of the kind."""
    names, nearest = [], None
    for sheet in read(data):
        names.append(sheet.name)
        found = _headings(kind, sheet)
        if found and not _missing(kind, found.places):
            return found
        if found and (nearest is None or len(found.places) > len(nearest.places)):
            nearest = found
    raise BadFile(_why_not(kind, names, nearest))


def _why_not(kind: Kind, names: Sequence[str], nearest: Comparison | None) -> str:
    if nearest and len(nearest.places) > 1:
        missing = "、".join(f"“{kind.heading(name)}”" for name in _missing(kind, nearest.places))
        return f"这张表缺 {missing} 这一列，认不出哪行是哪个。请补上，或者照{kind.title}的模板填。"
    where = f"（{'、'.join(filter(None, names))}）" if any(names) else ""
    return f"文件里的表{where}没有{kind.title}的表头。请看看是不是选错了文件，或者照模板填。"


def _missing(kind: Kind, places: dict[str, int]) -> list[str]:
    return [name for name in kind.key if name not in places and kind.column(name).required]


def plain_heading(cell: Any) -> str:
    """面积（㎡） and * 面 积 are 面积."""
    words = unicodedata.normalize("NFKC", str(cell or ""))
    return re.sub(r"\([^)]*\)|[\s*#:：、/._-]", "", words).lower()


def _headings(kind: Kind, sheet: Sheet) -> Comparison | None:
    """The row, or two rows, that name most columns."""
    known = {
        plain_heading(heading): column.name for column in kind.columns for heading in (column.heading, *column.others)
    }
    best = None
    for number in range(min(HEAD_ROWS, len(sheet.rows))):
        for depth in (1, 2):
            found = _recognise(kind, sheet, number, depth, known)
            if found and (best is None or len(found.places) > len(best.places)):
                best = found
    return best


def _recognise(kind: Kind, sheet: Sheet, number: int, depth: int, known: dict[str, str]) -> Comparison | None:
    rows = [[plain_heading(cell) for cell in row] for row in sheet.rows[number : number + depth]]
    if len(rows) < depth:
        return None
    places, unknown = {}, []
    for place, words in enumerate(zip(*_padded(rows), strict=True)):
        name = next((known[one] for one in _ways(words) if one in known), None)
        if name and name not in places:
            places[name] = place
        elif "".join(words):
            unknown.append(plain(sheet.rows[number + depth - 1][place]) if place < len(sheet.rows[number]) else "")
    return (
        Comparison(kind, sheet, number + depth + 1, places, [words for words in unknown if words]) if places else None
    )


def _padded(rows: list[list[str]]) -> list[list[str]]:
    wide = max(map(len, rows))
    return [row + [""] * (wide - len(row)) for row in rows]


def _ways(words: Sequence[str]) -> list[str]:
    """业主 above 姓名 may be meant as 业主姓名, 姓名 or 业主."""
    return ["".join(dict.fromkeys(words)), words[-1] or words[0]] + ([words[0]] if not words[-1] else [])


# ---------------------------------------------------------------- rows


class _Read(dict):
    """What each different cell of a column says; most columns say the same thing in many rows."""

    def __init__(self, parse):
        super().__init__()
        self.parse, self.faults = parse, {}

    def __missing__(self, cell):
        value = None
        if not is_empty(cell):
            try:
                demand_computed(cell)
                value = self.parse(cell)
            except Wrong as error:
                self.faults[cell] = str(error)
        self[cell] = value
        return value


def parse(found: Comparison) -> list[Line]:
    """The rows below the headings, column by column; blank rows and totals are passed over."""
    numbered = [
        (number, row)
        for number, row in enumerate(found.sheet.rows[found.first - 1 :], start=found.first)
        if _has_data(found, row)
    ]
    names, columns, faults = list(found.places), [], []
    for done, (name, place) in enumerate(found.places.items()):
        tell("认读", len(numbered) * done // len(names), len(numbered))
        read_ = _Read(found.kind.column(name).parse)
        cells = [row[place] if place < len(row) else "" for _, row in numbered]
        columns.append([read_[cell] for cell in cells])
        if read_.faults:
            faults += [(i, name, read_.faults[cell]) for i, cell in enumerate(cells) if cell in read_.faults]
    values = zip(*columns, strict=True)
    lines = [
        Line(number, dict(zip(names, row, strict=True))) for (number, _), row in zip(numbered, values, strict=True)
    ]
    for i, name, sentence in faults:
        lines[i].refuse(name, sentence)
    _demand_keys(found.kind, lines)
    return lines


def _has_data(found: Comparison, row: Sequence[Any]) -> bool:
    """Rows with something in them; a total or a signature below the table is none."""
    if all(is_empty(row[place]) for place in found.places.values() if place < len(row)):
        return False
    first = next(cell for cell in row if not is_empty(cell))
    return not (isinstance(first, str) and NO_DATA.match(first.lstrip()))


def _demand_keys(kind: Kind, lines: Sequence[Line]) -> None:
    for name in kind.key:
        if not kind.column(name).required:
            continue
        for line in lines:
            if line.values.get(name) is None and not any(column == name for column, _ in line.wrong):
                line.refuse(name, f"没有写{kind.heading(name)}。")


def _demand_once(kind: Kind, lines: Sequence[Line]) -> None:
    seen: dict[Any, int] = {}
    for line in lines:
        if line.wrong:
            continue
        first = seen.setdefault(kind.key_of(line.values), line.number)
        if first != line.number:
            line.refuse("", f"和第 {first} 行重复。")
