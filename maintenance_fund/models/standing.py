"""What the ledger's triggers keep: balances, and the heads that are published each day. Nobody else writes here."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from communities.models import Community, Unit

from ..querysets import BalanceQuerySet, OfFundQuerySet
from .chart import Account, BankAccount, Project
from .postings import Debtor


class Balance(models.Model):
    """The balance of one leaf: an account of a community and what it names, for instance a household's 3001."""

    community = models.ForeignKey(
        Community, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="小区"
    )
    account = models.ForeignKey(
        Account, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="科目"
    )
    floored = models.BooleanField()
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="fund_balances",
        verbose_name="户",
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
    debtor = models.CharField(max_length=10, blank=True, choices=Debtor, db_collation="C")
    named = models.GeneratedField(
        expression=Coalesce("unit_id", "project_id", "bank_account_id", 0),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )  # never empty, so that joins can hash
    amount = models.BigIntegerField("余额（分）")

    objects = BalanceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "余额", "余额"
        constraints = [
            models.UniqueConstraint(fields=["community", "account", "named", "debtor"], name="balance_leaf"),
            models.CheckConstraint(
                condition=Q(floored=False) | Q(amount__gte=0),
                name="balance_not_below_zero",
                violation_error_message="余额不够：这笔账会让一个不能为负的余额变成负数。",
            ),
        ]


class Total(models.Model):
    """The balance of an account over a whole community."""

    community = models.ForeignKey(
        Community, models.PROTECT, db_constraint=False, db_index=False, related_name="fund_totals", verbose_name="小区"
    )
    account = models.ForeignKey(
        Account, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="科目"
    )
    floored = models.BooleanField()
    amount = models.BigIntegerField("余额（分）")

    objects = OfFundQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "合计", "合计"
        constraints = [
            models.UniqueConstraint(fields=["community", "account"], name="total_of_account"),
            models.CheckConstraint(condition=Q(floored=False) | Q(amount__gte=0), name="total_not_below_zero"),
        ]


class DayHead(models.Model):
    """One value a day that covers all chains, published so that a change behind everybody's back is seen."""

    day = models.DateField("日期", unique=True)
    hash = models.BinaryField("校验值")
    published_at = models.DateTimeField("公布于")

    class Meta:
        verbose_name, verbose_name_plural = "每日校验值", "每日校验值"
        ordering = ["-day"]

    @property
    def words(self) -> str:
        """The value as people read and compare it."""
        return bytes(self.hash).hex()


class PublishedHead(models.Model):
    """The head of one community's chain on a day."""

    day_head = models.ForeignKey(DayHead, models.PROTECT, related_name="chains", verbose_name="日期")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="小区")
    seq = models.BigIntegerField("凭证数")
    hash = models.BinaryField("校验值")

    class Meta:
        verbose_name, verbose_name_plural = "小区校验值", "小区校验值"
        constraints = [models.UniqueConstraint(fields=["day_head", "community"], name="published_head_once")]
