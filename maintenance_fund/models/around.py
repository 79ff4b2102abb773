"""Around the book: money laid out at interest, the yearly statement, owners' objections. DOMAIN F.11, F.14"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from communities.models import Community, Unit
from rulebook.deadlines import Term

from ..querysets import InvestmentQuerySet, ObjectionQuerySet
from .chart import BankAccount
from .postings import PostingProposal


class Investment(models.Model):
    """A fixed deposit or a bond that a fund bought 定期、国债, and the voucher by which it came back."""

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", "定期存款"
        BOND = "bond", "国债"

    community = models.ForeignKey(Community, models.PROTECT, related_name="fund_investments", verbose_name="小区")
    kind = models.CharField("种类", max_length=7, choices=Kind)
    name = models.CharField("名称或存单号", max_length=40)
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, null=True, related_name="+", verbose_name="定期账户")
    principal_fen = models.BigIntegerField("本金（分）")
    rate_bp = models.IntegerField("年利率（基点）")
    bought_on = models.DateField("存入或买入日期")
    matures_on = models.DateField("到期日")
    decision = models.CharField("依据", max_length=120)
    bought = models.OneToOneField(PostingProposal, models.PROTECT, related_name="+", verbose_name="买入凭证")
    redeemed = models.OneToOneField(
        PostingProposal, models.PROTECT, null=True, related_name="+", verbose_name="收回凭证"
    )

    objects = InvestmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "定期和国债", "定期和国债"
        ordering = ["matures_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(principal_fen__gt=0, rate_bp__gte=0, matures_on__gt=F("bought_on")),
                name="investment_sound",
                violation_error_message="本金要大于零，到期日要在买入之后。",
            ),
            models.CheckConstraint(
                condition=Q(kind="deposit", bank_account__isnull=False) | Q(kind="bond", bank_account=None),
                name="investment_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def rate_text(self) -> str:
        return f"{self.rate_bp // 100}.{self.rate_bp % 100:02}%"


class YearStatement(models.Model):
    """What was made public of a year 年度公布, as it stood that day; never changed. F.14"""

    community = models.ForeignKey(Community, models.PROTECT, related_name="fund_years", verbose_name="小区")
    year = models.PositiveSmallIntegerField("年度")
    opening_fen = models.BigIntegerField("年初专户余额（分）")
    closing_fen = models.BigIntegerField("年末专户余额（分）")
    lines = models.JSONField("收支")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="公布人")
    published_at = models.DateTimeField("公布于")

    class Meta:
        verbose_name, verbose_name_plural = "年度公布", "年度公布"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "year"],
                name="year_statement_once",
                violation_error_message="这一年的收支已经公布过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年收支"


class Objection(Term):
    """An owner doubts something of the account 异议; it is looked at again and answered in its term. F.14"""

    community = models.ForeignKey(Community, models.PROTECT, related_name="fund_objections", verbose_name="小区")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="fund_objections", verbose_name="户")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="业主")
    made_at = models.DateTimeField("提出于")
    text = models.CharField("什么有疑问", max_length=1000)
    answer = models.CharField("答复", max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复于", null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "异议", "异议"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="objection_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}的异议"
