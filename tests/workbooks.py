"""Files that people send as tables, sound and bad, made for tests: .xlsx part by part, .xls record by record."""

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

from lib.workbook_parts import MOST_ROWS, MOST_UNPACKED

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)


def xlsx(*rows, change=None) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows or [["小区", "次数"], ["松苑小区", 3]]:
        book.active.append(list(row))
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


def with_rels(change: tuple[bytes, bytes], **parts) -> bytes:
    """The workbook whose list of sheets says something else."""
    data = xlsx()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        rels = book.read("xl/_rels/workbook.xml.rels")
    assert change[0] in rels
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as book:
        for part in old.infolist():
            said = rels.replace(*change) if part.filename.endswith("workbook.xml.rels") else old.read(part.filename)
            book.writestr(part.filename, said)
        for name, said in parts.items():
            book.writestr(name, said)
    return new.getvalue()


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, said in parts.items():
            book.writestr(name.replace("__", "/").replace("_", "."), said)
    return file.getvalue()


# ---------------------------------------------------------------- .xls: BIFF8 in a compound file

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(*rows: Sequence[Any], locked: bool = False, far: int = 0) -> bytes:
    """A workbook as Excel 97 to 2003 wrote it."""
    globals_ = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 0))
    globals_ += _record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    name = "表1".encode("utf-16-le")
    at = len(globals_) + 4 + 8 + len(name) + 4
    globals_ += _record(0x85, struct.pack("<IBBBB", at, 0, 0, 2, 1) + name) + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 0))
    sheet += b"".join(_cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row) if value != "")
    sheet += _cell(65535, far, "x") if far else b""
    return _compound("Workbook", globals_ + sheet + _record(0x0A, b""))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _cell(row: int, column: int, value: Any) -> bytes:
    if isinstance(value, str):
        words = value.encode("utf-16-le")
        return _record(0x204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + words)
    return _record(0x203, struct.pack("<HHHd", row, column, 0, value))


