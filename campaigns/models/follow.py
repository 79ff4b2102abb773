"""What a campaign leaves on paper: dispatches, requests for help, its journal, opinions, sheds and bins, reports. H"""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from communities.models import ActionItem, Person
from inspections.models import Department

from ..querysets import AmenityQuerySet, HelpRequestQuerySet, JournalQuerySet, ListItemQuerySet, OfCampaignQuerySet
from .places import CampaignPlace
from .plans import Campaign


class Dispatch(models.Model):
    """The month's meeting about a running campaign: how far, how well, what is in the way, what was decided. 月调度

    ``snapshot`` is the matrix as it stood, `matrix.snapshot`. Decisions are action items, which the campaign holds.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="dispatches", verbose_name="专项行动")
    month = models.DateField("哪个月")
    held_on = models.DateField("哪天开的")
    progress = models.TextField("进度", max_length=1000)
    quality = models.TextField("质量", max_length=1000, blank=True)
    money_fen = models.PositiveBigIntegerField("到这天花了（分）", null=True, blank=True)
    blockers = models.TextField("卡在哪里", max_length=1000, blank=True)
    snapshot = models.JSONField("当时的进度表", default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁记的")
    at = models.DateTimeField("时间")

    objects = OfCampaignQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "月调度", "月调度"
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "month"],
                name="dispatch_once_a_month",
                violation_error_message="这个月已经记过调度。",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="dispatch_of_a_month"),
            models.CheckConstraint(
                condition=~Q(progress=""), name="dispatch_says_how_far", violation_error_message="写一段进度。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month.year}年{self.month.month}月调度"

    def get_absolute_url(self) -> str:
        return reverse("campaigns:dispatch", args=[self.pk])


class Decision(models.Model):
    """What a dispatch decided is a task like any other (ActionItem); the key is the dispatch's. 定下的事"""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="decisions", verbose_name="月调度")
    item = models.OneToOneField(ActionItem, models.PROTECT, related_name="decision", verbose_name="要办的事")

    class Meta:
        verbose_name, verbose_name_plural = "定下的事", "定下的事"
        ordering = ["pk"]


class HelpRequest(models.Model):
    """What a firm cannot do alone goes in writing to the department that can. 求助函, 方案六 ⑵, DOMAIN B.8"""

    class State(models.TextChoices):
        ASKED = "asked", "等镇物业办发出"
        SENT = "sent", "已发出，等回复"
        ANSWERED = "answered", "部门已回复"
        DROPPED = "dropped", "不发"

    place = models.ForeignKey(CampaignPlace, models.PROTECT, related_name="help_requests", verbose_name="小区")
    text = models.CharField("什么问题", max_length=300)
    asks = models.CharField("请部门做什么", max_length=300)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="部门"
    )
    state = models.CharField("状态", max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁提的")
    asked_at = models.DateTimeField("提的时间")
    document = models.CharField("文号", max_length=60, blank=True)
    sent_on = models.DateField("发出日期", null=True, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁发的")
    answer = models.CharField("部门的答复，或者为什么不发", max_length=500, blank=True)
    answer_document = models.CharField("答复文号", max_length=60, blank=True)
    settled_on = models.DateField("答复日期", null=True, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "求助函", "求助函"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(asks=""),
                name="help_request_whole",
                violation_error_message="写什么问题、请部门做什么。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "answered"])
                | ~Q(document="") & Q(department__isnull=False, sent_on__isnull=False, sent_by__isnull=False),
                name="help_request_sent_whole",
                violation_error_message="写上发给哪个部门、文号和日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "dropped"]) | ~Q(answer="") & Q(settled_on__isnull=False),
                name="help_request_settled_how",
                violation_error_message="写部门怎么答复的，或者为什么不发。",
            ),
        ]

    def __str__(self) -> str:
        return f"求助函：{self.text[:20]}"

    def get_absolute_url(self) -> str:
        return reverse("campaigns:help-request", args=[self.pk])


class JournalEntry(models.Model):
    """Dissuade, record, transfer: what was done where the office has no power of its own, and what the body with power
    did, with its document's number. DOMAIN 0.6a
    """

    class Kind(models.TextChoices):
        DISSUADED = "dissuaded", "劝阻"
        RECORDED = "recorded", "记录"
        TRANSFERRED = "transferred", "移交"

    place = models.ForeignKey(CampaignPlace, models.PROTECT, related_name="journal", verbose_name="小区")
    kind = models.CharField("做了什么", max_length=11, choices=Kind)
    day = models.DateField("哪一天")
    text = models.CharField("什么事，在哪里", max_length=300)
    person = models.CharField("谁去的", max_length=60)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="移交给"
    )
    document = models.CharField("移交文号", max_length=60, blank=True)
    result = models.CharField("部门怎么处理的", max_length=300, blank=True)
    result_document = models.CharField("处理的文号", max_length=60, blank=True)
    result_on = models.DateField("处理日期", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁记的")
    at = models.DateTimeField("时间")

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "劝阻、记录、移交", "劝阻、记录、移交"
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(person=""),
                name="journal_says_what",
                violation_error_message="写什么事、谁去的。",
            ),
            models.CheckConstraint(
                condition=Q(kind="transferred", department__isnull=False) & ~Q(document="")
                | ~Q(kind="transferred") & Q(department=None, document=""),
                name="journal_transferred_to",
                violation_error_message="移交的写上部门和文号；没有移交的不写。",
            ),
            models.CheckConstraint(
                condition=Q(result="", result_document="", result_on=None)
                | Q(kind="transferred", result_on__isnull=False) & ~Q(result="") & ~Q(result_document=""),
                name="journal_result_whole",
                violation_error_message="部门怎么处理的、文号、日期，三样都写。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def waits(self) -> bool:
        """Handed over, and the department has not said what it did."""
        return self.kind == self.Kind.TRANSFERRED and not self.result


class ListItem(models.Model):
    """Something that could be renovated; owners say what they want while the list is drawn up. 改造清单, R48"""

    place = models.ForeignKey(CampaignPlace, models.PROTECT, related_name="list_items", verbose_name="小区")
    text = models.CharField("改造什么", max_length=100)
    on_paper = models.PositiveIntegerField("纸上征求到几户", default=0)
    is_chosen = models.BooleanField("列进改造清单", default=False)

    objects = ListItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "改造清单", "改造清单"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "text"], name="list_item_once", violation_error_message="这一项已经列了。"
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="list_item_says_what", violation_error_message="写上改造什么。"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Opinion(models.Model):
    """An owner wants an item; one person, one word an item. Taken back, it is deleted."""

    item = models.ForeignKey(ListItem, models.CASCADE, related_name="opinions", verbose_name="哪一项")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="业主")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "业主意见", "业主意见"
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="opinion_once")]


