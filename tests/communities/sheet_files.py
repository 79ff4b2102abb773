"""Workbooks as people send them, made for tests."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl


def xlsx(*rows: Sequence[Any], title: str = "表1", merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet, written cell by cell as Excel would."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(file)
    return file.getvalue()


def csv_(*rows: Sequence[Any], coding: str = "gb18030", mark: str = ",") -> bytes:
    return "\r\n".join(mark.join(map(str, row)) for row in rows).encode(coding)
