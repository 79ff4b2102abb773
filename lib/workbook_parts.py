"""Looks the parts of a .xlsx through before it is read: how far its sheets reach, and what must not be in it.

The reader makes a full rectangle of a sheet: one cell at the far end would be billions of them. So each part is gone
through as a stream, and a workbook that would be far larger in memory than it looks is sent back.
"""

import io
import re
import zipfile
import zlib
from collections import defaultdict
from xml.parsers.expat import ExpatError, ParserCreate

MOST_UNPACKED = 192 * 1024 * 1024
MOST_ROWS = 120_000  # of one sheet, headings included
MOST_COLUMNS = 78  # up to BZ
MOST_CELLS = MOST_ROWS * 26  # of the rectangle around a sheet: 300 MB when it is read
MOST_SHEETS = 20
MOST_ERRORS = 10_000
LIGHT = PIECE = 1024 * 1024
LISTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")

SAVE_AS = "请用 Excel 或 WPS 打开后，另存为 .xlsx 再传。"
BROKEN = f"这个文件不是 Excel 表，或者坏了、没有传完整。{SAVE_AS}"
TOO_LARGE = "这个表展开后太大，请只留要用的那几行再传。"
TOO_MANY_ROWS = (
    f"表里有 {MOST_ROWS - 1:,} 行以上，或者下面很远的空行也设了格式。请删掉数据下面的空行，行数多的分成几个文件再传。"
)
TOO_MANY_COLUMNS = f"表里超过 {MOST_COLUMNS} 列，或者右边很远的空列里有东西。请只留要用的那几列再传。"
TOO_MANY_ERRORS = "表里有一万多格公式算不出来（比如 #REF!）。请全选、复制，再“选择性粘贴”为数值，改好再传。"
LINKED = "表里有的格子引用了别的文件。请全选、复制，再“选择性粘贴”为数值，存好再传。"
MACROS = f"这个文件带宏，不收。{SAVE_AS}"
UNREADABLE = (  # what a damaged archive, damaged XML, or XML without what it must say comes to
    *(zipfile.BadZipFile, zlib.error, ExpatError, EOFError, OSError, RuntimeError),
    *(AttributeError, KeyError, ValueError),
)


class BadFile(ValueError):
    """A file that cannot be read; the text is a sentence for the person who sent it."""


class Parts:
    """What was found: the sheets with the parts they stand in, and cells whose formula came to an error."""

    def __init__(self):
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self.errors: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def not_computed(self, sheet: str) -> list[tuple[int, int]]:
        """Row and column, from 1, of the cells of a sheet that hold #REF! or the like."""
        target = self.targets.get(self.sheets.get(sheet, ""), "").lstrip("/")
        return self.errors.get(target if target.startswith("xl/") else f"xl/{target}", [])


def look_through(data: bytes) -> Parts:
    """Raises BadFile for what is no plain .xlsx, or would be far larger in memory than it looks."""
    found = Parts()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _demand_kind(set(parts.namelist()))
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise BadFile(TOO_LARGE)
            for part in parts.infolist():
                if part.filename.lower().endswith((".xml", ".rels")):
                    _look_at(parts, part, found)
    except BadFile:
        raise
    except UNREADABLE as error:
        raise BadFile(BROKEN) from error
    return found


def _demand_kind(names: set[str]) -> None:
    if any(name.endswith("vbaProject.bin") for name in names):
        raise BadFile(MACROS)
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise BadFile(LINKED)
    if "xl/workbook.xml" not in names:
        what = "Word 文档" if "word/document.xml" in names else "Excel 的 .xlsx 表"
        raise BadFile(f"这{'是' if what.startswith('Word') else '不是'} {what}。{SAVE_AS}")
    if sum(name.startswith("xl/worksheets/sheet") for name in names) > MOST_SHEETS:
        raise BadFile(f"这个文件里超过 {MOST_SHEETS} 张表，请只留要导入的那张再传。")


