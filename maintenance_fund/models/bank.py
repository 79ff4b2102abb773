"""What the bank's files say of the special accounts 银行流水, and which voucher stands for which line."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from communities.models import Community
from lib.money import yuan

from ..querysets import BankLineQuerySet, OfOfficeQuerySet
from .chart import BankAccount
from .postings import PostingProposal


class BankStatement(models.Model):
    """A file of the bank's as it was brought in; the same file is brought in once."""

    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="statements", verbose_name="专户")
    file_name = models.CharField("文件名", max_length=100)
    sha256 = models.CharField("指纹", max_length=64)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    brought_at = models.DateTimeField("导入于")

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "银行流水文件", "银行流水文件"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank_account", "sha256"],
                name="bank_statement_once",
                violation_error_message="这个文件已经导入过，没有再记一遍。",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class BankLine(models.Model):
    """A line of the bank's. It is never changed; a line that stands in two files is one."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="bank_lines", verbose_name="小区")
    bank_account = models.ForeignKey(
        BankAccount, models.PROTECT, db_constraint=False, related_name="bank_lines", verbose_name="专户"
    )
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines", verbose_name="文件")
    row = models.IntegerField("文件里第几行")
    fingerprint = models.CharField("指纹", max_length=64, db_collation="C")
    day = models.DateField("交易日期")
    amount_fen = models.BigIntegerField("金额（分，支出为负）")
    balance_fen = models.BigIntegerField("余额（分）", null=True)
    party = models.CharField("对方户名", max_length=100, blank=True)
    remark = models.CharField("附言", max_length=200, blank=True)
    reference = models.CharField("流水号", max_length=60, blank=True)

    objects = BankLineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "银行流水", "银行流水"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["bank_account", "fingerprint"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="bank_line_amount"),
        ]
        indexes = [models.Index(fields=["community", "-day", "-id"], name="bank_line_of_book")]

    def __str__(self) -> str:
        return f"{self.day} {'收' if self.amount_fen > 0 else '付'} {yuan(abs(self.amount_fen))} 元"

    def get_absolute_url(self) -> str:
        return reverse("maintenance_fund:bank-line", args=[self.pk])

    @property
    def match(self) -> "BankMatch | None":
        """The live match; asked for with `BankLineQuerySet.with_match`."""
        return next((match for match in self.matches.all() if match.is_live), None)


class BankMatch(models.Model):
    """A voucher or proposal stands for a line of the bank's 对上. It ends by itself with a withdrawal or reversal."""

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="matches", verbose_name="银行流水")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", editable=False)
    proposal = models.ForeignKey(PostingProposal, models.PROTECT, related_name="bank_matches", verbose_name="凭证")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="对账人")
    made_at = models.DateTimeField("对上于")
    is_live = models.BooleanField("有效", default=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = "对账", "对账"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(is_live=True),
                name="bank_line_matched_once",
                violation_error_message="这一笔银行流水刚才已经对上别的凭证了。",
            ),
            models.UniqueConstraint(
                fields=["proposal", "bank_account"],
                condition=Q(is_live=True),
                name="bank_voucher_matched_once",
                violation_error_message="这张凭证已经对上别的银行流水了。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} ↔ {self.proposal}"
