"""A proof of work for browsers: a second of counting, which one person does not notice and a robot pays for each time.

The page gives a challenge that the server has signed; the browser finds a number so that the hash of both begins with
so many zero bits. Each solution counts once.
"""

import hashlib

from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import get_random_string

from . import limits

BITS = 17  # about 130,000 hashes
LASTS = 1800  # seconds
_signer = TimestampSigner(salt="accounts.puzzles")


class NeedsPuzzle(limits.TooMany):
    """So many came lately that each further one costs a puzzle; the page that comes back brings it."""


def challenge() -> str:
    """A new puzzle for a page."""
    return _signer.sign(get_random_string(12))


def is_solved(solution: str) -> bool:
    """Whether ``challenge~number`` solves a puzzle of ours that is young and was not used before."""
    asked, _, number = solution.partition("~")
    if not number.isdecimal() or len(solution) > 200:
        return False
    try:
        _signer.unsign(asked, max_age=LASTS)
    except BadSignature:
        return False
    return is_enough(solution) and cache.add(f"puzzle:{hashlib.sha256(asked.encode()).hexdigest()}", 1, LASTS)


def is_enough(solution: str) -> bool:
    digest = hashlib.sha256(solution.encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0
