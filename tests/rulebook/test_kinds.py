from datetime import date, time

import pytest

from rulebook import catalogue, keys, kinds
from rulebook.kinds import Hours, Kind, MonthDay, Ratio, Span, WeekTime

THURSDAY = WeekTime(4, time(16))
TYPED = [
    (Kind.INTEGER, "3", 3, 3),
    (Kind.INTEGER, "５，０００，０００", 5_000_000, 5_000_000),
    (Kind.RATIO, "2/3", [2, 3], Ratio(2, 3)),
    (Kind.DATE, "2008年9月1日", "2008-09-01", date(2008, 9, 1)),
    (Kind.MONTH_DAY, "3月31日", "03-31", MonthDay(3, 31)),
    (Kind.RANGE, "3–5", [3, 5], Span(3, 5)),
    (Kind.HOURS, "8:30–17：30", ["08:30", "17:30"], Hours(time(8, 30), time(17, 30))),
    (Kind.WEEK_TIMES, "周四 16:00、星期天 9:00", [[4, "16:00"], [7, "09:00"]], (THURSDAY, WeekTime(7, time(9)))),
    (Kind.YES_NO, "否", False, False),
    (Kind.LIST, "30、7", [30, 7], (30, 7)),
    (Kind.PAIR, "3、60", [3, 60], (3, 60)),
    (Kind.TEXT, " 文字 ", "文字", "文字"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "kept", "value"), TYPED)
def test_a_value_is_typed_kept_and_read(kind, text, kept, value):
    assert kinds.parse(kind, text) == kept
    assert kinds.load(kind, kept) == value
    assert kinds.parse(kind, kinds.typed(kind, kept)) == kept


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.INTEGER, "-3"),
        (Kind.INTEGER, "3.5"),
        (Kind.INTEGER, ""),
        (Kind.INTEGER, "1,5"),
        (Kind.RATIO, "3/2"),
        (Kind.RATIO, "0/0"),
        (Kind.RATIO, "三分之二"),
        (Kind.DATE, "2026-02-30"),
        (Kind.DATE, "2026-02"),
        (Kind.MONTH_DAY, "2月30日"),
        (Kind.RANGE, "5-3"),
        (Kind.RANGE, "5"),
        (Kind.HOURS, "17:30–08:30"),
        (Kind.HOURS, "25:00–26:00"),
        (Kind.HOURS, "全天"),
        (Kind.WEEK_TIMES, "每天 9:00"),
        (Kind.YES_NO, "也许"),
        (Kind.LIST, ""),
        (Kind.LIST, "很多"),
        (Kind.PAIR, "3"),
        (Kind.PAIR, "3、4、5"),
        (Kind.TEXT, "  "),
    ],
)
def test_what_does_not_fit_gets_a_sentence(kind, text):
    with pytest.raises(ValueError, match=r"^写.*。$"):
        kinds.parse(kind, text)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        *((Kind.INTEGER, wrong) for wrong in (True, "3", None, -1)),
        *((Kind.RATIO, wrong) for wrong in (5, {}, [1], [2, 1])),
        *((Kind.WEEK_TIMES, wrong) for wrong in ([[8, "09:00"]], [])),
        *((Kind.CHOICES, wrong) for wrong in (["a", 1], [])),
        (Kind.DATE, 3),
        (Kind.HOURS, None),
        (Kind.LIST, []),
        (Kind.YES_NO, 1),
    ],
)
def test_json_of_another_kind_is_refused(kind, kept):
    with pytest.raises(ValueError):
        kinds.load(kind, kept)


@pytest.mark.parametrize(
    ("kind", "unit", "kept", "words"),
    [
        (Kind.INTEGER, "次", 3, "3 次"),
        (Kind.INTEGER, "bp", 500, "5%"),
        (Kind.INTEGER, "bp", 1250, "12.5%"),
        (Kind.INTEGER, "fen", 5_000_000, "50,000.00 元"),
        (Kind.INTEGER, "fen/m²", 100, "每平方米 1.00 元"),
        (Kind.INTEGER, "0.1分", 599, "59.9 分"),
        (Kind.INTEGER, "0.01m²", 400, "4 平方米"),
        (Kind.INTEGER, "‰", 7, "7‰"),
        (Kind.PAIR, "{1} 天内 {0} 次", [3, 60], "60 天内 3 次"),
        (Kind.LIST, "天", [30, 7], "30、7 天"),
        (Kind.MONTH_DAY, "", "03-31", "3月31日"),
        (Kind.WEEK_TIMES, "", [[4, "16:00"]], "周四 16:00"),
    ],
)
def test_a_value_is_said_in_words(kind, unit, kept, words):
    assert kinds.in_words(kind, unit, kept) == words


def test_a_choice_is_typed_by_its_words_or_its_code():
    scope = keys.get("patrol.quota_scope")
    assert scope.parse("每个小区各算") == scope.parse("PER_COMMUNITY") == "PER_COMMUNITY"
    assert scope.in_words("PER_CADRE") == scope.typed("PER_CADRE") == catalogue.QUOTA_SCOPES["PER_CADRE"]
    with pytest.raises(ValueError, match="选"):
        scope.parse("随便")


def test_several_choices():
    repairs = keys.get("complaint.repair_same_day")
    assert repairs.parse("水、电") == ["water", "electricity"]
    assert repairs.in_words(["water", "electricity"]) == "水、电"
    with pytest.raises(ValueError, match="选"):
        repairs.parse("水、气")


def test_a_month_day_in_a_year():
    assert MonthDay(3, 31).in_year(2027) == date(2027, 3, 31)


def test_a_key_is_declared_once():
    assert keys.declare("patrol.weekly_quota", "每周巡查次数", Kind.INTEGER, "次", topic="巡查")
    with pytest.raises(ValueError, match="twice"):
        keys.declare("patrol.weekly_quota", "别的", Kind.INTEGER, topic="巡查")
