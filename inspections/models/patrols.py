"""A patrol and what became of it: answers, earlier versions, remarks."""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from communities.models import Community
from lib.periods import BEIJING

from ..querysets import MissedWeekQuerySet, PatrolQuerySet
from .checklist import Category


class Patrol(models.Model):
    """A visit to one community by one person, as sent in. 巡查记录

    ``client_id`` is made by the phone, so that a record sent twice is one record. ``occurred_on``, ``submitted_on``
    (Beijing days) and ``submit_by`` are kept beside the moments because the week is judged by them (DOMAIN B.2).
    """

    class Kind(models.TextChoices):
        DAILY = "daily", "日常"
        SPECIAL = "special", "专项"
        COMPREHENSIVE = "comprehensive", "综合"
        COVERT = "covert", "暗访"
        EXTRA = "extra", "加查"

    class State(models.TextChoices):
        SUBMITTED = "submitted", "已收到"
        VOIDED = "voided", "已作废"

    class Doubt(models.TextChoices):
        """Why the day of a visit is not believed without being asked about. Issue 4 §1"""

        OLD = "old", "很久以前的"
        FUTURE = "future", "手机时间在将来"

    class Settled(models.TextChoices):
        CONFIRMED = "confirmed", "核实过，照规则算"
        LEFT = "left", "留着，不算"

    client_id = models.UUIDField("手机上的编号", unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="patrols", verbose_name="小区")
    user = models.ForeignKey(User, models.PROTECT, related_name="patrols", verbose_name="巡查人")
    kind = models.CharField("种类", max_length=13, choices=Kind, default=Kind.DAILY)
    state = models.CharField("状态", max_length=9, choices=State, default=State.SUBMITTED)
    occurred_at = models.DateTimeField("巡查时间")
    occurred_on = models.DateField("巡查日期", editable=False)
    submitted_at = models.DateTimeField("收到时间")
    submitted_on = models.DateField("收到日期", editable=False)
    submit_by = models.DateField("这周最迟交到", editable=False)
    written_at = models.DateTimeField("手机上写的时间", null=True, blank=True, editable=False)
    clock_ahead = models.IntegerField("手机比服务器快几秒", null=True, blank=True, editable=False)
    doubt = models.CharField("日期要核实", max_length=6, choices=Doubt, blank=True, editable=False)
    doubt_settled = models.CharField("核实结果", max_length=9, choices=Settled, blank=True, editable=False)
    doubt_settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="谁核实的"
    )
    doubt_settled_at = models.DateTimeField("核实时间", null=True, blank=True, editable=False)
    places = models.CharField("看了哪些地方", max_length=200, blank=True)
    note = models.TextField("说明", max_length=1000, blank=True)
    version = models.PositiveSmallIntegerField("第几版", default=1, editable=False)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = PatrolQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "巡查记录", "巡查记录"
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            models.Index("community", "occurred_on", name="patrol_of_community"),
            models.Index("user", "occurred_on", name="patrol_of_user"),
            models.Index(F("occurred_at").desc(), F("id").desc(), name="patrol_newest"),
            GinIndex(OpClass("number", "gin_trgm_ops"), name="patrol_number_words"),
            GinIndex(OpClass(Upper("note"), "gin_trgm_ops"), name="patrol_note_words", condition=~Q(note="")),
        ]
        constraints = [
            models.UniqueConstraint("community", "id", name="patrol_of_its_community"),  # for composite keys
            models.CheckConstraint(
                condition=Q(submitted_at__gte=F("occurred_at")),
                name="patrol_not_from_the_future",
                violation_error_message="巡查时间不能晚于现在。",
            ),
            models.CheckConstraint(
                condition=~Q(state="voided") | ~Q(void_reason=""),
                name="patrol_void_reason",
                violation_error_message="写上为什么作废。",
            ),
            models.CheckConstraint(
                condition=Q(doubt_settled="", doubt_settled_by=None, doubt_settled_at=None)
                | ~Q(doubt="")
                & ~Q(doubt_settled="")
                & Q(doubt_settled_by__isnull=False, doubt_settled_at__isnull=False),
                name="patrol_doubt_settled_by_somebody",
                violation_error_message="核实日期要有人、有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("inspections:patrol-detail", args=[self.pk])

    @property
    def finding_count(self) -> int:
        """Findings that stand; for rows ``.with_findings()``."""
        return len(self.finding_states)

    @property
    def open_count(self) -> int:
        """Findings not yet settled; for rows ``.with_findings()``."""
        return self.finding_states.count("open")

    @property
    def is_late(self) -> bool:
        """Sent in after the term of its week; it stays, but does not count."""
        return self.submitted_on > self.submit_by

    @property
    def is_doubtful(self) -> bool:
        """Its day waits for the station, and until then it counts for nothing."""
        return bool(self.doubt and not self.doubt_settled)

    @property
    def clock_words(self) -> str:
        """手机比服务器快 3 小时; empty where the two agree within ten minutes, or nothing is known."""
        minutes = round(abs(self.clock_ahead or 0) / 60)
        if minutes <= 10:
            return ""
        days, hours = divmod(round(minutes / 60), 24)
        size = f"{days} 天" if days else f"{hours} 小时" if hours else f"{minutes} 分钟"
        return f"手机比服务器{'快' if self.clock_ahead > 0 else '慢'} {size}"

    def is_correctable(self, *, by: User, now) -> bool:
        """Its author may correct it on the Beijing day on which it was sent in. Issue 3 §5"""
        same_day = now.astimezone(BEIJING).date() == self.submitted_on
        return self.user_id == by.pk and same_day and self.state == self.State.SUBMITTED

    @property
    def is_corrected(self) -> bool:
        return self.version > 1


class PatrolAnswer(models.Model):
    """What a patrol says of one category: fine, findings, not looked at. DOMAIN B.4"""

    class Result(models.TextChoices):
        OK = "ok", "没问题"
        FINDING = "finding", "有问题"
        NOT_SEEN = "not_seen", "这次没看"

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="answers", verbose_name="巡查")
    category = models.CharField("类别", max_length=5, choices=Category)
    result = models.CharField("结果", max_length=8, choices=Result)

    class Meta:
        verbose_name, verbose_name_plural = "巡查结果", "巡查结果"
        constraints = [models.UniqueConstraint("patrol", "category", name="patrol_answer_once")]

    def __str__(self) -> str:
        return f"{self.get_category_display()}：{self.get_result_display()}"


class PatrolVersion(models.Model):
    """A patrol as it read before a correction; append-only. ``content`` is what the record sheet shows."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="versions", verbose_name="巡查")
    number = models.PositiveSmallIntegerField("第几版")
    content = models.JSONField("内容")
    replaced_at = models.DateTimeField("更正于", default=timezone.now)
    replaced_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更正人")
    reason = models.CharField("为什么更正", max_length=200)

    class Meta:
        verbose_name, verbose_name_plural = "更正前的版本", "更正前的版本"
        ordering = ["number"]
        constraints = [models.UniqueConstraint("patrol", "number", name="patrol_version_once")]


class PatrolRemark(models.Model):
    """What was added to a patrol after its day; append-only. 补充说明"""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="remarks", verbose_name="巡查")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁写的")
    at = models.DateTimeField("时间", default=timezone.now)
    text = models.CharField("补充说明", max_length=500)

    class Meta:
        verbose_name, verbose_name_plural = "补充说明", "补充说明"
        ordering = ["at"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="patrol_remark_says_something")]


class DayNumber(models.Model):
    """The last number given on a Beijing day; taken in the transaction that uses it, so none is given twice."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField()


class MissedWeekReason(models.Model):
    """Why a week was missed, noted by the station's head; it changes no count. DOMAIN B.3"""

    user = models.ForeignKey(User, models.PROTECT, related_name="missed_week_reasons", verbose_name="干部")
    community = models.ForeignKey(Community, models.PROTECT, related_name="missed_week_reasons", verbose_name="小区")
    monday = models.DateField("哪一周")
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁注明的")
    at = models.DateTimeField("时间", default=timezone.now)

    objects = MissedWeekQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "没巡够的原因", "没巡够的原因"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="missed_week_is_a_week"),
            models.CheckConstraint(condition=~Q(reason=""), name="missed_week_says_why"),
        ]
