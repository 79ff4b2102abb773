"""Identity numbers as people write them: brought into one form, checked, shown with stars."""

import re
import unicodedata

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError as StdnumError

SPACES = re.compile(r"[\s-]")
CITIZEN = re.compile(r"[0-9]{17}[0-9X]")
OTHER = re.compile(r"[A-Z0-9()]{5,20}")


def plain(typed: str) -> str:
    """The number in one form: half-width, capital letters, no spaces or dashes."""
    return SPACES.sub("", unicodedata.normalize("NFKC", typed)).upper()


def is_citizen(number: str) -> bool:
    """Whether this is a citizen's number (公民身份号码): a day of birth and the check digit.

    Not ``ric.validate``: it asks whether the county existed in the year of birth and refuses old residents.
    """
    if not CITIZEN.fullmatch(number):
        return False
    try:
        ric.get_birth_date(number)
    except (StdnumError, ValueError):
        return False
    return ric.calc_check_digit(number[:-1]) == number[-1]


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
