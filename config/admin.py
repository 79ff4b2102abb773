"""Django's admin in the town's name: where office and stations keep registers, not where residents go."""

from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

# The tables of the first page by what one comes for; those of no group stay with their app.
TASKS = {
    "小区和房屋": ["Community", "Building", "Unit", "Equipment", "ServiceState"],
    "谁联系、谁代班、谁请假": ["PatrolDuty", "CadreLeave"],
    "楼幢长": ["BuildingHead", "Person"],
    "物业企业、合同和人员": ["Firm", "Contract", "FirmPost"],
    "村居和物管站": ["VillageCommittee", "StationPost"],
    "考核、保证金、信用": ["ScoreSheet", "ScoreTable", "Deposit", "CreditEvent", "StarCriterion"],
    "上级要的表头和目录": ["ExportColumn", "ArchiveHeading"],
}


class PortalAdminSite(admin.AdminSite):
    index_title = "要管什么"
    site_url = None  # the head leads back to the portal by itself
    enable_nav_sidebar = False

    @property
    def site_header(self) -> str:
        return f"{settings.SITE['title']} 系统管理"

    site_title = site_header

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The first page lists tasks; the page of one app its tables, as Django does."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else by_task(apps)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """There is one door, the portal's own; whoever is inside already has come to the wrong room."""
        if request.user.is_authenticated:
            raise PermissionDenied("系统管理是镇物业办和物管站用的。")
        wanted = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return redirect(f"{reverse('accounts:sign-in')}?{wanted}")

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("accounts:password-change")

    def admin_view(self, view, cacheable=False):
        """Lists hand what their address asks for to the database, which knows no zero bytes: 400, as for forms."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def whole(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if any("\0" in value for values in request.GET.lists() for value in values[1]):
                raise BadRequest("地址里有不能用的字符。")
            return inner(request, *args, **kwargs)

        return whole

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff


def by_task(apps: list[dict]) -> list[dict]:
    """Django's list of apps with the tables that have a task taken out and put under it, in the order of TASKS."""
    tables = {table["object_name"]: (app, table) for app in apps for table in app["models"]}
    tasks = []
    for name, names in TASKS.items():
        found = [tables.pop(one) for one in names if one in tables]
        if found:
            tasks.append({**found[0][0], "name": name, "models": [table for _, table in found]})
    left = {id(table) for _, table in tables.values()}
    rest = [{**app, "models": [table for table in app["models"] if id(table) in left]} for app in apps]
    return tasks + [app for app in rest if app["models"]]


class PortalAdmin(AdminConfig):
    default_site = "config.admin.PortalAdminSite"
