"""Residents who govern themselves and who helps them; model communities; what was invested. R09, R65, 方案一"""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from lib.dated import Dated, in_order, no_overlap

from ..querysets import InvestmentQuerySet, ModelNominationQuerySet, ResidentGroupQuerySet
from .history import followed
from .owners import Person
from .places import Building, Community


@followed
class ResidentGroup(Dated):
    """A group of residents, a team of volunteers, a partner unit, a stairwell for the law. 自治、共建、法制楼组"""

    class Kind(models.TextChoices):
        SELF_GOVERNING = "self_governing", "居民自治小组"
        VOLUNTEERS = "volunteers", "志愿服务队"
        PARTNER = "partner", "结对共建单位"
        LAW = "law", "法制楼组"

    community = models.ForeignKey(Community, models.PROTECT, related_name="groups", verbose_name="小区")
    kind = models.CharField("种类", max_length=14, choices=Kind)
    name = models.CharField("名称", max_length=60)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="幢")
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="groups_led", verbose_name="负责人（代表）"
    )
    size = models.PositiveSmallIntegerField("人数", null=True, blank=True)
    does = models.CharField("做什么", max_length=200, blank=True)

    objects = ResidentGroupQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "自治和共建", "自治和共建"
        ordering = ["community", "kind", "-first_day"]
        constraints = [
            in_order("resident_group_days"),
            no_overlap("resident_group_once", "community", "kind", "name", message="已经登记过同名的。"),
            models.CheckConstraint(
                condition=~Q(kind="law") | Q(building__isnull=False, leader__isnull=False),
                name="resident_group_law_where",
                violation_error_message="法制楼组要写哪一幢、代表是谁。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@followed
class ModelNomination(models.Model):
    """A community nominated as a model of one of five kinds, and what the review decided. 五类示范, R65"""

    class Kind(models.TextChoices):
        SAFE = "safe", "安全"
        BEAUTIFUL = "beautiful", "优美"
        ORDERLY = "orderly", "有序"
        SELF_GOVERNED = "self_governed", "自治"
        HARMONIOUS = "harmonious", "和谐"

    class State(models.TextChoices):
        NOMINATED = "nominated", "等评审"
        NAMED = "named", "评上了"
        REFUSED = "refused", "没评上"

    community = models.ForeignKey(Community, models.PROTECT, related_name="nominations", verbose_name="小区")
    kind = models.CharField("哪一类", max_length=13, choices=Kind)
    year = models.PositiveSmallIntegerField("年度")
    reason = models.CharField("推荐理由", max_length=300)
    state = models.CharField("状态", max_length=9, choices=State, default=State.NOMINATED)
    nominated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁推荐的")
    nominated_at = models.DateTimeField("推荐时间")
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁评审的"
    )
    reviewed_at = models.DateTimeField("评审时间", null=True, blank=True)
    opinion = models.CharField("评审意见", max_length=300, blank=True)

    objects = ModelNominationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "五类示范", "五类示范"
        ordering = ["-year", "community__pinyin", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind", "year"],
                name="model_nomination_once",
                violation_error_message="这个小区今年这一类已经推荐过。",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("nominated_by")),
                name="model_nomination_two_people",
                violation_error_message="推荐和评审要两个人。",
            ),
            models.CheckConstraint(
                condition=Q(state="nominated", reviewed_by=None, reviewed_at=None, opinion="")
                | (~Q(state="nominated") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(opinion="")),
                name="model_nomination_reviewed",
                violation_error_message="评审要写意见。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community}{self.year}年{self.get_kind_display()}示范"


@followed
class Investment(models.Model):
    """Money put into a community's facilities, by whom and on which paper; in fen. 设施投入, 方案一 三抓巩固3"""

    class Source(models.TextChoices):
        SUPERIOR = "superior", "上级项目资金"
        TOWN = "town", "镇财政"
        OWNERS = "owners", "业主自筹"
        COMMON_INCOME = "common_income", "公共收益"
        FUND = "fund", "维修资金"
        FIRM = "firm", "物业企业"
        PARTNER = "partner", "共建单位"

    community = models.ForeignKey(Community, models.PROTECT, related_name="investments", verbose_name="小区")
    spent_on = models.DateField("日期")
    what = models.CharField("投在什么上", max_length=100)
    source = models.CharField("资金来源", max_length=13, choices=Source)
    amount_fen = models.BigIntegerField("金额（分）")
    project = models.CharField("项目名称", max_length=100, blank=True)
    document = models.CharField("文号或凭据", max_length=60, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁记的")
    entered_at = models.DateTimeField("什么时候记的")

    objects = InvestmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "设施投入", "设施投入"
        ordering = ["-spent_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="investment_amount", violation_error_message="金额要大于零。"
            ),
            models.CheckConstraint(
                condition=~Q(source="superior") | (~Q(project="") & ~Q(document="")),
                name="investment_superior_paper",
                violation_error_message="上级项目资金要写项目名称和文号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.what}"
