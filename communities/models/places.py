"""Village committees, communities, buildings, units, equipment."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse

from lib import pinyin
from lib.dated import Dated, in_order, no_overlap

from ..querysets import (
    BuildingQuerySet,
    CommunityQuerySet,
    DatedOfCommunityQuerySet,
    EquipmentQuerySet,
    StairwellQuerySet,
    UnitQuerySet,
    VillageCommitteeQuerySet,
)
from .history import followed

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, O, 1, I


def new_code() -> str:
    """Six characters for the sign at the gate. The database refuses one that was ever used."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


class Sorted(models.Model):
    """A name with its pinyin, by which lists are sorted and searched. A person may correct it."""

    name = models.CharField("名称", max_length=60)
    pinyin = models.CharField(
        "拼音", max_length=200, blank=True, db_index=True, help_text="排序和搜索用，空着就自动生成。"
    )
    initials = models.CharField("拼音首字母", max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.fill_pinyin()
        super().save(*args, **kwargs)

    def fill_pinyin(self) -> None:
        """What a person has not typed; for ``bulk_create`` too."""
        self.pinyin = self.pinyin or pinyin.sort_key(self.name)
        self.initials = self.initials or pinyin.initials(self.name)


@followed
class VillageCommittee(Sorted):
    """A village or residents' committee with its property station. 村居, 物管站"""

    class Kind(models.TextChoices):
        VILLAGE = "village", "村"
        RESIDENTS = "residents", "社区"

    kind = models.CharField("类型", max_length=9, choices=Kind, default=Kind.RESIDENTS)
    phone = models.CharField("物管站电话", max_length=20, blank=True)
    address = models.CharField("物管站地址", max_length=120, blank=True)
    ended_on = models.DateField("撤并日期", null=True, blank=True)

    objects = VillageCommitteeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "村居（物管站）", "村居（物管站）"
        ordering = ["pinyin", "pk"]
        constraints = [
            models.UniqueConstraint("name", name="village_committee_name", violation_error_message="已经有同名的村居。")
        ]


@followed
class Community(Sorted):
    """A residential community under the town's supervision. 小区"""

    class Kind(models.TextChoices):
        DEVELOPED = "developed", "开发类"
        SETTLEMENT = "settlement", "安置类"
        OTHER = "other", "其他"

    class Tag(models.TextChoices):
        OLD = "old", "老旧小区"
        UNIT_BUILT = "unit_built", "单位自建"
        SCATTERED = "scattered", "零散"
        DORMITORY = "dormitory", "单位宿舍"
        MODEL = "model", "示范"

    code = models.CharField("小区码", max_length=6, unique=True, default=new_code, editable=False)
    village_committee = models.ForeignKey(
        VillageCommittee, models.PROTECT, related_name="communities", verbose_name="所属村居"
    )
    kind = models.CharField("类别", max_length=10, choices=Kind, help_text="安置类由镇物业办考核，其余由物管站考核。")
    tags = ArrayField(models.CharField(max_length=10, choices=Tag), verbose_name="特点", default=list, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    built_year = models.PositiveSmallIntegerField(
        "建成年份", null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    developer = models.ForeignKey(
        "communities.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="developments",
        verbose_name="开发建设单位",
        help_text="还没售出、交付的户归它。",
    )
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "小区", "小区"
        ordering = ["pinyin", "pk"]
        constraints = [
            models.UniqueConstraint("name", name="community_name", violation_error_message="已经有同名的小区。"),
            models.CheckConstraint(
                condition=Q(code__regex=f"^[{CODE_LETTERS}]{{6}}$"),
                name="community_code_shape",
                violation_error_message="小区码是 6 位大写字母或数字，不用 0、O、1、I。",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("portal:community", args=[self.pk])

    @property
    def tag_labels(self) -> list[str]:
        return [self.Tag(tag).label for tag in self.tags]


@followed
class ServiceState(Dated):
    """Who answers for a community's service, and since when. 服务状态

    The firm itself is named by the contract of the day; ``body`` names a self-governing group or the like.
    """

    class Kind(models.TextChoices):
        FIRM = "firm", "物业企业服务"
        SELF_GOVERNED = "self_governed", "居民自治"
        ASSIGNED = "assigned", "村居代管"

    community = models.ForeignKey(Community, models.PROTECT, related_name="service_states", verbose_name="小区")
    kind = models.CharField("服务状态", max_length=13, choices=Kind)
    body = models.CharField("责任主体", max_length=60, blank=True, help_text="自治小组或代管村居的名称。")

    objects = DatedOfCommunityQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "服务状态", "服务状态"
        ordering = ["-first_day"]
        constraints = [
            in_order("service_state_days"),
            no_overlap("service_state_once", "community", message="这段日子已经有一种服务状态，先给它写上结束日期。"),
            models.CheckConstraint(
                condition=Q(kind="firm") | ~Q(body=""),
                name="service_state_body",
                violation_error_message="写上自治小组或代管村居的名称。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.body}".strip()


@followed
class Building(models.Model):
    """A building of a community. 幢"""

    class FundClass(models.TextChoices):
        MULTI_STOREY = "multi_storey", "多层"
        HIGH_RISE = "high_rise", "小高层、高层"

    class Structure(models.TextChoices):
        BRICK = "brick", "砖混"
        FRAME = "frame", "框架"
        SHEAR_WALL = "shear_wall", "剪力墙"
        OTHER = "other", "其他"

    community = models.ForeignKey(Community, models.PROTECT, related_name="buildings", verbose_name="小区")
    code = models.CharField("幢号", max_length=8, help_text="补足位数，比如 03。")
    name = models.CharField("叫法", max_length=30, help_text="比如 3幢、A楼。")
    structure = models.CharField("结构", max_length=10, choices=Structure, blank=True)
    floors = models.PositiveSmallIntegerField("地上层数", null=True, blank=True)
    fund_class = models.CharField("维修资金类别", max_length=12, choices=FundClass, blank=True)
    guarantee_until = models.DateField("保修到期", null=True, blank=True)
    ended_on = models.DateField("拆除日期", null=True, blank=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "幢", "幢"
        ordering = ["community", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"], name="building_code", violation_error_message="这个小区已经有这个幢号。"
            ),
            models.UniqueConstraint("community", "id", name="building_of_community"),  # for composite keys
        ]

    def __str__(self) -> str:
        return self.name


@followed
class Stairwell(models.Model):
    """A stairwell of a building. 单元"""

    building = models.ForeignKey(Building, models.PROTECT, related_name="stairwells", verbose_name="幢")
    code = models.CharField("单元号", max_length=4)
    name = models.CharField("叫法", max_length=30)

    objects = StairwellQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "单元", "单元"
        ordering = ["building", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "code"], name="stairwell_code", violation_error_message="这幢楼已经有这个单元号。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.building}{self.name}"


@followed
class Unit(models.Model):
    """A dwelling or shop with an owner of its own. 户; areas in 0.01 m²"""

    class Use(models.TextChoices):
        DWELLING = "dwelling", "住宅"
        SHOP = "shop", "商铺"
        OFFICE = "office", "办公"
        GARAGE = "garage", "车库"
        OTHER = "other", "其他"

    class SaleState(models.TextChoices):
        SOLD = "sold", "已售"
        UNSOLD = "unsold", "未售"
        UNDELIVERED = "undelivered", "已售未交付"

    community = models.ForeignKey(Community, models.PROTECT, related_name="units", verbose_name="小区")
    building = models.ForeignKey(Building, models.PROTECT, related_name="units", verbose_name="幢")
    stairwell = models.ForeignKey(
        Stairwell, models.PROTECT, null=True, blank=True, related_name="units", verbose_name="单元"
    )
    code = models.CharField("房号编码", max_length=30, help_text="补足位数，比如 03-1-0502。")
    use = models.CharField("用途", max_length=8, choices=Use, default=Use.DWELLING)
    area_centi = models.PositiveIntegerField("面积（0.01 ㎡）", help_text="89.56 ㎡ 写 8956。")
    sale_state = models.CharField("销售状态", max_length=11, choices=SaleState, default=SaleState.SOLD)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "户", "户"
        ordering = ["community", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"], name="unit_code", violation_error_message="这个小区已经有这个房号。"
            ),
            models.UniqueConstraint("community", "id", name="unit_of_community"),  # for composite keys
        ]
        indexes = [GinIndex(OpClass(Upper("code"), "gin_trgm_ops"), name="unit_code_words")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("communities:unit", args=[self.pk])

    @property
    def area_text(self) -> str:
        return f"{self.area_centi // 100}.{self.area_centi % 100:02} ㎡"


@followed
class Equipment(Dated):
    """Lifts, garages, charging sheds, fire equipment, with the days that matter. R42–R44"""

    class Kind(models.TextChoices):
        LIFT = "lift", "电梯"
        GARAGE = "garage", "地下车库"
        CHARGING_SHED = "charging_shed", "充电棚"
        FIRE = "fire", "消防设施"
        OTHER = "other", "其他"

    community = models.ForeignKey(Community, models.PROTECT, related_name="equipment", verbose_name="小区")
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, verbose_name="幢")
    kind = models.CharField("类别", max_length=13, choices=Kind)
    name = models.CharField("名称或编号", max_length=60)
    capacity = models.PositiveIntegerField("数量", null=True, blank=True, help_text="车位、充电口、灭火器的个数。")
    maintainer = models.CharField("维保单位", max_length=60, blank=True)
    inspected_on = models.DateField("上次检验", null=True, blank=True)
    inspect_by = models.DateField("下次检验", null=True, blank=True)

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "设施设备", "设施设备"
        ordering = ["community", "kind", "name"]
        constraints = [
            in_order("equipment_days"),
            models.CheckConstraint(
                condition=Q(inspected_on=None) | Q(inspect_by=None) | Q(inspect_by__gt=models.F("inspected_on")),
                name="equipment_inspection_days",
                violation_error_message="下次检验要在上次检验之后。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
