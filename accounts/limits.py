"""Limits on what strangers may send: so many in a stretch of time, an address, and for the whole site."""

import contextlib
import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError


class TooMany(Exception):
    """More than the limit; the page says when to come back and whom to call."""


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: behind the town's proxy the last address that it added, else the other end."""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    try:
        return str(ipaddress.ip_address(forwarded))
    except ValueError:
        return request.META.get("REMOTE_ADDR", "")


def taken(name: str) -> int:
    """How many the whole site has had of it within its stretch of time."""
    with contextlib.suppress(RedisError):
        return cache.get(f"limit:{name}", 0)
    return 0


def take(name: str, request: HttpRequest, *, each: int, all_: int, seconds: int) -> None:
    """Counts one more; counters lie in the cache and go by themselves.

    Raises:
        TooMany: this address has had ``each``, or the site ``all_``, within the last ``seconds``.
    """
    with contextlib.suppress(RedisError):  # without the cache there are no counters, and no reason to refuse
        _count(name, address_of(request), each, all_, seconds)


def _count(name: str, address: str, each: int, all_: int, seconds: int) -> None:
    for key, most in ((f"limit:{name}:{address}", each), (f"limit:{name}", all_)):
        cache.add(key, 0, seconds)
        if cache.incr(key) > most:
            raise TooMany("刚才发得太多了，过一会儿再发。急事请打电话。")
