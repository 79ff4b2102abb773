"""The firm's deposit: agreed in the contract, moved by published scores and by two people. 保证金, DOMAIN D.6"""

from datetime import date
from uuid import uuid4

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import User
from communities.models import Community, Contract, Firm
from lib.dated import Dated, in_order, no_overlap
from rulebook import rules
from rulebook.deadlines import Term
from rulebook.workdays import add_working_days

from ..kinds import LineKind
from ..querysets import (
    AwardBudgetQuerySet,
    BookingQuerySet,
    DepositBankLineQuerySet,
    DepositEntryQuerySet,
    DepositLineQuerySet,
    DepositQuerySet,
    ReplenishNoticeQuerySet,
)
from .sheets import ScoreSheet

SIGNED = (  # what each kind of line may do to the balance and to what is unpaid
    Q(kind="open", amount_fen__gt=0, unpaid_fen=0)
    | Q(kind="deduct", amount_fen__lte=0)
    | Q(kind="replenish", amount_fen__gt=0, unpaid_fen=0)
    | Q(kind="adjust")
    | Q(kind="return", amount_fen__lt=0, unpaid_fen=0)
)


AGREED = (
    "clause",
    "holder",
    "bank",
    "account",
    "beneficiary",
    "price_fen",
    "area_centi",
    "annual_fee_fen",
    "opening_fen",
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), fields=AGREED, model_name="DepositEvent")
class Deposit(models.Model):
    """What a firm has deposited for one community by a clause of its contract. 物业保证金 (fen)

    Who holds it, where, and to whom deductions go are mandatory: they go to that community, never to the office or a
    station. What was agreed has its history; what the opening is reckoned from stays once it is paid. ``balance_fen``
    and ``unpaid_fen`` are sums of the lines, kept by the database alone.
    """

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="deposit", verbose_name="物业合同")
    community = models.ForeignKey(Community, models.PROTECT, related_name="deposits", verbose_name="小区")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="deposits", verbose_name="物业企业")
    clause = models.CharField("合同条款", max_length=120, help_text="比如：第十八条。没有合同约定，不能收保证金。")
    holder = models.CharField("由谁保管", max_length=60, help_text="比如：业委会、村居。")
    bank = models.CharField("开户银行", max_length=60)
    account = models.CharField("账号", max_length=40)
    beneficiary = models.CharField(
        "扣的钱归谁用", max_length=100, help_text="只能用于本小区的维修或归公共收益，不进镇、站的账。"
    )
    price_fen = models.PositiveIntegerField("物业费单价（分／平方米·月）")
    area_centi = models.PositiveBigIntegerField("收费面积（0.01 平方米，不含车位）")
    annual_fee_fen = models.PositiveBigIntegerField("年物业费（分）", editable=False)
    opening_fen = models.PositiveBigIntegerField("开户额（分）")
    balance_fen = models.BigIntegerField("余额（分）", default=0, editable=False)
    unpaid_fen = models.BigIntegerField("没扣成的（分）", default=0, editable=False)
    last_no = models.PositiveIntegerField("最后一笔的号", default=0, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁登记的")
    made_at = models.DateTimeField("登记时间")

    objects = DepositQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "保证金", "保证金"
        ordering = ["community__pinyin", "-contract__first_day"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(clause="") & ~Q(holder="") & ~Q(bank="") & ~Q(account="") & ~Q(beneficiary=""),
                name="deposit_whole",
                violation_error_message="合同条款、保管人、银行、账号、归谁用，五样都要写。",
            ),
            models.CheckConstraint(
                condition=Q(annual_fee_fen__gt=0),
                name="deposit_of_some_fee",
                violation_error_message="年物业费是 0，没法定保证金，先补上单价和收费面积。",
            ),
            models.CheckConstraint(
                condition=Q(opening_fen__gt=0), name="deposit_opening", violation_error_message="开户额要大于零。"
            ),
            models.CheckConstraint(
                condition=Q(balance_fen__gte=0),
                name="deposit_not_below_zero",
                violation_error_message="余额不能是负数。",
            ),
            models.CheckConstraint(condition=Q(unpaid_fen__gte=0), name="deposit_unpaid_not_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.firm} · {self.community}保证金"

    def get_absolute_url(self) -> str:
        return reverse("assessments:deposit", args=[self.pk])

    def is_over(self, today: date) -> bool:
        """Its contract has ended."""
        return self.contract.last_day is not None and self.contract.last_day < today

    @property
    def return_by(self) -> date:
        """Until when what is left goes back; only of a contract that has a last day. DOMAIN D.6"""
        ended = self.contract.last_day
        return add_working_days(ended, rules.on(ended, "deposit.return_wd")).date


class DepositBankLine(models.Model):
    """One line of the bank's, as read from its file. Immutable; matched to one entry at most."""

    account = models.CharField("账号", max_length=40)
    fingerprint = models.CharField("指纹", max_length=64)
    day = models.DateField("日期")
    amount_fen = models.BigIntegerField("金额（分）")
    party = models.CharField("对方户名", max_length=100, blank=True)
    remark = models.CharField("摘要", max_length=200, blank=True)
    reference = models.CharField("流水号", max_length=60, blank=True)
    file_name = models.CharField("文件", max_length=100)
    read_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁读入的")
    read_at = models.DateTimeField("读入时间")

    objects = DepositBankLineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "保证金银行流水", "保证金银行流水"
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint("account", "fingerprint", name="deposit_bank_line_once")]


class DepositEntry(models.Model):
    """Money that came, goes back or is put right: written by one, booked by another. 记一笔

    ``amount_fen`` is signed as the line it becomes.
    """

    class State(models.TextChoices):
        OPEN = "open", "等复核"
        BOOKED = "booked", "已入账"
        REFUSED = "refused", "已退回"

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="entries", verbose_name="保证金")
    kind = models.CharField("是什么", max_length=9, choices=LineKind)
    amount_fen = models.BigIntegerField("金额（分）")
    on = models.DateField("哪一天")
    text = models.CharField("说明", max_length=200, blank=True)
    bank_line = models.OneToOneField(
        DepositBankLine, models.PROTECT, null=True, blank=True, related_name="entry", verbose_name="银行流水"
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("经办时间")
    state = models.CharField("状态", max_length=7, choices=State, default=State.OPEN)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    checked_at = models.DateTimeField("复核时间", null=True, blank=True)
    refused_why = models.CharField("退回的原因", max_length=200, blank=True)

    objects = DepositEntryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "保证金记账", "保证金记账"
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["deposit"],
                condition=Q(kind="open") & ~Q(state="refused"),
                name="deposit_opened_once",
                violation_error_message="开户已经记过一笔。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["open", "replenish"], amount_fen__gt=0)
                | Q(kind="return", amount_fen__lt=0)
                | Q(kind="adjust") & ~Q(amount_fen=0) & ~Q(text=""),
                name="deposit_entry_signed",
                violation_error_message="更正要写金额和原因。",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("made_by")),
                name="deposit_entry_by_two",
                violation_error_message="经办和复核要两个人。",
            ),
            models.CheckConstraint(
                condition=Q(state="open", checked_by=None, checked_at=None, refused_why="")
                | Q(state="booked", checked_by__isnull=False, checked_at__isnull=False, refused_why="")
                | Q(state="refused", checked_by__isnull=False, checked_at__isnull=False) & ~Q(refused_why=""),
                name="deposit_entry_checked_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposit} {self.get_kind_display()}"


class DepositLine(models.Model):
    """One movement of a deposit; append-only, balance by trigger. 保证金流水 (fen)

    ``amount_fen`` moves the balance, ``unpaid_fen`` what could not be deducted; both are signed.
    """

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="lines", verbose_name="保证金")
    no = models.PositiveIntegerField("第几笔", editable=False, default=0)
    kind = models.CharField("是什么", max_length=9, choices=LineKind)
    amount_fen = models.BigIntegerField("金额（分）")
    unpaid_fen = models.BigIntegerField("没扣成的变动（分）", default=0)
    balance_fen = models.BigIntegerField("余额（分）", editable=False, default=0)
    on = models.DateField("哪一天")
    text = models.CharField("说明", max_length=200)
    sheet = models.OneToOneField(
        ScoreSheet, models.PROTECT, null=True, related_name="deposit_line", verbose_name="考核单"
    )
    entry = models.OneToOneField(DepositEntry, models.PROTECT, null=True, related_name="line", verbose_name="记账")
    settles = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="settled_by", verbose_name="补扣所用的补足"
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="复核人")
    at = models.DateTimeField("入账时间")

    objects = DepositLineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "保证金流水", "保证金流水"
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint("deposit", "no", name="deposit_line_number"),
            models.CheckConstraint(condition=SIGNED, name="deposit_line_signed"),
            models.CheckConstraint(
                condition=Q(sheet__isnull=False, entry=None, settles=None)
                | Q(sheet=None, entry__isnull=False, settles=None)
                | Q(sheet=None, entry=None, settles__isnull=False),
                name="deposit_line_one_cause",
            ),
            models.CheckConstraint(condition=~Q(made_by=F("checked_by")), name="deposit_line_by_two"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount_fen}"


