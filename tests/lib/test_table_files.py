"""Files that people send: read as values, or sent back with a sentence; bounded before they are unpacked."""

import io
import zipfile
from datetime import date

import pytest

from lib import table_files
from lib.table_files import BadFile, is_light, read
from tests.workbooks import BAD_FILES, xls, xlsx


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


def test_an_old_workbook():
    assert rows_of(xls(["小区", "次数"], ["松苑小区", 3.0])) == [["小区", "次数"], ["松苑小区", 3.0]]


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_cannot_be_read_gets_a_sentence(name):
    make, says = BAD_FILES[name]
    with pytest.raises(BadFile, match=says):
        list(read(make()))


@pytest.mark.parametrize("cell", ["<c{}>", "<x:c{} xmlns:x='a'>", "<c\n{}>"])
def test_large_sheets_are_measured_however_they_are_written(cell):
    """What the quick look passes over, the parser measures: more than a megabyte, one far cell in another spelling."""
    from tests.workbooks import with_sheet

    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 30_000))
    far = cell.format(' r="XFD30000"') + "</" + cell[1:].partition("{")[0].strip() + ">"
    with pytest.raises(BadFile, match="很远的空列"):
        list(read(with_sheet(f'{rows}<row r="30000">{far}</row>')))
    assert len(rows_of(with_sheet(rows))) == 29_999


def test_what_is_read_while_one_waits():
    from tests.workbooks import bomb

    assert is_light(xlsx()) and is_light(b"a,b\r\n")
    assert not is_light(bomb()) and not is_light(xls(["小区"]))


def packed(**parts: str) -> bytes:
    """An archive of such parts beside the list of sheets."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {"workbook.xml": "<workbook/>", **parts}.items():
            archive.writestr(f"xl/{name}", text)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        packed(表=""),  # named in UTF-8, with a letter of the name spoilt below
        packed(**{"workbook.xml": "<workbook><sheet/></workbook>"}),
        packed(**{"_rels/workbook.xml.rels": '<a><Relationship Id="rId1"/></a>'}),
        packed(**{"_rels/workbook.xml.rels": '<a><Relationship Target="worksheets/sheet1.xml"/></a>'}),
    ],
)
def test_parts_that_do_not_say_what_they_must(data):
    data = data.replace("表".encode(), b"\xe8\xa1\xff")
    assert is_light(data)
    with pytest.raises(BadFile, match="坏了"):
        list(read(data))


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(table_files, "MOST_BYTES", 100)
    with pytest.raises(BadFile, match="分成几个文件"):
        read(xlsx())


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "，"])
def test_csv(coding, mark):
    data = f"小区{mark}房号\r\n松苑小区{mark}03-1-0502\r\n".encode(coding)
    assert rows_of(data) == [["小区", "房号"], ["松苑小区", "03-1-0502"]]
