"""What goes beyond the firm: matters handed to a department, and places whose cause must be found. DOMAIN B.8, L"""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from communities.models import Building, Community

from ..querysets import RootCauseQuerySet, TransferQuerySet
from .checklist import CheckItem
from .findings import Finding
from .notices import Notice


class Department(models.Model):
    """A body with power to which matters are handed; which one is data. 移交的部门, DOMAIN B.8

    ``codes`` are beginnings of check items' codes, parted by spaces; the longest that fits decides, and a department
    without any is for everything else.
    """

    name = models.CharField("名称", max_length=60, unique=True)
    codes = models.CharField(
        "管哪些检查项", max_length=100, blank=True, help_text="编号的开头，空格分开，比如 BLD FAC4。"
    )
    phone = models.CharField("电话", max_length=20, blank=True)
    ended_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "移交的部门", "移交的部门"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Transfer(models.Model):
    """A finding handed to a department: drafted, sent under a document number, answered. 移交"""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SENT = "sent", "已发出，等回复"
        ANSWERED = "answered", "部门已回复"
        DROPPED = "dropped", "不移交"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="transfers", verbose_name="问题")
    notice = models.ForeignKey(
        Notice, models.PROTECT, null=True, blank=True, related_name="transfers", verbose_name="抄告单"
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="transfers", verbose_name="部门")
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    drafted_at = models.DateTimeField("起草时间")
    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁起草的"
    )
    document_no = models.CharField("文号", max_length=60, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁发出的")
    sent_on = models.DateField("发出日期", null=True, blank=True)
    expected_on = models.DateField("最迟哪天回复", null=True, blank=True)
    answer = models.CharField("部门的答复或不移交的理由", max_length=500, blank=True)
    answer_no = models.CharField("答复文号", max_length=60, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁登记的"
    )
    settled_on = models.DateField("登记日期", null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "移交", "移交"
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(state__in=["draft", "sent"]), name="transfer_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "answered"])
                | ~Q(document_no="") & Q(sent_by__isnull=False, sent_on__isnull=False, expected_on__isnull=False),
                name="transfer_sent_whole",
                violation_error_message="写上文号、发出日期和要求回复的日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "dropped"])
                | ~Q(answer="") & Q(settled_by__isnull=False, settled_on__isnull=False),
                name="transfer_settled_why",
                violation_error_message="写上部门怎么答复的，或者为什么不移交。",
            ),
        ]

    def __str__(self) -> str:
        return f"移交{self.department}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:transfer", args=[self.pk])


class RootCause(models.Model):
    """The same place again and again: one task to find out why, instead of one more notice. 治本单"""

    class State(models.TextChoices):
        PROPOSED = "proposed", "等物管站定"
        ACCEPTED = "accepted", "在办"
        DONE = "done", "办好了"
        DECLINED = "declined", "不用，照常抄告"

    community = models.ForeignKey(Community, models.PROTECT, related_name="root_causes", verbose_name="小区")
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="root_causes", verbose_name="幢"
    )
    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="root_causes", verbose_name="检查项")
    place = models.CharField("在哪里", max_length=100, blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField("提出时间")
    task = models.CharField("要办什么", max_length=300, blank=True)
    person = models.CharField("谁来办", max_length=60, blank=True)
    due_on = models.DateField("哪天前", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁定的")
    result = models.CharField("结果", max_length=300, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁登记的"
    )
    settled_on = models.DateField("登记日期", null=True, blank=True)

    objects = RootCauseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "治本单", "治本单"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "done"])
                | ~Q(task="") & ~Q(person="") & Q(due_on__isnull=False, decided_by__isnull=False),
                name="root_cause_task_whole",
                violation_error_message="写上要办什么、谁来办、哪天前。",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(result="") & Q(settled_by__isnull=False, settled_on__isnull=False),
                name="root_cause_done_how",
                violation_error_message="写一句办得怎么样。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where}{self.item}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:root-cause", args=[self.pk])

    @property
    def where(self) -> str:
        return " ".join(filter(None, [str(self.building or ""), self.place]))
