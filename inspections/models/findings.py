"""What a patrol found, and its photos."""

import uuid
from functools import reduce
from operator import or_

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse

from accounts.models import User
from communities.models import Building, Community, Firm
from lib.uploads import Photo

from ..querysets import DissuasionQuerySet, FindingQuerySet, PatrolPhotoQuerySet
from .checklist import CheckItem, Severity
from .patrols import Patrol

MOST_PHOTOS = 9
OWNERS = ("finding", "patrol", "round", "dissuasion")  # what a photo may belong to, one of them
LOOSE = Q(**dict.fromkeys(OWNERS))
ONE_OWNER = reduce(or_, (Q(**{other: None for other in OWNERS if other != owner}) for owner in OWNERS))


class Finding(models.Model):
    """A problem found in a community. It may come from a patrol, or from elsewhere later. 问题"""

    class Source(models.TextChoices):
        PATROL = "patrol", "巡查"
        SELF_REPORT = "self_report", "物业自查自报"
        COMPLAINT = "complaint", "投诉"
        HAZARD_CHECK = "hazard_check", "隐患排查"
        HALF_YEARLY = "half_yearly", "半年检查"
        TEAM = "team", "检查组"
        LEDGER = "ledger", "旧台账"

    class Handling(models.TextChoices):
        NOTICE = "notice", "抄告责任单位"
        ON_THE_SPOT = "on_the_spot", "当场已经处理好"
        TRANSFER = "transfer", "请镇物业办移交"

    class State(models.TextChoices):
        OPEN = "open", "没办结"
        CLOSED = "closed", "已办结"
        WITHDRAWN = "withdrawn", "已撤销"

    client_id = models.UUIDField("手机上的编号", unique=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="findings", verbose_name="小区")
    patrol = models.ForeignKey(
        Patrol, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="巡查"
    )
    source = models.CharField("来源", max_length=12, choices=Source, default=Source.PATROL)
    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="findings", verbose_name="检查项")
    severity = models.CharField("等级", max_length=7, choices=Severity)
    severity_reason = models.CharField("为什么提高等级", max_length=200, blank=True)
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="幢"
    )
    place = models.CharField("在哪里", max_length=100, blank=True)
    text = models.CharField("什么问题", max_length=500)
    handling = models.CharField("怎么处理", max_length=11, choices=Handling)
    dissuaded = models.BooleanField("业主造成的，物业已劝阻、已报告", default=False)
    firm = models.ForeignKey(
        Firm, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="当天的物业企业"
    )
    found_by = models.ForeignKey(User, models.PROTECT, related_name="findings", verbose_name="谁发现的")
    found_on = models.DateField("发现日期")
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    finish_on = models.DateField("物业自报的完成日期", null=True, blank=True)
    root_cause = models.ForeignKey(
        "inspections.RootCause", models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="治本单"
    )
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "问题", "问题"
        ordering = ["-found_on", "-pk"]
        indexes = [
            models.Index(fields=["community", "-found_on"], name="finding_of_community"),
            models.Index(fields=["community"], name="finding_open", condition=Q(state="open")),
            models.Index(fields=["firm", "-found_on"], name="finding_of_firm"),
            models.Index(F("found_on").desc(), F("id").desc(), name="finding_newest"),
            GinIndex(OpClass(Upper("text"), "gin_trgm_ops"), name="finding_text_words"),
            GinIndex(OpClass(Upper("place"), "gin_trgm_ops"), name="finding_place_words"),
        ]
        constraints = [
            models.UniqueConstraint("community", "id", name="finding_of_its_community"),  # for composite keys
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False, closed_on__gte=F("found_on"))
                | (~Q(state="closed") & Q(closed_on=None)),
                name="finding_closed_when",
            ),
            models.CheckConstraint(
                condition=~Q(handling="on_the_spot") | ~Q(state="open"), name="finding_on_the_spot_is_closed"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""), name="finding_withdrawn_why"
            ),
            models.CheckConstraint(
                condition=~Q(source="self_report") | Q(finish_on__isnull=False, firm__isnull=False),
                name="finding_self_reported_whole",
                violation_error_message="写上哪天前整改好。",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="finding_says_what", violation_error_message="写一句是什么问题，在哪里。"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("inspections:finding-detail", args=[self.pk])

    @property
    def where(self) -> str:
        """3幢 1单元一楼"""
        return " ".join(filter(None, [str(self.building or ""), self.place]))

    @property
    def is_raised(self) -> bool:
        """The cadre gave it a higher severity than the check list does."""
        return Severity(self.severity).rank > Severity(self.item.severity).rank


class FindingEvent(models.Model):
    """What happened to a finding, in words of the time line; append-only."""

    class Kind(models.TextChoices):
        FOUND = "found", "发现"
        CORRECTED = "corrected", "更正"
        WITHDRAWN = "withdrawn", "撤销"
        LOWERED = "lowered", "降低等级"
        CLOSED = "closed", "办结"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events", verbose_name="问题")
    kind = models.CharField("什么事", max_length=9, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")
    text = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "问题的经过", "问题的经过"
        ordering = ["at", "pk"]


class Dissuasion(models.Model):
    """The firm told an owner to stop, or reported it: with photo, person and day; a cadre accepts it. 劝阻, D.3"""

    class Kind(models.TextChoices):
        DISSUADED = "dissuaded", "已劝阻"
        REPORTED = "reported", "已报告"

    community = models.ForeignKey(Community, models.PROTECT, related_name="dissuasions", verbose_name="小区")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="dissuasions", verbose_name="物业企业")
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="dissuasions", verbose_name="问题"
    )
    kind = models.CharField("做了什么", max_length=9, choices=Kind)
    text = models.CharField("什么事，在哪里", max_length=300)
    person = models.CharField("谁去的", max_length=50)
    day = models.DateField("哪一天")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁记的")
    at = models.DateTimeField("记的时间")
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁认可的"
    )
    accepted_at = models.DateTimeField("认可时间", null=True, blank=True)

    objects = DissuasionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "劝阻、报告", "劝阻、报告"
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="dissuasion_says_what"),
            models.CheckConstraint(condition=~Q(person=""), name="dissuasion_by_whom"),
            models.CheckConstraint(
                condition=Q(accepted_by=None, accepted_at=None)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False) & ~Q(accepted_by=F("by")),
                name="dissuasion_accepted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PatrolPhoto(Photo):
    """A photo of a finding, of the record as a whole, of a round of a notice, of a dissuasion. It arrives before the
    record that it belongs to.
    """

    class Kind(models.TextChoices):
        PROBLEM = "problem", "问题"
        AFTER = "after", "处理后"
        REPLY = "reply", "整改后"
        RECHECK = "recheck", "复查"
        PAPER = "paper", "签收单"
        INTERIM = "interim", "临时措施"

    kind = models.CharField("拍的是", max_length=7, choices=Kind, default=Kind.PROBLEM)
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name="问题"
    )
    patrol = models.ForeignKey(
        Patrol, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name="巡查"
    )
    round = models.ForeignKey(
        "inspections.NoticeRound",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name="抄告轮次",
    )
    dissuasion = models.ForeignKey(
        "inspections.Dissuasion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name="劝阻",
    )
    public = models.BooleanField("给居民看", default=False)
    position = models.PositiveSmallIntegerField("第几张", default=0)
    dropped = models.BooleanField("更正时拿掉了", default=False)

    objects = PatrolPhotoQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "巡查照片", "巡查照片"
        ordering = ["kind", "position", "pk"]
        indexes = [
            models.Index(fields=["id"], name="patrol_photo_waiting", condition=Q(original_kept=True)),
            models.Index(fields=["received_at"], name="patrol_photo_loose", condition=LOOSE),
            models.Index(fields=["finding"], name="patrol_photo_public", condition=Q(public=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=ONE_OWNER, name="patrol_photo_one_owner"),
            # nine places, each taken once: at most nine photos a finding
            models.CheckConstraint(
                condition=Q(position__lt=MOST_PHOTOS),
                name="patrol_photo_nine",
                violation_error_message=f"一个问题最多 {MOST_PHOTOS} 张照片。",
            ),
            models.UniqueConstraint(
                fields=["finding", "position"], condition=Q(dropped=False), name="patrol_photo_of_finding"
            ),
            models.UniqueConstraint(
                fields=["patrol", "position"], condition=Q(dropped=False), name="patrol_photo_of_patrol"
            ),
            models.UniqueConstraint(
                fields=["round", "kind", "position"], condition=Q(round__isnull=False), name="patrol_photo_of_round"
            ),
            models.UniqueConstraint(
                fields=["dissuasion", "position"],
                condition=Q(dissuasion__isnull=False),
                name="patrol_photo_of_dissuasion",
            ),
        ]

    @property
    def is_loose(self) -> bool:
        """Not yet bound to a finding or a record."""
        return all(getattr(self, f"{owner}_id") is None for owner in OWNERS)

    @property
    def alt(self) -> str:
        return self.finding.text if self.finding else "照片"
