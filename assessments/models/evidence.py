"""Facts that may cost points, each kept once. 扣分依据, DOMAIN D.3"""

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractMonth, ExtractYear

from accounts.models import User
from campaigns.models import StepEvent
from communities.models import Community, Contract
from complaints.models import Complaint, UpheldComplaint
from inspections.models import Finding, Notice, NoticeRound
from lib.uploads import Photo

from ..kinds import KEYS, EvidenceKind, PeriodKind
from ..querysets import AssessmentPhotoQuerySet, EvidenceQuerySet, ManualFactQuerySet
from .tables import ScoreItem

SOURCES = ("finding", "round", "notice", "complaint", "upheld", "failure", "manual")
MOST_PHOTOS = 9


def _only(key: str) -> dict:
    return {f"{source}__isnull": source != key for source in SOURCES}


ONE_KEY = reduce(or_, (Q(kind=kind, **_only(key)) for kind, key in KEYS.items()))


class ManualFact(models.Model):
    """What an assessor saw on the spot, with photo or document. 现场扣分; sent twice under one number, it is one."""

    client_id = models.UUIDField("手机上的编号", unique=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", verbose_name="物业合同")
    community = models.ForeignKey(Community, models.PROTECT, related_name="manual_facts", verbose_name="小区")
    item = models.ForeignKey(ScoreItem, models.PROTECT, related_name="+", verbose_name="考核项")
    text = models.CharField("什么问题，在哪里", max_length=300)
    document = models.CharField("文件名称、文号", max_length=100, blank=True)
    day = models.DateField("哪一天")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁记的")
    at = models.DateTimeField("记的时间")

    objects = ManualFactQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "现场扣分", "现场扣分"
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="manual_says_what", violation_error_message="写一句什么问题，在哪里。"
            )
        ]

    def __str__(self) -> str:
        return self.text


class AssessmentPhoto(Photo):
    """A photo of something seen on the spot, of an appeal, or of a random check. It arrives ahead of what it shows."""

    manual = models.ForeignKey(
        ManualFact, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name="现场扣分"
    )
    appeal = models.ForeignKey(
        "assessments.Appeal", models.PROTECT, null=True, blank=True, related_name="photos", verbose_name="申诉"
    )
    position = models.PositiveSmallIntegerField("第几张", default=0)

    objects = AssessmentPhotoQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "考核照片", "考核照片"
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["id"], name="assessment_photo_waiting", condition=Q(original_kept=True)),
            models.Index(fields=["received_at"], name="assessment_photo_loose", condition=Q(manual=None, appeal=None)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(manual=None) | Q(appeal=None), name="assessment_photo_one_owner"),
            models.CheckConstraint(condition=Q(position__lt=MOST_PHOTOS), name="assessment_photo_nine"),
        ]


class Evidence(models.Model):
    """A fact, on its day, for the contract of that day. It is charged once, in the sheets of one period; append-only.

    ``repeat`` counts the further charges of one overdue round, ``round_no`` the rounds of a complaint that came back.
    """

    kind = models.CharField("种类", max_length=10, choices=EvidenceKind)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="+", verbose_name="问题")
    round = models.ForeignKey(NoticeRound, models.PROTECT, null=True, related_name="+", verbose_name="抄告轮次")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="+", verbose_name="抄告单")
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="+", verbose_name="投诉")
    upheld = models.ForeignKey(UpheldComplaint, models.PROTECT, null=True, related_name="+", verbose_name="有责认定")
    failure = models.ForeignKey(StepEvent, models.PROTECT, null=True, related_name="+", verbose_name="验收不合格")
    manual = models.OneToOneField(ManualFact, models.PROTECT, null=True, related_name="evidence", verbose_name="现场")
    round_no = models.PositiveSmallIntegerField("第几轮", default=0)
    repeat = models.PositiveSmallIntegerField("第几次再扣", default=0)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", verbose_name="物业合同")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="小区")
    day = models.DateField("哪一天")
    period_kind = models.CharField("哪种考核", max_length=5, choices=PeriodKind, default=PeriodKind.MONTH)
    period_first = models.DateField("算在哪一期")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "扣分依据", "扣分依据"
        ordering = ["day", "pk"]
        indexes = [models.Index(fields=["period_first", "contract"], name="evidence_of_period")]
        constraints = [
            models.CheckConstraint(condition=ONE_KEY, name="evidence_one_key"),
            *(
                models.UniqueConstraint(
                    # an extension moves the days of an overdue round: each day is a fact of its own
                    fields=[source, "kind", "round_no", "repeat", *(["day"] if source == "round" else [])],
                    condition=Q(**{f"{source}__isnull": False}),
                    name=f"evidence_{source}_once",
                )
                for source in SOURCES
            ),
            models.CheckConstraint(
                condition=~Q(period_kind="month")
                | Q(period_first__year=ExtractYear("day"), period_first__month=ExtractMonth("day")),
                name="evidence_in_its_month",
            ),
            models.CheckConstraint(
                condition=Q(day__gte=F("period_first"), period_first__day=1), name="evidence_within_its_period"
            ),
            models.CheckConstraint(condition=Q(repeat=0) | Q(kind="overdue"), name="evidence_only_overdue_repeats"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"

    @property
    def source(self):
        """The row it comes from."""
        return getattr(self, KEYS[self.kind])
