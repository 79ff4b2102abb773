"""Sheets of printed one-time codes, the second factor of whoever handles the repair fund. RELIABILITY, Sign-in"""

from django.db import models
from django.db.models import Q


class CodeSheet(models.Model):
    """A sheet of codes that was printed once for a person; a new one ends the old one."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="code_sheets", verbose_name="谁的")
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="谁发的")
    issued_at = models.DateTimeField("发出于")
    ended_at = models.DateTimeField("作废于", null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "登录验证码", "登录验证码"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="code_sheet_one_in_use"),
        ]

    def __str__(self) -> str:
        return f"{self.user}的登录验证码"


class SheetCode(models.Model):
    """One code of a sheet; only its hash is kept, made with a key outside the database."""

    sheet = models.ForeignKey(CodeSheet, models.PROTECT, related_name="codes", verbose_name="哪一张")
    n = models.PositiveSmallIntegerField("第几个")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField("用掉于", null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "验证码", "验证码"
        ordering = ["sheet", "n"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "n"], name="sheet_code_n"),
            models.CheckConstraint(condition=Q(code_hash__regex=r"^[0-9a-f]{64}$"), name="sheet_code_hashed"),
        ]
