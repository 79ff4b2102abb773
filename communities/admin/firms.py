"""Firms, contracts, service states, the firms' people."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone

from accounts.roles import Act

from .. import contracts, posts
from ..models import ArchiveHeading, Contract, ExportColumn, Firm, FirmPost, ServiceState
from .base import InForce, LinkForm, LinkRows, OfCommunity, RegistryRows, Seen


class Contracts(Seen):
    model = Contract
    fields = ["community", "kind", "first_day", "last_day"]


class Posts(Seen):
    model = FirmPost
    fields = ["user", "kind", "first_day", "last_day"]


@admin.register(Firm)
class FirmAdmin(RegistryRows):
    act = Act.REGISTRY_TOWN
    deletable = True
    list_display = ["name", "uscc", "phone", "communities_today", "ended_on"]
    search_fields = ["name", "pinyin", "initials", "uscc"]
    search_help_text = "名称、拼音、首字母或统一社会信用代码"
    fields = ["name", "pinyin", "uscc", "phone", "duty_phone", "address", "is_public_benefit", "association_since"]
    fields += ["ended_on"]
    inlines = [Contracts, Posts]

    def get_queryset(self, request):
        today = Contract.objects.on(timezone.localdate()).visible_to(request.user).select_related("community")
        return super().get_queryset(request).prefetch_related(Prefetch("contracts", today, to_attr="contracts_today"))

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    @admin.display(description="今天服务的小区")
    def communities_today(self, row):
        return "、".join(contract.community.name for contract in row.contracts_today) or "没有"


@admin.register(ExportColumn)
class ExportColumnAdmin(RegistryRows):
    """The superior platform's headings; what it changes is changed here, and every export follows."""

    act = Act.REGISTRY_TOWN
    deletable = True
    list_display = ["sheet", "position", "heading", "field"]
    list_filter = ["sheet"]
    fields = ["sheet", "position", "heading", "field"]


@admin.register(ArchiveHeading)
class ArchiveHeadingAdmin(RegistryRows):
    """In which order a superior wants the archive of a community."""

    act = Act.REGISTRY_TOWN
    deletable = True
    list_display = ["position", "title", "source", "is_required"]
    fields = ["position", "title", "source", "is_required"]


class ContractForm(LinkForm):
    check = staticmethod(contracts.check)
    check_end = staticmethod(contracts.check_end)


@admin.register(Contract)
class ContractAdmin(LinkRows):
    form = ContractForm
    begin = staticmethod(lambda cleaned, **say: contracts.begin(**cleaned, **say))
    end = staticmethod(lambda row, last_day, **say: contracts.end(contract=row, last_day=last_day, **say))
    take_back = staticmethod(lambda row, **say: contracts.take_back(row=row, **say))
    list_display = ["community", "firm", "kind", "first_day", "last_day", "state"]
    list_filter = [InForce, "kind", OfCommunity]
    list_select_related = ["community", "firm"]
    search_fields = ["community__name", "community__pinyin", "community__initials", "firm__name", "firm__pinyin"]
    search_fields += ["firm__initials"]
    search_help_text = "小区或物业企业的名称、拼音、首字母"
    ordering = ["-first_day", "pk"]
    autocomplete_fields = ["community", "firm"]
    fields = ["community", "firm", "kind", "signed_on", "open_items", "first_day", "last_day"]


class ServiceForm(LinkForm):
    check = staticmethod(contracts.check_service)
    check_end = staticmethod(contracts.check_end)

    def _update_errors(self, errors: ValidationError) -> None:
        """The state before ends by itself: whether days overlap, the subject asks."""
        kept = {field: [e for e in found if e.code != "overlap"] for field, found in errors.error_dict.items()}
        super()._update_errors(ValidationError({field: found for field, found in kept.items() if found}))


@admin.register(ServiceState)
class ServiceStateAdmin(LinkRows):
    """A new state ends the one before; the form says so."""

    form = ServiceForm
    begin = staticmethod(lambda cleaned, **say: contracts.change_service(**cleaned, **say))
    end = staticmethod(lambda row, last_day, **say: contracts.end_service(state=row, last_day=last_day, **say))
    take_back = staticmethod(lambda row, **say: contracts.take_back(row=row, **say))
    list_display = ["community", "kind", "body", "first_day", "last_day", "state"]
    list_filter = [InForce, "kind", OfCommunity]
    list_select_related = ["community"]
    search_fields = ["community__name", "community__pinyin", "community__initials", "body"]
    search_help_text = "小区，或者责任主体"
    ordering = ["-first_day", "pk"]
    autocomplete_fields = ["community"]
    fields = ["community", "kind", "body", "first_day", "last_day"]

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name != "last_day"]


class FirmPostForm(LinkForm):
    check = staticmethod(posts.check_firm_post)
    check_end = staticmethod(posts.check_firm_end)


@admin.register(FirmPost)
class FirmPostAdmin(LinkRows):
    form = FirmPostForm
    begin = staticmethod(lambda cleaned, **say: posts.take_firm_post(**cleaned, **say))
    end = staticmethod(lambda row, last_day, **say: posts.end_firm_post(post=row, last_day=last_day, **say))
    take_back = staticmethod(lambda row, **say: posts.take_back_firm_post(post=row, **say))
    list_display = ["user", "firm", "kind", "first_day", "last_day", "state"]
    list_filter = [InForce, "kind"]
    list_select_related = ["user", "firm"]
    search_fields = ["user__name", "user__pinyin", "firm__name", "firm__pinyin", "firm__initials"]
    search_help_text = "人或物业企业的名称、拼音、首字母"
    ordering = ["firm__pinyin", "-first_day"]
    fields = ["firm", "user", "kind", "first_day", "last_day"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        today = timezone.localdate()
        if db_field.name == "user":
            kwargs["queryset"] = posts.who_may_work(request.user, today=today)
        if db_field.name == "firm":
            kwargs["queryset"] = posts.firms_of(request.user, today=today)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
