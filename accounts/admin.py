"""Accounts, roles and resets in the admin, for the office."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from lib.states import WrongState

from . import delivery_admin, grants, people, phones, roles, sessions  # noqa: F401 — the outbox's pages
from .admin_rows import InlineRows, Rows
from .models import Address, PasswordReset, RoleGrant, User
from .roles import OFFICE, Act, Role
from .views import slip

admin.site.unregister(Group)  # Django's groups and permissions are not used


class UserForm(forms.ModelForm):
    mobile_number = forms.CharField(label="手机号", max_length=20, required=False, help_text="可以用它登录。")
    email_address = forms.EmailField(
        label="邮箱", max_length=254, required=False, help_text="本人在“我的—邮箱”里确认后才会发信。"
    )

    class Meta:
        model = User
        fields = ["name", "username", "pinyin", "is_active"]
        help_texts = {"username": "登录用，定了少改。字母、数字和 @ . + - _ 都可以。"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, kept in (("mobile_number", self.instance.mobile), ("email_address", self.instance.email)):
            if name in self.fields:
                self.fields[name].initial = kept and kept.value

    def clean_mobile_number(self) -> str:
        number = people.plain_number(self.cleaned_data["mobile_number"])
        if number:
            _check_address(Address.Kind.PHONE, number)
        if User.objects.filter(mobile__value=number).exclude(pk=self.instance.pk).exists():
            raise ValidationError("这个手机号已经登记给另一个账号了。")
        return number

    def clean_is_active(self) -> bool:
        if self.instance.pk and not self.cleaned_data["is_active"]:
            grants.demand_not_last_administrator(self.instance, today=timezone.localdate())
        return self.cleaned_data["is_active"]


def _check_address(kind: str, value: str) -> None:
    """Raises ValidationError with the table's own sentence for a number that is none."""
    if Address.objects.filter(kind=kind, value=value).exists():
        return
    try:
        Address(kind=kind, value=value).full_clean()
    except ValidationError as error:
        raise ValidationError(error.messages) from error


class HoldsRole(admin.SimpleListFilter):
    title, parameter_name = "现有角色", "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        held = RoleGrant.objects.in_force(timezone.localdate()).filter(role=self.value())
        return queryset.filter(pk__in=held.values("user")) if self.value() else queryset


class GrantInline(InlineRows, admin.TabularInline):
    model = RoleGrant
    fk_name = "user"
    fields = readonly_fields = ["role", "first_day", "last_day", "origin", "checked_by"]
    viewers = OFFICE
    read_only = True
    extra = 0
    verbose_name_plural = "角色"


