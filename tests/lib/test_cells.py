"""Cells as people type them."""

from datetime import date, datetime
from fractions import Fraction

import pytest

from communities.models import Unit
from lib import cells, identity
from lib.cells import Wrong

GOOD = [
    (cells.text(10), "  王 桂兰　", "王 桂兰"),
    (cells.text(10), "安居(物业)", "安居（物业）"),
    (cells.text(10), 3.0, "3"),
    (cells.text(10), "\ufeff\u200b王", "王"),
    (cells.code(10), "０３—１—502", "03-1-502"),
    (cells.code(10), 502.0, "502"),
    (cells.whole(1, 99), "６层", 6),
    (cells.area, "89.56㎡", 8956),
    (cells.area, 89.56, 8956),
    (cells.area, 0.1 + 0.2, 30),
    (cells.area, "1,089.5 平方米", 108950),
    (cells.area, "０", 0),
    (cells.day, "2026-11-23", date(2026, 11, 23)),
    (cells.day, "2026/1/3", date(2026, 1, 3)),
    (cells.day, "２０２６．１．３", date(2026, 1, 3)),
    (cells.day, "2026年1月3日", date(2026, 1, 3)),
    (cells.day, "20260103", date(2026, 1, 3)),
    (cells.day, 20260103.0, date(2026, 1, 3)),
    (cells.day, "2026-11-23 00:00:00", date(2026, 11, 23)),
    (cells.day, datetime(2026, 11, 23, 8), date(2026, 11, 23)),
    (cells.share, "1/3", Fraction(1, 3)),
    (cells.share, "50%", Fraction(1, 2)),
    (cells.share, "33.5 %", Fraction(67, 200)),
    (cells.share, 0.5, Fraction(1, 2)),
    (cells.share, "全部", Fraction(1)),
    (cells.phone, 13800138000.0, "13800138000"),
    (cells.phone, "+86 138-0013-8000", "13800138000"),
    (cells.phone, "(0578)8800123", "0578-8800123"),
    (cells.phone, "12345", "12345"),
    (cells.phone, "400-800-1234", "400-800-1234"),
    (cells.document, "１１０101 19491231 123x", "11010119491231123X"),
    (cells.choice(Unit.Use), " 商铺", "shop"),
]


@pytest.mark.parametrize(("parse", "cell", "value"), GOOD)
def test_what_is_typed_is_understood(parse, cell, value):
    assert parse(cell) == value


BAD = [
    (cells.text(3), "四个字呢", "最多 3 个字"),
    (cells.demand_computed, "#REF!", "算不出来"),
    (cells.code(9), date(2026, 3, 1), "文本格式"),
    (cells.whole(1, 99), "很多", "1 到 99"),
    (cells.whole(1, 99), 1.5, "1 到 99"),
    (cells.area, "1.005", "两位小数"),
    (cells.area, "-5", "之间"),
    (cells.area, "1e999", "之间"),
    (cells.area, "NaN", "之间"),
    (cells.area, "大", "89.56"),
    (cells.day, "2026-02-30", "没有这一天"),
    (cells.day, "2026-11", "少写了日"),
    (cells.day, 45000.0, "2026-11-23"),
    (cells.day, "0001-01-01", "年份"),
    (cells.day, True, "2026-11-23"),
    (cells.share, "1/0", "1/2"),
    (cells.share, "0", "大于 0"),
    (cells.share, "150%", "不超过 1"),
    (cells.share, date(2026, 1, 2), "当成了日期"),
    (cells.phone, "1380013800", "一个号码"),
    (cells.phone, "13800138000 13900139000", "一个号码"),
    (cells.phone, "没有", "一个号码"),
    (cells.document, 3.2010619500101e17, "按数字存的"),
    (cells.document, "3.20106E+17", "后几位丢了"),
    (cells.choice(Unit.Use), "别墅", "住宅、商铺"),
]


@pytest.mark.parametrize(("parse", "cell", "says"), BAD)
def test_what_cannot_be_gets_a_sentence(parse, cell, says):
    with pytest.raises(Wrong, match=says):
        parse(cell)


@pytest.mark.parametrize("cell", [None, "", "  ", "　", "\u200b"])
def test_what_is_empty(cell):
    assert cells.is_empty(cell)


def test_the_example_of_the_standard():
    assert identity.is_citizen("11010519491231002X")
    assert not any(identity.is_citizen(f"11010519491231002{digit}") for digit in range(10))


def test_residents_born_before_their_county_had_its_code():
    assert identity.is_citizen("320106195501010057")


@pytest.mark.parametrize(
    "number", ["110101194912311230", "11010119491331123X", "1101011949123112", "11010119491231123"]
)
def test_numbers_that_are_no_citizens(number):
    assert not identity.is_citizen(number)


def test_stars():
    assert identity.masked("110101194912311238") == "110101********1238"
    assert identity.masked("E12345678").count("*") >= 5
