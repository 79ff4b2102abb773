"""Django's admin in the town's name: where office and stations keep registers, not where residents go."""

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class PortalAdminSite(admin.AdminSite):
    index_title = "要管什么"
    enable_nav_sidebar = False

    @property
    def site_header(self) -> str:
        return f"{settings.SITE['title']} 系统管理"

    site_title = site_header

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff


class PortalAdmin(AdminConfig):
    default_site = "config.admin.PortalAdminSite"
