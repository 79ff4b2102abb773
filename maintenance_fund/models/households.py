"""What is known of a household beside its lines: its first deposit before the book, and notices to renew."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from communities.models import Community, Unit
from rulebook.deadlines import Term

from ..querysets import OfOfficeQuerySet, RenewalNoticeQuerySet
from .postings import PostingProposal
from .renewing import RenewalBatch, RenewalPlan


class OpeningDeposit(models.Model):
    """A first deposit paid before the book was opened, as the agency's list says it. DOMAIN F.5a

    It counts when the opening's proposal is sealed, and no longer when that voucher is reversed.
    """

    proposal = models.ForeignKey(
        PostingProposal, models.PROTECT, related_name="opening_deposits", verbose_name="期初建账"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="户")
    amount_fen = models.BigIntegerField("首期交存（分）")
    paid_on = models.DateField("交存日期", null=True)

    objects = models.Manager()

    class Meta:
        verbose_name, verbose_name_plural = "期初首期交存", "期初首期交存"
        constraints = [
            models.UniqueConstraint(fields=["proposal", "unit"], name="opening_deposit_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="opening_deposit_positive"),
        ]


class RenewalNotice(Term):
    """A notice to renew 续交通知书, in the name of the registered agency. One open a household. DOMAIN F.10"""

    class State(models.TextChoices):
        OPEN = "open", "已发通知"
        PAID = "paid", "已续交"
        WITHDRAWN = "withdrawn", "已撤回"

    class Delivery(models.TextChoices):
        HAND = "hand", "当面签收"
        FAMILY = "family", "同住家属签收"
        POST = "post", "邮寄签收"

    community = models.ForeignKey(Community, models.PROTECT, related_name="renewal_notices", verbose_name="小区")
    unit = models.ForeignKey(
        Unit, models.PROTECT, db_constraint=False, related_name="renewal_notices", verbose_name="户"
    )
    batch = models.ForeignKey(
        RenewalBatch, models.PROTECT, null=True, related_name="notices", verbose_name="哪一批", editable=False
    )
    plan = models.ForeignKey(
        RenewalPlan, models.PROTECT, null=True, related_name="+", verbose_name="续筹方案", editable=False
    )
    number = models.CharField("编号", max_length=20, unique=True)
    agency = models.CharField("发出单位", max_length=60)
    as_of = models.DateField("余额截至")
    balance_fen = models.BigIntegerField("余额（分）")
    first_deposit_fen = models.BigIntegerField("首期交存（分）")
    amount_fen = models.BigIntegerField("应续交（分）")
    issued_on = models.DateField("发出日期")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发出人")
    received_on = models.DateField("收到日期", null=True, blank=True)
    delivery = models.CharField("怎么送达", max_length=6, choices=Delivery, blank=True)
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    closed_on = models.DateField("了结日期", null=True, blank=True)
    reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = RenewalNoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "续交通知书", "续交通知书"
        ordering = ["community", "unit__code", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state="open"),
                name="renewal_open_once",
                violation_error_message="这一户已经有一份没了结的续交通知书。",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="renewal_amount_positive"),
            models.CheckConstraint(
                condition=Q(received_on=None, delivery="") | (Q(received_on__isnull=False) & ~Q(delivery="")),
                name="renewal_received_somehow",
                violation_error_message="收到日期和送达方式一起写。",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None) | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="renewal_closed_on",
            ),
            models.CheckConstraint(condition=~Q(state="withdrawn") | ~Q(reason=""), name="renewal_withdrawn_because"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("maintenance_fund:renewal", args=[self.pk])

    def is_overdue(self, today) -> bool:
        """Received, not renewed, and the ninety days are over."""
        return self.state == self.State.OPEN and self.due_on is not None and today > self.due_on


class MonthClosing(models.Model):
    """A month that somebody has reconciled with the bank and asks to close 月结; another closes it. DOMAIN F.15, F.16

    ``items`` are what explains the difference: pairs of a kind (`reconciling.Item`) and fen.
    """

    class State(models.TextChoices):
        OPEN = "open", "等复核"
        CLOSED = "closed", "已结账"
        WITHDRAWN = "withdrawn", "已退回"

    community = models.ForeignKey(Community, models.PROTECT, related_name="month_closings", verbose_name="小区")
    first_day = models.DateField("月份")
    book_fen = models.BigIntegerField("账面余额（分）")
    bank_fen = models.BigIntegerField("对账单余额（分）")
    items = models.JSONField("差异", default=list)
    note = models.CharField("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("经办于")
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "月结", "月结"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "first_day"],
                condition=~Q(state="withdrawn"),
                name="month_closing_once",
                violation_error_message="这个月已经有人提交过月结。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day.year}年{self.first_day.month}月月结"
