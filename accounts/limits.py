"""Limits on what strangers may send: so many in a stretch of time, an address, and for the whole site."""

from django.core.cache import cache
from django.http import HttpRequest


class TooMany(Exception):
    """More than the limit; the page says when to come back and whom to call."""


def take(name: str, request: HttpRequest, *, each: int, all_: int, seconds: int) -> None:
    """Counts one more; counters lie in the cache and go by themselves.

    Raises:
        TooMany: this address has had ``each``, or the site ``all_``, within the last ``seconds``.
    """
    address = request.META.get("REMOTE_ADDR", "")
    for key, most in ((f"limit:{name}:{address}", each), (f"limit:{name}", all_)):
        cache.add(key, 0, seconds)
        if cache.incr(key) > most:
            raise TooMany("刚才发得太多了，过一会儿再发。急事请打电话。")
