"""Between session and page: a password from a slip is changed first, and who came second is told so."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control

from lib.states import WrongState

from . import shared_phones
from .access import page_before

OPEN = {"accounts:password-change", "accounts:sign-out", "healthz"}


class Person:
    """Lets nobody past the change of a one-time password; who came with a code is of the firm and nothing else; turns
    WrongState into a sentence on the page before; what somebody signed in sees, no proxy keeps for the next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        shared_phones.narrow(request, now=timezone.now())
        response = self.get_response(request)
        if "Cache-Control" not in response and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_cache=True)
        return response

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
        return redirect(page_before(request))
