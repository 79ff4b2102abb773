"""Money is whole fen. Shares, the way amounts are written and read, and capitals for papers."""

import re
import unicodedata
from collections.abc import Mapping

MOST_DIGITS = 15  # of yuan: what a bigint of fen holds
DIGITS = "零壹贰叁肆伍陆柒捌玖"
SECTIONS = ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, ""))
PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
AMOUNT = re.compile(r"([-−]?)¥?([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")


class ScopeAreaZero(ValueError):
    """An amount is to be shared over nothing. DOMAIN F.8"""

    code = "SCOPE_AREA_ZERO"


def half_up(n: int, d: int) -> int:
    """n / d to the nearest whole number, an exact half away from zero. DOMAIN F.0"""
    if d <= 0:
        raise ValueError(f"cannot divide by {d}")
    return (2 * n + d) // (2 * d) if n >= 0 else -half_up(-n, d)


def allocate(amount_fen: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Shares an amount by weight with the largest remainder, so that no fen is lost. DOMAIN F.8

    The fen missing after rounding down go one each to the largest remainders, ties to the code that comes first in
    byte order (which is the order of Python's strings). A negative amount is shared as its mirror image.

    Args:
        amount_fen: what is to be shared, in fen.
        weights: the weight of each code, for instance a unit's area in 0.01 m².

    Returns:
        Each code's share in fen, in order of the codes.

    Raises:
        ScopeAreaZero: the weights sum to zero and the amount does not.
        ValueError: a weight is negative.
    """
    if amount_fen < 0:
        return {code: -share for code, share in allocate(-amount_fen, weights).items()}
    codes, total = sorted(weights), sum(weights.values())
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is never negative")
    if not total and amount_fen:
        raise ScopeAreaZero("这些户的面积合计是 0，没法分摊。请先补上面积。")
    parts = {code: divmod(amount_fen * weights[code], total or 1) for code in codes}
    missing = amount_fen - sum(share for share, _ in parts.values())
    lucky = set(sorted(codes, key=lambda code: -parts[code][1])[:missing])  # a stable sort keeps ties in code order
    return {code: share + (code in lucky) for code, (share, _) in parts.items()}


def yuan(fen: int) -> str:
    """An amount of fen as it is read: 495834 is 4,958.34, with a true minus sign below zero."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}{whole:,}.{rest:02}"


def parse_yuan(text: str) -> int:
    """Fen from an amount that a person typed: full-width digits, commas, spaces, ¥ and 元 are welcome.

    Raises:
        ValueError: with a sentence for the person who typed it.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).removesuffix("元")
    if not plain:
        raise ValueError("写上金额，比如 4,958.34。")
    match = AMOUNT.fullmatch(plain)
    if not match:
        raise ValueError("金额写成数字，最多两位小数，比如 4,958.34。")
    sign, whole, rest = match.groups()
    if len(whole.replace(",", "")) > MOST_DIGITS:
        raise ValueError("金额太大，看看是不是多打了几位。")
    fen = int(whole.replace(",", "")) * 100 + int((rest or "").ljust(2, "0"))
    return -fen if sign else fen


def capitals(fen: int) -> str:
    """An amount of fen in capitals (大写金额) for receipts and vouchers: 肆仟玖佰伍拾捌元叁角肆分.

    Raises:
        ValueError: the amount has more digits than the characters reach.
    """
    if fen < 0:
        return "负" + capitals(-fen)
    whole, rest = divmod(fen, 100)
    if whole >= 10**16:
        raise ValueError(f"{fen} fen is too much for capitals")
    yuan_part = _whole_in_capitals(whole) + "元" if whole else ""
    return (yuan_part + _rest_in_capitals(*divmod(rest, 10), after_yuan=bool(whole))) or "零元整"


def _whole_in_capitals(whole: int) -> str:
    out, zero = "", False
    for unit, name in SECTIONS:
        section = whole // unit % 10_000
        for place, place_name in PLACES:
            digit = section // place % 10
            if digit:
                out += ("零" if zero and out else "") + DIGITS[digit] + place_name
            zero = not digit
        if section:
            out += name
    return out


def _rest_in_capitals(jiao: int, fen: int, *, after_yuan: bool) -> str:
    if not jiao and not fen:
        return "整" if after_yuan else ""
    tenths = DIGITS[jiao] + "角" if jiao else "零" if after_yuan else ""
    return tenths + (DIGITS[fen] + "分" if fen else "整")
