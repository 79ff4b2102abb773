"""Identity numbers as people write them: brought into one form, checked, shown with stars."""

import re
import unicodedata
from datetime import date
from operator import mul

from stdnum.cn import uscc

SPACES = re.compile(r"[\s-]")
CITIZEN = re.compile(r"[0-9]{17}[0-9X]")
WEIGHTS, CHECK = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
OTHER = re.compile(r"[A-Z0-9()]{5,20}")


def plain(typed: str) -> str:
    """The number in one form: half-width, capital letters, no spaces or dashes."""
    return SPACES.sub("", unicodedata.normalize("NFKC", typed)).upper()


def is_citizen(number: str) -> bool:
    """Whether this is a citizen's number (公民身份号码): a day of birth and the check digit.

    GB 11643. Whether the county existed in the year of birth is not asked: that would refuse old residents.
    """
    if not CITIZEN.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return check_digit(number[:17]) == number[17]


def check_digit(number: str) -> str:
    """The last digit of a citizen's number whose first seventeen are given. GB 11643"""
    return CHECK[sum(map(mul, WEIGHTS, map(int, number))) % 11]


def is_firm(number: str) -> bool:
    """Whether this is a 统一社会信用代码."""
    return uscc.is_valid(number)


def is_other(number: str) -> bool:
    """Whether this can be the number of a passport or another document."""
    return OTHER.fullmatch(number) is not None


def masked(number: str) -> str:
    """110101********1237: what is enough to recognise one's own."""
    shown = 4 if len(number) >= 15 else 1
    return f"{number[: shown + 2 if shown > 1 else 1]}{'*' * max(1, len(number) - 2 * shown - 2)}{number[-shown:]}"
