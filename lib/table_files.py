"""Tables that people send: .xlsx, .xls and CSV, read as values, bounded before anything is unpacked into memory.

A file that cannot be read says why and what to do. Macros are never run and foreign files never opened: a workbook
that has them is sent back.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lib import workbook_parts
from lib.workbook_parts import (
    BROKEN,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    SAVE_AS,
    TOO_LARGE,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    BadFile,
    Parts,
)

__all__ = ["MOST_BYTES", "NOT_COMPUTED", "SAVE_AS", "BadFile", "Sheet", "first_rows", "is_light", "read"]

MOST_BYTES = 20 * 1024 * 1024
OLD_PASSWORD = re.compile(rb"\x09\x08\x10\0\0\x06\x05\0.{12}(?:\x86\0\0\0)?\x2f\0", re.DOTALL)  # BOF, then FILEPASS
OLD_OFFICE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
LOCKED = "这个文件设了打开密码，读不了。请去掉密码，另存一份再传。"
NOT_COMPUTED = "#VALUE!"


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
        return workbook(data, workbook_parts.look_through(data))
    if data.startswith(OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data or OLD_PASSWORD.search(data):
            raise BadFile(LOCKED)
        return _old_workbook(data)
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


def is_light(data: bytes) -> bool:
    """Whether a file is read in a moment and in little memory, while somebody waits for the page."""
    if data.startswith(OLD_OFFICE):  # how far its rows reach is known only when they have been read
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return sum(part.file_size for part in parts.infolist()) <= workbook_parts.LIGHT
    except workbook_parts.UNREADABLE:  # a CSV, or a workbook so damaged that reading it ends with a sentence
        return len(data) <= workbook_parts.LIGHT


def _old_workbook(data: bytes) -> Iterator[Sheet]:
    from lib import old_workbooks

    for name, rows in old_workbooks.sheets(data):
        yield Sheet(name, rows)


def workbook(data: bytes, parts: Parts | None = None) -> Iterator[Sheet]:
    """The sheets of a workbook that was looked through, those that are shown."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
            for name in shown[:MOST_SHEETS]:
                rows = _rows(book.get_sheet_by_name(name))
                _mark(rows, parts.not_computed(name) if parts else ())
                yield Sheet(name, rows)
    except PasswordError as error:
        raise BadFile(LOCKED) from error
    except BadFile:
        raise
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise BadFile(BROKEN) from error
    except BaseException as error:  # a panic of the reader is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise BadFile(BROKEN) from error


def _rows(sheet) -> list[list[Any]]:
    if sheet.total_height > MOST_ROWS:
        raise BadFile(TOO_MANY_ROWS)
    if sheet.total_width > MOST_COLUMNS:
        raise BadFile(TOO_MANY_COLUMNS)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise BadFile(TOO_LARGE)
    rows = sheet.to_python(skip_empty_area=False)
    room = MOST_CELLS  # merged cells that cover each other again and again are nobody's table
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        room -= (min(bottom, len(rows)) - top + 1) * (right - left + 1)
        if room < 0:
            raise BadFile(BROKEN)
        _repeat(rows, top, left, min(bottom, len(rows) - 1), right)
    return rows


def _repeat(rows: list[list[Any]], top: int, left: int, bottom: int, right: int) -> None:
    """What stands in a merged cell, in each cell that it covers."""
    if top >= len(rows) or left >= len(rows[top]):
        return
    value = rows[top][left]
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [value] * len(row[left : right + 1])


def _mark(rows: list[list[Any]], places: Iterable[tuple[int, int]]) -> None:
    """Cells whose formula came to an error say so; the reader gives nothing."""
    for row, column in places:
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = NOT_COMPUTED


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
