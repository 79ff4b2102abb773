"""Error pages: what happened, what is kept, whom to call."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", status=status)


def bad_request(request, exception) -> HttpResponse:
    return _page(request, 400)


def forbidden(request, exception) -> HttpResponse:
    return _page(request, 403)


def not_found(request, exception) -> HttpResponse:
    return _page(request, 404)


def csrf(request, reason="") -> HttpResponse:
    """The form was open too long or was opened before signing in; what was typed is still in the browser."""
    return render(request, "csrf.html", status=403)


def server_error(request) -> HttpResponse:
    """Without database, session or context processors: any of them may be what failed."""
    code = f"E-{timezone.localtime():%m%d-%H%M%S}"
    page = loader.render_to_string("500.html", {"site": settings.SITE, "code": code})
    return HttpResponse(page, status=500)
