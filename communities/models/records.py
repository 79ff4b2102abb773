"""What a committee, a firm or a group of residents has on file: one table of dated entries, and their files."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from lib.files import StoredFile

from ..querysets import RecordFileQuerySet, RecordQuerySet
from .committees import OwnersCommittee
from .firms import Firm
from .places import Community


class Record(models.Model):
    """An entry in a register: minutes, a use of the seal, a training. It is never changed; a wrong one is struck.

    ``happened_on`` is the day of the event, ``entered_at`` when it was written down: a late entry shows as one.
    """

    class Kind(models.TextChoices):
        MINUTES = "minutes", "会议记录"
        RULES = "rules", "议事和工作规则"
        SUPERVISION = "supervision", "物业服务监督检查"
        SEAL = "seal", "用章登记"
        TRAINING = "training", "培训"
        TRAINING_PLAN = "training_plan", "内部培训计划"
        ACTIVITY = "activity", "自治活动"
        ARCHIVE = "archive", "档案"
        PLEDGE = "pledge", "协会和行业自律"
        EVALUATION = "evaluation", "第三方评估"

    kind = models.CharField("种类", max_length=13, choices=Kind)
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="records", verbose_name="小区"
    )
    firm = models.ForeignKey(
        Firm, models.PROTECT, null=True, blank=True, related_name="records", verbose_name="物业企业"
    )
    committee = models.ForeignKey(
        OwnersCommittee, models.PROTECT, null=True, blank=True, related_name="records", verbose_name="业委会"
    )
    happened_on = models.DateField("日期")
    title = models.CharField("事由", max_length=100)
    text = models.TextField("内容", max_length=4000, blank=True)
    in_charge = models.CharField("负责人", max_length=50, blank=True)
    number = models.PositiveIntegerField("数", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁记的")
    entered_at = models.DateTimeField("记的时间")
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁作废的")
    struck_at = models.DateTimeField("作废时间", null=True)
    struck_why = models.CharField("为什么作废", max_length=200, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "台账记录", "台账记录"
        ordering = ["-happened_on", "-pk"]
        indexes = [models.Index(fields=["community", "kind", "-happened_on"], name="record_of_community")]
        constraints = [
            models.CheckConstraint(
                condition=Q(community__isnull=False, firm=None) | Q(community=None, committee=None, firm__isnull=False),
                name="record_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="record_says_what", violation_error_message="写一句是什么事。"
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, struck_why="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_why="")),
                name="record_struck_why",
                violation_error_message="作废要写原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.title}"


class RecordFile(StoredFile):
    """A file that belongs to an entry: a scan, a paper, a table."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="files", verbose_name="记录")

    objects = RecordFileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "附件", "附件"
        ordering = ["pk"]