class Amenity(models.Model):
    """Charging sheds and bins: what there is, what is missing, what is planned. R42"""

    class Kind(models.TextChoices):
        SHED = "shed", "充电棚"
        BIN = "bin", "垃圾桶"

    place = models.ForeignKey(CampaignPlace, models.PROTECT, related_name="amenities", verbose_name="小区")
    kind = models.CharField("种类", max_length=4, choices=Kind)
    spot = models.CharField("在哪里", max_length=60)
    capacity = models.PositiveIntegerField("现有多少位（个）")
    needed = models.PositiveIntegerField("要多少位（个）")
    plan = models.CharField("打算怎么补", max_length=200, blank=True)
    planned_on = models.DateField("哪天前", null=True, blank=True)
    done_on = models.DateField("哪天补好的", null=True, blank=True)

    objects = AmenityQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "充电棚、垃圾桶", "充电棚、垃圾桶"
        ordering = ["place", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "kind", "spot"], name="amenity_once", violation_error_message="这一处已经记了。"
            ),
            models.CheckConstraint(
                condition=Q(planned_on=None) | ~Q(plan=""),
                name="amenity_plan_says_what",
                violation_error_message="写打算怎么补。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.spot}"

    @property
    def gap(self) -> int:
        """How many places are missing."""
        return max(0, self.needed - self.capacity)


class QuarterReason(models.Model):
    """Why a quarter had no campaign, 未开展. H.2"""

    quarter = models.DateField("季度的第一天", unique=True)
    reason = models.CharField("为什么没开展", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁写的")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "没开展的季度", "没开展的季度"
        ordering = ["-quarter"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]), name="reason_of_quarter"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="reason_says_why", violation_error_message="写一句为什么没开展。"
            ),
        ]


class QuarterReport(models.Model):
    """What a quarter's campaigns came to, made once when it is over and never changed. 季度小结"""

    quarter = models.DateField("季度的第一天", unique=True)
    made_at = models.DateTimeField("什么时候出的")
    figures = models.JSONField("数字")

    class Meta:
        verbose_name, verbose_name_plural = "季度小结", "季度小结"
        ordering = ["-quarter"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]), name="report_of_quarter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quarter.year}年{(self.quarter.month + 2) // 3}季度小结"

    def get_absolute_url(self) -> str:
        return reverse("campaigns:quarter", args=[self.quarter])


def quarter_of(day: date) -> date:
    """The first day of the quarter that a day lies in."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