@admin.register(User)
class UserAdmin(Rows, admin.ModelAdmin):
    form = UserForm
    act = Act.GRANT
    viewers = OFFICE
    list_display = ["name", "username", "roles_today", "mobile_masked", "is_active", "must_change_password"]
    list_filter = ["is_active", HoldsRole]
    search_fields = ["name", "pinyin", "username", "mobile__value"]
    search_help_text = "姓名、拼音、用户名或手机号"
    ordering = ["pinyin", "pk"]
    inlines = [GrantInline]
    fields = ["name", "username", "pinyin", "mobile_number", "email_address", "is_active", "reset_link"]
    readonly_fields = ["reset_link"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("mobile", "email").prefetch_related("grants")

    def get_fields(self, request, obj=None):
        if not self._may_act(request):
            return ["name", "username", "mobile_masked", "is_active"]
        return self.fields if obj else ["name", "username", "pinyin", "mobile_number", "email_address"]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if self._may_act(request) else self.get_fields(request, obj)

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    @admin.display(description="角色")
    def roles_today(self, user):
        today = timezone.localdate()
        held = [g for g in user.grants.all() if g.is_settled and not g.withdrawn_at and g.holds_on(today)]
        return "、".join(grant.get_role_display() for grant in held) or "没有"

    @admin.display(description="手机号")
    def mobile_masked(self, user):
        return user.mobile.masked if user.mobile else "没有"

    @admin.display(description="密码")
    def reset_link(self, user):
        link = reverse("accounts:password-reset-find")
        return format_html('不在这里改。<a href="{}?q={}">当面重置，出一张纸条</a>', link, user.username)

    def save_model(self, request, user, form, change):
        if "mobile_number" in form.changed_data:
            user.mobile = people.address(Address.Kind.PHONE, form.cleaned_data["mobile_number"])
            phones.forget(user.mobile)
        user.email = people.address(Address.Kind.EMAIL, form.cleaned_data["email_address"].lower())
        if not change:
            request.one_time_password = people.open_account(user=user, by=request.user, now=timezone.now())
            return
        people.fill_pinyin(user)
        user.save()
        if not user.is_active:
            sessions.end_all(user=user)

    def response_add(self, request: HttpRequest, user: User, post_url_continue=None) -> HttpResponse:
        grant = f"{reverse('admin:accounts_rolegrant_add')}?user={user.pk}"
        return slip(request, user, request.one_time_password, done=grant, done_words="接着授予角色")


class GrantState(admin.SimpleListFilter):
    title, parameter_name = "状态", "state"

    def lookups(self, request, model_admin):
        return [("waiting", "等复核"), ("now", "现在有效"), ("over", "已结束或撤回")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        found = {
            "waiting": queryset.to_check(),
            "now": queryset.in_force(today),
            "over": queryset.exclude(pk__in=RoleGrant.objects.not_ended(today)),
        }
        return found.get(self.value(), queryset)


class GrantForm(forms.ModelForm):
    class Meta:
        model = RoleGrant
        fields = ["user", "role", "first_day", "last_day", "reason"]

    def _get_validation_exclusions(self) -> set[str]:
        """Django cannot check a constraint whose condition speaks of a column that is not in the form."""
        return super()._get_validation_exclusions() - {"withdrawn_at"}

    def clean(self):
        data = super().clean()
        if self.instance.pk and "last_day" in self.changed_data:
            if not data.get("last_day"):
                raise ValidationError({"last_day": "写上最后一天；要接着有这个角色，另外授予一次。"})
            before = RoleGrant.objects.get(pk=self.instance.pk)
            grants.demand_end(grant=before, last_day=data["last_day"], today=timezone.localdate())
        return data


@admin.register(RoleGrant)
class RoleGrantAdmin(Rows, admin.ModelAdmin):
    form = GrantForm
    act = Act.GRANT
    viewers = OFFICE
    list_display = ["user", "role", "first_day", "last_day", "state", "granted_by", "checked_by"]
    list_filter = [GrantState, "role", "origin"]
    list_select_related = ["user", "granted_by", "checked_by"]
    search_fields = ["user__name", "user__pinyin", "user__username"]
    autocomplete_fields = ["user"]
    actions = ["check_selected", "withdraw_selected"]
    fields = ["user", "role", "first_day", "last_day", "reason"]
    known = ["origin", "granted_by", "checked_by", "checked_at", "withdrawn_at"]

    def get_fields(self, request, obj=None):
        return self.fields + self.known if obj else self.fields

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        over = obj.withdrawn_at or (obj.last_day and obj.last_day < timezone.localdate())
        return [field for field in self.get_fields(request, obj) if over or field != "last_day"]

    @admin.display(description="状态")
    def state(self, grant):
        if grant.withdrawn_at:
            return "已撤回"
        if not grant.is_settled:
            return "等复核"
        today = timezone.localdate()
        return "有效" if grant.holds_on(today) else "还没开始" if grant.first_day > today else "已结束"

    def save_model(self, request, grant, form, change):
        now, data = timezone.now(), form.cleaned_data
        if not change:
            grant.pk = grants.propose(by=request.user, now=now, **data).pk
            return
        if "last_day" in form.changed_data:
            grants.end(grant=grant, last_day=data["last_day"], by=request.user, now=now)

    def has_check_permission(self, request) -> bool:
        return roles.may_check(request.user, Act.GRANT)

    def has_withdraw_permission(self, request) -> bool:
        return self.has_check_permission(request) or self._may_act(request)

    @admin.action(description="复核通过", permissions=["check"])
    def check_selected(self, request, queryset):
        self._each(request, queryset, grants.check, "复核通过")

    @admin.action(description="撤回（没复核的）", permissions=["withdraw"])
    def withdraw_selected(self, request, queryset):
        self._each(request, queryset, grants.withdraw, "撤回")

    def _each(self, request, queryset, step, words) -> None:
        done = 0
        for grant in queryset.select_related("user"):
            try:
                step(grant=grant, by=request.user, now=timezone.now())
                done += 1
            except (WrongState, PermissionDenied) as refused:
                self.message_user(request, f"{grant}：{refused}", messages.WARNING)
        if done:
            self.message_user(request, f"{words}了 {done} 条。", messages.SUCCESS)


@admin.register(PasswordReset)
class PasswordResetAdmin(Rows, admin.ModelAdmin):
    viewers = OFFICE
    read_only = True
    list_display = ["user", "reason", "asked_by", "approved_by", "asked_at", "issued_at", "withdrawn_at"]
    list_filter = ["guarded", "asked_at"]
    list_select_related = ["user", "asked_by", "approved_by"]
    search_fields = ["user__name", "user__pinyin", "user__username"]
