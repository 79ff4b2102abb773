"""Error pages: what happened, what is kept, whom to call."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone

log = logging.getLogger("linzhi")


def _page(request: HttpRequest, status: int, **context) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)


class Explained:
    """A refusal that came without a page (405, 413, 429) gets one for people; programs get it as it was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for_people = not request.headers.get("Accept", "").startswith("application/json")
        if response.status_code in (405, 413, 429) and for_people and not (response.streaming or response.content):
            response.content = loader.render_to_string(f"{response.status_code}.html", request=request)
        return response


def bad_request(request, exception) -> HttpResponse:
    return _page(request, 400)


def forbidden(request, exception) -> HttpResponse:
    return _page(request, 403, reason=str(exception))


def not_found(request, exception) -> HttpResponse:
    return _page(request, 404)


def csrf(request, reason="") -> HttpResponse:
    """The form was open too long or was opened before signing in; what was typed is still in the browser."""
    return render(request, "csrf.html", status=403)


def server_error(request) -> HttpResponse:
    """Without database, session or context processors: any of them may be what failed."""
    code = f"E-{timezone.localtime():%m%d-%H%M%S}"
    log.error("%s: %s %s", code, request.method, request.path)
    page = loader.render_to_string("500.html", {"site": settings.SITE, "code": code})
    return HttpResponse(page, status=500)
