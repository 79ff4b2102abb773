import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from lib import workbook
from lib.workbook import AREA, DAY, FEN, MOMENT, WHOLE, Column, write

COLUMNS = [
    Column("小区", 24),
    Column("次数", 8, WHOLE),
    Column("金额", 14, FEN),
    Column("面积", 12, AREA),
    Column("日期", 12, DAY),
    Column("时间", 18, MOMENT),
]


def written(rows, columns=COLUMNS, title="每周巡查"):
    file = io.BytesIO()
    write(file, title=title, columns=columns, rows=rows)
    return openpyxl.load_workbook(file).active


def test_a_sheet_says_what_it_was_given():
    moment = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
    sheet = written([("松苑小区", 3, 495834, 8956, date(2026, 11, 23), moment)])
    assert [cell.value for cell in sheet[1]] == ["小区", "次数", "金额", "面积", "日期", "时间"]
    assert [cell.value for cell in sheet[2]] == [
        "松苑小区", 3, 4958.34, 89.56, datetime(2026, 11, 23), datetime(2026, 11, 23, 0, 5),
    ]  # fmt: skip
    assert (sheet.title, sheet.freeze_panes) == ("每周巡查", "A2")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "http://example.com", "00123", "320106195001011234", "{=1}"],
)
def test_text_stays_text(text):
    cell = written([(text,)], [Column("说明")])["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_nothing_is_an_empty_cell():
    assert [cell.value for cell in written([(None, None, None, None, None, "")])[2]] == [None] * 6


def test_long_text_is_cut_where_excel_cuts():
    assert len(written([("长" * 40_000,)], [Column("说明")])["A2"].value) == 32_767


def test_a_title_excel_forbids_is_made_fit():
    assert written([], title="松苑/滨湖[2026]" + "长" * 40).title == "松苑滨湖2026" + "长" * 23


def test_too_many_rows_get_a_sentence(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(ValueError, match="缩小范围"):
        written([("a",)] * 3, [Column("说明")])


def test_a_row_of_another_length_is_a_mistake_of_ours():
    with pytest.raises(ValueError):
        written([("a", "b")], [Column("说明")])


def test_a_download_has_its_chinese_name():
    answer = workbook.response("巡查记录.xlsx", title="巡查", columns=COLUMNS[:1], rows=[("松苑小区",)])
    assert "filename*=utf-8''%E5%B7%A1" in answer["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active["A2"].value == "松苑小区"


# ---------------------------------------------------------------- in


def sheet(rows):
    file = io.BytesIO()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()
