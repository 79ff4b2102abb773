"""Sheets that go out: templates to fill in, what stands, and bad rows with their reasons."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

import xlsxwriter

from lib import workbook
from lib.cells import plain

from .declare import Column, Kind, Line, Values, words_of
from .engine import Comparison

ROWS_OF_LISTS = 20_000  # so far down a template offers its lists
HIDDEN = "选项"
HOW_TO = [
    "第一行是表头，不要改；顺序可以换，用不着的列可以删，也可以直接用您自己的表。",
    "每一列都是文本格式，证件号码、电话不会变样。日期写成 2026-11-23。",
    "空着的格子不改原来的内容。再导入一次，按前面几列认出是哪一行，有变化的更新。",
    "导入前先给您看：哪些是新的、哪些要改、哪些有错。有一行错，就一行都不写。",
]


def template(to: IO[bytes], kind: Kind) -> None:
    """An empty sheet of the kind: every cell text, lists to choose from, and a second sheet that says how."""
    book = xlsxwriter.Workbook(to)
    sheet, head = (
        book.add_worksheet(kind.title[:31]),
        book.add_format({"bold": True, "bottom": 1, "bg_color": "#E2EEF1"}),
    )
    text = book.add_format({"num_format": "@"})
    for place, column in enumerate(kind.columns):
        sheet.set_column(place, place, column.width, text)
        sheet.write_string(0, place, column.heading, head)
        if column.options:
            sheet.data_validation(1, place, ROWS_OF_LISTS, place, _list(column))
    sheet.freeze_panes(1, 0)
    _explain(book, kind, head)
    book.close()


def _list(column: Column) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": list(column.options),
        "error_title": column.heading,
        "error_message": f"从列表里选一个：{'、'.join(column.options)}"[:255],
    }


def _explain(book: xlsxwriter.Workbook, kind: Kind, head) -> None:
    sheet, wrap = book.add_worksheet("填表说明"), book.add_format({"text_wrap": True, "valign": "top"})
    for place, (heading, width) in enumerate([("列", 16), ("要不要填", 12), ("例子", 24), ("怎么填", 60)]):
        sheet.set_column(place, place, width, wrap)
        sheet.write_string(0, place, heading, head)
    for number, column in enumerate(kind.columns, start=1):
        must = "新的要填" if column.required else "可不填"
        hint = column.hint or (f"选一个：{'、'.join(column.options)}" if column.options else "")
        for place, words in enumerate((column.heading, must, column.example, hint)):
            sheet.write_string(number, place, words)
    for number, sentence in enumerate([kind.about, *HOW_TO], start=len(kind.columns) + 2):
        sheet.merge_range(number, 0, number, 3, "", wrap)
        sheet.write_string(number, 0, sentence, wrap)


def cells(kind: Kind, rows: Iterable[Values]) -> Iterable[list[str]]:
    """Values as the sheet writes them: brought in again they change nothing."""
    for values in rows:
        yield [_words(column, values.get(column.name)) for column in kind.columns]


def _words(column: Column, value: Any) -> str:
    return column.words(value) if value is not None else ""


def columns(kind: Kind) -> list[workbook.Column]:
    return [workbook.Column(column.heading, column.width) for column in kind.columns]


def bad_rows(found: Comparison, wrong: Iterable[Line]) -> tuple[list[workbook.Column], Iterable[list[str]]]:
    """The rows to be mended as they came, each with its number and what is wrong with it."""
    heads = [workbook.Column("原表第几行", 10), workbook.Column("哪里不对", 50)]
    heads += [workbook.Column(found.kind.heading(name), 16) for name in found.places]
    return heads, (_bad_row(found, line) for line in wrong)


def _bad_row(found: Comparison, line: Line) -> list[str]:
    row = found.sheet.rows[line.number - 1]
    cells = [_as_typed(row[place]) if place < len(row) else "" for place in found.places.values()]
    return [str(line.number), reasons([found.kind.heading(name), said] for name, said in line.wrong), *cells]


def _as_typed(cell: Any) -> str:
    return plain(cell) if isinstance(cell, float) else words_of(cell)


def reasons(what: Iterable[Sequence[str]]) -> str:
    return "；".join(f"{heading}：{sentence}" for heading, sentence in what)
