"""Between session and page: a password from a slip is changed first, and who came second is told so."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from lib.states import WrongState

OPEN = {"accounts:password-change", "accounts:sign-out", "healthz"}


class Person:
    """Lets nobody past the change of a one-time password; turns WrongState into a sentence on the page before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if request.resolver_match.view_name in OPEN or not request.user.is_authenticated:
            return None
        return redirect("accounts:password-change") if request.user.must_change_password else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, WrongState):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": str(exception)}, status=409)
        messages.warning(request, str(exception))
        return redirect(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    before = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if safe else resolve_url(settings.LOGIN_REDIRECT_URL)
