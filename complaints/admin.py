"""Reply templates in the admin: kept by those who answer, ended with a day and never deleted."""

from django.contrib import admin

from accounts.admin_rows import Rows
from accounts.roles import Act

from .models import ReplyTemplate


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(Rows, admin.ModelAdmin):
    act = Act.COMPLAINT
    list_display = ["title", "category", "first_day", "last_day", "kept_by"]
    list_filter = ["category"]
    search_fields = ["title", "text"]
    fields = ["title", "category", "text", "first_day", "last_day"]

    def save_model(self, request, obj, form, change):
        obj.kept_by = obj.kept_by if change else request.user
        super().save_model(request, obj, form, change)
