"""A complaint that is a petition (信访事项) has a clock of its own beside ours. DOMAIN E.3, 信访工作条例 22 and 34"""

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import User

from ..querysets import PetitionQuerySet
from .cases import Complaint


class Petition(models.Model):
    """The petition's two terms in calendar days, the letters that met them, its one extension. 信访事项"""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="petition", verbose_name="投诉")
    received_on = models.DateField("收到日期")
    notice_by = models.DateField("最迟书面告知")
    noticed_on = models.DateField("告知日期", null=True, blank=True)
    notice_letter = models.CharField("告知书文号", max_length=60, blank=True)
    decide_by = models.DateField("最迟出具处理意见")
    extended_on = models.DateField("哪天延的期", null=True, blank=True)
    extended_why = models.CharField("为什么延期", max_length=200, blank=True)
    decided_on = models.DateField("处理意见日期", null=True, blank=True)
    decision_letter = models.CharField("处理意见书文号", max_length=60, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁定的")

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "信访事项", "信访事项"
        ordering = ["decide_by", "pk"]
        indexes = [models.Index("decide_by", name="petition_open", condition=Q(decided_on=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(noticed_on=None, notice_letter="") | Q(noticed_on__isnull=False) & ~Q(notice_letter=""),
                name="petition_notice_numbered",
                violation_error_message="写上告知书的文号。",
            ),
            models.CheckConstraint(
                condition=Q(decided_on=None, decision_letter="")
                | Q(decided_on__isnull=False, noticed_on__isnull=False) & ~Q(decision_letter=""),
                name="petition_decision_numbered",
                violation_error_message="先书面告知，再写上处理意见书的文号。",
            ),
            models.CheckConstraint(
                condition=Q(extended_on=None, extended_why="") | Q(extended_on__isnull=False) & ~Q(extended_why=""),
                name="petition_extended_why",
                violation_error_message="写一句为什么延期。",
            ),
            models.CheckConstraint(
                condition=Q(noticed_on=None) | Q(noticed_on__gte=F("received_on")), name="petition_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} 信访"

    @property
    def next_by(self) -> date | None:
        """By when the next letter is due; None when the decision is out."""
        if self.decided_on:
            return None
        return self.decide_by if self.noticed_on else self.notice_by

    @property
    def next_what(self) -> str:
        return "出具处理意见" if self.noticed_on else "书面告知是否受理"
