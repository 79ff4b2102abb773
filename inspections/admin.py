"""The check list in the admin: entered by an administrator, checked by the town's head."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils import timezone

from rulebook.admin import StateFilter, TwoPeopleAdmin

from . import checklist
from .models import CheckItem


class CheckItemForm(ModelForm):
    def clean(self):
        data = super().clean()
        try:
            checklist.demand_tomorrow(CheckItem(first_day=data.get("first_day")), now=timezone.now())
        except ValidationError as error:
            self.add_error(None, error)
        return data

    def _post_clean(self):
        """The columns of two people are filled by the act, before the constraints are asked."""
        self.instance.entered_by, self.instance.entered_at = self.entered_by, timezone.now()
        super()._post_clean()


@admin.register(CheckItem)
class CheckItemAdmin(TwoPeopleAdmin):
    form = CheckItemForm
    list_display = ["code", "category", "text", "severity", "first_day", "last_day", "state"]
    list_filter = [StateFilter, "category", "severity"]
    search_fields = ["code", "text"]
    ordering = ["category_order", "position", "code", "-first_day"]
    fields = ["code", "category", "position", "text", "severity", "to_transfer", "retires", "first_day", "source"]

    def add_view(self, request, form_url="", extra_context=None):
        """Entered here: there is no other page for it."""
        return super(TwoPeopleAdmin, self).add_view(request, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.entered_by = request.user
        return form

    def save_model(self, request, obj, form, change):
        checklist.enter(item=obj, by=request.user, now=timezone.now())

    def check_row(self, row, by) -> None:
        checklist.check(item=row, by=by, now=timezone.now())

    def withdraw_row(self, row, by) -> None:
        checklist.withdraw(item=row, by=by)
