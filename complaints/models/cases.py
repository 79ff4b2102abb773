"""A complaint as it stands now; its past is in the events."""

import uuid
from datetime import date, datetime

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least, Upper
from django.urls import reverse

from accounts.models import User
from communities.models import Building, Community, Firm
from inspections.models import Finding
from rulebook.deadlines import Term

from ..kinds import Category, Level, Source, Urgency
from ..querysets import ComplaintQuerySet

MOST_CHARACTERS = 1000


class State(models.TextChoices):
    REGISTERED = "registered", "已登记"
    ACCEPTED = "accepted", "已受理"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    ASSIGNED = "assigned", "已交办"
    HANDLING = "handling", "在办"
    REPLIED = "replied", "已答复"
    RATED = "rated", "已评价"
    CLOSED = "closed", "已办结"
    REOPENED = "reopened", "退回重办"
    MERGED = "merged", "已并案"
    TRANSFERRED = "transferred", "已移交"
    WITHDRAWN = "withdrawn", "已撤回"


class ComplaintDay(models.Model):
    """The last number given on a Beijing day; held by the transaction that takes the next one. DOMAIN E.1"""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField()


class Complaint(Term):
    """Something a resident wants put right. 投诉 (DOMAIN E)

    The term (``due_on``) is our own; ``reply_by`` is what counts: the earlier of it and the hotline's. Who complains
    stands in `Contact` alone. ``registered_on`` is the Beijing day beside the moment.
    """

    client_id = models.UUIDField("手机上的编号", unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    source = models.CharField("来源", max_length=11, choices=Source, default=Source.ONLINE)
    community = models.ForeignKey(Community, models.PROTECT, related_name="complaints", verbose_name="小区")
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="幢")
    firm = models.ForeignKey(
        Firm, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name="当天的物业企业"
    )
    place = models.CharField("在哪里", max_length=100, blank=True)
    text = models.TextField("什么事", max_length=MOST_CHARACTERS)
    category = models.CharField("类别", max_length=11, choices=Category)
    urgency = models.CharField("缓急", max_length=6, choices=Urgency, default=Urgency.NORMAL)
    state = models.CharField("状态", max_length=12, choices=State, default=State.REGISTERED)
    level = models.CharField("由谁答复", max_length=7, choices=Level)
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="handled_complaints", verbose_name="经办人"
    )
    firm_was_asked = models.BooleanField("交给过物业", default=False, editable=False)
    registered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="谁登记的"
    )
    registered_at = models.DateTimeField("登记时间")
    registered_on = models.DateField("登记日期", editable=False)
    accept_by = models.DateField("最迟受理", editable=False)
    accept_provisional = models.BooleanField("受理期限暂定", default=False, editable=False)
    platform_number = models.CharField("12345 工单号", max_length=40, blank=True)
    platform_due = models.DateField("12345 期限", null=True, blank=True)
    filled_back_at = models.DateTimeField("回填 12345 的时间", null=True, blank=True)
    reply_by = models.GeneratedField(
        expression=Least("due_on", "platform_due"),
        output_field=models.DateField("最迟答复", null=True),
        db_persist=True,
        verbose_name="最迟答复",
    )
    on_site_by = models.DateTimeField("最迟到场", null=True, blank=True)
    on_site_at = models.DateTimeField("到场时间", null=True, blank=True)
    extended_days = models.PositiveSmallIntegerField("延长了几个工作日", default=0, editable=False)
    was_raised = models.BooleanField("升过级", default=False, editable=False)
    reopened = models.PositiveSmallIntegerField("退回几次", default=0, editable=False)
    is_final = models.BooleanField("要最终书面答复", default=False, editable=False)
    replied_on = models.DateField("答复日期", null=True, blank=True, editable=False)
    close_on = models.DateField("到这天没评价就办结", null=True, blank=True, editable=False)
    closed_on = models.DateField("办结日期", null=True, blank=True, editable=False)
    anonymise_on = models.DateField("隐去投诉人的日期", null=True, blank=True, editable=False)
    refused_why = models.CharField("不予受理的原因", max_length=300, blank=True)
    go_to = models.CharField("该找谁", max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入"
    )
    hidden_from_neighbours = models.BooleanField("不给邻居看照片和地点", default=False)
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="拆自"
    )
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name="转成的问题"
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "投诉", "投诉"
        ordering = ["-registered_at", "-pk"]
        indexes = [
            models.Index("community", F("registered_on").desc(), name="complaint_of_community"),
            models.Index("firm", F("registered_on").desc(), name="complaint_of_firm"),
            models.Index("reply_by", "id", name="complaint_open", condition=Q(closed_on=None)),
            models.Index("accept_by", name="complaint_to_accept", condition=Q(state="registered")),
            models.Index("close_on", name="complaint_to_close", condition=Q(state__in=["replied", "rated"])),
            models.Index("anonymise_on", name="complaint_to_anonymise"),
            models.Index(
                "platform_due",
                "id",
                name="complaint_to_fill_back",
                condition=Q(
                    platform_number__gt="", filled_back_at=None
                ),  # > "": of NOT (= "") nobody can guess how many
            ),
            models.Index(F("registered_at").desc(), F("id").desc(), name="complaint_newest"),
            models.Index("finding", name="complaint_waits_finding", condition=Q(closed_on=None)),
            GinIndex(OpClass(Upper("text"), "gin_trgm_ops"), name="complaint_text_words"),
            GinIndex(OpClass(Upper("place"), "gin_trgm_ops"), name="complaint_place_words"),
            GinIndex(OpClass("number", "gin_trgm_ops"), name="complaint_number_words"),
        ]
        constraints = [
            models.UniqueConstraint("community", "id", name="complaint_of_its_community"),  # for composite keys
            models.UniqueConstraint(
                "platform_number",
                name="complaint_platform_once",
                condition=~Q(platform_number=""),
                violation_error_message="这个 12345 工单已经登记过。",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^TS\d{8}-\d{4,}$"), name="complaint_number_shape"),
            models.CheckConstraint(
                condition=~Q(text=""), name="complaint_says_what", violation_error_message="写一句出了什么事。"
            ),
            models.CheckConstraint(
                condition=~Q(state="not_accepted") | ~Q(refused_why=""),
                name="complaint_refused_why",
                violation_error_message="写上为什么不受理，该找谁。",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | ~Q(state="merged") & Q(merged_into=None),
                name="complaint_merged_into_one",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="complaint_not_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["replied", "rated"]) | Q(replied_on__isnull=False, close_on__isnull=False),
                name="complaint_replied_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "not_accepted", "withdrawn", "merged"], closed_on__isnull=False)
                | ~Q(state__in=["closed", "not_accepted", "withdrawn", "merged"]) & Q(closed_on=None),
                name="complaint_closed_when",
            ),
            models.CheckConstraint(
                condition=Q(platform_due=None) | ~Q(platform_number=""), name="complaint_platform_term_of_order"
            ),
            models.CheckConstraint(
                condition=Q(urgency="normal") | Q(on_site_by__isnull=False), name="complaint_urgent_until_when"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("complaints:detail", args=[self.pk])

    @property
    def where(self) -> str:
        """3幢 北门进来右手边"""
        return " ".join(filter(None, [str(self.building or ""), self.place]))

    @property
    def spaced_number(self) -> str:
        """In two groups, to be read out and written down: TS20261105 0007"""
        return self.number.replace("-", " ")

    @property
    def is_over(self) -> bool:
        """Nobody need do anything any more."""
        return self.closed_on is not None

    @property
    def is_unanswered(self) -> bool:
        """The term runs: taken in and not yet answered."""
        return self.state in UNANSWERED

    def is_overdue(self, today: date) -> bool:
        """Unanswered after its term. A pause that runs has stopped the clock. DOMAIN E.3"""
        return self.is_unanswered and self.reply_by is not None and today > self.reply_by and not self.is_paused

    def is_late_on_site(self, now: datetime) -> bool:
        """Nobody has been there in time, nor answered. DOMAIN E.3"""
        waits = self.on_site_by is not None and self.on_site_at is None and self.is_unanswered
        return waits and now > self.on_site_by

    @property
    def is_paused(self) -> bool:
        """A pause runs now; annotated by ``.with_row_parts()``, else asked for."""
        if "paused" not in self.__dict__:
            self.paused = self.pauses.filter(last_day=None).exists()
        return self.paused

    @property
    def given_answers(self) -> list:
        """The answers its people have; a final one that its head has not passed is none of them."""
        return [answer for answer in self.answers.all() if answer.is_given]

    @property
    def answer_text(self) -> str:
        """All that was answered, to be copied or written in a cell."""
        return "\n\n".join(answer.text for answer in self.given_answers)

    @property
    def after_photos(self) -> list:
        """How it looks since it was put right, those that can be shown."""
        return [photo for photo in self.photos.all() if photo.kind == "after" and photo.is_ready]

    @property
    def main(self) -> "Complaint":
        """The case that is worked on: that into which this one was merged, or itself."""
        return self.merged_into or self


UNANSWERED = (State.REGISTERED, State.ACCEPTED, State.ASSIGNED, State.HANDLING, State.REOPENED, State.TRANSFERRED)
OVER = (State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN, State.MERGED)
