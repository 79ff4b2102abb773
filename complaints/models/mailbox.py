"""Letters to the office: the mailbox of plan 8 (房地万事通信箱, R34), and 意见建议 about the portal and the office."""

from django.db import models
from django.db.models import Q

from accounts.models import Address, User

from ..querysets import MailboxLetterQuerySet


class MailboxLetter(models.Model):
    """A letter that is no complaint. A question is answered by ``answer_by``, calendar days, not rolled. DOMAIN E.3"""

    class Kind(models.TextChoices):
        QUESTION = "question", "信箱来信"
        SUGGESTION = "suggestion", "意见建议"

    kind = models.CharField("是什么", max_length=10, choices=Kind, default=Kind.QUESTION)
    page = models.CharField("在哪一页", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁写的")
    client_id = models.UUIDField("手机上的编号", unique=True, editable=False)
    text = models.TextField("写了什么", max_length=1000)
    email = models.ForeignKey(
        Address, models.SET_NULL, null=True, blank=True, related_name="mailbox_letters", verbose_name="邮箱"
    )
    may_publish = models.BooleanField("可以把问和答公开", default=False)
    received_at = models.DateTimeField("收到时间")
    answer_by = models.DateField("最迟答复", null=True)
    question = models.CharField("公开时的问题", max_length=300, blank=True)
    answer = models.TextField("答复", max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁答复的")
    answered_at = models.DateTimeField("答复时间", null=True)
    is_public = models.BooleanField("公开", default=False)

    objects = MailboxLetterQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "信箱来信", "信箱来信"
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index("answer_by", name="mailbox_letter_open", condition=Q(answered_at=None)),
            models.Index(models.F("answered_at").desc(), name="mailbox_letter_public", condition=Q(is_public=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="suggestion", answer_by=None) | Q(kind="question", answer_by__isnull=False),
                name="mailbox_letter_question_has_term",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="mailbox_letter_asks", violation_error_message="写一句想问什么。"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="mailbox_letter_answered",
                violation_error_message="写上答复。",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(may_publish=True, answered_at__isnull=False) & ~Q(question=""),
                name="mailbox_letter_public_when_wished",
                violation_error_message="来信人同意、重写过问题，才能公开。",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
