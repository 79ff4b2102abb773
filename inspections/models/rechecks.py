"""Looking again whether it was put right. DOMAIN B.7"""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User

from .notices import NoticeRound


class Recheck(models.Model):
    """Somebody looked whether it was put right: one recheck a round; append-only. 复查"""

    client_id = models.UUIDField("手机上的编号", unique=True, default=uuid.uuid4, editable=False)
    round = models.OneToOneField(NoticeRound, models.PROTECT, related_name="recheck", verbose_name="轮次")
    passed = models.BooleanField("合格")
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="复查人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "复查", "复查"
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=True) | ~Q(note=""),
                name="recheck_failed_why",
                violation_error_message="不合格要写一句哪里没好。",
            )
        ]

    def __str__(self) -> str:
        return "合格" if self.passed else "不合格"
