"""What a rule's value may be: how it is typed, kept as JSON, used in the code and said in words."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, NamedTuple

from django.db.models import TextChoices

from lib.money import yuan

WEEKDAYS = "一二三四五六日"
NUMBER = re.compile(r"[0-9]+")
NUMBERS = re.compile(r"[0-9\s、,;/.~至到年月日号–—-]+")


class Kind(TextChoices):
    INTEGER = "integer", "整数"
    RATIO = "ratio", "分数"
    DATE = "date", "日期"
    MONTH_DAY = "month-day", "每年的一天"
    RANGE = "range", "范围"
    HOURS = "hours", "时段"
    WEEK_TIMES = "week-times", "每周的时刻"
    CHOICE = "choice", "选项"
    CHOICES = "choices", "几个选项"
    YES_NO = "yes-no", "是否"
    LIST = "list", "几个数"
    PAIR = "pair", "一对数"
    TEXT = "text", "文字"


class Ratio(NamedTuple):
    """A share as two whole numbers; compare by multiplying: ``part * ratio.of >= ratio.part * whole``."""

    part: int
    of: int


class MonthDay(NamedTuple):
    month: int
    day: int

    def in_year(self, year: int) -> date:
        return date(year, self.month, self.day)


class Span(NamedTuple):
    """From the least to the most, both included."""

    least: int
    most: int


class Hours(NamedTuple):
    opens: time
    closes: time


class WeekTime(NamedTuple):
    """A time of the week: ISO weekday (Monday is 1) and the clock in Beijing."""

    weekday: int
    at: time


@dataclass(frozen=True)
class Shape:
    """One kind: ``load`` makes the value of JSON or raises ValueError, ``parse`` the JSON of what was typed."""

    load: Callable[[Any], Any]
    parse: Callable[[str], Any]
    write: Callable[[Any], str]
    hint: str


def load(kind: str, kept: Any) -> Any:
    """The value as the code uses it.

    Raises:
        ValueError: the JSON is not of this kind.
    """
    try:
        return SHAPES[Kind(kind)].load(kept)
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"{kept!r} is no {kind}") from error


def parse(kind: str, text: str, choices: Mapping[str, str] | None = None) -> Any:
    """The JSON of what a person typed; of a choice, its code or its words.

    Raises:
        ValueError: with a sentence for that person.
    """
    shape, plain = SHAPES[Kind(kind)], unicodedata.normalize("NFKC", text).strip()
    try:
        kept = _chosen(kind, plain, choices) if choices else shape.parse(text.strip() if kind == Kind.TEXT else plain)
        shape.load(kept)
    except (ValueError, TypeError, IndexError) as error:
        raise ValueError(f"{shape.hint}。") from error
    return kept


def _chosen(kind: str, text: str, choices: Mapping[str, str]) -> Any:
    code_of = {unicodedata.normalize("NFKC", said): code for code, words in choices.items() for said in (code, words)}
    if kind == Kind.CHOICE:
        return code_of.get(text, "")
    return [code_of.get(part, "") for part in re.split(r"[、,;\s]+", text)]


def typed(kind: str, kept: Any, choices: Mapping[str, str] | None = None) -> str:
    """The text that a person would type for the value."""
    if choices:
        return "、".join(choices.get(code, code) for code in ([kept] if isinstance(kept, str) else kept))
    return SHAPES[Kind(kind)].write(kept)


def in_words(kind: str, unit: str, kept: Any, choices: Mapping[str, str] | None = None) -> str:
    """The value with its unit, as a sentence can hold it."""
    if unit in SPECIAL_UNITS:
        return SPECIAL_UNITS[unit](kept)
    if "{" in unit:
        return unit.format(*kept)
    said = typed(kind, kept, choices)
    return f"{said} {unit}" if unit else said


def _points(deci: int) -> str:
    return f"{deci // 10}.{deci % 10} 分"


def _percent(bp: int) -> str:
    return f"{bp // 100}%" if bp % 100 == 0 else f"{bp / 100:g}%"


SPECIAL_UNITS: dict[str, Callable[[int], str]] = {
    "fen": lambda fen: f"{yuan(fen)} 元",
    "fen/m²": lambda fen: f"每平方米 {yuan(fen)} 元",
    "bp": _percent,
    "0.1分": _points,
    "0.01m²": lambda centi: f"{centi / 100:g} 平方米",
    "‰": lambda permille: f"{permille}‰",
}


# ---------------------------------------------------------------- the kinds


def _whole(kept: Any) -> int:
    if type(kept) is not int or kept < 0:
        raise ValueError(f"{kept!r} is no whole number")
    return kept


def _text(kept: Any) -> str:
    if not isinstance(kept, str) or not kept.strip():
        raise ValueError(f"{kept!r} is no text")
    return kept


def _texts(kept: Any) -> tuple[str, ...]:
    if not kept or not isinstance(kept, list):
        raise ValueError(f"{kept!r} is no list")
    return tuple(map(_text, kept))


def _wholes(kept: Any) -> tuple[int, ...]:
    if not kept or not isinstance(kept, list):
        raise ValueError(f"{kept!r} is no list")
    return tuple(map(_whole, kept))


def _ratio(kept: Any) -> Ratio:
    ratio = Ratio(*_wholes(kept))
    if not 0 <= ratio.part <= ratio.of or not ratio.of:
        raise ValueError(f"{kept!r} is no share")
    return ratio


def _span(kept: Any) -> Span:
    span = Span(*_wholes(kept))
    if span.least > span.most:
        raise ValueError(f"{kept!r} runs backwards")
    return span


def _hours(kept: Any) -> Hours:
    hours = Hours(*map(time.fromisoformat, kept))
    if hours.opens >= hours.closes:
        raise ValueError(f"{kept!r} runs backwards")
    return hours


def _pair(kept: Any) -> tuple[int, int]:
    first, second = _wholes(kept)
    return first, second


def _month_day(kept: Any) -> MonthDay:
    month, day = map(int, kept.split("-"))
    date(2001, month, day)  # every year has it: 29 February is none
    return MonthDay(month, day)


def _week_times(kept: Any) -> tuple[WeekTime, ...]:
    times = tuple(WeekTime(_whole(weekday), time.fromisoformat(at)) for weekday, at in kept)
    if not times or not all(1 <= moment.weekday <= 7 for moment in times):
        raise ValueError(f"{kept!r} is no time of the week")
    return times


def _yes_no(kept: Any) -> bool:
    if not isinstance(kept, bool):
        raise ValueError(f"{kept!r} is neither yes nor no")
    return kept


def _numbers(text: str) -> list[int]:
    if not NUMBERS.fullmatch(text):
        raise ValueError(text)
    return [int(number) for number in NUMBER.findall(text)]


def _clocks(text: str) -> list[str]:
    clocks = re.findall(r"([0-9]{1,2}):([0-9]{2})", text)
    return [f"{int(hour):02}:{minute}" for hour, minute in clocks]


def _parse_integer(text: str) -> int:
    if not re.fullmatch(r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+", text):
        raise ValueError(text)
    return int(text.replace(",", ""))


def _parse_week_times(text: str) -> list[list[Any]]:
    found = re.findall(r"(?:周|星期)([一二三四五六日天])\s*([0-9]{1,2}):([0-9]{2})", text)
    return [[WEEKDAYS.index(day.replace("天", "日")) + 1, f"{int(hour):02}:{minute}"] for day, hour, minute in found]


def _parse_month_day(text: str) -> str:
    month, day = _numbers(text)
    return f"{month:02}-{day:02}"


def _parse_date(text: str) -> str:
    year, month, day = _numbers(text)
    return date(year, month, day).isoformat()


def _write_month_day(kept: str) -> str:
    month, day = kept.split("-")
    return f"{int(month)}月{int(day)}日"


def _write_date(kept: str) -> str:
    day = date.fromisoformat(kept)
    return f"{day.year}年{day.month}月{day.day}日"


def _write_week_times(kept: list) -> str:
    return "、".join(f"周{WEEKDAYS[weekday - 1]} {at}" for weekday, at in kept)


SHAPES: dict[Kind, Shape] = {
    Kind.INTEGER: Shape(_whole, _parse_integer, str, "写一个整数，比如 3"),
    Kind.RATIO: Shape(_ratio, _numbers, lambda kept: f"{kept[0]}/{kept[1]}", "写成分数，比如 2/3"),
    Kind.DATE: Shape(date.fromisoformat, _parse_date, _write_date, "写成日期，比如 2027-03-01"),
    Kind.MONTH_DAY: Shape(_month_day, _parse_month_day, _write_month_day, "写成月和日，比如 3月31日"),
    Kind.RANGE: Shape(_span, _numbers, lambda kept: f"{kept[0]}–{kept[1]}", "写成从小到大的两个数，比如 3–5"),
    Kind.HOURS: Shape(_hours, _clocks, "–".join, "写成起止时刻，比如 08:30–17:30"),
    Kind.WEEK_TIMES: Shape(
        _week_times, _parse_week_times, _write_week_times, "写成星期和时刻，比如 周四 16:00、周五 09:00"
    ),
    Kind.CHOICE: Shape(_text, str, str, "从列出的选项里选一个"),
    Kind.CHOICES: Shape(_texts, str.split, "、".join, "从列出的选项里选，用顿号隔开"),
    Kind.YES_NO: Shape(_yes_no, {"是": True, "否": False}.get, lambda kept: "是" if kept else "否", "写 是 或 否"),
    Kind.LIST: Shape(_wholes, _numbers, lambda kept: "、".join(map(str, kept)), "写几个整数，用顿号隔开，比如 30、7"),
    Kind.PAIR: Shape(_pair, _numbers, lambda kept: f"{kept[0]}、{kept[1]}", "写两个整数，用顿号隔开，比如 3、60"),
    Kind.TEXT: Shape(_text, str, str, "写上内容"),
}  # fmt: skip
