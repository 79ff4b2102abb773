"""GET /healthz: is every part of the portal at work?"""

import time

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import anyone
from config import embedded

SILENT_AFTER = 45  # seconds


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    if not settings.REDIS_URL and not embedded.valkey_answers():
        return "does not answer"
    cache.get("alive:anything")
    return "ok"


def _heartbeat(part: str) -> str:
    said = cache.get(f"alive:{part}")
    if said is None:
        return "silent"
    return "ok" if time.time() - said <= SILENT_AFTER else f"silent for {time.time() - said:.0f} s"


def _state(look, *args) -> str:
    try:
        return look(*args)
    except Exception as error:
        return type(error).__name__


@anyone
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """JSON of each part; 503 with the failing parts named when one of them is not at work."""
    parts = {"database": _state(_database), "broker": _state(_broker)}
    heard = parts["broker"] == "ok"
    parts |= {part: _state(_heartbeat, part) if heard else "unknown" for part in ("worker", "beat")}
    failing = [part for part, state in parts.items() if state not in ("ok", "unknown")]
    answer = {"status": "failing" if failing else "ok", "failing": failing, **parts, "version": settings.VERSION}
    return JsonResponse(answer, status=503 if failing else 200)
