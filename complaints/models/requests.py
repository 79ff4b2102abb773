"""A person asks for their own data, or for its erasure: a case of its own. DOMAIN 0.5, issue 7 §6"""

from django.db import models
from django.db.models import Q

from accounts.models import Address, User

from ..querysets import DataRequestQuerySet


class DataRequest(models.Model):
    """What somebody asked about the data held under one telephone number, who looked at their papers, how it ended."""

    class Kind(models.TextChoices):
        COPY = "copy", "要一份自己的资料"
        ERASE = "erase", "要求删掉自己的资料"

    class State(models.TextChoices):
        OPEN = "open", "在办"
        DONE = "done", "办好了"
        REFUSED = "refused", "不能办"

    kind = models.CharField("要什么", max_length=5, choices=Kind)
    phone = models.ForeignKey(
        Address, models.SET_NULL, null=True, blank=True, related_name="data_requests", verbose_name="登记的电话"
    )
    verified = models.CharField("怎么核对的本人", max_length=100)
    state = models.CharField("状态", max_length=7, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField("时间")
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁受理的")
    ended_at = models.DateTimeField("办结时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁办结的")
    outcome = models.CharField("怎么办的", max_length=300, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "本人资料申请", "本人资料申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verified=""),
                name="data_request_verified",
                violation_error_message="写上怎么核对的本人，比如 看了身份证、回拨了登记的电话。",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None, ended_by=None)
                | ~Q(state="open") & Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome=""),
                name="data_request_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.phone or '已删掉'}"
