"""Statements as Chinese banks write them: encodings, headings, signs, words above and below; and what is none."""

import io
from datetime import date

import pytest
import xlsxwriter

from lib import bank_statement
from lib.table_files import BadFile

TWO_COLUMNS = """账号：6200001234,户名：演示专户
交易日期,摘要,借方发生额,贷方发生额,余额,对方户名
20260302,续交 03-1-0102,,"1,000.00","2,404.99",王桂兰
2026-03-05,工程款,500.00,,"1,904.99",演示建筑公司
合计,,500.00,"1,000.00",,
"""
ONE_COLUMN = (
    "交易时间\t收/支\t交易金额(元)\t附言\n2026/3/2 10:12:13\t收\t１０００．００\t续交\n2026年3月5日\t支\t500\t工程款\n"
)
SIGNED = "日期,金额,备注\n2026-03-02,+1000.00,续交\n2026-03-05,-500.00,工程款\n"


@pytest.mark.parametrize("text", [TWO_COLUMNS, ONE_COLUMN, SIGNED])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_the_usual_shapes_say_the_same(text, encoding):
    reading = bank_statement.read(text.encode(encoding))
    assert reading.problems == []
    assert [(m.day, m.amount) for m in reading.movements] == [
        (date(2026, 3, 2), 100_000),
        (date(2026, 3, 5), -50_000),
    ]


def workbook(rows) -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return data.getvalue()


def test_a_workbook_with_numbers_and_text():
    rows = [["演示银行"], ["交易日期", "收入", "支出", "余额", "摘要"], ["20260302", 1000, "", "2,404.99", "续交"]]
    (movement,) = bank_statement.read(workbook(rows)).movements
    assert (movement.amount, movement.balance, movement.remark, movement.row) == (100_000, 240_499, "续交", 3)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2026-13-02,5,,x", "日期"),
        ("昨天,5,,x", "日期"),
        ("2026-03-02,,,x", "没有金额"),
        ("2026-03-02,五元,,x", "不是数字"),
        ("2026-03-02,5,5,x", "又有收入又有支出"),
        ("2026-03-02,1.234,,x", "不是数字"),
    ],
)
def test_a_bad_row_is_named(row, words):
    reading = bank_statement.read(f"交易日期,收入,支出,摘要\n2026-03-01,1,,x\n{row}\n".encode())
    ((number, said),) = reading.problems
    assert number == 3 and words in said and len(reading.movements) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0\0",
        b"PK\x03\x04 cut off",
        workbook([["交易日期", "金额"], ["20260302", 5]])[:600],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not whole",
        bytes(range(128, 256)) * 20,
        "姓名,电话\n王,1\n".encode(),
        b"%PDF-1.4",
    ],
)
def test_what_is_no_statement_is_said(data):
    with pytest.raises(BadFile):
        bank_statement.read(data)


def test_half_a_text_file_gives_what_is_whole_and_names_the_rest():
    whole = TWO_COLUMNS.encode("gb18030")
    reading = bank_statement.read(whole[: whole.index(b"500.00") + 3])
    assert len(reading.movements) + len(reading.problems) == 2


def test_the_same_line_has_the_same_fingerprint_in_any_file_and_twins_differ():
    first = list(bank_statement.read(TWO_COLUMNS.encode("gb18030")).fingerprints())
    again = list(bank_statement.read(TWO_COLUMNS.encode()).fingerprints())
    assert [f for _, f in first] == [f for _, f in again]
    twins = bank_statement.read((SIGNED + "2026-03-02,+1000.00,续交\n").encode())
    prints = [f for _, f in twins.fingerprints()]
    assert len(set(prints)) == 3
