"""A campaign's plan: its phases, the bodies that take part, what they are to do by when. DOMAIN H.1"""

from datetime import date
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from inspections.models import CheckItem

from ..kinds import CampaignKind, CampaignState, Whom
from ..querysets import CampaignQuerySet, TaskQuerySet


class PlanTemplate(models.Model):
    """A plan to begin from, as data: its days are those of the source and are shifted to the wanted start.

    ``body`` is what `plan_templates.check` accepts. 方案模板
    """

    code = models.SlugField("编号", max_length=20, unique=True)
    title = models.CharField("名称", max_length=60)
    source = models.CharField("出处", max_length=120, blank=True)
    body = models.JSONField("内容")

    class Meta:
        verbose_name, verbose_name_plural = "方案模板", "方案模板"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class Campaign(models.Model):
    """One difficult problem, with phases, bodies, teams and days: a quarter's, a year's plan, parking reform in
    batches or the renovation of old communities. 专项整治
    """

    kind = models.CharField("种类", max_length=10, choices=CampaignKind, default=CampaignKind.QUARTER)
    title = models.CharField("名称", max_length=60)
    basis = models.CharField("依据", max_length=200, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)
    goal = models.TextField("目标", max_length=1000, blank=True)
    standards = ArrayField(models.CharField(max_length=120), verbose_name="达到的标准", default=list, blank=True)
    items = models.ManyToManyField(CheckItem, related_name="campaigns", verbose_name="查哪些", blank=True)
    state = models.CharField("状态", max_length=8, choices=CampaignState, default=CampaignState.DRAFT)
    template = models.ForeignKey(
        PlanTemplate, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="模板"
    )
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", verbose_name="接着哪一次"
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁起草的")
    made_at = models.DateTimeField("起草时间")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁批准的"
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    summary = models.TextField("总结", max_length=3000, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "专项行动", "专项行动"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="campaign_title", violation_error_message="写上行动的名称。"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"], approved_by=None, approved_at=None)
                | Q(state__in=["approved", "ended"], approved_by__isnull=False, approved_at__isnull=False),
                name="campaign_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="campaign_by_two",
                violation_error_message="方案要由另一个人批准。",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False) & ~Q(summary="")
                | ~Q(state="ended") & Q(ended_on=None),
                name="campaign_ended_with_summary",
                violation_error_message="写一段总结再结束。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaigns:detail", args=[self.pk])

    @cached_property
    def ordered_phases(self) -> list["Phase"]:
        return sorted(self.phases.all(), key=lambda phase: phase.no)

    @cached_property
    def ordered_steps(self) -> list:
        return sorted(self.steps.all(), key=lambda step: step.no)

    def step(self, code: str):
        """The step with a code, with its phase; None where the campaign has no such step."""
        return self.steps.filter(code=code).select_related("phase", "campaign").first()

    def phases_on(self, day: date) -> list["Phase"]:
        """The phases that are under way on a day: on a shared boundary day both, before and after none. H.1"""
        return [phase for phase in self.ordered_phases if phase.holds_on(day)]

    @property
    def first_day(self) -> date | None:
        """When it begins; a first phase without a first day begins when it was approved."""
        return self.ordered_phases[0].first_day if self.ordered_phases else None

    @property
    def last_day(self) -> date | None:
        """When it ends; None while an event is waited for."""
        return self.ordered_phases[-1].last_day if self.ordered_phases else None

    @property
    def is_running(self) -> bool:
        return self.state == CampaignState.APPROVED

    @property
    def is_editable(self) -> bool:
        """A plan that nobody has been asked to approve yet."""
        return self.state == CampaignState.DRAFT

    @property
    def lead(self) -> "Body | None":
        return next((body for body in self.bodies.all() if body.is_lead), None)


