"""What a firm reports each month: how much of the fees came in, and what passed through the supervised account.

Totals alone: who paid and who did not is recorded nowhere, least of all of cadres. R15, R16
"""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from lib.dated import Dated, in_order, no_overlap

from ..querysets import FeeMonthQuerySet, SupervisedAccountQuerySet, SupervisedMonthQuerySet
from .firms import Firm
from .history import followed
from .places import Community

FIRST_OF_MONTH = Q(month__day=1)


class Reported(models.Model):
    """Who reported a month, and when; a correction changes the row and stays in its history."""

    month = models.DateField("月份")
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁报的")
    reported_at = models.DateTimeField("什么时候报的")

    class Meta:
        abstract = True


@followed
class FeeMonth(Reported):
    """The fees of one community and month: due and received, in fen. 物业费收缴率, R15"""

    community = models.ForeignKey(Community, models.PROTECT, related_name="fee_months", verbose_name="小区")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="fee_months", verbose_name="物业企业")
    due_fen = models.BigIntegerField("应收（分）")
    received_fen = models.BigIntegerField("实收（分）")

    objects = FeeMonthQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "物业费收缴", "物业费收缴"
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "month"], name="fee_month_once", violation_error_message="这个月已经报过。"
            ),
            models.CheckConstraint(condition=FIRST_OF_MONTH, name="fee_month_first_day"),
            models.CheckConstraint(
                condition=Q(due_fen__gte=0, received_fen__gte=0, received_fen__lte=F("due_fen")),
                name="fee_month_amounts",
                violation_error_message="实收不能多于应收。预收的、补收以前的，算到它自己的月份里。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.month:%Y-%m}"

    @property
    def rate_bp(self) -> int | None:
        """Received of due in basis points, rounded down; None where nothing was due."""
        return self.received_fen * 10_000 // self.due_fen if self.due_fen else None


@followed
class SupervisedAccount(Dated):
    """An account of a community that the owners can look into. 监管账户, R16"""

    community = models.ForeignKey(Community, models.PROTECT, related_name="supervised_accounts", verbose_name="小区")
    bank = models.CharField("开户银行", max_length=60)
    tail = models.CharField("账号后四位", max_length=4)

    objects = SupervisedAccountQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "监管账户", "监管账户"
        ordering = ["community", "-first_day"]
        constraints = [
            in_order("supervised_account_days"),
            no_overlap("supervised_account_one", "community", message="这个小区这段日子已经有监管账户。"),
            models.CheckConstraint(
                condition=Q(tail__regex=r"^[0-9]{4}$"),
                name="supervised_account_tail",
                violation_error_message="写账号的最后四位数字，不写全号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community}监管账户（{self.bank}，尾号 {self.tail}）"


@followed
class SupervisedMonth(Reported):
    """One month of a supervised account in fen: opening, income, expense; it closes with what is left."""

    account = models.ForeignKey(SupervisedAccount, models.PROTECT, related_name="months", verbose_name="监管账户")
    opening_fen = models.BigIntegerField("期初（分）")
    income_fen = models.BigIntegerField("收入（分）")
    expense_fen = models.BigIntegerField("支出（分）")
    closing_fen = models.BigIntegerField("期末（分）")
    what = models.CharField("主要收支", max_length=200, blank=True, help_text="公开的，不写个人。")

    objects = SupervisedMonthQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "监管账户月收支", "监管账户月收支"
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "month"], name="supervised_month_once", violation_error_message="这个月已经报过。"
            ),
            models.CheckConstraint(condition=FIRST_OF_MONTH, name="supervised_month_first_day"),
            models.CheckConstraint(
                condition=Q(income_fen__gte=0, expense_fen__gte=0, opening_fen__gte=0, closing_fen__gte=0)
                & Q(closing_fen=F("opening_fen") + F("income_fen") - F("expense_fen")),
                name="supervised_month_adds_up",
                violation_error_message="期初加收入减支出要等于期末，期末不能是负数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.month:%Y-%m}"
