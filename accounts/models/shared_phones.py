"""A phone that several people of a firm use: each with a code of their own, for half a day. Issue 6 §2"""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from ..querysets import SharedPhoneQuerySet

HOURS, TRIES = timedelta(hours=12), 5
HASH = r"^[0-9a-f]{64}$"


class SharedPhone(models.Model):
    """Opened by a manager who has signed in on it with their password; holds for twelve hours after that.

    The phone is known by a random key in its cookie, of which only the hash is kept. Ending it deletes it.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    opened_by = models.ForeignKey("accounts.User", models.CASCADE, related_name="shared_phones", verbose_name="谁开的")
    device = models.CharField("设备", max_length=100)
    signed_in_at = models.DateTimeField("负责人登录于")
    until = models.DateTimeField("用到")

    objects = SharedPhoneQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "共用的手机", "共用的手机"
        ordering = ["-signed_in_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("signed_in_at"), until__lte=F("signed_in_at") + HOURS),
                name="shared_phone_twelve_hours",
                violation_error_message="共用的手机只能用到负责人登录后 12 小时。",
            ),
            models.CheckConstraint(condition=Q(key_hash__regex=HASH), name="shared_phone_key_hashed"),
        ]

    def __str__(self) -> str:
        return self.device


class PhoneCode(models.Model):
    """Six digits of one person on one phone; kept as a hash, over after five wrong tries."""

    phone = models.ForeignKey(SharedPhone, models.CASCADE, related_name="codes")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", verbose_name="谁的")
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField("试错几次", default=0)

    class Meta:
        verbose_name, verbose_name_plural = "共用手机的码", "共用手机的码"
        ordering = ["user__pinyin", "user"]
        constraints = [
            models.UniqueConstraint("phone", "user", name="phone_code_once"),
            models.CheckConstraint(condition=Q(tries__lte=TRIES), name="phone_code_five_tries"),
            models.CheckConstraint(condition=Q(code_hash__regex=HASH), name="phone_code_hashed"),
        ]

    def __str__(self) -> str:
        return f"{self.user}的码"

    @property
    def is_over(self) -> bool:
        return self.tries >= TRIES
