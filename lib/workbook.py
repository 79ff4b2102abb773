"""Sheets out; lib/table_files.py reads those that come in. Text stays text: nothing typed becomes a formula or link."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse

from lib.periods import BEIJING

MOST_ROWS = 1_048_575  # of an Excel sheet, below its header
MOST_CHARACTERS = 32_767  # of an Excel cell
FORBIDDEN_IN_TITLE = str.maketrans("", "", "[]:*?/\\'")
TEXT, WHOLE, FEN, AREA, DAY, MOMENT = "text", "whole", "fen", "area", "day", "moment"
FORMATS = {
    TEXT: {"num_format": "@", "text_wrap": True, "valign": "top"},
    WHOLE: {"num_format": "#,##0", "valign": "top"},
    FEN: {"num_format": "#,##0.00", "valign": "top"},
    AREA: {"num_format": "#,##0.00", "valign": "top"},
    DAY: {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
    MOMENT: {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"},
}


@dataclass(frozen=True)
class Column:
    """One column: its Chinese heading, its width in characters, and what its cells are.

    ``kind`` is TEXT, WHOLE (a number), FEN (money, shown in yuan), AREA (0.01 m², shown in m²), DAY or MOMENT.
    """

    heading: str
    width: int = 12
    kind: str = TEXT


def write(to: IO[bytes], *, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """Writes a workbook of one sheet with a frozen header, row by row in constant memory.

    Raises:
        ValueError: more rows than a sheet holds.
    """
    book = xlsxwriter.Workbook(to, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(title.translate(FORBIDDEN_IN_TITLE)[:31] or "表")
    cells = [(column.kind, book.add_format(FORMATS[column.kind])) for column in columns]
    _write_header(book, sheet, columns, [look for _, look in cells])
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise ValueError("一张表放不下这么多行，请缩小范围再导出。")
        for place, ((kind, look), value) in enumerate(zip(cells, row, strict=True)):
            _write_cell(sheet, number, place, value, kind, look)
    book.close()


def response(filename: str, *, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """A workbook as a download; it passes through a temporary file, not through memory."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 — the response closes it
    write(file, title=title, columns=columns, rows=rows)
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=filename, content_type=kind)


def _write_header(book, sheet, columns: Sequence[Column], looks: Sequence[Any]) -> None:
    """The headings, and how each column's cells look, so that what stays empty need not be written."""
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, looks[place])
        sheet.write_string(0, place, column.heading, bold)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write_cell(sheet, row: int, place: int, value: Any, kind: str, look) -> None:
    if value is None or value == "":
        return
    if kind == TEXT:
        sheet.write_string(row, place, str(value)[:MOST_CHARACTERS], look)
    elif kind == WHOLE:
        sheet.write_number(row, place, value, look)
    elif kind in (FEN, AREA):
        sheet.write_number(row, place, Decimal(value) / 100, look)
    else:
        sheet.write_datetime(row, place, _naive(value), look)


def _naive(value: date) -> date:
    """Excel knows no time zones: a moment is written as Beijing's clock showed it."""
    return value.astimezone(BEIJING).replace(tzinfo=None) if isinstance(value, datetime) else value
