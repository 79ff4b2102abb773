"""Cells of a table as people type them, turned into values; what cannot be is told in a sentence.

Each function takes a cell that is not empty and returns the value, or raises `Wrong`. Numbers come as floats, text with
full-width digits and spaces, days as days or in ten ways of writing them.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from typing import Any

from lib import identity

Parser = Callable[[Any], Any]
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))
NO_ZERO = "\0"


class Wrong(ValueError):
    """A cell that cannot be read; the text is a sentence for who typed it."""


def plain(cell: Any) -> str:
    """A cell as one line of text: no spaces around it or in rows, half-width digits and letters, 3 and not 3.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == datetime.min.time() else cell
    words = str(cell)
    if not words.isascii():
        words = unicodedata.normalize("NFKC", words).translate(INVISIBLE)
    return " ".join(words.replace(NO_ZERO, "").split())


def is_empty(cell: Any) -> bool:
    if isinstance(cell, str):
        return not cell or not (cell[0].isalnum() or plain(cell))
    return cell is None


ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}


def demand_computed(cell: Any) -> None:
    """Raises Wrong for a formula that came to an error."""
    if isinstance(cell, str) and cell.strip() in ERRORS:
        raise Wrong("这一格的公式算不出来，请改成数值。")


def text(most: int, *, brackets: bool = True) -> Parser:
    """Words of at most so many characters; full-width brackets stay as Chinese names write them."""

    def parse(cell: Any) -> str:
        words = plain(cell)
        if brackets:
            words = words.replace("(", "（").replace(")", "）")
        if len(words) > most:
            raise Wrong(f"最多 {most} 个字，现在是 {len(words)} 个。")
        return words

    return parse


def code(most: int) -> Parser:
    """A code of a building or a unit: no spaces, dashes of one kind, zeros in front kept."""

    def parse(cell: Any) -> str:
        if isinstance(cell, date | datetime):
            raise Wrong("Excel 把它当成了日期。请把这一列设成文本格式，再重新写。")
        words = re.sub(r"\s", "", plain(cell)).translate(str.maketrans("—–−_", "----"))
        if len(words) > most:
            raise Wrong(f"最多 {most} 位。")
        return words

    return parse


def whole(low: int, high: int) -> Parser:
    def parse(cell: Any) -> int:
        words = plain(cell).replace(",", "").rstrip("年层个")
        if not re.fullmatch(r"[0-9]{1,9}", words) or not low <= int(words) <= high:
            raise Wrong(f"写 {low} 到 {high} 之间的整数。")
        return int(words)

    return parse


def area(cell: Any) -> int:
    """Square metres as 0.01 m²."""
    words = re.sub(r"(㎡|m2|平方米|平米|平)$", "", plain(cell).replace(",", ""), flags=re.I).strip()
    try:
        centi = Decimal(words if not isinstance(cell, float) else repr(round(cell, 6))) * 100
    except InvalidOperation:
        raise Wrong("面积写成 89.56 这样的数。") from None
    if not centi.is_finite() or not 0 <= centi <= 10_000_000:
        raise Wrong("面积在 0 到 100,000 平方米之间。")
    if centi != centi.to_integral_value():
        raise Wrong("面积最多两位小数。")
    return int(centi)


DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
SOLID = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)


def day(cell: Any) -> date:
    """A day: Excel's own, or 2026-11-23, 2026/11/23, 2026.11.23, 2026年11月23日, 20261123."""
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        found = _day(plain(cell).partition(" ")[0])
    if not FIRST <= found <= LAST:
        raise Wrong("看看年份对不对。")
    return found


def _day(words: str) -> date:
    match = DAY.fullmatch(words) or SOLID.fullmatch(words)
    try:
        return date(*map(int, match.groups()))
    except (AttributeError, ValueError):
        raise Wrong("日期写成 2026-11-23 这样；没有这一天或少写了日也会读不出。") from None


def share(cell: Any) -> Fraction:
    """A share of a unit: 1/2, 50%, 0.5, 全部. Excel makes a day of 1/2: that is said."""
    if isinstance(cell, date | datetime):
        raise Wrong("Excel 把份额当成了日期。请把这一列设成文本格式，再写 1/2。")
    words = plain(cell).replace(" ", "")
    if words in ("全部", "单独所有", "100%"):
        return Fraction(1)
    try:
        found = Fraction(words[:-1]) / 100 if words.endswith("%") else Fraction(words)
    except (ValueError, ZeroDivisionError):
        raise Wrong("份额写成 1/2 或 50% 这样。") from None
    if not 0 < found <= 1 or found.denominator > 1_000_000:
        raise Wrong("份额大于 0，不超过 1；除不尽的写成 1/3 这样。")
    return found


PHONE = re.compile(r"\+?[0-9][0-9-]{4,19}")


def phone(cell: Any) -> str:
    """A telephone number; a mobile one without spaces, dashes or the country's 86."""
    words = re.sub(r"\s", "", plain(cell)).translate(str.maketrans("—–−()", "-----")).strip("-")
    if mobile := re.fullmatch(r"(?:\+?86)?(1[0-9]{10})", words.replace("-", "")):
        return mobile[1]
    if not PHONE.fullmatch(words) or (words.startswith("1") and words.isdigit() and len(words) not in (5, 11)):
        raise Wrong("电话只写一个号码，比如 13800138000 或 0578-8800123。")
    return words


def document(cell: Any) -> str:
    """The number of an identity document, in one form. As a number of Excel its last digits are lost: refused."""
    if not isinstance(cell, str):
        raise Wrong("证件号码是按数字存的，Excel 已经丢了后几位。请把这一列设成文本格式，照证件重新写。")
    number = identity.plain(cell)
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", number):
        raise Wrong("证件号码成了 3.2E+17 这样，后几位丢了。请把这一列设成文本格式，照证件重新写。")
    return number


def choice(kind: type[Enum], **others: Any) -> Parser:
    """One of the choices, by its Chinese word; ``others`` are further words for some."""
    known = {label: value for value, label in kind.choices} | others
    asked = "、".join(label for _, label in kind.choices if label)

    def parse(cell: Any) -> str:
        words = plain(cell)
        if words not in known:
            raise Wrong(f"写其中一个：{asked}。")
        return known[words]

    return parse


def choices(kind: type[Enum]) -> Parser:
    """Several of the choices with marks between them, as a tuple in the order of the choices."""
    one = choice(kind)

    def parse(cell: Any) -> tuple[str, ...]:
        found = {one(words) for words in re.split(r"[、,，;；/ ]+", plain(cell)) if words}
        return tuple(value for value in kind.values if value in found)

    return parse
