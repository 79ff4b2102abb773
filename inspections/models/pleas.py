"""What a firm pleads about a notice, once each: it needs more time, or the notice is wrong. DOMAIN B.6, B.7"""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from rulebook.deadlines import Term

from .notices import Notice


class Extension(models.Model):
    """More time, asked once before the due day, at most as many working days as the term had. 延期, DOMAIN B.6"""

    class State(models.TextChoices):
        ASKED = "asked", "等决定"
        GRANTED = "granted", "同意"
        REFUSED = "refused", "没有同意"

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="extension", verbose_name="抄告单")
    days = models.PositiveSmallIntegerField("延几个工作日")
    reason = models.CharField("为什么延期", max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁申请的")
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=7, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁决定的"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "延期", "延期"
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="extension_some_days"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | ~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="extension_by_another"
            ),
        ]


class Objection(Term):
    """The firm says that the notice is wrong: once, soon after receipt; the term runs on meanwhile. 异议, DOMAIN B.7"""

    class State(models.TextChoices):
        OPEN = "open", "等镇物业办决定"
        UPHELD = "upheld", "成立"
        REJECTED = "rejected", "不成立"

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="objection", verbose_name="抄告单")
    text = models.CharField("有什么异议", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁提的")
    at = models.DateTimeField("时间")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁决定的"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    answer = models.CharField("决定的理由", max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "异议", "异议"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_what"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | ~Q(state="open") & ~Q(answer="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="objection_decided_why",
            ),
        ]
