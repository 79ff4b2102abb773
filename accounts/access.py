"""Audiences: every view wears exactly one of these decorators; two audiences that share a page are joined with ``|``.

The decorator decides who may come in at all; which rows they find there, ``.visible_to(user)`` decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from .roles import FIRM, OFFICE, STATION, Role


@dataclass(frozen=True)
class Audience:
    """Who may open a page: everybody, everybody signed in, or those with one of some roles today."""

    name: str
    roles: frozenset[Role] | None = None  # None: no role is asked
    signed_in: bool = True
    by_code: bool = False  # also for who came with a code on a phone of their firm (accounts/shared_phones.py)

    def __or__(self, other: "Audience") -> "Audience":
        return Audience(f"{self.name}|{other.name}", self.roles | other.roles)

    @property
    def opens_by_code(self) -> bool:
        """Pages of firms and pages of everybody; nothing of a person's own."""
        return self.by_code or not self.signed_in or not FIRM.isdisjoint(self.roles or ())

    def admits(self, user) -> bool:
        if not self.signed_in:
            return True
        return user.is_authenticated and (self.roles is None or not self.roles.isdisjoint(user.roles))

    def __call__(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if getattr(request, "shared_phone", None) and not self.opens_by_code:
                raise PermissionDenied(
                    "用码进来的，只能看物业的页面。自己的设置和别的页面，请在自己的手机上用密码登录。"
                )
            if self.admits(request.user):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied("这一页不是给您的角色用的。")
            return _ask_to_sign_in(request)

        guarded.audience = self
        return guarded


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": "登录过期了，请重新登录。写的内容还在这部手机里。"}, status=401)
    looks = request.method in ("GET", "HEAD")  # an address that only takes what was typed cannot be returned to
    return redirect_to_login(request.get_full_path() if looks else page_before(request))


def page_before(request: HttpRequest) -> str:
    """The page on which somebody pressed the button; home where the browser does not tell, or tells a foreign one."""
    before = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


anyone = Audience("anyone", signed_in=False)
signed_in = Audience("signed_in")
signed_in_also_by_code = Audience("signed_in_also_by_code", by_code=True)
resident_only = Audience("resident_only", frozenset({Role.RESIDENT}))
firm_only = Audience("firm_only", FIRM)
committee_only = Audience("committee_only", frozenset({Role.COMMITTEE_MEMBER}))
cadre_only = Audience("cadre_only", frozenset({Role.CADRE}))
partner_only = Audience("partner_only", frozenset({Role.PARTNER}))
station_only = Audience("station_only", STATION)
office_only = Audience("office_only", OFFICE)
leader_only = Audience("leader_only", frozenset({Role.LEADER}))
