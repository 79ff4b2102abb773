"""What every page of the registry has: a reason for the history, an export, sentences instead of faults."""

from collections.abc import Iterable

import pghistory
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.http import FileResponse, HttpRequest
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.views.decorators.http import require_POST

from accounts.admin_rows import InlineRows, Rows
from accounts.roles import Act
from lib import workbook

from .. import takings
from ..models import Building, Community, Stairwell

SOMEBODY_WAS_QUICKER = "刚才有人先改了，这一份没有存上。请看看现在的内容，再改一次。"


class RegistryForm(forms.ModelForm):
    """A form that asks the whole row, not only the fields that are open, and takes a reason for the history."""

    why = forms.CharField(label="为什么改", max_length=200, required=False, help_text="写进变更记录，以后看得懂。")
    by = None  # the person at the form, and the day; set by the page
    today = None

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            self.examine()
        except ValidationError as error:
            self._show(error)

    def examine(self) -> None:
        """Raises ValidationError for what must not be."""
        self.instance.full_clean()
        if not keeps(self.by, self.instance):
            raise ValidationError({"community": "这个小区不归您的物管站。"})

    def _show(self, error: ValidationError) -> None:
        """Each sentence at its field; at the top where the field is not open."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for field, errors in by_field.items():
            self.add_error(field if field in self.fields else None, errors)


class LinkForm(RegistryForm):
    """The form of a dated link, which a subject function writes. ``check`` and ``check_end`` are its questions."""

    def examine(self) -> None:
        if self.instance.pk is None:
            self.check(self.instance, by=self.by, today=self.today)
        else:
            kept = type(self.instance).objects.get(pk=self.instance.pk)
            self.check_end(kept, self.cleaned_data.get("last_day"), by=self.by, today=self.today)


class BuildingChoice(forms.ModelChoiceField):
    """Buildings by their community's name; 3幢 alone says nothing."""

    def label_from_instance(self, building: Building) -> str:
        return f"{building.community} {building}"


class StairwellChoice(forms.ModelChoiceField):
    def label_from_instance(self, stairwell: Stairwell) -> str:
        return f"{stairwell.building.community} {stairwell}"


def keeps(user, row: models.Model) -> bool:
    """Whether the row's community is one whose registry the user keeps; rows without community are the table's."""
    community = getattr(row, "community", None)
    return community is None or Community.objects.kept_by(user).filter(pk=community.pk).exists()


class _Choices:
    """Choices of places that say where they are; those of one community where the address names it."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        target = db_field.remote_field.model
        if target is Building:
            rows = Building.objects.visible_to(request.user).select_related("community")
            rows = rows.filter(_in_community(request, "")).order_by("community__pinyin", "community_id", "code")
            kwargs |= {"form_class": BuildingChoice, "queryset": rows}
        elif target is Stairwell:
            rows = Stairwell.objects.visible_to(request.user).select_related("building__community")
            rows = rows.filter(_in_community(request, "building__")).order_by("building__community__pinyin", "pk")
            kwargs |= {"form_class": StairwellChoice, "queryset": rows}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _in_community(request: HttpRequest, way: str) -> models.Q:
    community, building = request.GET.get("community", ""), request.GET.get("building", "")
    if building.isdecimal():
        return models.Q(**{f"{way}pk" if not way else "building": building})
    return models.Q(**{f"{way}community": community}) if community.isdecimal() else models.Q()


class RegistryRows(_Choices, Rows, admin.ModelAdmin):
    """A page of the registry."""

    form = RegistryForm
    act = Act.REGISTRY
    change_list_template = "admin/communities/change_list.html"

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or keeps(request.user, obj))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user, "today": timezone.localdate()})

    def get_fields(self, request, obj=None):
        asks_why = obj is not None and self.has_change_permission(request, obj)
        return [*self.fields, "why"] if asks_why else self.fields

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """No small windows beside the choices; what is missing is made on its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The reason goes into the history; who comes second is told so."""
        try:
            with pghistory.context(reason=request.POST.get("why", "")[:200]):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            self.message_user(request, sentence_of(error, self.model), messages.ERROR)
            return redirect(request.get_full_path())

    # ------------------------------------------------------------ export

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(require_POST(self.export_view))
        return [path("export/", view, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> FileResponse:
        """The filtered list as a workbook; who took what away is logged."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)
        title = str(self.opts.verbose_name_plural)
        takings.note(request.user, title, rows.count(), f"筛选：{request.GET.urlencode() or '没有'}", self.model)
        names = self.get_list_display(request)
        columns = [self._column(name) for name in names]
        filename = f"{title}{timezone.localdate():%Y%m%d}.xlsx"
        return workbook.response(filename, title=title, columns=columns, rows=self._cells(rows, names, columns))

    def _column(self, name: str) -> workbook.Column:
        field = _field(self.opts, name)
        kind = workbook.TEXT
        if isinstance(field, models.DateField):
            kind = workbook.DAY
        elif isinstance(field, models.IntegerField) and not field.choices:
            kind = workbook.WHOLE
        return workbook.Column(str(label_for_field(name, self.model, self)), 20, kind)

    def _cells(self, rows: Iterable, names: list[str], columns: list[workbook.Column]):
        for row in rows.iterator(chunk_size=500):
            yield [self._cell(row, name, column) for name, column in zip(names, columns, strict=True)]

    def _cell(self, row, name: str, column: workbook.Column):
        try:
            field, _, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return None
        if column.kind != workbook.TEXT or value is None:
            return value
        if field is not None and field.choices:
            return getattr(row, f"get_{field.name}_display")()
        return ("是" if value else "否") if isinstance(value, bool) else strip_tags(str(value))


