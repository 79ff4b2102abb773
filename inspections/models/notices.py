"""Notices: a finding sent to whoever answers for the community, round by round until it is settled. DOMAIN B.6, B.7"""

from datetime import date, datetime, timedelta

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from communities.models import Community, Firm, VillageCommittee
from rulebook import rules
from rulebook.deadlines import Term

from ..querysets import NoticeQuerySet, NoticeRoundQuerySet
from .checklist import Severity
from .findings import Finding

UNREPLIED = Q(state__in=["issued", "received"])
ONE_ADDRESSEE = (
    Q(firm__isnull=False, village=None, body="")
    | Q(firm=None, village__isnull=False, body="")
    | Q(firm=None, village=None) & ~Q(body="")
)
NUMBER = r"^抄告〔[0-9]{4}〕[0-9]{4,}$"


class Notice(models.Model):
    """A finding sent to the firm, the self-governing group or the village committee to be put right. 抄告单

    Term, recheck and round are those of the present round, the successor that of the latest `Takeover`; the database
    copies them here.
    """

    class State(models.TextChoices):
        ISSUED = "issued", "待签收"
        RECEIVED = "received", "整改中"
        REPLIED = "replied", "待复查"
        CLOSED = "closed", "已办结"
        WITHDRAWN = "withdrawn", "已撤销"
        TRANSFERRED = "transferred", "已移交"

    number = models.CharField("文号", max_length=24, unique=True, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="notices", verbose_name="问题")
    community = models.ForeignKey(Community, models.PROTECT, related_name="notices", verbose_name="小区")
    firm = models.ForeignKey(
        Firm, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="物业企业"
    )
    village = models.ForeignKey(
        VillageCommittee, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="村居"
    )
    body = models.CharField("自治小组", max_length=60, blank=True)
    successor = models.ForeignKey(
        Firm, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="接手的企业"
    )
    state = models.CharField("状态", max_length=11, choices=State, default=State.ISSUED)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="notices", verbose_name="谁发出的")
    issued_at = models.DateTimeField("发出时间")
    issued_on = models.DateField("发出日期")
    closed_on = models.DateField("办结日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    round_no = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)
    due_on = models.DateField("最迟", null=True, editable=False)
    due_provisional = models.BooleanField("暂定", default=False, editable=False)
    late_since = models.DateField("从哪天起算逾期", null=True, editable=False)
    recheck_by = models.DateField("最迟复查", null=True, editable=False)

    plan_by = models.DateField("三定最迟", null=True, editable=False)
    plan_person = models.CharField("责任人", max_length=50, blank=True)
    plan_limit_on = models.DateField("哪天前整改好", null=True, blank=True)
    plan_measure = models.CharField("措施", max_length=300, blank=True)
    plan_at = models.DateTimeField("三定填写时间", null=True, blank=True, editable=False)
    interim_text = models.CharField("临时安全措施", max_length=300, blank=True)
    interim_at = models.DateTimeField("临时措施时间", null=True, blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "抄告单", "抄告单"
        ordering = ["-issued_on", "-pk"]
        indexes = [
            models.Index(fields=["community", "-issued_on"], name="notice_of_community"),
            models.Index(fields=["firm", "-issued_on"], name="notice_of_firm"),
            models.Index(fields=["successor"], name="notice_taken_over", condition=Q(successor__isnull=False)),
            models.Index(F("issued_on").desc(), F("id").desc(), name="notice_newest"),
            models.Index(fields=["due_on"], name="notice_unreplied", condition=UNREPLIED),
            models.Index(fields=["recheck_by"], name="notice_to_recheck", condition=Q(state="replied")),
            GinIndex(OpClass("number", "gin_trgm_ops"), name="notice_number_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=ONE_ADDRESSEE,
                name="notice_one_addressee",
                violation_error_message="抄告单只发给一家：物业企业、自治小组或村居。",
            ),
            models.UniqueConstraint(
                fields=["finding", "firm", "village", "body"],
                condition=~Q(state="withdrawn"),
                nulls_distinct=False,
                name="notice_once_an_addressee",
                violation_error_message="这个问题已经抄告过这一家。",
            ),
            models.CheckConstraint(condition=Q(number__regex=NUMBER), name="notice_number_shape"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False, closed_on__gte=F("issued_on"))
                | ~Q(state="closed") & Q(closed_on=None),
                name="notice_closed_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="notice_withdrawn_why",
                violation_error_message="写上为什么撤销。",
            ),
            models.CheckConstraint(
                condition=Q(plan_at=None, plan_limit_on=None, plan_person="", plan_measure="")
                | Q(plan_at__isnull=False, plan_limit_on__isnull=False) & ~Q(plan_person="") & ~Q(plan_measure=""),
                name="notice_plan_whole",
                violation_error_message="责任人、期限、措施三样都要填。",
            ),
            models.CheckConstraint(
                condition=Q(interim_at=None, interim_text="") | Q(interim_at__isnull=False) & ~Q(interim_text=""),
                name="notice_interim_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}号"

    def get_absolute_url(self) -> str:
        return reverse("inspections:notice-detail", args=[self.pk])

    @property
    def round(self) -> "NoticeRound":
        """The present round."""
        return self.rounds.get(no=self.round_no)

    @property
    def answering_firm(self) -> Firm | None:
        """The firm that must put it right now: the one it was sent to, or the next one that took it over."""
        return self.successor or self.firm

    @property
    def addressee(self) -> str:
        """Who must put it right now."""
        return self.successor.name if self.successor_id else self.sent_to

    @property
    def sent_to(self) -> str:
        """Whom the notice names."""
        return self.firm.name if self.firm_id else self.village.name if self.village_id else self.body

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.ISSUED, self.State.RECEIVED, self.State.REPLIED)

    @property
    def is_unreplied(self) -> bool:
        return self.state in (self.State.ISSUED, self.State.RECEIVED)

    @property
    def is_major(self) -> bool:
        return self.finding.severity == Severity.MAJOR

    @property
    def needs_plan(self) -> bool:
        """Serious and major ones need a responsible person, a limit and a measure (三定). DOMAIN B.6"""
        return self.finding.severity != Severity.GENERAL

    @property
    def lacks_plan(self) -> bool:
        return self.needs_plan and self.plan_at is None

    @property
    def interim_due(self) -> datetime:
        """Until when a major one needs an interim safety measure; holidays do not stop it."""
        return self.issued_at + timedelta(hours=rules.on(self.issued_on, "rectify.major_interim_hours"))

    def is_overdue(self, today: date) -> bool:
        """The present round is unreplied and its term has passed. DOMAIN B.7"""
        return self.is_unreplied and today > self.due_on

    def is_recheck_late(self, today: date) -> bool:
        """Somebody of the office should have looked by now; no fault of the firm's."""
        return self.state == self.State.REPLIED and today > self.recheck_by

    @property
    def days_taken(self) -> int | None:
        """From the issue to the end, in days; None while it is open."""
        return (self.closed_on - self.issued_on).days if self.closed_on else None

    def days_overdue(self, today: date) -> int:
        """Days since the term of the first round that was late. DOMAIN B.7"""
        return (today - (self.late_since or self.due_on)).days if self.is_overdue(today) else 0


class NoticeRound(Term):
    """One round of a notice: its term, receipt, reply and what the recheck made of it.

    ``deemed_on`` is the day on which it counts as received without a signature; the term runs from that day or from
    an earlier signature. ``late_since`` is the due day of the earlier round whose reply was late.
    """

    class Outcome(models.TextChoices):
        PASSED = "passed", "复查合格"
        FAILED = "failed", "复查不合格"
        ENDED = "ended", "撤销或移交"

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="rounds", verbose_name="抄告单")
    no = models.PositiveSmallIntegerField("第几轮")
    issued_on = models.DateField("发出日期")
    deemed_on = models.DateField("视为签收日期")
    received_on = models.DateField("签收日期", null=True, blank=True)
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁记的签收"
    )
    signer = models.CharField("签收人", max_length=50, blank=True)
    is_deemed = models.BooleanField("视为签收", default=False)
    late_since = models.DateField("从哪天起算逾期", null=True, blank=True, editable=False)
    reply_text = models.CharField("怎么整改的", max_length=1000, blank=True)
    replied_at = models.DateTimeField("回复时间", null=True, blank=True)
    replied_on = models.DateField("回复日期", null=True, blank=True)
    replied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁回复的"
    )
    recheck_by = models.DateField("最迟复查", null=True, blank=True)
    outcome = models.CharField("结果", max_length=6, choices=Outcome, blank=True)
    escalation = models.PositiveSmallIntegerField("报到哪一级", default=0, editable=False)

    objects = NoticeRoundQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "抄告轮次", "抄告轮次"
        ordering = ["no"]
        indexes = [
            models.Index(fields=["due_on"], name="round_unreplied", condition=Q(outcome="", replied_at=None)),
            models.Index(fields=["deemed_on"], name="round_unsigned", condition=Q(outcome="", received_on=None)),
        ]
        constraints = [
            models.UniqueConstraint("notice", "no", name="round_once"),
            models.CheckConstraint(condition=Q(no__gte=1), name="round_from_one"),
            models.CheckConstraint(
                condition=Q(replied_at=None, replied_on=None, replied_by=None, recheck_by=None, reply_text="")
                | Q(replied_at__isnull=False, replied_on__isnull=False, recheck_by__isnull=False)
                & Q(replied_by__isnull=False, received_on__isnull=False)
                & ~Q(reply_text=""),
                name="round_replied_whole",
                violation_error_message="写一句怎么整改的。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["passed", "failed"]) | Q(replied_at__isnull=False),
                name="round_rechecked_after_reply",
            ),
            models.CheckConstraint(
                condition=Q(is_deemed=False) | Q(received_on=F("deemed_on")), name="round_deemed_on_its_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} 第 {self.no} 轮"

    @property
    def is_on_time(self) -> bool:
        """The reply was sent by the due day; a late recheck never hurts the firm. DOMAIN B.7"""
        return self.replied_on is not None and self.replied_on <= self.due_on

    @property
    def received_effective(self) -> date:
        """The day from which the term runs: the signature, or the deemed receipt where that came first. DOMAIN B.6"""
        return min(self.received_on or self.deemed_on, self.deemed_on)


class YearNumber(models.Model):
    """The last number of the notices of a year; taken in the transaction that uses it, so none is given twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()
