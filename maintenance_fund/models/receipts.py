"""Receipts 专用票据: series from the fiscal authority, each number used once. DOMAIN F.6"""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from communities.models import Community, Unit

from ..querysets import ReceiptQuerySet


class ReceiptSeries(models.Model):
    """Numbers from first to last that the fiscal authority issued 票据号段."""

    code = models.CharField("票据代码", max_length=20, db_collation="C")
    first_no = models.BigIntegerField("起号")
    last_no = models.BigIntegerField("止号")
    received_on = models.DateField("领用日期")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name, verbose_name_plural = "票据号段", "票据号段"
        ordering = ["code", "first_no"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_no__gte=1) & Q(last_no__gte=F("first_no")),
                name="series_in_order",
                violation_error_message="止号不能小于起号。",
            ),
            models.UniqueConstraint(fields=["id", "first_no", "last_no"], name="series_bounds"),
            ExclusionConstraint(
                name="series_do_not_overlap",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (
                        Func(
                            "first_no",
                            "last_no",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="INT8RANGE",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="这些号码有的已经登记过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.first_no}–{self.last_no}"


class Receipt(models.Model):
    """A number of a series that was written on: issued for an amount, spoiled, or reversed with its posting.

    Numbers not yet used have no row. A line of the ledger names its receipt, and the keys see to it that unit and
    amount agree.
    """

    class State(models.TextChoices):
        ISSUED = "issued", "已开具"
        VOIDED = "voided", "作废"
        REVERSED = "reversed", "已冲销"

    class Payer(models.TextChoices):
        OWNER = "OWNER", "业主"
        DEVELOPER = "DEVELOPER", "建设单位"

    community = models.ForeignKey(Community, models.PROTECT, related_name="fund_receipts", verbose_name="小区")
    series = models.ForeignKey(
        ReceiptSeries, models.PROTECT, db_constraint=False, related_name="receipts", verbose_name="号段"
    )
    first_no = models.BigIntegerField(editable=False)
    last_no = models.BigIntegerField(editable=False)
    number = models.BigIntegerField("号码")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, db_constraint=False, related_name="fund_receipts", verbose_name="户"
    )
    amount_fen = models.BigIntegerField("金额（分）")
    payer = models.CharField("交款人", max_length=9, choices=Payer, default=Payer.OWNER)
    issued_on = models.DateField("开具日期")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开具人")
    state = models.CharField("状态", max_length=8, choices=State, default=State.ISSUED)
    reason = models.CharField("作废原因", max_length=200, blank=True)
    handed_in_on = models.DateField("登记时交验日期", null=True, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "专用票据", "专用票据"
        ordering = ["series", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=F("first_no")) & Q(number__lte=F("last_no")),
                name="receipt_in_series",
                violation_error_message="这个号码不在号段里。",
            ),
            models.UniqueConstraint(
                fields=["series", "number"],
                name="receipt_used_once",
                violation_error_message="这个号码已经用过了。",
            ),
            models.UniqueConstraint(fields=["id", "amount_fen"], name="receipt_amount"),  # targets of composite keys
            models.UniqueConstraint(fields=["id", "unit"], name="receipt_unit"),
            models.CheckConstraint(
                condition=Q(state="issued") | ~Q(reason=""),
                name="receipt_reason",
                violation_error_message="写上作废的原因。",
            ),
            models.CheckConstraint(condition=Q(state__in=["issued", "voided", "reversed"]), name="receipt_state_known"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0) | Q(amount_fen=0, state="voided"),
                name="receipt_amount_positive",
                violation_error_message="票据金额要大于零。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series.code}-{self.number:08}"
