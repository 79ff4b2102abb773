"""Looking a complaint up by number and last four digits, without a way to guess. RELIABILITY

Wrong tries are counted by address, by number and for the whole site, within the hour. Each wrong try makes an address
wait longer. When the site has had its share, only those who solve a puzzle (a second of a browser's time) may go on.
Nothing tells whether a number exists: the sentence, the counting and the looking are the same.
"""

import contextlib
import re
import unicodedata

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from accounts import limits, puzzles

from .models import Complainant

HOUR = 3600
OF_ADDRESS, OF_NUMBER, OF_SITE = 20, 5, 300
FREE_TRIES = 3  # wrong ones an address has before it waits
NUMBER = re.compile(r"TS?\D*(\d{8})\D*(\d{4,})", re.IGNORECASE)


class Wait(limits.TooMany):
    """Too many wrong tries; the message says what to do."""


def plain(typed: str) -> str:
    """TS20261105-0007 of whatever was typed for it, full-width digits and spaces too; empty where it is none."""
    found = NUMBER.search(unicodedata.normalize("NFKC", typed))
    return f"TS{found[1]}-{found[2]}" if found else ""


def find(request: HttpRequest, *, number: str, tail: str, solution: str = "") -> Complainant | None:
    """The complainant whose number and last digits these are; None for everything else, and that is counted.

    Raises:
        Wait: this address or this number had too many wrong tries.
        puzzles.NeedsPuzzle: the site had.
    """
    address, wanted = limits.address_of(request), plain(number)
    demand_free(address, wanted, solution)
    found = _look(wanted, tail.strip())
    if found is None:
        _count(address, wanted)
    return found


def _look(number: str, tail: str) -> Complainant | None:
    rows = Complainant.objects.select_related("complaint__merged_into", "complaint__community", "contact__phone")
    wanted = rows.filter(complaint__number=number, contact__phone__value__endswith=tail)
    return wanted.first() if re.fullmatch(r"\d{4}", tail) else None


def demand_free(address: str, number: str, solution: str) -> None:
    """Raises Wait or NeedsPuzzle when this try may not be made."""
    with contextlib.suppress(RedisError):
        if cache.get(f"guess:wait:{address}"):
            raise Wait("刚才号码不对的次数多了，等一两分钟再试。急的话打电话，我们替您查。")
        if _had("address", address) >= OF_ADDRESS or _had("number", number) >= OF_NUMBER:
            raise Wait("这一小时试得太多了，过一小时再查。急的话打电话，我们替您查。")
        if _had("site", "") >= OF_SITE and not puzzles.is_solved(solution):
            raise puzzles.NeedsPuzzle("现在查的人太多，请再点一次“查”。一直不行就打电话，我们替您查。")


def _had(kind: str, key: str) -> int:
    return cache.get(f"guess:{kind}:{key}", 0)


def _count(address: str, number: str) -> None:
    """One more wrong try; the fourth of an address makes it wait, each further one twice as long."""
    with contextlib.suppress(RedisError):
        for name in (f"guess:address:{address}", f"guess:number:{number}", "guess:site:"):
            cache.add(name, 0, HOUR)
            cache.incr(name)
        over = _had("address", address) - FREE_TRIES
        if over > 0:
            cache.set(f"guess:wait:{address}", 1, min(2**over, 300))
