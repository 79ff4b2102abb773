"""Rules and calendar in the admin: the portal's pages enter them, here they are found and checked in bulk."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone

from accounts import roles
from accounts.admin_rows import Rows
from accounts.roles import Act
from lib.states import WrongState
from rulebook import calendars, keys, rules
from rulebook.models import CalendarLoad, Rule


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "状态", "state"

    def lookups(self, request, model_admin):
        return [("waiting", "等复核"), ("checked", "已复核或随系统")]

    def queryset(self, request, queryset):
        return {"waiting": queryset.waiting, "checked": queryset.checked}.get(self.value(), queryset.all)()


class TopicFilter(admin.SimpleListFilter):
    title, parameter_name = "哪方面", "topic"

    def lookups(self, request, model_admin):
        return [(topic, topic) for topic in keys.topics()]

    def queryset(self, request, queryset):
        names = [key.name for key in keys.declared.values() if key.topic == self.value()]
        return queryset.filter(key__in=names) if self.value() else queryset


class TwoPeopleAdmin(Rows, admin.ModelAdmin):
    """Rows that are entered on the portal's page and checked by another person."""

    act = Act.RULES
    enter_page: str
    actions = ["check_selected", "withdraw_selected"]

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_check_permission(self, request) -> bool:
        return roles.may_check(request.user, Act.RULES)

    def has_withdraw_permission(self, request) -> bool:
        return self.has_check_permission(request) or self._may_act(request)

    def add_view(self, request, form_url="", extra_context=None):
        """One form only: the portal's, with its preview."""
        return redirect(self.enter_page)

    @admin.display(description="状态")
    def state(self, row) -> str:
        return "等复核" if row.is_waiting else row.get_origin_display() if row.origin == "migration" else "已复核"

    @admin.action(description="复核通过", permissions=["check"])
    def check_selected(self, request, queryset):
        self._each(request, queryset, self.check_row, "复核通过")

    @admin.action(description="退回或撤回（没复核的）", permissions=["withdraw"])
    def withdraw_selected(self, request, queryset):
        self._each(request, queryset, self.withdraw_row, "退回")

    def _each(self, request, queryset, step, words: str) -> None:
        done = 0
        for row in queryset:
            try:
                step(row, request.user)
                done += 1
            except (WrongState, PermissionDenied) as refused:
                self.message_user(request, f"{row}：{refused}", messages.WARNING)
        if done:
            self.message_user(request, f"{words}了 {done} 条。", messages.SUCCESS)


@admin.register(Rule)
class RuleAdmin(TwoPeopleAdmin):
    enter_page = "rulebook:rule-new"
    list_display = ["label", "words", "first_day", "jurisdiction", "basis", "state"]
    list_filter = [StateFilter, TopicFilter, "jurisdiction"]
    list_select_related = ["jurisdiction", "entered_by", "checked_by"]
    search_fields = ["key", "basis", "article"]
    fields = ["label", "words", "first_day", "jurisdiction", "basis", "article"]
    fields += ["origin", "entered_by", "entered_at", "checked_by", "checked_at"]
    ordering = ["key", "-first_day"]

    @admin.display(description="规则", ordering="key")
    def label(self, row) -> str:
        return row.label

    @admin.display(description="值")
    def words(self, row) -> str:
        return row.words

    def check_row(self, row, by) -> None:
        rules.check(rule=row, by=by, now=timezone.now())

    def withdraw_row(self, row, by) -> None:
        rules.withdraw(rule=row, by=by)


@admin.register(CalendarLoad)
class CalendarLoadAdmin(TwoPeopleAdmin):
    enter_page = "rulebook:calendar-load"
    list_display = ["year", "source", "state", "entered_by", "checked_by"]
    list_filter = [StateFilter]
    list_select_related = ["entered_by", "checked_by"]
    search_fields = ["source", "=year"]
    fields = ["year", "source", "table", "origin", "entered_by", "entered_at", "checked_by", "checked_at"]

    @admin.display(description="与周一至周五不同的日子")
    def table(self, load) -> str:
        return "\n".join(
            f"{line.date} {'班' if line.is_workday else '休'} {line.note}" for line in calendars.lines_of(load)
        )

    def check_row(self, row, by) -> None:
        calendars.check(load=row, by=by, now=timezone.now())

    def withdraw_row(self, row, by) -> None:
        calendars.withdraw(load=row, by=by)
