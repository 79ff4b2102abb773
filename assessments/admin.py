"""Scores in the admin, where the office works through a month: many at once, one by one, by keyboard. Tables by two."""

from datetime import date

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.admin_rows import InlineRows, Rows
from accounts.roles import OFFICE, STATION, Act, Role
from lib.periods import Month, beijing_date, month_of
from lib.states import WrongState
from rulebook.admin import StateFilter

from . import boards, people, review, tables
from .forms import ReasonForm
from .kinds import PeriodKind
from .models import (
    Band,
    CreditEvent,
    Deposit,
    EvidenceRule,
    ScoreArea,
    ScoreItem,
    ScoreSheet,
    ScoreTable,
    SizeRow,
    StarCriterion,
)
from .points import mean, written

MOST_AT_ONCE = 500
FIRST = Month(2004, 1)  # rules begin here


class WaitsFor(admin.SimpleListFilter):
    title, parameter_name = "轮到谁", "turn"

    def lookups(self, request, model_admin):
        return [
            ("assess", "等我认定"),
            ("check", "等我复核"),
            ("publish", "等我公布"),
            ("appealed", "申诉中"),
            ("uninspected", "未充分检查"),
        ]

    def queryset(self, request, queryset):
        today = beijing_date(timezone.now())
        found = {
            "assess": lambda: queryset.to_assess_by(request.user, today=today),
            "check": lambda: queryset.to_check_by(request.user),
            "publish": lambda: queryset.to_publish_by(request.user, today=today),
            "appealed": lambda: queryset.filter(open_appeal=True),
            "uninspected": lambda: queryset.filter(is_inspected=False),
        }
        return found.get(self.value(), lambda: queryset)()


class MonthFilter(admin.SimpleListFilter):
    title, parameter_name = "月份", "first_day"

    def lookups(self, request, model_admin):
        days = ScoreSheet.objects.visible_to(request.user).months().order_by("-first_day")
        return [(f"{day}", f"{day:%Y-%m}") for day in days.values_list("first_day", flat=True).distinct()[:24]]

    def queryset(self, request, queryset):
        try:
            return queryset.filter(first_day=date.fromisoformat(self.value())) if self.value() else queryset
        except ValueError:
            return queryset.none()


@admin.register(ScoreSheet)
class ScoreSheetAdmin(Rows, admin.ModelAdmin):
    viewers = OFFICE | STATION | {Role.LEADER}
    read_only = True
    change_list_template = "admin/assessments/scoresheet/change_list.html"
    list_display = ["community", "firm", "period", "state_words", "score", "band", "change", "worst"]
    list_filter = [MonthFilter, WaitsFor, "state", "kind", "band"]
    search_fields = ["community__name", "community__pinyin", "firm__name"]
    actions = ["approve_selected", "send_back_selected", "publish_selected"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).current()
        return rows.with_row_parts().with_before()

    def get_ordering(self, request):
        """Outliers first."""
        return [F("change_deci").asc(nulls_last=True), "score_deci", "community__pinyin"]

    def get_changelist_instance(self, request):
        """The item on which most was lost is asked for once, for all rows shown."""
        shown = super().get_changelist_instance(request)
        self.worst_items = boards.worst_items(shown.result_list)
        return shown

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """With those that are not scored, and why."""
        last = month_of(beijing_date(timezone.now())).previous
        if request.method == "GET" and not request.GET:
            request.GET = QueryDict(f"first_day={last.first_day}")
        try:
            month = max(FIRST, month_of(date.fromisoformat(request.GET.get("first_day", ""))))
        except ValueError:
            month = last
        more = {"unscored": boards.unscored(request.user, month), "month": month, "title": "月考核"}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None) -> HttpResponse:
        """The sheet in the portal's look; its buttons lead through the same acts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = boards.page(row, request.user, now=timezone.now())
        return render(request, "assessments/sheet.html", {**context, "in_admin": True})

    @admin.display(description="期间", ordering="first_day")
    def period(self, row) -> str:
        return row.period_words if row.period_kind == PeriodKind.HALF_YEAR else f"{row.first_day:%Y-%m}"

    @admin.display(description="状态")
    def state_words(self, row) -> str:
        return boards.state_words(row)

    @admin.display(description="得分", ordering="score_deci")
    def score(self, row) -> str:
        return written(row.score_deci)

    @admin.display(description="比上次", ordering="change_deci")
    def change(self, row) -> str:
        return "" if row.change_deci is None else f"{'+' if row.change_deci > 0 else ''}{written(row.change_deci)}"

    @admin.display(description="扣分最多")
    def worst(self, row) -> str:
        return self.worst_items.get(row.pk, "")

    # ------------------------------------------------ many at once, with a summary before

    @admin.action(description="复核通过", permissions=["view"])
    def approve_selected(self, request, queryset):
        return self._ask(
            request, queryset, "approve_selected", "复核通过，通知企业", review.approve, people.may_check_sheet
        )

    @admin.action(description="退回重新认定", permissions=["view"])
    def send_back_selected(self, request, queryset):
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if "confirmed" in request.POST and form.is_valid():
            return self._do(request, queryset, review.send_back, reason=form.cleaned_data["reason"])
        name, may = "send_back_selected", people.may_check_sheet
        return self._page(request, queryset, name, "退回重新认定", may, form=form, status=422 if form.errors else 200)

    @admin.action(description="公布", permissions=["view"])
    def publish_selected(self, request, queryset):
        return self._ask(request, queryset, "publish_selected", "公布", review.publish, people.may_publish)

    def _ask(self, request, queryset, name: str, title: str, act, may) -> HttpResponse:
        if "confirmed" in request.POST:
            return self._do(request, queryset, act)
        return self._page(request, queryset, name, title, may)

    def _page(self, request, queryset, name: str, title: str, may, *, form=None, status=200) -> HttpResponse:
        """What would happen to each, before anything does."""
        rows = list(queryset[:MOST_AT_ONCE])
        context = {
            "rows": [(row, may(request.user, row)) for row in rows],
            "action": name,
            "title": title,
            "form": form,
            "mean": written(mean([row.score_deci for row in rows])) if rows else "",
        }
        return render(request, "admin/assessments/scoresheet/act.html", context, status=status)

    def _do(self, request, queryset, act, **more) -> HttpResponseRedirect:
        done, why = review.each(list(queryset[:MOST_AT_ONCE]), act, by=request.user, now=timezone.now(), **more)
        if done:
            messages.success(request, f"{done} 份办好了。")
        for sentence in why:
            messages.warning(request, sentence)
        return redirect(request.get_full_path())


# ---------------------------------------------------------------- tables


class PartRows(InlineRows, admin.TabularInline):
    act = Act.RULES
    viewers = OFFICE | STATION
    deletable = True
    extra = 0

    def _may_act(self, request: HttpRequest) -> bool:
        return super()._may_act(request) and getattr(request, "table_waits", False)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Areas and items are those of the same table."""
        if db_field.name in ("area", "item"):
            kwargs["queryset"] = db_field.related_model.objects.filter(table=getattr(request, "table", None))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _part(part, columns: list[str]) -> type[PartRows]:
    return type(f"{part.__name__}Rows", (PartRows,), {"model": part, "fields": columns})


