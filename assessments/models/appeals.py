"""A firm says that a score is wrong, and somebody without part in it decides. 申诉, DOMAIN D.5"""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from rulebook.deadlines import Term

from ..querysets import AppealQuerySet
from .sheets import Charge, ScoreSheet


class Appeal(Term):
    """Against one version of a sheet, once, until the last day of its window. The decider is neither maker nor checker.

    ``due_on`` is the last day of the decision. Granted, it makes the next version.
    """

    class State(models.TextChoices):
        OPEN = "open", "等决定"
        UPHELD = "upheld", "成立，已更正"
        REJECTED = "rejected", "不成立"

    sheet = models.OneToOneField(ScoreSheet, models.PROTECT, related_name="appeal", verbose_name="考核单")
    text = models.TextField("申诉什么", max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁提的")
    at = models.DateTimeField("时间")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁决定的"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    answer = models.TextField("决定的理由", max_length=1000, blank=True)
    led_to = models.OneToOneField(
        ScoreSheet, models.PROTECT, null=True, blank=True, related_name="from_appeal", verbose_name="更正后的一版"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "考核申诉", "考核申诉"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="appeal_says_what", violation_error_message="写一句申诉什么、为什么。"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None, answer="", led_to=None)
                | ~Q(state="open") & ~Q(answer="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="appeal_decided_why",
                violation_error_message="写上决定的理由。",
            ),
            models.CheckConstraint(
                condition=~Q(state="upheld") | Q(led_to__isnull=False), name="appeal_upheld_leads_to_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}申诉"

    def get_absolute_url(self) -> str:
        return reverse("assessments:appeal", args=[self.pk])


class AppealPoint(models.Model):
    """One charge that the appeal is about, and what it costs by the decision. 申诉的条目"""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="points", verbose_name="申诉")
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="+", verbose_name="扣分")
    decided_deci = models.PositiveSmallIntegerField("改成扣几分（0.1 分）", null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "申诉的条目", "申诉的条目"
        constraints = [models.UniqueConstraint("appeal", "charge", name="appeal_point_once")]