def _look_at(parts: zipfile.ZipFile, part: zipfile.ZipInfo, found: Parts) -> None:
    """Raises BadFile when a part reaches too far, has a document type, or is no XML.

    Large sheets as Excel and WPS write them are looked through in a fifth of the time that a parser needs.
    """
    if part.file_size > LIGHT and part.filename not in LISTS and _is_plainly_near(parts, part, found):
        return
    reach, parser = _Reach(part.filename, found), ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = reach.element, _no_document_type
    with parts.open(part) as stream:
        while piece := stream.read(PIECE):
            parser.Parse(piece)
    parser.Parse(b"", True)


def _no_document_type(*_) -> None:
    raise BadFile(BROKEN)


class _Reach:
    """How far the rows and columns of a part reach, told by the beginning of each of its elements."""

    def __init__(self, part: str, found: Parts):
        self.part, self.found = part, found
        self.row = self.rows = self.column = self.columns = 0

    def element(self, name: str, said: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell(said)
        elif name == "row":
            self.row, self.column = int(said.get("r") or self.row + 1), 0
            self.demand(self.row, self.columns)
        elif name == "sheet" and self.part == LISTS[0]:
            self.found.sheets[said["name"]] = next((said[key] for key in said if key.endswith(":id")), "")
        elif name == "Relationship" and self.part == LISTS[1]:
            self._target(said)

    def _cell(self, said: dict[str, str]) -> None:
        letters, row = CELL.fullmatch(said["r"]).groups() if said.get("r") else (None, self.row)
        self.column = _place(letters) if letters else self.column + 1
        self.demand(int(row), self.column)
        if said.get("t") == "e":
            self.error(int(row), self.column)

    def _target(self, said: dict[str, str]) -> None:
        if not said["Target"].endswith(".xml"):  # a sheet in a part that is not looked through
            raise BadFile(BROKEN)
        self.found.targets[said["Id"]] = said["Target"]

    def demand(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows > MOST_ROWS:
            raise BadFile(TOO_MANY_ROWS)
        if self.columns > MOST_COLUMNS:
            raise BadFile(TOO_MANY_COLUMNS)
        if self.rows * self.columns > MOST_CELLS:
            raise BadFile(TOO_LARGE)

    def error(self, row: int, column: int) -> None:
        errors = self.found.errors[self.part]
        errors.append((row, column))
        if len(errors) > MOST_ERRORS:
            raise BadFile(TOO_MANY_ERRORS)


CELL = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
PLAIN_ROW, PLAIN_CELL = re.compile(rb'<row r="([0-9]+)"'), re.compile(rb'<c r="([A-Z]{2,3})[0-9]')
PLAIN_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]* t="e"')
ODD = (  # written in another way, or from row 120000 on; each by itself, because one pattern of all takes long
    re.compile(rb":(?:row|c)[\s/>]"),
    re.compile(rb"<(?:row|c)[\t\r\n/>]"),
    re.compile(rb'<row (?!r="[0-9]{1,7}")'),
    re.compile(rb'<c (?!r="[A-Z]{1,3}(?:[0-9]{1,5}|1[01][0-9]{4})")'),
)


def _is_plainly_near(parts: zipfile.ZipFile, part: zipfile.ZipInfo, found: Parts) -> bool:
    """Whether each row and cell says in the usual way where it stands, and none is far."""
    reach, tail = _Reach(part.filename, found), b""
    with parts.open(part) as stream:
        while piece := stream.read(PIECE):
            text, mark, tail = (tail + piece).rpartition(b"<")
            tail = mark + tail
            if _is_odd(text):
                return False
            rows, columns = map(int, PLAIN_ROW.findall(text)), set(PLAIN_CELL.findall(text))
            reach.demand(max(rows, default=0), max((_place(at.decode()) for at in columns), default=26))
            for letters, row in PLAIN_ERROR.findall(text) if b't="e"' in text else ():
                reach.error(int(row), _place(letters.decode()))
    return not _is_odd(tail)


def _is_odd(text: bytes) -> bool:
    return any(odd.search(text) for odd in ODD)


def _place(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place
