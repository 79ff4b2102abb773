"""Files that people send: read as values, or sent back with a sentence; bounded before they are unpacked."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from lib import table_files
from lib.table_files import BadFile, read

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)


def xlsx(*rows, change=None) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows or [["小区", "次数"], ["松苑小区", 3]]:
        book.active.append(row)
    if change:
        change(book)
    book.save(file)
    return file.getvalue()


def with_parts(data: bytes, **parts: bytes | str) -> bytes:
    """The workbook with parts put in or in place of its own; ``__`` in a name is a slash, ``_`` a dot."""
    new, names = io.BytesIO(), {name.replace("__", "/").replace("_", "."): said for name, said in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as book:
        for part in old.infolist():
            if part.filename not in names:
                book.writestr(part.filename, old.read(part.filename))
        for name, said in names.items():
            book.writestr(name, said)
    return new.getvalue()


def with_sheet(rows: str) -> bytes:
    return with_parts(xlsx(), xl__worksheets__sheet1_xml=SHEET.format(f"<sheetData>{rows}</sheetData>"))


def rows_of(data: bytes) -> list[list]:
    return next(read(data)).rows


def test_a_sheet_comes_in_as_values():
    rows = rows_of(xlsx(["小区", "次数"], ["松苑小区", 3], [None, date(2026, 11, 23)]))
    assert rows == [["小区", "次数"], ["松苑小区", 3.0], ["", date(2026, 11, 23)]]


def test_formulas_give_what_was_computed_and_are_never_run():
    assert rows_of(xlsx(["=1+1", "x"]))[0][1] == "x"


def test_merged_cells_repeat():
    data = xlsx(["3幢", "501"], [None, "502"], change=lambda book: book.active.merge_cells("A1:A2"))
    assert rows_of(data) == [["3幢", "501"], ["3幢", "502"]]


def test_hidden_sheets_are_left_alone():
    def hide(book):
        book.create_sheet("藏着的").append(["x"])
        book["藏着的"].sheet_state = "hidden"

    assert [sheet.name for sheet in read(xlsx(change=hide))] == ["Sheet"]


WORD = io.BytesIO()
with zipfile.ZipFile(WORD, "w") as parts:
    parts.writestr("word/document.xml", "<x/>")
PLAIN_ZIP = io.BytesIO()
with zipfile.ZipFile(PLAIN_ZIP, "w") as parts:
    parts.writestr("photo.jpg", b"x" * 100)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLE + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100
FAR_ROW = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="0"/></row>'
FAR_CELL = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
NO_NUMBERS = "<row><c><v>1</v></c></row>" * (table_files.MOST_ROWS + 1)

BAD = {
    "nothing": (b"", "空的"),
    "zero bytes": (b"\0" * 5000, "空的"),
    "blanks": (b" \r\n", "空的"),
    "a text that is none": (bytes(range(256)) * 20, "不是表格"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "不是表格"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(255)), "不是表格"),
    "half a workbook": (xlsx()[:2500], "没有传完整"),
    "the beginning of one": (b"PK\x03\x04", "没有传完整"),
    "damaged inside": (xlsx().replace(b"sheetData", b"sheetDatX", 1)[:-1] + b"x", ""),
    "a Word document": (WORD.getvalue(), "Word 文档"),
    "a folder of photos": (PLAIN_ZIP.getvalue(), "不是 Excel"),
    "macros": (with_parts(xlsx(), xl__vbaProject_bin=b"x"), "带宏"),
    "links to other files": (with_parts(xlsx(), xl__externalLinks__externalLink1_xml="<x/>"), "引用了别的文件"),
    "a password": (LOCKED, "打开密码"),
    "an old file that is none": (OLE + b"\0" * 5000, "另存为"),
    "1,048,576 rows": (with_sheet(FAR_ROW), "空行"),
    "rows without numbers": (with_sheet(NO_NUMBERS), "空行"),
    "a cell at the far right": (with_sheet(FAR_CELL), "很远的空列"),
    "no XML": (with_parts(xlsx(), xl__worksheets__sheet1_xml="<<<<"), "另存为"),
    "an empty part": (with_parts(xlsx(), xl__workbook_xml=""), "另存为"),
    "a CSV of 100 columns": (("," * 100 + "\r\n").encode() * 2, "列"),
    "a CSV of too many rows": (b"a,b\r\n" * (table_files.MOST_ROWS + 1), "空行"),
    "a quote that never ends": (b'a,b\r\n"' + b"x" * 200_000, "另存为"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_gets_a_sentence(name):
    data, says = BAD[name]
    with pytest.raises(BadFile, match=says):
        list(read(data))


def test_a_bomb_is_not_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<x/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (table_files.MOST_UNPACKED + 1))
    assert len(bomb.getvalue()) < 1024 * 1024
    with pytest.raises(BadFile, match="展开后太大"):
        read(bomb.getvalue())


def test_a_bomb_that_lies_about_its_size():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<x/>")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    small = (50_000_000).to_bytes(4, "little")
    with pytest.raises(BadFile):
        list(read(bomb.getvalue().replace(small, (100).to_bytes(4, "little"))))


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(table_files, "MOST_BYTES", 100)
    with pytest.raises(BadFile, match="分成几个文件"):
        read(xlsx())


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "，"])
def test_csv(coding, mark):
    data = f"小区{mark}房号\r\n松苑小区{mark}03-1-0502\r\n".encode(coding)
    assert rows_of(data) == [["小区", "房号"], ["松苑小区", "03-1-0502"]]