class Body(models.Model):
    """A body that leads or assists. 牵头、配合单位"""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="bodies", verbose_name="专项行动")
    name = models.CharField("单位", max_length=60)
    is_lead = models.BooleanField("牵头", default=False)
    whom = models.CharField("提醒谁", max_length=8, choices=Whom, default=Whom.OUTSIDE)

    class Meta:
        verbose_name, verbose_name_plural = "牵头、配合单位", "牵头、配合单位"
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"], name="body_once", violation_error_message="这个单位已经列了。"
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(is_lead=True),
                name="body_one_leads",
                violation_error_message="牵头单位只有一个，其余写在配合单位里。",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="body_named", violation_error_message="写上单位。"),
        ]

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """A part of a campaign, first and last day included. 阶段

    That phases follow one another is checked when the transaction ends (trigger): the next begins on the last day or
    the day after. A first phase may have no first day; an end may wait for an event (``waits_for``), and what hangs on
    it (``days`` long) has no days until then.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases", verbose_name="专项行动")
    no = models.PositiveSmallIntegerField("第几个")
    code = models.CharField("代号", max_length=20, blank=True)
    name = models.CharField("阶段", max_length=30)
    first_day = models.DateField("开始日期", null=True, blank=True)
    last_day = models.DateField("结束日期", null=True, blank=True)
    waits_for = models.CharField("等什么事情才结束", max_length=60, blank=True)
    days = models.PositiveSmallIntegerField("上一阶段结束后几天", null=True, blank=True)
    must = models.CharField("这个阶段要做完", max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "阶段", "阶段"
        ordering = ["campaign", "no"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "no"], name="phase_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=~Q(name=""), name="phase_named", violation_error_message="写上阶段。"),
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="phase_in_order",
                violation_error_message="阶段的结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=False) | ~Q(waits_for="") | Q(days__isnull=False),
                name="phase_ends",
                violation_error_message="写上结束日期，或者写等什么事情才结束。",
            ),
            models.CheckConstraint(
                condition=Q(days=None) | Q(waits_for="") & Q(days__gt=0),
                name="phase_days_after_an_event",
                violation_error_message="上一阶段结束后几天，写 1 或更多。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds_on(self, day: date) -> bool:
        """Whether the phase is under way: one without a first day from ever, one that waits for its event for ever."""
        hangs = self.days is not None and self.first_day is None
        begun = self.first_day is None or self.first_day <= day
        return not hangs and begun and (self.last_day is None or day <= self.last_day)

    def is_over(self, day: date) -> bool:
        return self.last_day is not None and self.last_day < day


class Task(models.Model):
    """What a body does by a day, and the standard to reach. A year's duties are tasks with their evidence. 任务, H.4"""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks", verbose_name="专项行动")
    phase = models.ForeignKey(Phase, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="阶段")
    text = models.CharField("任务", max_length=200)
    lead = models.ForeignKey(Body, models.PROTECT, related_name="led_tasks", verbose_name="牵头单位")
    assists = models.ManyToManyField(Body, related_name="assisted_tasks", verbose_name="配合单位", blank=True)
    due_on = models.DateField("哪天前", null=True, blank=True)
    when = models.CharField("什么时候", max_length=60, blank=True, help_text="没有固定日期的写这里，比如：交付前。")
    standard = models.CharField("达到的标准", max_length=200, blank=True)
    evidence = models.CharField("凭什么算办好", max_length=120, blank=True)
    done_on = models.DateField("哪天办好的", null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁登记的")
    result = models.CharField("办得怎么样", max_length=300, blank=True)
    document = models.CharField("文件、凭据", max_length=120, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "任务", "任务"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="task_says_what", violation_error_message="写上任务。"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | ~Q(when=""),
                name="task_has_a_day",
                violation_error_message="写上哪天前办好；没有固定日期的写什么时候。",
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None, result="")
                | Q(done_on__isnull=False, done_by__isnull=False) & ~Q(result=""),
                name="task_done_how",
                violation_error_message="写一句办得怎么样。",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="task_open", condition=Q(done_on=None))]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("campaigns:task", args=[self.pk])

    def is_late(self, today: date) -> bool:
        return self.done_on is None and self.due_on is not None and self.due_on < today


class Extension(models.Model):
    """Days of an approved plan were moved: the old ones, the new ones, and why. Append-only. 延期"""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="extensions", verbose_name="专项行动")
    phase = models.ForeignKey(
        Phase, models.PROTECT, null=True, blank=True, related_name="extensions", verbose_name="阶段"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="extensions", verbose_name="任务"
    )
    old_first_day = models.DateField("原来的开始日期", null=True, blank=True)
    old_last_day = models.DateField("原来的结束日期", null=True, blank=True)
    new_first_day = models.DateField("新的开始日期", null=True, blank=True)
    new_last_day = models.DateField("新的结束日期")
    reason = models.CharField("为什么", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁定的")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "延期", "延期"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(phase=None, task__isnull=False) | Q(phase__isnull=False, task=None),
                name="extension_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="extension_says_why", violation_error_message="写一句为什么延期。"
            ),
        ]


class CampaignEvent(models.Model):
    """What happened to a campaign: append-only. 经过"""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", "起草"
        PROPOSED = "proposed", "报批"
        SENT_BACK = "sent_back", "退回修改"
        APPROVED = "approved", "批准"
        EXTENDED = "extended", "延期"
        EVENT = "event", "等的事情到了"
        CHANGED = "changed", "更改"
        ENDED = "ended", "结束"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="events", verbose_name="专项行动")
    kind = models.CharField("什么事", max_length=9, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")
    text = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "行动的经过", "行动的经过"
        ordering = ["at", "pk"]
