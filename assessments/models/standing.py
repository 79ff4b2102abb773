"""What follows from scores: talks, the credit file, stars, random checks. DOMAIN D.8, R11, R12"""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from communities.models import Community, Firm, FirmStaff
from lib.dated import Dated, in_order, no_overlap

from ..kinds import Exempt
from ..querysets import CreditEventQuerySet, SpotCheckQuerySet, StarCriterionQuerySet, StarRatingQuerySet, TalkQuerySet
from .deposits import ReplenishNotice
from .sheets import Charge, ScoreSheet


class Talk(models.Model):
    """The office summons a firm after a month in the lowest band. 约谈"""

    sheet = models.OneToOneField(ScoreSheet, models.PROTECT, related_name="talk", verbose_name="考核单")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="talks", verbose_name="物业企业")
    proposed_at = models.DateTimeField("列入时间")
    held_on = models.DateField("约谈日期", null=True, blank=True)
    who = models.CharField("企业来的人", max_length=60, blank=True)
    record = models.CharField("谈了什么、企业怎么答应的", max_length=500, blank=True)
    kept_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁记的")

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "约谈", "约谈"
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on=None, who="", record="", kept_by=None)
                | Q(held_on__isnull=False, kept_by__isnull=False) & ~Q(who="") & ~Q(record=""),
                name="talk_recorded_whole",
                violation_error_message="约谈日期、来的人、谈了什么，三样都要写。",
            )
        ]


class CreditEvent(models.Model):
    """Something for the credit file of a firm and its manager: proposed, then confirmed by another; it expires. D.8"""

    class Kind(models.TextChoices):
        BAND_G = "band_g", "月考核最低档"
        THREE_F = "three_f", "连续三个月 F 档"
        VETO = "veto", "一票否决"
        NOT_REPLENISHED = "unpaid", "保证金没按期补足"
        HALF_YEAR = "half_year", "半年检查结果"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待核实"
        CONFIRMED = "confirmed", "已记入"
        DROPPED = "dropped", "不记"

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="credit_events", verbose_name="物业企业")
    manager = models.ForeignKey(
        FirmStaff, models.PROTECT, null=True, blank=True, related_name="credit_events", verbose_name="项目负责人"
    )
    kind = models.CharField("什么事", max_length=9, choices=Kind)
    sheet = models.ForeignKey(
        ScoreSheet, models.PROTECT, null=True, blank=True, related_name="credit_events", verbose_name="考核单"
    )
    notice = models.ForeignKey(
        ReplenishNotice, models.PROTECT, null=True, blank=True, related_name="credit_events", verbose_name="补足通知"
    )
    proposed_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=9, choices=State, default=State.PROPOSED)
    text = models.CharField("核实的结果", max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁核实的")
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁决定的"
    )
    decided_on = models.DateField("决定日期", null=True, blank=True)
    expires_on = models.DateField("到期日期", null=True, blank=True)
    reported_on = models.DateField("报县平台的日期", null=True, blank=True)
    document = models.CharField("上报文号", max_length=60, blank=True)

    objects = CreditEventQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "信用信息", "信用信息"
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "sheet"], name="credit_event_of_sheet_once"),
            models.UniqueConstraint(fields=["kind", "notice"], name="credit_event_of_notice_once"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("made_by")), name="credit_event_by_two"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", checked_by=None, decided_on=None)
                | ~Q(state="proposed")
                & Q(checked_by__isnull=False, made_by__isnull=False, decided_on__isnull=False)
                & ~Q(text=""),
                name="credit_event_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(expires_on__gt=F("decided_on")), name="credit_event_expires"
            ),
            models.CheckConstraint(
                condition=Q(reported_on=None, document="") | Q(state="confirmed", reported_on__isnull=False),
                name="credit_event_reported_when_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.get_kind_display()}"


class StarCriterion(Dated):
    """One line of the criteria by which firms get stars, with the most points it gives. 星级评定标准, R12"""

    name = models.CharField("标准", max_length=60)
    most = models.PositiveSmallIntegerField("最多几分")
    source = models.CharField(
        "怎么得分",
        max_length=9,
        choices=[("average", "年度平均考核得分，按比例"), ("credit", "没有信用记录得满分"), ("hand", "评定时打分")],
        default="hand",
    )
    position = models.PositiveSmallIntegerField("次序", default=0)

    objects = StarCriterionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "星级评定标准", "星级评定标准"
        ordering = ["position", "pk"]
        constraints = [
            in_order("star_criterion_days"),
            no_overlap("star_criterion_once", "name", message="这条标准这段日子已经有了。"),
            models.CheckConstraint(condition=Q(most__gt=0, most__lte=100), name="star_criterion_points"),
        ]

    def __str__(self) -> str:
        return self.name


class StarRating(models.Model):
    """A firm's stars of a year: rated by one, confirmed and published by another. 星级评定"""

    class State(models.TextChoices):
        OPEN = "open", "等复核"
        PUBLISHED = "published", "已公布"
        DROPPED = "dropped", "已退回"

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="star_ratings", verbose_name="物业企业")
    year = models.PositiveSmallIntegerField("年份")
    points = models.JSONField("各项得分", default=dict)  # criterion's key → points
    total = models.PositiveSmallIntegerField("总分")
    stars = models.PositiveSmallIntegerField("星级")
    note = models.CharField("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="评定人")
    made_at = models.DateTimeField("评定时间")
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人")
    published_on = models.DateField("公布日期", null=True, blank=True)

    objects = StarRatingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "星级评定", "星级评定"
        ordering = ["-year", "-total", "firm__pinyin"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "year"],
                condition=~Q(state="dropped"),
                name="star_rating_once_a_year",
                violation_error_message="这家企业这一年已经评过。",
            ),
            models.CheckConstraint(condition=Q(stars__lte=5), name="star_rating_at_most_five"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("made_by")), name="star_rating_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(checked_by__isnull=False, published_on__isnull=False),
                name="star_rating_published_by_somebody",
            ),
        ]


class SpotCheck(models.Model):
    """The town looks again at a station's score or at an exemption, drawn at random. 抽查, D.1, D.3

    ``seed`` and ``drawn_from`` let anybody draw the same again.
    """

    class Result(models.TextChoices):
        SAME = "same", "一致"
        DIFFERENT = "different", "有差别"

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="spot_checks", verbose_name="考核单")
    charge = models.ForeignKey(
        Charge, models.PROTECT, null=True, blank=True, related_name="spot_checks", verbose_name="免扣的一条"
    )
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="小区")
    month = models.DateField("哪个月")
    seed = models.CharField("抽签种子", max_length=40)
    drawn_from = models.PositiveIntegerField("从多少份里抽")
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁抽的")
    drawn_at = models.DateTimeField("抽取时间")
    result = models.CharField("结果", max_length=9, choices=Result, blank=True)
    score_deci = models.PositiveSmallIntegerField("抽查得分（0.1 分）", null=True, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁查的")
    at = models.DateTimeField("抽查时间", null=True, blank=True)

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "抽查", "抽查"
        ordering = ["-month", "community__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "charge"], name="spot_check_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(result="", by=None, at=None, note="", score_deci=None)
                | ~Q(result="") & Q(by__isnull=False, at__isnull=False) & ~Q(note=""),
                name="spot_check_answered_whole",
                violation_error_message="写上看到了什么。",
            ),
        ]

    @property
    def exempt(self) -> str:
        return Exempt(self.charge.exempt).label if self.charge_id else ""
