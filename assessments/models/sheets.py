"""The score of a community for a period, version by version. 月考核, DOMAIN D.4, D.5"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import User
from communities.models import Community, Contract, Firm
from lib.periods import Month, beijing_date, month_of
from rulebook import rules
from rulebook.workdays import WorkingDay, add_working_days

from ..kinds import Decision, EvidenceKind, Exempt, PeriodKind, SheetState
from ..querysets import WORKING, ChargeQuerySet, ScoreSheetQuerySet
from .evidence import Evidence
from .tables import ScoreItem, ScoreTable


def _person(words: str):
    return models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=words)


class ScoreSheet(models.Model):
    """What one firm's service in one community is worth in one period. 考核单

    One a contract, period and version; the current one has the highest version. Points are whole tenths. While it is a
    draft, proposals that nobody has decided count in full; what is published never changes, a later one stands beside.
    """

    State = SheetState

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="score_sheets", verbose_name="物业合同")
    community = models.ForeignKey(Community, models.PROTECT, related_name="score_sheets", verbose_name="小区")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="score_sheets", verbose_name="物业企业")
    kind = models.CharField("小区类别", max_length=10, choices=Community.Kind)
    period_kind = models.CharField("哪种考核", max_length=5, choices=PeriodKind, default=PeriodKind.MONTH)
    first_day = models.DateField("期间第一天")
    last_day = models.DateField("期间最后一天")
    version = models.PositiveSmallIntegerField("第几版", default=1)
    why = models.CharField("为什么有这一版", max_length=200, blank=True)
    table = models.ForeignKey(ScoreTable, models.PROTECT, related_name="sheets", verbose_name="考核表")
    state = models.CharField("状态", max_length=9, choices=SheetState, default=SheetState.DRAFT)

    service_days = models.PositiveSmallIntegerField("服务天数")
    patrols_asked = models.PositiveSmallIntegerField("应巡查", default=0)
    patrols_done = models.PositiveSmallIntegerField("已巡查", default=0)
    is_inspected = models.BooleanField("检查充分", default=True)
    visited_on = models.DateField("现场考核日期", null=True, blank=True)
    score_deci = models.SmallIntegerField("得分（0.1 分）", default=1000)
    band = models.CharField("档次", max_length=1, blank=True)
    major_overdue = models.BooleanField("有重大问题逾期", default=False)
    major_failed = models.BooleanField("重大问题两次复查不合格", default=False)
    major_late = models.BooleanField("有重大问题没按期办结", default=False)
    veto_reason = models.CharField("一票否决的原因", max_length=200, blank=True)
    veto_document = models.CharField("认定责任的文件", max_length=120, blank=True)
    veto_by = _person("谁提的否决")

    assessed_by = _person("考核人")
    assessed_at = models.DateTimeField("考核时间", null=True, blank=True)
    checked_by = _person("复核人")
    checked_at = models.DateTimeField("复核时间", null=True, blank=True)
    notified_on = models.DateField("通知企业的日期", null=True, blank=True)
    appeal_until = models.DateField("最迟申诉", null=True, blank=True)
    published_by = _person("公布人")
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "月考核", "月考核"
        ordering = ["-first_day", "community__pinyin", "-version"]
        indexes = [
            models.Index(fields=["period_kind", "first_day", "state"], name="sheet_of_period"),
            models.Index(fields=["community", "-first_day"], name="sheet_of_community"),
            models.Index(fields=["firm", "-first_day"], name="sheet_of_firm"),
        ]
        constraints = [
            models.UniqueConstraint("contract", "period_kind", "first_day", "version", name="sheet_version_once"),
            models.UniqueConstraint(
                fields=["contract", "period_kind", "first_day"],
                condition=Q(state__in=WORKING),
                name="sheet_one_in_work",
            ),
            models.CheckConstraint(
                condition=Q(first_day__day=1, last_day__gt=F("first_day"), version__gte=1), name="sheet_period"
            ),
            models.CheckConstraint(
                condition=Q(score_deci__gte=0, score_deci__lte=1000), name="sheet_between_0_and_100"
            ),
            models.CheckConstraint(
                condition=Q(assessed_by=None) | Q(checked_by=None) | ~Q(assessed_by=F("checked_by")),
                name="sheet_by_two",
                violation_error_message="考核和复核要两个人。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "replaced"]) | Q(assessed_by__isnull=False, assessed_at__isnull=False),
                name="sheet_assessed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "to_check", "replaced"])
                | Q(checked_by__isnull=False, checked_at__isnull=False, notified_on__isnull=False)
                & Q(appeal_until__isnull=False),
                name="sheet_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_by__isnull=False, published_at__isnull=False)
                & Q(published_on__isnull=False)
                | ~Q(state="published") & Q(published_by=None, published_at=None, published_on=None),
                name="sheet_published_by_somebody",
            ),
            models.CheckConstraint(condition=Q(is_inspected=True) | Q(band=""), name="sheet_uninspected_has_no_band"),
            models.CheckConstraint(
                condition=Q(veto_reason="", veto_document="") | ~Q(veto_reason="") & ~Q(veto_document=""),
                name="sheet_veto_by_document",
                violation_error_message="一票否决要写原因，还要有主管部门认定责任的文件。",
            ),
            models.CheckConstraint(condition=Q(version=1) | ~Q(why=""), name="sheet_version_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.period_words}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:sheet", args=[self.pk])

    @property
    def month(self) -> Month:
        return month_of(self.first_day)

    @property
    def is_month(self) -> bool:
        return self.period_kind == PeriodKind.MONTH

    @property
    def period_words(self) -> str:
        """2026年10月考核; 2026年上半年检查"""
        if self.is_month:
            return f"{self.first_day.year}年{self.first_day.month}月考核"
        return f"{self.first_day.year}年{'上' if self.first_day.month == 1 else '下'}半年检查"

    @property
    def is_settlement(self) -> bool:
        return self.kind == Community.Kind.SETTLEMENT

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def draft_by(self) -> WorkingDay:
        """Until when the assessor is to decide: counted from the period's end, a later version from its own day. D.5"""
        return add_working_days(self._begins, rules.on(self.first_day, "score.draft_wd"))

    @property
    def check_by(self) -> WorkingDay:
        return add_working_days(self._begins, rules.on(self.first_day, "score.check_wd"))

    @cached_property
    def _begins(self) -> date:
        revised = self.events.filter(kind=SheetEvent.Kind.REVISED).first() if self.version > 1 else None
        return max(self.last_day, beijing_date(revised.at)) if revised else self.last_day

    def may_be_appealed(self, today: date) -> bool:
        return self.state == SheetState.CHECKED and today <= self.appeal_until