class Booking(models.Model):
    """What a published sheet did to the deposit, once; a later version books the difference. Sealed. (fen)"""

    sheet = models.OneToOneField(ScoreSheet, models.PROTECT, related_name="booking", verbose_name="考核单")
    deposit = models.ForeignKey(
        Deposit, models.PROTECT, null=True, related_name="bookings", verbose_name="保证金"
    )  # None: no deposit was agreed
    band = models.CharField("档次", max_length=1, blank=True)
    monthly_base_fen = models.BigIntegerField("月基数（分）", default=0)
    wanted_fen = models.BigIntegerField("应扣（分）", default=0)
    reward_fen = models.BigIntegerField("奖励（分）", default=0)
    budget = models.ForeignKey(
        "assessments.AwardBudget", models.PROTECT, null=True, related_name="bookings", verbose_name="奖励预算"
    )
    on = models.DateField("入账日期")
    at = models.DateTimeField("入账时间")

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "考核入账", "考核入账"
        constraints = [
            models.CheckConstraint(condition=Q(wanted_fen__gte=0, reward_fen__gte=0), name="booking_not_negative"),
            models.CheckConstraint(
                condition=Q(wanted_fen=0) | Q(reward_fen=0), name="booking_either_reward_or_deduction"
            ),
            models.CheckConstraint(
                condition=Q(reward_fen=0) | Q(budget__isnull=False), name="booking_reward_from_a_budget"
            ),
        ]

    @cached_property
    def moved(self) -> "DepositLine | None":
        """The line by which the deposit was moved; None where this version moved nothing."""
        return DepositLine.objects.filter(sheet=self.sheet_id).first()


