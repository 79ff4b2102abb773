"""Village committees, communities, buildings, units, equipment."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.admin_rows import InlineRows
from accounts.roles import Act, may

from ..models import (
    Building,
    BuildingHead,
    Community,
    Contract,
    Equipment,
    PatrolDuty,
    ServiceState,
    Stairwell,
    StationPost,
    Unit,
    VillageCommittee,
)
from ..querysets import EquipmentQuerySet
from .base import InForce, OfCommunity, RegistryForm, RegistryRows, Seen, link_to, link_to_add

NOBODY = "没有"


def _count(model: type[models.Model], key: str) -> Coalesce:
    """How many rows of the table point here; counted for the rows of a page only, not for the whole list."""
    rows = model.objects.filter(**{key: OuterRef("pk")}).order_by().values(key)
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def _names(rows) -> str:
    return "、".join(str(row) for row in rows) or NOBODY


# ---------------------------------------------------------------- village committees


class StationPosts(Seen):
    model = StationPost
    fields = ["user", "kind", "first_day", "last_day"]
    verbose_name_plural = "物管站人员"


@admin.register(VillageCommittee)
class VillageCommitteeAdmin(RegistryRows):
    act = Act.REGISTRY_TOWN
    deletable = True
    list_display = ["name", "kind", "phone", "community_count", "people_today", "ended_on"]
    list_filter = ["kind"]
    search_fields = ["name", "pinyin", "initials"]
    search_help_text = "名称、拼音或首字母"
    fields = ["name", "pinyin", "kind", "phone", "address", "ended_on"]
    inlines = [StationPosts]

    def get_queryset(self, request):
        posts = StationPost.objects.on(timezone.localdate()).select_related("user").order_by("-kind")
        found = super().get_queryset(request).annotate(communities_here=_count(Community, "village_committee"))
        return found.prefetch_related(Prefetch("posts", posts, to_attr="posts_today"))

    @admin.display(description="小区", ordering="communities_here")
    def community_count(self, row):
        return link_to(Community, f"{row.communities_here} 个", village_committee__id__exact=row.pk)

    @admin.display(description="今天的人员")
    def people_today(self, row):
        return _names(f"{post.user}（{post.get_kind_display()}）" for post in row.posts_today)

    def get_inlines(self, request, obj):
        return self.inlines if obj else []


# ---------------------------------------------------------------- communities


class TagFilter(admin.SimpleListFilter):
    title, parameter_name = "特点", "tag"

    def lookups(self, request, model_admin):
        return Community.Tag.choices

    def queryset(self, request, queryset):
        return queryset.filter(tags__contains=[self.value()]) if self.value() else queryset


class MissingFilter(admin.SimpleListFilter):
    """What somebody has to see to."""

    title, parameter_name = "缺什么", "missing"

    def lookups(self, request, model_admin):
        return [("cadre", "今天没有联系干部"), ("firm", "今天没有物业合同")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        if self.value() == "cadre":
            return queryset.standing(today).without_cadre(today)
        if self.value() == "firm":
            held = Contract.objects.on(today)
            return queryset.standing(today).exclude(pk__in=held.values("community"))
        return queryset


class CommunityForm(RegistryForm):
    tags = forms.MultipleChoiceField(
        label="特点", choices=Community.Tag, required=False, widget=forms.CheckboxSelectMultiple
    )


class Contracts(Seen):
    model = Contract
    fields = ["firm", "kind", "first_day", "last_day"]


class ServiceStates(Seen):
    model = ServiceState
    fields = ["kind", "body", "first_day", "last_day"]


class Duties(Seen):
    model = PatrolDuty
    fields = ["user", "kind", "first_day", "last_day"]


class Buildings(InlineRows, admin.TabularInline):
    model = Building
    act = Act.REGISTRY
    fields = ["code", "name", "structure", "floors", "fund_class"]
    formfield_overrides = {models.CharField: {"widget": AdminTextInputWidget({"size": 10, "class": ""})}}
    extra = 0
    show_change_link = True
    can_delete = False


@admin.register(Community)
class CommunityAdmin(RegistryRows):
    form = CommunityForm
    list_display = ["name", "village_committee", "kind", "tag_words", "built_year", "firm_today", "cadre_today"]
    list_display += ["unit_count"]
    list_filter = ["kind", MissingFilter, TagFilter, ("village_committee", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["village_committee"]
    search_fields = ["name", "pinyin", "initials", "=code", "address"]
    search_help_text = "名称、拼音、首字母、小区码或地址"
    fields = [
        "name",
        "pinyin",
        "code",
        "village_committee",
        "kind",
        "tags",
        "address",
        "built_year",
        "ended_on",
        "here",
    ]
    readonly_fields = ["code", "here"]
    inlines = [Contracts, ServiceStates, Duties, Buildings]

    def get_queryset(self, request):
        today = timezone.localdate()
        contracts = Contract.objects.on(today).select_related("firm")
        duties = PatrolDuty.objects.on(today).exclude(kind="team").select_related("user").order_by("kind")
        return (
            super()
            .get_queryset(request)
            .annotate(units_here=_count(Unit, "community"))
            .prefetch_related(
                Prefetch("contracts", contracts, to_attr="contracts_today"),
                Prefetch("duties", duties, to_attr="duties_today"),
            )
        )

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name not in self.readonly_fields]

    def has_change_permission(self, request, obj=None) -> bool:
        kept = obj is None or Community.objects.kept_by(request.user).filter(pk=obj.pk).exists()
        return super().has_change_permission(request, obj) and kept

    def get_readonly_fields(self, request, obj=None):
        """Which village committee a community belongs to, the town decides."""
        fixed = obj is not None and not may(request.user, Act.REGISTRY_TOWN)
        return [*self.readonly_fields, "village_committee"] if fixed else self.readonly_fields

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    @admin.display(description="特点")
    def tag_words(self, row):
        return "、".join(row.tag_labels)

    @admin.display(description="今天的物业")
    def firm_today(self, row):
        return _names(contract.firm for contract in row.contracts_today)

    @admin.display(description="今天的干部")
    def cadre_today(self, row):
        return _names(
            duty.user if duty.kind == "linked" else f"{duty.user}（{duty.get_kind_display()}）"
            for duty in row.duties_today
        )

    @admin.display(description="户数", ordering="units_here")
    def unit_count(self, row):
        return row.units_here

    @admin.display(description="这个小区的")
    def here(self, row):
        links = [
            link_to(Unit, f"户（{row.units_here}）", community=row.pk),
            link_to(Equipment, "设施设备", community=row.pk),
            link_to(BuildingHead, "楼幢长", community=row.pk),
            link_to(Building, "没有楼幢长的幢", community=row.pk, head="no"),
            link_to_add(Contract, "新的物业合同", community=row.pk),
            link_to_add(ServiceState, "服务换人", community=row.pk),
            link_to_add(PatrolDuty, "联系干部", community=row.pk),
            link_to_add(Equipment, "新的设备", community=row.pk),
        ]
        return _links(links)


def _links(links: list[str]) -> SafeString:
    return format_html_join("　", "{}", ((link,) for link in links))


# ---------------------------------------------------------------- buildings


class HeadFilter(admin.SimpleListFilter):
    title, parameter_name = "楼幢长", "head"

    def lookups(self, request, model_admin):
        return [("no", "没有楼幢长的幢"), ("yes", "有楼幢长的幢")]

    def queryset(self, request, queryset):
        without = Building.objects.without_head(timezone.localdate()).filter(ended_on=None)
        if self.value() == "no":
            return queryset.filter(pk__in=without.values("pk"))
        return queryset.exclude(pk__in=without.values("pk")) if self.value() == "yes" else queryset


class Stairwells(InlineRows, admin.TabularInline):
    model = Stairwell
    act = Act.REGISTRY
    fields = ["code", "name"]
    extra = 0
    can_delete = False


class Heads(Seen):
    model = BuildingHead
    fields = ["person", "stairwell", "origin", "first_day", "last_day"]


@admin.register(Building)
class BuildingAdmin(RegistryRows):
    deletable = True
    list_display = ["name", "community", "code", "structure", "floors", "fund_class", "unit_count", "head_today"]
    list_filter = [HeadFilter, OfCommunity, "fund_class"]
    list_select_related = ["community"]
    search_fields = ["name", "code", "community__name", "community__pinyin", "community__initials"]
    search_help_text = "幢的叫法，或者小区的名称、拼音、首字母"
    ordering = ["community__pinyin", "community", "code"]
    autocomplete_fields = ["community"]
    fields = ["community", "code", "name", "structure", "floors", "fund_class", "guarantee_until", "ended_on", "here"]
    readonly_fields = ["here"]
    inlines = [Stairwells, Heads]

    def get_queryset(self, request):
        heads = BuildingHead.objects.on(timezone.localdate()).select_related("person")
        found = super().get_queryset(request).annotate(units_here=_count(Unit, "building"))
        return found.prefetch_related(Prefetch("heads", heads, to_attr="heads_today"))

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name != "here"]

    def get_readonly_fields(self, request, obj=None):
        """A building with units stays where it is."""
        return ["community", *self.readonly_fields] if obj else self.readonly_fields

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    @admin.display(description="户数", ordering="units_here")
    def unit_count(self, row):
        return row.units_here

    @admin.display(description="楼幢长")
    def head_today(self, row):
        return _names(head.person for head in row.heads_today)

    @admin.display(description="这幢楼的")
    def here(self, row):
        return _links(
            [
                link_to(Unit, f"户（{row.units_here}）", building__id__exact=row.pk),
                link_to_add(Unit, "新的户", building=row.pk),
                link_to_add(BuildingHead, "聘楼幢长", building=row.pk),
            ]
        )


# ---------------------------------------------------------------- units


class UnitForm(RegistryForm):
    area = forms.DecimalField(label="面积（㎡）", min_value=0, max_digits=9, decimal_places=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "area" in self.fields:
            self.fields["area"].initial = f"{self.instance.area_centi / 100:.2f}"

    def clean(self):
        cleaned = super().clean()
        if building := cleaned.get("building"):
            self.instance.community = building.community
        if (area := cleaned.get("area")) is not None:
            self.instance.area_centi = int(area * 100)
        return cleaned

    def examine(self) -> None:
        super().examine()
        if self.instance.stairwell and self.instance.stairwell.building_id != self.instance.building_id:
            raise forms.ValidationError({"stairwell": "这个单元不在这幢楼里。"})


@admin.register(Unit)
class UnitAdmin(RegistryRows):
    form = UnitForm
    deletable = True
    list_display = ["code", "community", "building", "use", "area_words", "sale_state"]
    list_filter = [OfCommunity, "use", "sale_state"]
    list_select_related = ["community", "building"]
    search_fields = ["code", "community__name", "community__pinyin", "community__initials"]
    search_help_text = "房号，或者小区的名称、拼音、首字母，比如 syxq 03-1"
    ordering = ["community__pinyin", "community", "code"]
    fields = ["building", "stairwell", "code", "use", "area", "sale_state"]

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return ["area_words" if name == "area" else name for name in fields]

    @admin.display(description="面积", ordering="area_centi")
    def area_words(self, row):
        return row.area_text

    def get_readonly_fields(self, request, obj=None):
        return ["area_words"] if not self.has_change_permission(request, obj) else []


# ---------------------------------------------------------------- equipment


class DueFilter(admin.SimpleListFilter):
    title, parameter_name = "检验", "due"

    def lookups(self, request, model_admin):
        return [("over", "已经过期"), ("soon", "快到期或过期")]

    def queryset(self, request, queryset):
        from ..equipment import remind_days

        today = timezone.localdate()
        within = {"over": -1, "soon": remind_days(today)}.get(self.value())
        queryset: EquipmentQuerySet
        return queryset if within is None else queryset.inspection_due(today=today, within=within)


class EquipmentForm(RegistryForm):
    def examine(self) -> None:
        super().examine()
        if self.instance.building and self.instance.building.community_id != self.instance.community_id:
            raise forms.ValidationError({"building": "这幢楼不在这个小区。"})


@admin.register(Equipment)
class EquipmentAdmin(RegistryRows):
    form = EquipmentForm
    deletable = True
    list_display = ["name", "kind", "community", "building", "capacity", "maintainer", "inspected_on", "inspect_by"]
    list_filter = [DueFilter, InForce, "kind", OfCommunity]
    list_select_related = ["community", "building"]
    search_fields = ["name", "maintainer", "community__name", "community__pinyin", "community__initials"]
    search_help_text = "名称、维保单位，或者小区"
    ordering = ["community__pinyin", "community", "kind", "name"]
    autocomplete_fields = ["community"]
    fields = ["community", "building", "kind", "name", "capacity", "maintainer", "inspected_on", "inspect_by"]
    fields += ["first_day", "last_day"]