def _compound(name: str, stream: bytes) -> bytes:
    """One stream in Microsoft's compound file: header, table of sectors, directory, the stream's sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    number = len(stream) // SECTOR
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    chain = [TABLE, END, *range(3, 2 + number), END]
    table = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry(name, 2, FREE, 2, len(stream))
    return head + table + directory.ljust(SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    words = name.encode("utf-16-le") + b"\0\0"
    entry = words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words), kind, 1, FREE, FREE, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)


# ---------------------------------------------------------------- files that are none

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLE + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100
FAR_ROW = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="0"/></row>'
FAR_CELL = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
FAR_CORNER = '<row r="1"><c r="A1"><v>1</v></c></row><row r="50000"><c r="BZ50000"><v>1</v></c></row>'
PREFIXED = '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1048576"><x:c/></x:row>'
NO_NUMBERS = "<row><c><v>1</v></c></row>" * (MOST_ROWS + 1)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&c;</t></is></c>'
    "</row></sheetData></worksheet>"
)
ERRORS = "<row>" + '<c t="e"><v>#REF!</v></c>' * 60 + "</row>"
MERGED_AGAIN = "<mergeCells>" + '<mergeCell ref="A1:BZ30000"/>' * 2000 + "</mergeCells>"


def bomb() -> bytes:
    """200 MB of nothing in 200 KB."""
    return archive(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"0" * (MOST_UNPACKED + 1))


def lying_bomb() -> bytes:
    """50 MB that call themselves 100 bytes."""
    data = archive(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b" " * 50_000_000)
    return data.replace((50_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))


def covered_again() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in (1, 30000))
    said = SHEET.format(f"<sheetData>{rows}</sheetData>{MERGED_AGAIN}")
    return with_parts(xlsx(), xl__worksheets__sheet1_xml=said)


def damaged() -> bytes:
    """One byte of the packed sheet is another."""
    data = xlsx(*[["小区", n] for n in range(200)])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        at = book.getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


BAD_FILES = {
    "nothing": (lambda: b"", "空的"),
    "zero bytes": (lambda: b"\0" * 5000, "空的"),
    "blanks": (lambda: b" \r\n", "空的"),
    "a text that is none": (lambda: bytes(range(256)) * 20, "不是表格"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "不是表格"),
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(255)), "不是表格"),
    "half a workbook": (lambda: xlsx()[:2500], "没有传完整"),
    "the second half of one": (lambda: xlsx()[2500:], "不是表格"),
    "the beginning of one": (lambda: b"PK\x03\x04", "没有传完整"),
    "one byte damaged": (damaged, "没有传完整"),
    "a Word document": (lambda: archive(word__document_xml=b"<x/>"), "Word 文档"),
    "a folder of photos": (lambda: archive(photo_jpg=b"x" * 100), "不是 Excel"),
    "an empty archive": (lambda: archive(), "没有传完整|不是表格"),
    "macros": (lambda: with_parts(xlsx(), xl__vbaProject_bin=b"x"), "带宏"),
    "links to other files": (
        lambda: with_parts(xlsx(), xl__externalLinks__externalLink1_xml="<x/>"),
        "引用了别的文件",
    ),
    "a password": (lambda: LOCKED, "打开密码"),
    "an old file with a password": (lambda: xls(["小区"], locked=True), "打开密码"),
    "an old file that is none": (lambda: OLE + b"\0" * 5000, "另存为"),
    "half an old file": (lambda: xls(["小区", "次数"])[:1400], "另存为"),
    "an old file with a far corner": (lambda: xls(["小区"], far=255), "很远的空"),
    "an old file whose reader would ask for 137 GB": (lambda: xls(["小区"], far=65535), "很远的空"),
    "an old Word file": (
        lambda: _compound("WordDocument", b"x" * 5000),
        "另存为",
    ),
    "1,048,576 rows": (lambda: with_sheet(FAR_ROW), "空行"),
    "1,048,576 rows under another prefix": (lambda: with_sheet(PREFIXED), "空行"),
    "1,048,576 rows in other quotes": (lambda: with_sheet(FAR_ROW.replace('"', "'")), "空行"),
    "a cell that is far from its row": (lambda: with_sheet('<row r="1"><c r="A1048576"><v>1</v></c></row>'), "空行"),
    "rows without numbers": (lambda: with_sheet(NO_NUMBERS), "空行"),
    "cells without numbers": (lambda: with_sheet(f'<row r="1">{"<c><v>1</v></c>" * 16384}</row>'), "很远的空列"),
    "a cell at the far right": (lambda: with_sheet(FAR_CELL), "很远的空列"),
    "a cell at the far corner": (lambda: with_sheet(FAR_CORNER), "展开后太大"),
    "ten thousand errors": (lambda: with_sheet(ERRORS * 200), "公式算不出来"),
    "no XML": (lambda: with_parts(xlsx(), xl__worksheets__sheet1_xml="<<<<"), "另存为"),
    "an empty part": (lambda: with_parts(xlsx(), xl__workbook_xml=""), "另存为"),
    "a sheet that is not there": (lambda: with_rels((b"sheet1.xml", b"sheet9.xml")), "另存为"),
    "a sheet under another name": (
        lambda: with_rels((b"sheet1.xml", b"sheet1.png"), **{"xl/worksheets/sheet1.png": SHEET}),
        "另存为",
    ),
    "words that grow": (lambda: with_parts(xlsx(), xl__worksheets__sheet1_xml=LAUGHS), "另存为"),
    "cells merged again and again": (covered_again, "另存为"),
    "a bomb": (bomb, "展开后太大"),
    "a bomb that lies about its size": (lying_bomb, "另存为"),
    "a CSV of 100 columns": (lambda: ("," * 100 + "\r\n").encode() * 2, "列"),
    "a CSV of too many rows": (lambda: b"a,b\r\n" * (MOST_ROWS + 1), "空行"),
    "a quote that never ends": (lambda: b'a,b\r\n"' + b"x" * 200_000, "另存为"),
}
