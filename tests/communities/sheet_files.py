"""Workbooks as people send them, made for tests."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from communities import imports
from communities.models import SheetImport

HEAD = ["小区", "幢", "单元", "房号", "面积", "业主", "证件号码", "电话", "份额"]


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


def a_unit(community, *, room="502", area="89.56", owner="王桂兰", number="", phone="", share="", building="3幢"):
    return [getattr(community, "name", community), building, "1单元", room, area, owner, number, phone, share]


def sentences(row: SheetImport) -> str:
    """What the preview says about bad rows."""
    if row.state == "refused":
        return row.says
    return "；".join(sentence for line in imports.preview_of(row)["wrong"] for _, sentence in line["what"])
