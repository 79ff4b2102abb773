"""Sheets that come in and go out: each import from its file to its end, each export with who took what."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User

from ..querysets import SheetExportQuerySet, SheetImportQuerySet


class SheetImport(models.Model):
    """A file on its way into the registry: read, looked at, confirmed, written, all of it or nothing.

    The file and its preview hold personal data; they stand in the store, not here, and are erased when it is over.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等着读"
        READING = "reading", "正在读"
        READY = "ready", "看过再定"
        REFUSED = "refused", "读不了"
        CONFIRMED = "confirmed", "等着写入"
        WRITING = "writing", "正在写入"
        DONE = "done", "导入好了"
        ABANDONED = "abandoned", "不导入了"

    GIVEN_UP_FROM = (State.WAITING, State.READING, State.READY, State.REFUSED, State.CONFIRMED)

    kind = models.CharField("导入什么", max_length=40)
    file_name = models.CharField("文件名", max_length=200)
    stored = models.CharField("存放的名字", max_length=40, unique=True, editable=False)
    size = models.PositiveIntegerField("字节数")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁导入的")
    at = models.DateTimeField("什么时候传的")
    state = models.CharField("状态", max_length=9, choices=State, default=State.WAITING)
    in_background = models.BooleanField("在后台做", default=False)
    fingerprint = models.CharField("看的时候的样子", max_length=64, blank=True)
    new = models.PositiveIntegerField("新的", default=0)
    changed = models.PositiveIntegerField("要改的", default=0)
    same = models.PositiveIntegerField("一样的", default=0)
    wrong = models.PositiveIntegerField("有错的", default=0)
    says = models.CharField("说明", max_length=300, blank=True)
    done_at = models.DateTimeField("写入的时间", null=True, blank=True)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "导入", "导入"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
                name="sheet_import_done_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "writing", "done"]) | Q(wrong=0),
                name="sheet_import_all_or_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"导入 {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("communities:import-detail", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in ("waiting", "reading", "confirmed", "writing")

    @property
    def may_be_given_up(self) -> bool:
        """Not while it is being written: that is one transaction."""
        return self.state in SheetImport.GIVEN_UP_FROM

    @property
    def file(self) -> str:
        return f"sheets/{self.stored}"

    @property
    def preview(self) -> str:
        return f"sheets/{self.stored}.preview"

    @property
    def bad_rows(self) -> str:
        return f"sheets/{self.stored}.wrong"


class SheetExport(models.Model):
    """Somebody took a sheet out: which rows, how many, and why where personal data was among them. Append-only."""

    kind = models.CharField("导出什么", max_length=40)
    wanted = models.CharField("筛选", max_length=200, blank=True)
    rows = models.PositiveIntegerField("行数")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁导出的")
    at = models.DateTimeField("时间")
    why = models.CharField("为什么", max_length=200, blank=True)

    objects = SheetExportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "导出的记录", "导出的记录"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.by} 导出 {self.kind}"
