"""The chart of accounts, and for each community whose book it is, its bank accounts and its months. DOMAIN F.1"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communities.models import Community

from ..querysets import FundQuerySet, OfFundQuerySet


class Account(models.Model):
    """An account of the chart 科目. Rows come by migration only.

    ``dimension`` says what each of its lines names, ``floored`` that it never goes below zero.
    """

    class Side(models.TextChoices):
        DEBIT = "D", "借"
        CREDIT = "C", "贷"

    class Dimension(models.TextChoices):
        NONE = "N", "小区"
        UNIT = "U", "户"
        PROJECT = "P", "项目"
        BANK = "B", "银行账户"
        DEBTOR = "R", "债务人"

    code = models.CharField("编号", max_length=8, unique=True, db_collation="C")
    name = models.CharField("科目", max_length=30)
    side = models.CharField("余额方向", max_length=1, choices=Side, db_collation="C")
    dimension = models.CharField("核算到", max_length=1, choices=Dimension, db_collation="C")
    floored = models.BooleanField("不能是负数")

    class Meta:
        verbose_name, verbose_name_plural = "科目", "科目"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["id", "dimension"], name="account_dimension"),  # targets of composite keys
            models.UniqueConstraint(fields=["id", "floored"], name="account_floored"),
            models.CheckConstraint(condition=Q(code__regex="^[0-9]{4,8}$"), name="account_code_shape"),
            models.CheckConstraint(condition=Q(side__in=["D", "C"]), name="account_side"),
            models.CheckConstraint(condition=Q(dimension__in=list("NUPBR")), name="account_dimension_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Fund(models.Model):
    """A community's book 小区维修资金账: whose it is, since when, and the head of its chain of vouchers.

    It is a book beside the fund agency's or the book of a committee that keeps its fund itself; it never tells a bank
    to do anything (DOMAIN 0.6c). Sealing locks this row first.
    """

    class Keeper(models.TextChoices):
        AGENCY = "agency", "辅助账（资金由管理机构代管）"
        COMMITTEE = "committee", "业主自主管理账"

    community = models.OneToOneField(Community, models.PROTECT, related_name="fund", verbose_name="小区")
    keeper = models.CharField("谁的账", max_length=9, choices=Keeper, default=Keeper.AGENCY)
    agency = models.CharField("管理机构", max_length=60, help_text="登记的维修资金管理机构全称，印在续交通知书上。")
    first_month = models.DateField("从哪个月记起")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建账人")
    opened_at = models.DateTimeField("建账于")
    seq = models.BigIntegerField("已入账凭证数", default=0, editable=False)
    head_hash = models.BinaryField("校验链末端", editable=False)

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "维修资金账", "维修资金账"
        ordering = ["community__pinyin", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first_month__day=1), name="fund_first_month"),
            models.CheckConstraint(condition=~Q(agency=""), name="fund_agency_named"),
            models.CheckConstraint(condition=Q(keeper__in=["agency", "committee"]), name="fund_keeper_known"),
        ]

    def __str__(self) -> str:
        return f"{self.community}维修资金账"

    @property
    def is_self_managed(self) -> bool:
        return self.keeper == self.Keeper.COMMITTEE


class BankAccount(models.Model):
    """An account of a community's fund at the bank 专户; one row for the current account, one for each deposit."""

    community = models.ForeignKey(
        Community, models.PROTECT, db_constraint=False, related_name="fund_bank_accounts", verbose_name="小区"
    )
    account = models.ForeignKey(Account, models.PROTECT, verbose_name="科目")
    bank = models.CharField("开户银行", max_length=60)
    number = models.CharField("账号", max_length=40)
    opened_on = models.DateField("开户日期")

    objects = OfFundQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "专户", "专户"
        ordering = ["community", "account__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["community", "id"], name="bank_account_of_fund"),
            models.UniqueConstraint(fields=["community", "account", "id"], name="bank_account_of_account"),
            models.UniqueConstraint(
                fields=["community", "number"],
                name="bank_account_number",
                violation_error_message="这个小区已经登记过这个账号。",
            ),
            models.CheckConstraint(
                condition=Q(number__regex="^[0-9-]{4,40}$"),
                name="bank_account_number_shape",
                violation_error_message="账号只写数字和短横线。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} 尾号{self.number[-4:]}"


class Month(models.Model):
    """A month of a community's book; closed it takes no posting and is not opened again. DOMAIN F.16"""

    community = models.ForeignKey(
        Community, models.PROTECT, db_constraint=False, related_name="fund_months", verbose_name="小区"
    )
    first_day = models.DateField("月份")
    last_number = models.IntegerField("最后一个凭证号", default=0)
    closed_at = models.DateTimeField("结账于", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="结账人"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )

    objects = OfFundQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "会计月", "会计月"
        ordering = ["community", "first_day"]
        constraints = [
            models.UniqueConstraint(fields=["community", "first_day"], name="month_once"),
            models.CheckConstraint(condition=Q(first_day__day=1), name="month_first_day"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, checked_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, checked_by__isnull=False),
                name="month_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=models.F("checked_by")), name="month_closed_by_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day.year}年{self.first_day.month}月"


class Project(models.Model):
    """A piece of work that the fund pays for 维修项目."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="fund_projects", verbose_name="小区")
    name = models.CharField("项目", max_length=60)
    created_on = models.DateField("立项日期")

    objects = OfFundQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "维修项目", "维修项目"
        ordering = ["community", "-created_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["community", "id"], name="project_of_community"),
            models.UniqueConstraint(
                fields=["community", "name"],
                name="project_name",
                violation_error_message="这个小区已经有同名的项目。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