@admin.register(ScoreTable)
class ScoreTableAdmin(Rows, admin.ModelAdmin):
    """Until a sheet uses it a table may be changed and is then checked anew; later, a copy takes its place."""

    act = Act.RULES
    list_display = ["code", "name", "first_day", "last_day", "state", "is_used"]
    list_filter = [StateFilter, "code"]
    fields = ["code", "name", "gate_band", "source", "first_day"]
    actions = ["check_selected", "copy_selected", "open_selected", "withdraw_selected"]
    inlines = [
        _part(ScoreArea, ["code", "name", "max_deci", "position"]),
        _part(ScoreItem, ["area", "code", "name", "base_deci", "cap_deci", "position"]),
        _part(EvidenceRule, ["source", "item"]),
        _part(Band, ["letter", "from_deci", "bp", "summons"]),
        _part(SizeRow, ["households_from", "bp"]),
    ]

    def get_object(self, request, object_id, from_field=None):
        table = super().get_object(request, object_id, from_field)
        request.table, request.table_waits = table, table is not None and table.is_waiting
        return table

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_waiting)

    def save_model(self, request, obj, form, change):
        tables.enter(table=obj, by=request.user, now=timezone.now())

    @admin.display(description="状态")
    def state(self, row) -> str:
        return "等复核" if row.is_waiting else row.get_origin_display() if row.origin == "migration" else "已复核"

    @admin.display(description="用过", boolean=True)
    def is_used(self, row) -> bool:
        return tables.is_used(row)

    @admin.action(description="复核通过", permissions=["view"])
    def check_selected(self, request, queryset):
        self._each(request, queryset, lambda row, **say: tables.check(table=row, **say))

    @admin.action(description="照这张另建一张，从下个月起接替", permissions=["view"])
    def copy_selected(self, request, queryset):
        first = month_of(beijing_date(timezone.now())).next.first_day
        self._each(request, queryset, lambda row, **say: tables.copy(table=row, first_day=first, **say))

    @admin.action(description="改这张表（没用过的；改好再复核）", permissions=["view"])
    def open_selected(self, request, queryset):
        self._each(request, queryset, lambda row, **say: tables.enter(table=row, **say))

    @admin.action(description="撤回（没复核的）", permissions=["view"])
    def withdraw_selected(self, request, queryset):
        self._each(request, queryset, lambda row, *, by, now: tables.withdraw(table=row, by=by))

    def _each(self, request, queryset, act) -> None:
        done = 0
        for row in queryset:
            try:
                act(row, by=request.user, now=timezone.now())
                done += 1
            except (WrongState, PermissionDenied) as refused:
                messages.warning(request, f"{row}：{refused}")
            except ValidationError as refused:
                messages.warning(request, f"{row}：{' '.join(refused.messages)}")
        if done:
            messages.success(request, f"{done} 张办好了。")


@admin.register(StarCriterion)
class StarCriterionAdmin(Rows, admin.ModelAdmin):
    act = Act.RULES
    list_display = ["name", "most", "source", "first_day", "last_day"]
    fields = ["name", "most", "source", "position", "first_day", "last_day"]


@admin.register(Deposit)
class DepositAdmin(Rows, admin.ModelAdmin):
    viewers = OFFICE
    read_only = True
    list_display = ["community", "firm", "holder", "opening_fen", "balance_fen", "unpaid_fen"]
    search_fields = ["community__name", "firm__name"]


@admin.register(CreditEvent)
class CreditEventAdmin(Rows, admin.ModelAdmin):
    viewers = OFFICE
    read_only = True
    list_display = ["firm", "kind", "state", "decided_on", "expires_on", "reported_on"]
    list_filter = ["kind", "state"]
    search_fields = ["firm__name"]
