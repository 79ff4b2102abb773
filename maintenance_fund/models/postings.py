"""Postings: a proposal that one person writes, and the sealed voucher that another makes of it. ARCHITECTURE"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from communities.models import Community, Unit

from ..querysets import LineQuerySet, ProposalQuerySet, TransactionQuerySet
from .chart import Account, BankAccount, Project
from .receipts import Receipt


class Kind(models.TextChoices):
    """What a voucher is about; the word a household reads on its statement."""

    OPENING = "opening", "期初余额"
    FIRST_DEPOSIT = "first_deposit", "首期交存"
    RENEWAL = "renewal", "续交"
    UNKNOWN_RECEIPT = "unknown", "待核收款"
    INTEREST_IN = "interest_in", "利息收入"
    INTEREST = "interest", "利息"
    INCOME = "income", "公共收益"
    BOND = "bond", "国债"
    USE = "use", "维修支出"
    PAYMENT = "payment", "付款"
    REFUND = "refund", "房屋灭失返还"
    TRANSFER = "transfer", "转存"
    CORRECTION = "correction", "更正"
    REVERSAL = "reversal", "红字冲销"


class Flow(models.TextChoices):
    """The tag by which the official statement of income and expense is added up. DOMAIN F.1"""

    DEPOSIT = "4001", "交存"
    INTEREST = "4101", "利息"
    BOND = "4102", "国债利息"
    OPERATION = "4201", "经营收益"
    USE = "5001", "维修支出"
    REFUND = "5101", "返还"
    TRANSFER = "TRANSFER", "内部转账"


class Debtor(models.TextChoices):
    OWNER = "OWNER", "业主"
    DEVELOPER = "DEVELOPER", "建设单位"
    CONTRACTOR = "CONTRACTOR", "施工单位"


class PostingProposal(models.Model):
    """What somebody wants to post 待复核凭证. It can be changed until another person seals it. DOMAIN 0.4

    ``dated_on`` empty means: dated on the day of sealing. The checker names the ``revision`` that was read.
    """

    class State(models.TextChoices):
        OPEN = "open", "等复核"
        SEALED = "sealed", "已入账"
        WITHDRAWN = "withdrawn", "已撤回"

    community = models.ForeignKey(
        Community, models.PROTECT, db_constraint=False, related_name="fund_proposals", verbose_name="小区"
    )
    idempotency_key = models.UUIDField("提交码", unique=True)
    kind = models.CharField("事由", max_length=14, choices=Kind)
    memo = models.CharField("摘要", max_length=200)
    dated_on = models.DateField("入账日期", null=True, blank=True)
    reverses = models.ForeignKey(
        "Transaction", models.PROTECT, null=True, related_name="reversal_proposals", verbose_name="冲销哪张凭证"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("经办于")
    revision = models.IntegerField("第几稿", default=1)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    withdrawn_because = models.CharField("撤回原因", max_length=200, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "待复核凭证", "待复核凭证"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["community", "id"], name="proposal_of_fund"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="proposal_third_person",
                violation_error_message="审批要由经办和复核以外的第三个人来做。",
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) | Q(dated_on=None, kind="reversal"), name="proposal_reversal_undated"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="proposal_kind_known"),
            models.CheckConstraint(condition=Q(state__in=["open", "sealed", "withdrawn"]), name="proposal_state_known"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_because=""), name="proposal_withdrawn_because"
            ),
            models.CheckConstraint(condition=~Q(memo=""), name="proposal_memo"),
        ]
        indexes = [
            models.Index(fields=["community", "id"], name="proposal_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        kind = self.get_kind_display()
        return kind if self.memo == kind else f"{kind}：{self.memo}"

    def get_absolute_url(self) -> str:
        return reverse("maintenance_fund:proposal", args=[self.pk])


class LineColumns(models.Model):
    """One line: an account, what it names, and the amount on one side in fen."""

    n = models.IntegerField("行号")
    account = models.ForeignKey(
        Account, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="科目"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+", verbose_name="户"
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+", verbose_name="项目"
    )
    bank_account = models.ForeignKey(
        BankAccount,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="专户",
    )
    debtor = models.CharField("债务人", max_length=10, blank=True, choices=Debtor, db_collation="C")
    debit = models.BigIntegerField("借方（分）")
    credit = models.BigIntegerField("贷方（分）")
    flow = models.CharField("收支项目", max_length=8, choices=Flow, db_collation="C")

    class Meta:
        abstract = True


class ProposalLine(LineColumns):
    """A line of a proposal. A draft has no keys of its own; the sealed line has them all."""

    proposal = models.ForeignKey(
        PostingProposal, models.PROTECT, db_constraint=False, db_index=False, related_name="lines"
    )
    receipt = models.ForeignKey(
        Receipt, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+", verbose_name="票据"
    )

    class Meta:
        verbose_name, verbose_name_plural = "待复核分录", "待复核分录"
        ordering = ["proposal", "n"]
        constraints = [models.UniqueConstraint(fields=["proposal", "n"], name="proposal_line_n")]


class Transaction(models.Model):
    """A sealed voucher 记账凭证: its number, its place in the chain, and who made, checked and approved it."""

    community = models.ForeignKey(
        Community,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="fund_vouchers",
        verbose_name="小区",
    )
    proposal = models.OneToOneField(
        PostingProposal, models.PROTECT, db_constraint=False, related_name="transaction", verbose_name="待复核凭证"
    )
    idempotency_key = models.UUIDField("提交码", unique=True)
    kind = models.CharField("事由", max_length=14, choices=Kind)
    memo = models.CharField("摘要", max_length=200)
    dated_on = models.DateField("日期")
    month = models.DateField("月份")
    month_no = models.IntegerField("月内序号")
    number = models.CharField("凭证号", max_length=20, db_collation="C")
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+", verbose_name="冲销"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name="经办人"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name="复核人"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="审批人"
    )
    sealed_at = models.DateTimeField("入账于")
    line_count = models.IntegerField("分录数")
    lines_hash = models.BinaryField("分录校验值")
    seq = models.BigIntegerField("链上序号")
    previous_hash = models.BinaryField("前一张的校验值")
    hash = models.BinaryField("校验值")

    objects = TransactionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "记账凭证", "记账凭证"
        ordering = ["community", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["community", "id"], name="transaction_of_fund"),
            models.UniqueConstraint(fields=["community", "seq"], name="transaction_seq"),
            models.UniqueConstraint(fields=["community", "month", "month_no"], name="transaction_month_no"),
            models.UniqueConstraint(fields=["community", "number"], name="transaction_number"),
            models.UniqueConstraint(
                fields=["reverses"], name="transaction_reversed_once", violation_error_message="这张凭证已经冲销过。"
            ),
            models.CheckConstraint(
                condition=Q(line_count__gte=2),
                name="transaction_two_lines",
                violation_error_message="一张凭证至少两行：有借必有贷。",
            ),
            models.CheckConstraint(
                condition=~Q(made_by=F("checked_by")),
                name="transaction_maker_not_checker",
                violation_error_message="复核要由另一个人来做，不能是经办人自己。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | (~Q(approved_by=F("made_by")) & ~Q(approved_by=F("checked_by"))),
                name="transaction_approver_third",
                violation_error_message="审批要由经办和复核以外的第三个人来做。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("maintenance_fund:voucher", args=[self.pk])


class Line(LineColumns):
    """A line of a sealed voucher 分录. Nothing changes it, and none is added later."""

    community = models.ForeignKey(
        Community, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="小区"
    )
    transaction = models.ForeignKey(
        Transaction, models.PROTECT, db_constraint=False, db_index=False, related_name="lines", verbose_name="凭证"
    )
    dimension = models.CharField(max_length=1, db_collation="C")
    receipt = models.ForeignKey(
        Receipt,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="lines",
        verbose_name="票据",
    )

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "分录", "分录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["transaction", "n"], name="line_n"),
            models.UniqueConstraint(
                fields=["receipt"],
                condition=Q(receipt__isnull=False),
                name="line_receipt_once",
                violation_error_message="这张票据已经入过账。",
            ),
            models.CheckConstraint(condition=Q(n__gte=1), name="line_n_counts"),
            models.CheckConstraint(condition=Q(flow__in=Flow.values), name="line_flow_known"),
            models.CheckConstraint(
                condition=Q(debit__gte=0, credit__gte=0) & (Q(debit=0, credit__gt=0) | Q(debit__gt=0, credit=0)),
                name="line_one_side",
                violation_error_message="每一行只在一边写金额，而且大于零。",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "id"], name="line_of_unit", condition=Q(unit__isnull=False)),
            models.Index(fields=["community", "account", "id"], name="line_of_account", condition=Q(unit__isnull=True)),
        ]