class AwardBudget(Dated):
    """Money that a contract's other party sets aside for rewards; without a row there are none. 奖励预算 (fen)"""

    community = models.ForeignKey(Community, models.PROTECT, related_name="award_budgets", verbose_name="小区")
    party = models.CharField("由谁出钱", max_length=60, help_text="合同的另一方，比如业委会、村居。")
    amount_fen = models.PositiveBigIntegerField("金额（分）")
    document = models.CharField("依据", max_length=120)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁登记的", editable=False)

    objects = AwardBudgetQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "奖励预算", "奖励预算"
        ordering = ["-first_day"]
        constraints = [
            in_order("award_budget_days"),
            no_overlap("award_budget_once", "community", message="这个小区这段日子已经有奖励预算。"),
            models.CheckConstraint(condition=~Q(party="") & ~Q(document=""), name="award_budget_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.party}"


class ReplenishNotice(Term):
    """The balance fell below its share of the opening: the firm pays it up within its term. 补足通知, DOMAIN D.6"""

    class State(models.TextChoices):
        OPEN = "open", "等补足"
        PAID = "paid", "已补足"
        ENDED = "ended", "合同已结束"

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="notices", verbose_name="保证金")
    amount_fen = models.PositiveBigIntegerField("要补足（分）")
    issued_on = models.DateField("发出日期")
    state = models.CharField("状态", max_length=5, choices=State, default=State.OPEN)
    closed_on = models.DateField("了结日期", null=True, blank=True)
    told_party_at = models.DateTimeField("告诉合同另一方的时间", null=True, blank=True, editable=False)

    objects = ReplenishNoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "补足通知", "补足通知"
        ordering = ["-issued_on"]
        constraints = [
            models.UniqueConstraint(fields=["deposit"], condition=Q(state="open"), name="replenish_open_once"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None) | ~Q(state="open") & Q(closed_on__isnull=False),
                name="replenish_closed_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposit}补足通知"
