"""What was done about a complaint: events, answers, pauses, mediation, transfers, what was upheld; reply templates."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from communities.models import Community, Firm
from lib.dated import Dated

from ..kinds import Category, Level
from ..querysets import ReplyTemplateQuerySet
from .cases import Complaint


class ComplaintEvent(models.Model):
    """One line of the time line. Sealed. ``text`` is for the complainant, too, unless the kind is an internal note."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", "登记"
        JOINED = "joined", "又有人遇到"
        ADDED = "added", "补充情况"
        ACCEPTED = "accepted", "受理"
        REFUSED = "refused", "不予受理"
        ASSIGNED = "assigned", "交办"
        STARTED = "started", "开始办"
        ON_SITE = "on_site", "到了现场"
        EXTENDED = "extended", "延长期限"
        PAUSED = "paused", "暂停计时"
        RESUMED = "resumed", "恢复计时"
        MEDIATED = "mediated", "调处"
        TRANSFERRED = "transferred", "移交部门"
        DEPARTMENT = "department", "部门回了话"
        CHASED = "chased", "催办"
        ANSWERED = "answered", "答复"
        FINAL_DRAFTED = "final_drafted", "拟好最终答复，等复核"
        FINAL_SENT_BACK = "final_sent_back", "最终答复退回修改"
        RATED = "rated", "评价"
        CALLED = "called", "电话回访"
        LOOKED = "looked", "去看过"
        REOPENED = "reopened", "退回重办"
        MERGED = "merged", "并案"
        SPLIT = "split", "拆成单独一件"
        UPHELD = "upheld", "认定有责"
        NOT_UPHELD = "not_upheld", "认定无责"
        FOUND = "found", "转成问题"
        UNFOUND = "unfound", "问题撤销，接着办"
        CHANGED = "changed", "改了登记"
        PETITION = "petition", "按信访事项办"
        PETITION_NOTICE = "petition_notice", "信访告知"
        PETITION_LONGER = "petition_longer", "信访延期"
        PETITION_ENDED = "petition_ended", "信访处理意见"
        CLOSED = "closed", "办结"
        WITHDRAWN = "withdrawn", "撤回"
        NOTE = "note", "内部备注"
        FILLED_BACK = "filled_back", "已回填 12345"
        ERASED = "erased", "隐去投诉人信息"

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="events", verbose_name="投诉")
    kind = models.CharField("什么事", max_length=16, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")
    text = models.CharField("说明", max_length=1000, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "投诉的经过", "投诉的经过"
        ordering = ["at", "pk"]


class Answer(models.Model):
    """An answer to a complaint, one or more a round; the office's last one waits for its head. Sealed but for that."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="answers", verbose_name="投诉")
    round = models.PositiveSmallIntegerField("第几次答复")
    level = models.CharField("由谁答复", max_length=7, choices=Level)
    text = models.TextField("答复", max_length=2000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁答复的")
    at = models.DateTimeField("时间")
    is_final = models.BooleanField("最终书面答复", default=False)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    checked_at = models.DateTimeField("复核时间", null=True)
    sent_back = models.CharField("退回的原因", max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "答复", "答复"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="answer_says_something",
                violation_error_message="写上怎么办的、结果是什么。",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None) | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="answer_checked_when",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=models.F("by")),
                name="answer_two_people",
                violation_error_message="最终答复要另一个人复核。",
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(is_final=True, checked_by=None, sent_back=""),
                name="answer_one_draft",
                violation_error_message="已经有一份最终答复在等复核。",
            ),
        ]

    @property
    def is_given(self) -> bool:
        """The complainant has it: not a draft, not sent back."""
        return not self.is_final or (self.checked_at is not None and not self.sent_back)


class ComplaintPause(models.Model):
    """A stretch in which the clock stands still, with the reason that the complainant is told. DOMAIN E.3"""

    class Kind(models.TextChoices):
        COMPLAINANT = "complainant", "等您补充情况"
        WEATHER = "weather", "天气不能施工"
        DEPARTMENT = "department", "等部门决定"

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="pauses", verbose_name="投诉")
    kind = models.CharField("为什么停", max_length=11, choices=Kind)
    reason = models.CharField("说明", max_length=200)
    first_day = models.DateField("从哪天停")
    last_day = models.DateField("停到哪天", null=True, blank=True)
    days = models.PositiveSmallIntegerField("停了几个工作日", default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁停的")

    class Meta:
        verbose_name, verbose_name_plural = "暂停计时", "暂停计时"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(last_day=None),
                name="pause_one_at_a_time",
                violation_error_message="已经停着了，先恢复。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="pause_says_why", violation_error_message="写一句为什么停，投诉人看得到。"
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=models.F("first_day")), name="pause_days_in_order"
            ),
        ]


class Mediation(models.Model):
    """One sitting of a mediation: who was there, what was proposed, how it ended. Sealed. DOMAIN E.4"""

    class Outcome(models.TextChoices):
        AGREED = "agreed", "达成协议"
        NOT_AGREED = "not_agreed", "未达成"
        GOES_ON = "goes_on", "改日再调"

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="mediations", verbose_name="投诉")
    level = models.CharField("谁主持", max_length=7, choices=[(Level.STATION, "村居"), (Level.TOWN, "镇")])
    held_on = models.DateField("哪天")
    parties = models.CharField(
        "到场各方", max_length=300, help_text="写身份，比如 楼上住户、楼下住户、物业，不写姓名。"
    )
    proposals = models.TextField("各方意见和方案", max_length=2000)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    agreement = models.TextField("协议内容", max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁记的")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "调处记录", "调处记录"
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="agreed") | ~Q(agreement=""),
                name="mediation_agreed_on_what",
                violation_error_message="达成了协议，写上协议内容。",
            )
        ]


class ComplaintTransfer(models.Model):
    """A complaint handed to the body with power (DOMAIN 0.6a), by a numbered letter, chased until it answers."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="transfers", verbose_name="投诉")
    department = models.CharField("移交给", max_length=60)
    letter = models.CharField("移交函文号", max_length=60)
    sent_on = models.DateField("移交日期")
    chase_on = models.DateField("到这天没回音就催")
    chased = models.PositiveSmallIntegerField("催过几次", default=0)
    answer_letter = models.CharField("部门回文文号", max_length=60, blank=True)
    answered_on = models.DateField("部门答复日期", null=True, blank=True)
    answer = models.TextField("部门怎么说", max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁移交的")

    class Meta:
        verbose_name, verbose_name_plural = "投诉移交", "投诉移交"
        ordering = ["pk"]
        indexes = [models.Index("chase_on", name="complaint_transfer_chase", condition=Q(answered_on=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(answered_on=None), name="complaint_transfer_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(letter="") & ~Q(department=""),
                name="complaint_transfer_numbered",
                violation_error_message="写上移交给哪个部门、移交函的文号。",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, answer="") | Q(answered_on__isnull=False) & ~Q(answer=""),
                name="complaint_transfer_answered",
                violation_error_message="部门答复要有日期和内容。",
            ),
        ]


class UpheldComplaint(models.Model):
    """The station found the firm responsible: a fact for assessments, once a case. Sealed. DOMAIN D.7, issue 7 §10"""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="upheld", verbose_name="投诉")
    is_upheld = models.BooleanField("有责")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="小区")
    firm = models.ForeignKey(Firm, models.PROTECT, null=True, related_name="upheld_complaints", verbose_name="物业企业")
    category = models.CharField("类别", max_length=11, choices=Category)
    day = models.DateField("哪天的事")
    reason = models.CharField("依据", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁认定的")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "有责认定", "有责认定"
        indexes = [models.Index("firm", "day", name="upheld_of_firm")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="upheld_says_why", violation_error_message="写一句依据什么认定。"
            )
        ]


class ReplyTemplate(Dated):
    """Words for answers that staff keep for themselves. 答复模板"""

    title = models.CharField("叫什么", max_length=40)
    category = models.CharField("哪类投诉用", max_length=11, choices=Category, blank=True)
    text = models.TextField("答复", max_length=1000)
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁写的", editable=False)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "答复模板", "答复模板"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                "title",
                condition=Q(last_day=None),
                name="reply_template_title",
                violation_error_message="已经有同名的模板。",
            )
        ]

    def __str__(self) -> str:
        return self.title
