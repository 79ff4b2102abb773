"""Django's admin in the town's name: where office and stations keep registers, not where residents go."""

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


class PortalAdminSite(admin.AdminSite):
    index_title = "要管什么"
    site_url = None  # the head leads back to the portal by itself
    enable_nav_sidebar = False

    @property
    def site_header(self) -> str:
        return f"{settings.SITE['title']} 系统管理"

    site_title = site_header

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """There is one door, the portal's own; whoever is inside already has come to the wrong room."""
        if request.user.is_authenticated:
            raise PermissionDenied("系统管理是镇物业办和物管站用的。")
        wanted = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return redirect(f"{reverse('accounts:sign-in')}?{wanted}")

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("accounts:password-change")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff


class PortalAdmin(AdminConfig):
    default_site = "config.admin.PortalAdminSite"
