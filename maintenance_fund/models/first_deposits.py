"""What first deposits 首期交存 are computed from, and what was computed. DOMAIN F.2–F.5b"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from communities.models import Building, Community, Unit

from ..querysets import AssessedUnitQuerySet, AssessmentQuerySet, ConstructionCostQuerySet, OfOfficeQuerySet
from .postings import PostingProposal


def area_text(centi: int) -> str:
    return f"{centi // 100}.{centi % 100:02} ㎡"


def _paid_words(who: str, fen: int, proposal: PostingProposal | None, is_back: bool) -> str:
    if proposal is None or is_back or proposal.state == "withdrawn":
        return f"{who}没交"
    return f"{who}已交" if proposal.state == "sealed" else f"{who}交的等复核"


class ConstructionCost(models.Model):
    """The published average construction cost 建筑安装平均造价, from a day on until the next; two people. F.3"""

    class State(models.TextChoices):
        OPEN = "open", "等复核"
        CHECKED = "checked", "在用"
        WITHDRAWN = "withdrawn", "已退回"

    first_day = models.DateField("从哪天起")
    fen_per_m2 = models.BigIntegerField("每平方米（分）")
    basis = models.CharField("公布文件", max_length=120)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入于")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)

    objects = ConstructionCostQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "建筑安装平均造价", "建筑安装平均造价"
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first_day"],
                condition=~Q(state="withdrawn"),
                name="construction_cost_once",
                violation_error_message="从这一天起的造价已经录过。",
            ),
            models.CheckConstraint(condition=Q(fen_per_m2__gt=0), name="construction_cost_positive"),
            models.CheckConstraint(
                condition=~Q(checked_by=F("entered_by")),
                name="construction_cost_by_two",
                violation_error_message="复核要由另一个人来做，不能是录入的人。",
            ),
            models.CheckConstraint(
                condition=~Q(state="checked") | Q(checked_by__isnull=False), name="construction_cost_checked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} 起"


class BankTender(models.Model):
    """How the account bank was chosen 专户管理银行招标: notice, bidders, term of the contract. F.5b"""

    bank = models.CharField("专户管理银行", max_length=60)
    noticed_on = models.DateField("招标公告日期")
    notice = models.CharField("公告文号或标题", max_length=120)
    bidders = models.CharField("投标银行", max_length=300, help_text="用顿号分开。")
    awarded_on = models.DateField("中标日期")
    contract_first_day = models.DateField("合同开始")
    contract_last_day = models.DateField("合同结束")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记于")

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "专户银行招标", "专户银行招标"
        ordering = ["-contract_last_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(awarded_on__gte=F("noticed_on")) & Q(contract_last_day__gte=F("contract_first_day")),
                name="bank_tender_in_order",
                violation_error_message="中标不能早于公告，合同结束不能早于开始。",
            ),
        ]

    def __str__(self) -> str:
        return self.bank


class Liability(models.Model):
    """A document changed whether a unit takes part in the fund; the newest row holds. F.2"""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="fund_liabilities", verbose_name="户")
    is_liable = models.BooleanField("要交存")
    reason = models.CharField("理由", max_length=120)
    document = models.CharField("依据文件", max_length=120)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记于")

    class Meta:
        verbose_name, verbose_name_plural = "交存义务", "交存义务"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.unit}{'要' if self.is_liable else '不用'}交存"


class Assessment(models.Model):
    """What is to be paid for a building 首期交存核定: its day decides cost and rate for ever. F.3–F.5"""

    class Kind(models.TextChoices):
        COMMODITY = "commodity", "商品房"
        SETTLEMENT = "settlement", "拆迁安置房"

    class Permit(models.TextChoices):
        PERMIT = "permit", "拆迁许可证"
        DECISION = "decision", "征收决定"

    community = models.ForeignKey(Community, models.PROTECT, related_name="fund_assessments", verbose_name="小区")
    building = models.ForeignKey(Building, models.PROTECT, db_constraint=False, related_name="+", verbose_name="幢")
    kind = models.CharField("房屋性质", max_length=10, choices=Kind)
    developer = models.CharField("建设单位", max_length=60)
    assessed_on = models.DateField("核定日期")
    permit = models.CharField("许可类型", max_length=8, choices=Permit, blank=True)
    permit_on = models.DateField("许可或决定日期", null=True)
    has_clause = models.BooleanField("购房合同写明由建设单位代收代交")
    fund_class = models.CharField("类别", max_length=12, choices=Building.FundClass)
    cost_fen = models.BigIntegerField("造价（分/㎡）")
    rate_bp = models.IntegerField("比例（基点）")
    residual_centi = models.BigIntegerField("未分户面积（0.01 ㎡）", default=0)
    residual_fen = models.BigIntegerField("未分户金额（分）", default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核定人")
    made_at = models.DateTimeField("核定于")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "首期交存核定", "首期交存核定"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(residual_centi__gte=0, residual_fen__gte=0), name="assessment_residual_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(kind="settlement") | (Q(permit_on__isnull=False) & ~Q(permit="")),
                name="assessment_settlement_permit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building}首期交存核定"

    def get_absolute_url(self) -> str:
        return reverse("maintenance_fund:assessment", args=[self.pk])

    @property
    def rate_text(self) -> str:
        return f"{self.rate_bp // 100}.{self.rate_bp % 100:02}%"

    @property
    def residual_text(self) -> str:
        return area_text(self.residual_centi)


class AssessedUnit(models.Model):
    """What is to be paid for one unit, and by which proposal it was. One live assessment a unit."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="units", verbose_name="核定")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="fund_assessed", verbose_name="户")
    area_centi = models.BigIntegerField("面积（0.01 ㎡）")
    legal_centi = models.BigIntegerField("合法面积（0.01 ㎡）", null=True)
    developer_fen = models.BigIntegerField("建设单位交（分）")
    owner_fen = models.BigIntegerField("业主交（分）")
    developer_paid = models.ForeignKey(
        PostingProposal, models.PROTECT, null=True, related_name="+", verbose_name="建设单位交存凭证"
    )
    owner_paid = models.ForeignKey(
        PostingProposal, models.PROTECT, null=True, related_name="+", verbose_name="业主交存凭证"
    )
    reimbursed_on = models.DateField("业主还给建设单位的日期", null=True)
    is_live = models.BooleanField("有效", default=True)

    objects = AssessedUnitQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "各户核定", "各户核定"
        ordering = ["unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(is_live=True),
                name="assessed_unit_once",
                violation_error_message="有的户已经核定过。要重新核定，先撤回原来的。",
            ),
            models.CheckConstraint(
                condition=Q(developer_fen__gte=0, owner_fen__gte=0), name="assessed_unit_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def area_text(self) -> str:
        return area_text(self.area_centi)

    @property
    def legal_text(self) -> str:
        return area_text(self.legal_centi)

    @property
    def words(self) -> str:
        """Who has paid and who has not; of a row of `AssessedUnitQuerySet.for_table`."""
        sides = [
            ("建设单位", self.developer_fen, self.developer_paid, self.developer_back),
            ("业主", self.owner_fen, self.owner_paid, self.owner_back),
        ]
        return "，".join(_paid_words(*side) for side in sides if side[1])


class AreaCorrection(models.Model):
    """A later measurement changes what a unit had to pay: only the difference is posted. F.3"""

    assessed = models.ForeignKey(AssessedUnit, models.PROTECT, related_name="corrections", verbose_name="各户核定")
    area_centi = models.BigIntegerField("更正后的面积（0.01 ㎡）")
    document = models.CharField("依据文件", max_length=120)
    proposal = models.OneToOneField(PostingProposal, models.PROTECT, related_name="+", verbose_name="差额凭证")

    class Meta:
        verbose_name, verbose_name_plural = "面积更正", "面积更正"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(area_centi__gt=0), name="area_correction_positive")]

    def __str__(self) -> str:
        return f"{self.assessed}面积更正"
