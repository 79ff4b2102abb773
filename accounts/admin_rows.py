"""What every ModelAdmin of the portal wears: the same rows as the site, and acts instead of Django's permissions."""

import re
from typing import ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest

from . import history, roles
from .roles import OFFICE, STATION, Act, Role

KEY = re.compile(r"[0-9]{1,18}")


class Chooser(AutocompleteSelect):
    """Django's, but a key that is no number is shown as nothing chosen instead of ending in an error."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if KEY.fullmatch(str(key))], attr)


class _Rights:
    """Who may see and do what with a table, for pages and for inlines."""

    viewers: ClassVar[frozenset[Role]] = OFFICE | STATION
    act: ClassVar[Act | None] = None  # whoever may do it, may add and change; None: nobody
    read_only: ClassVar[bool] = False
    deletable: ClassVar[bool] = False  # only for what nothing can point to yet

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).visible_to(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Choices are rows that the person sees, too."""
        manager = db_field.remote_field.model._default_manager
        if "queryset" not in kwargs and hasattr(manager, "visible_to"):
            kwargs["queryset"] = manager.visible_to(request.user)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Chooser(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return not self.viewers.isdisjoint(request.user.roles)

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return self._may_act(request)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return self._may_act(request)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.deletable and self._may_act(request)

    def _may_act(self, request: HttpRequest) -> bool:
        seen = self.has_view_permission(request)
        return seen and not self.read_only and self.act is not None and roles.may(request.user, self.act)


class Rows(_Rights):
    """Mixin for a ModelAdmin. Its table's manager offers ``visible_to(user)``.

    ``viewers``: roles that find the table in the admin at all. ``act``: who may do it, may add and change.
    ``read_only``, ``deletable``: what they say. Rows that have been used are never deleted but ended with a day.
    """

    list_per_page = 50
    show_full_result_count = False
    object_history_template = "accounts/_object_history.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_actions(self, request: HttpRequest) -> dict:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        """变更记录: what changed, by whom and why, as the database itself has noted it."""
        row = self.get_object(request, object_id)
        extra_context = {**(extra_context or {}), "changes": history.changes_of(row) if row else []}
        return super().history_view(request, object_id, extra_context)


class InlineRows(_Rights):
    """The same for an inline."""


def registered() -> list[admin.ModelAdmin]:
    """Every page of the admin that is ours, in order of the tables' labels."""
    pages = [page for page in admin.site._registry.values() if isinstance(page, Rows)]
    return sorted(pages, key=lambda page: page.model._meta.label_lower)
