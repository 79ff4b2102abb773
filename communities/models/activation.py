"""How an owner comes by an account, and how it ends: a printed code, or the desk with the document seen. DOMAIN 0.5"""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.models import User

from ..querysets import AccountLinkQuerySet, ActivationCodeQuerySet, LetterBatchQuerySet
from .owners import Person
from .places import Building, Community


class LetterBatch(models.Model):
    """Letters with codes for owners who have no account: made by the worker, handed out once, erased within the hour.

    The codes themselves stand in the paper alone; once it is gone nobody can read them anywhere.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "在做"
        READY = "ready", "可以取"
        HANDED = "handed", "取走了"
        ERASED = "erased", "没取，已销毁"
        EMPTY = "empty", "没有要发的"

    community = models.ForeignKey(Community, models.PROTECT, related_name="letter_batches", verbose_name="小区")
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="幢")
    state = models.CharField("状态", max_length=7, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁要的")
    asked_at = models.DateTimeField("什么时候要的")
    count = models.PositiveIntegerField("多少封", default=0)
    file = models.CharField("文件", max_length=100, blank=True)
    ready_at = models.DateTimeField("做好的时间", null=True, blank=True)
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁取走的")
    handed_at = models.DateTimeField("取走的时间", null=True, blank=True)
    erased_at = models.DateTimeField("文件删除的时间", null=True, blank=True)

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "开通信", "开通信"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(state="handed") & Q(handed_at=None, handed_by=None))
                | Q(state="handed", handed_at__isnull=False, handed_by__isnull=False),
                name="letter_batch_handed_to_whom",
            ),
            models.CheckConstraint(condition=Q(erased_at=None) | Q(file=""), name="letter_batch_erased"),
        ]

    def __str__(self) -> str:
        return f"{self.community}{self.building or ''}的开通信"


class ActivationCode(models.Model):
    """A code for one owner, kept as its fingerprint: good once, until it ends or a new one takes its place."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="codes", verbose_name="业主")
    batch = models.ForeignKey(LetterBatch, models.PROTECT, related_name="codes", verbose_name="哪一批")
    fingerprint = models.CharField("指纹", max_length=64, unique=True, editable=False)
    issued_at = models.DateTimeField("发的时间")
    expires_at = models.DateTimeField("用到")
    used_at = models.DateTimeField("用掉的时间", null=True, blank=True)
    voided_at = models.DateTimeField("作废的时间", null=True, blank=True)

    objects = ActivationCodeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "开通码", "开通码"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(used_at=None, voided_at=None), name="activation_code_one_live"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="activation_code_ends"),
            models.CheckConstraint(condition=Q(used_at=None) | Q(voided_at=None), name="activation_code_one_end"),
        ]

    def __str__(self) -> str:
        return f"{self.person.masked}的开通码"

    def is_live(self, now: datetime) -> bool:
        return self.used_at is None and self.voided_at is None and now < self.expires_at


class AccountLink(models.Model):
    """An owner's account, from its opening to its end: who opened it how, and why it ended."""

    class How(models.TextChoices):
        CODE = "code", "凭开通信"
        DESK = "desk", "当面开通"

    class Document(models.TextChoices):
        CITIZEN = "citizen", "身份证"
        CERTIFICATE = "certificate", "身份证和不动产权证"
        CONTRACT = "contract", "身份证和购房合同"
        BODY = "body", "营业执照和委托书"

    class End(models.TextChoices):
        LEFT = "left", "本人停用"
        SOLD = "sold", "不再是业主"
        OFFICE = "office", "工作人员停用"

    person = models.ForeignKey(Person, models.PROTECT, related_name="account_links", verbose_name="业主")
    user = models.ForeignKey(User, models.PROTECT, related_name="owner_links", verbose_name="账号")
    how = models.CharField("怎么开的", max_length=4, choices=How)
    seen = models.CharField("看过什么证件", max_length=11, choices=Document, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁开的")
    opened_at = models.DateTimeField("开通时间")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁停的")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_why = models.CharField("为什么停", max_length=6, choices=End, blank=True)

    objects = AccountLinkQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "业主账号", "业主账号"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="account_link_one_open"),
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="account_link_one_person"),
            models.CheckConstraint(
                condition=Q(how="desk") & ~Q(seen="") | Q(how="code", seen=""),
                name="account_link_document_seen",
                violation_error_message="选一下看过什么证件。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="account_link_ended_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person.masked}的账号"