class Charge(models.Model):
    """What a fact costs on one sheet: proposed by rule, decided by the assessor, never more than proposed. 扣分

    ``kind`` is the evidence's. Rows change only while their sheet is a draft (trigger).
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="charges", verbose_name="考核单")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="charges", verbose_name="依据")
    kind = models.CharField("种类", max_length=10, choices=EvidenceKind)
    item = models.ForeignKey(ScoreItem, models.PROTECT, related_name="+", verbose_name="考核项")
    base_deci = models.PositiveSmallIntegerField("每件扣（0.1 分）")
    factor = models.PositiveSmallIntegerField("倍数")
    size_bp = models.PositiveSmallIntegerField("按户数（万分之几）")
    exempt = models.CharField("不扣的原因", max_length=10, choices=Exempt, blank=True)
    proposed_deci = models.PositiveSmallIntegerField("建议扣（0.1 分）")
    decision = models.CharField("认定", max_length=8, choices=Decision, blank=True)
    accepted_deci = models.PositiveSmallIntegerField("认定扣（0.1 分）", null=True, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    decided_by = _person("谁认定的")
    decided_at = models.DateTimeField("认定时间", null=True, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "扣分", "扣分"
        ordering = ["item__area__position", "item__position", "evidence__day", "pk"]
        indexes = [
            models.Index(fields=["sheet"], name="charge_at_the_gate", condition=Q(kind__in=["overdue", "failed"]))
        ]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "evidence"], name="charge_once_a_sheet"),
            models.CheckConstraint(condition=Q(exempt="") | Q(proposed_deci=0), name="charge_exempt_is_nothing"),
            models.CheckConstraint(
                condition=Q(accepted_deci=None) | Q(accepted_deci__lte=F("proposed_deci")),
                name="charge_never_more_than_proposed",
                violation_error_message="不能比建议扣得多。",
            ),
            models.CheckConstraint(
                condition=Q(decision="", accepted_deci=None, reason="", decided_by=None, decided_at=None)
                | ~Q(decision="") & Q(accepted_deci__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="charge_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(decision="accepted") | Q(accepted_deci=F("proposed_deci")), name="charge_accepted_in_full"
            ),
            models.CheckConstraint(
                condition=~Q(decision="reduced")
                | Q(accepted_deci__gt=0, accepted_deci__lt=F("proposed_deci")) & ~Q(reason=""),
                name="charge_reduced_why",
                violation_error_message="减少要写减到几分和理由。",
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused") | Q(accepted_deci=0) & ~Q(reason=""),
                name="charge_refused_why",
                violation_error_message="不认定要写理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} {self.proposed_deci}"

    @property
    def counted_deci(self) -> int:
        """What it costs as things stand: as decided, or as proposed where nobody has decided yet."""
        return self.proposed_deci if self.accepted_deci is None else self.accepted_deci

    @property
    def is_open(self) -> bool:
        return not self.decision and not self.exempt


class SheetEvent(models.Model):
    """What happened to a sheet, in words of the time line; append-only."""

    class Kind(models.TextChoices):
        OPENED = "opened", "系统列出建议扣分"
        VISITED = "visited", "现场考核"
        DECIDED = "decided", "认定扣分"
        SUBMITTED = "submitted", "送复核"
        SENT_BACK = "sent_back", "退回重新认定"
        CHECKED = "checked", "复核通过，通知企业"
        APPEALED = "appealed", "企业申诉"
        APPEAL_DECIDED = "appeal_dec", "申诉决定"
        PUBLISHED = "published", "公布"
        REVISED = "revised", "另立一版"
        SAMPLED = "sampled", "镇物业办抽查"
        BOOKED = "booked", "保证金入账"

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="events", verbose_name="考核单")
    kind = models.CharField("什么事", max_length=10, choices=Kind)
    by = _person("谁")
    at = models.DateTimeField("时间")
    text = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "考核的经过", "考核的经过"
        ordering = ["at", "pk"]