def _field(opts, name: str):
    return next((field for field in opts.concrete_fields if field.name == name), None)


def sentence_of(error: IntegrityError, *tables: type[models.Model]) -> str:
    """What the broken constraint says to a person."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in tables:
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return str(constraint.get_violation_error_message())
    return SOMEBODY_WAS_QUICKER


class LinkRows(RegistryRows):
    """Pages of dated links: a subject function makes them, later only the last day is open, unbegun ones go back."""

    form = LinkForm

    def get_readonly_fields(self, request, obj=None):
        kept = list(super().get_readonly_fields(request, obj))
        return kept + [name for name in self.fields if name != "last_day" and name not in kept] if obj else kept

    def get_changeform_initial_data(self, request):
        return {"first_day": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change):
        """Through the subject, so that roles follow."""
        say = {"by": request.user, "now": timezone.now()}
        if change:
            self.end(type(obj).objects.get(pk=obj.pk), form.cleaned_data["last_day"], **say)
        else:
            obj.pk = self.begin(
                {name: form.cleaned_data[name] for name in self.fields if name in form.fields}, **say
            ).pk
            obj._state.adding = False

    def has_delete_permission(self, request, obj=None):
        return obj is not None and obj.first_day >= timezone.localdate() and self._may_act(request)

    @admin.display(description="今天")
    def state(self, row) -> str:
        today = timezone.localdate()
        if row.holds_on(today):
            return "有效"
        return "还没开始" if row.first_day > today else "已经结束"

    def delete_model(self, request, obj):
        self.take_back(obj, by=request.user, now=timezone.now())


class Seen(InlineRows, admin.TabularInline):
    """Rows of another page, to be seen here and changed there."""

    read_only = True
    extra = 0
    show_change_link = True
    can_delete = False

    def get_readonly_fields(self, request, obj=None):
        return self.fields


class InForce(admin.SimpleListFilter):
    """By today: rows in force, over, or to come."""

    title, parameter_name = "今天", "today"

    def lookups(self, request, model_admin):
        return [("now", "有效"), ("over", "已经结束"), ("later", "还没开始")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        return {
            "now": lambda: queryset.on(today),
            "over": lambda: queryset.filter(last_day__lt=today),
            "later": lambda: queryset.filter(first_day__gt=today),
        }.get(self.value(), lambda: queryset)()


class OfCommunity(admin.SimpleListFilter):
    """One community, chosen from a box: there may be hundreds."""

    title, parameter_name = "小区", "community"
    template = "admin/communities/choose_filter.html"

    def lookups(self, request, model_admin):
        rows = Community.objects.visible_to(request.user).order_by("pinyin", "pk")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    def queryset(self, request, queryset):
        if not (self.value() or "").isdecimal():
            return queryset
        return queryset.filter(community=self.value())

    def choices(self, changelist):
        """The others' arguments go along as hidden fields."""
        self.others = [
            (name, value)
            for name, values in changelist.filter_params.items()
            for value in values
            if name != self.parameter_name
        ]
        return super().choices(changelist)


def link_to(model: type[models.Model], words: str, **filters) -> str:
    """A link to the list of another page, filtered."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query=filters)
    return format_html('<a href="{}">{}</a>', address, words)


def link_to_add(model: type[models.Model], words: str, **preset) -> str:
    """A link to the page on which a row is made, with what is known filled in."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add", query=preset)
    return format_html('<a class="addlink" href="{}">{}</a>', address, words)
