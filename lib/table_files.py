"""Tables that people send: .xlsx, .xls and CSV, read as values, bounded before anything is unpacked into memory.

A file that cannot be read says why and what to do. Macros are never run and foreign files never opened: a workbook
that has them is sent back.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 192 * 1024 * 1024
MOST_ROWS = 120_000  # of one sheet, headings included
MOST_COLUMNS = 78  # up to BZ
MOST_SHEETS = 20
PIECE = 1024 * 1024

OLD_OFFICE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
SAVE_AS = "请用 Excel 或 WPS 打开后，另存为 .xlsx 再传。"
BROKEN = f"这个文件不是 Excel 表，或者坏了、没有传完整。{SAVE_AS}"
TOO_LARGE = "这个表展开后太大，请只留要用的那几行再传。"
TOO_MANY_ROWS = (
    f"表里有 {MOST_ROWS - 1:,} 行以上，或者下面很远的空行也设了格式。请删掉数据下面的空行，行数多的分成几个文件再传。"
)
TOO_MANY_COLUMNS = f"表里超过 {MOST_COLUMNS} 列，或者右边很远的空列里有东西。请只留要用的那几列再传。"
LINKED = "表里有的格子引用了别的文件。请全选、复制，再“选择性粘贴”为数值，存好再传。"
MACROS = f"这个文件带宏，不收。{SAVE_AS}"
LOCKED = "这个文件设了打开密码，读不了。请去掉密码，另存一份再传。"


class BadFile(ValueError):
    """A file that cannot be read; the text is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name and its rows of values (text, numbers, days); merged cells repeat what stands in them."""

    name: str
    rows: list[list[Any]]


def read(data: bytes) -> Iterator[Sheet]:
    """The sheets of a file, those that are shown, one after the other as they are asked for.

    Raises:
        BadFile: empty, too large, broken, locked, no table, or with macros or links to other files.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise BadFile("这个文件是空的，请看看是不是选错了。")
    if len(data) > MOST_BYTES:
        raise BadFile(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分成几个文件再传。")
    if data.startswith(ZIP):
        _demand_harmless(data)
        return _workbook(data)
    if data.startswith(OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BadFile(LOCKED)
        return _workbook(data)
    return iter([Sheet("", _csv(data))])


def first_rows(data: bytes) -> list[list[Any]]:
    """The rows of the first sheet that is shown.

    Raises:
        BadFile: as `read`; also when no sheet is shown.
    """
    for sheet in read(data):
        return sheet.rows
    raise BadFile(BROKEN)


# ---------------------------------------------------------------- workbooks


def _demand_harmless(data: bytes) -> None:
    """Raises BadFile for what is no plain .xlsx, or would be far larger in memory than it looks."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _demand_kind(set(parts.namelist()))
            room = MOST_UNPACKED
            if sum(part.file_size for part in parts.infolist()) > room:
                raise BadFile(TOO_LARGE)
            for part in parts.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    room -= _measure(parts, part, room, sheet=part.filename.startswith("xl/worksheets/"))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise BadFile(BROKEN) from error


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


ROW = re.compile(rb'<row[^>]* r="(\d+)"|<row[ >/]')
FAR_CELL = re.compile(rb'<c [^>]*r="(?:[A-Z]{3,}|[C-Z][A-Z])\d')


def _measure(parts: zipfile.ZipFile, part: zipfile.ZipInfo, room: int, *, sheet: bool) -> int:
    """How many bytes a part has unpacked; looks on the way how far its rows and columns reach.

    The reader makes a full rectangle of a sheet: one cell at the far end would be billions of them.
    """
    seen, rows, tail = 0, 0, b""
    with parts.open(part) as stream:
        while piece := stream.read(PIECE):
            seen += len(piece)
            if seen > room:
                raise BadFile(TOO_LARGE)
            if sheet:
                text = tail + piece
                rows, tail = _demand_near(text, rows), text[text.rfind(b"<") :]
    return seen


def _demand_near(text: bytes, rows: int) -> int:
    """The number of the last row of a piece; raises BadFile when rows or columns reach too far."""
    for found in ROW.finditer(text):
        rows = int(found[1]) if found[1] else rows + 1
        if rows > MOST_ROWS:
            raise BadFile(TOO_MANY_ROWS)
    if FAR_CELL.search(text):
        raise BadFile(TOO_MANY_COLUMNS)
    return rows


def _workbook(data: bytes) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
            for name in shown[:MOST_SHEETS]:
                yield Sheet(name, _rows(book.get_sheet_by_name(name)))
    except PasswordError as error:
        raise BadFile(LOCKED) from error
    except BadFile:
        raise
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise BadFile(BROKEN) from error


def _rows(sheet) -> list[list[Any]]:
    if sheet.total_height > MOST_ROWS:
        raise BadFile(TOO_MANY_ROWS)
    if sheet.total_width > MOST_COLUMNS:
        raise BadFile(TOO_MANY_COLUMNS)
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _repeat(rows, top, left, min(bottom, len(rows) - 1), right)
    return rows


def _repeat(rows: list[list[Any]], top: int, left: int, bottom: int, right: int) -> None:
    """What stands in a merged cell, in each cell that it covers."""
    if top >= len(rows) or left >= len(rows[top]):
        return
    value = rows[top][left]
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [value] * len(row[left : right + 1])


# ---------------------------------------------------------------- CSV


def _csv(data: bytes) -> list[list[str]]:
    text = _text(data)
    mark = max(",\t;|，", key="\n".join(text.splitlines()[:20]).count)  # banks write lines of words above the headings
    lines = io.StringIO(text.replace("，", ",") if mark == "，" else text, newline="")
    rows = []
    try:
        for row in csv.reader(lines, delimiter="," if mark == "，" else mark):
            rows.append(row[: MOST_COLUMNS + 1])
            if len(rows) > MOST_ROWS:
                raise BadFile(TOO_MANY_ROWS)
    except csv.Error as error:
        raise BadFile(f"这个 CSV 文件读不出来。{SAVE_AS}") from error
    if any(len(row) > MOST_COLUMNS for row in rows):
        raise BadFile(TOO_MANY_COLUMNS)
    return rows


def _text(data: bytes) -> str:
    """The text of a CSV: UTF-8, UTF-16 with its mark, or GB 18030, in which Chinese Excel writes."""
    coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for one in (coding, "gb18030"):
        try:
            text = data.decode(one)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and sum(not (c.isprintable() or c in "\r\n\t") for c in text[:5000]) == 0:
            return text
    raise BadFile(f"这个文件不是表格。收 .xlsx、.xls 和 CSV。{SAVE_AS}")
