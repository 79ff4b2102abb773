"""交接单: a cadre's communities go to successors on a day; both sides confirm. And what was promised there."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User

from ..querysets import ActionItemQuerySet, HandoverPartQuerySet, HandoverQuerySet
from .places import Community


class Handover(models.Model):
    """One cadre's communities and the day from which others look after them. The links themselves are PatrolDuty."""

    class State(models.TextChoices):
        OPEN = "open", "等确认"
        CONFIRMED = "confirmed", "双方已确认"
        WITHDRAWN = "withdrawn", "已撤销"

    user = models.ForeignKey(User, models.PROTECT, related_name="handovers", verbose_name="交班人")
    first_day = models.DateField("从哪天起由接班人联系")
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁开的")
    started_at = models.DateTimeField("开单时间")
    handed_at = models.DateTimeField("交班人确认时间", null=True, blank=True)  # and said that the phone is empty
    confirmed_at = models.DateTimeField("双方都确认的时间", null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "交接单", "交接单"
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "first_day"],
                condition=~Q(state="withdrawn"),
                name="handover_once",
                violation_error_message="这位干部这一天已经有一张交接单。",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False, handed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at=None)),
                name="handover_confirmed_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}的交接单"

    def get_absolute_url(self) -> str:
        return reverse("portal:handover-slip", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def waits_for(self) -> list[User]:
        """Who has not confirmed yet: the predecessor, then the successors, each once."""
        handed = [] if self.handed_at else [self.user]
        return handed + list({part.user_id: part.user for part in self.parts.all() if not part.received_at}.values())


class HandoverPart(models.Model):
    """One community of a slip, and who takes it over."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="parts", verbose_name="交接单")
    community = models.ForeignKey(Community, models.PROTECT, related_name="handover_parts", verbose_name="小区")
    user = models.ForeignKey(User, models.PROTECT, related_name="handover_parts", verbose_name="接班人")
    received_at = models.DateTimeField("接班人确认时间", null=True, blank=True)

    objects = HandoverPartQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "交接的小区", "交接的小区"
        ordering = ["community__pinyin", "pk"]
        constraints = [models.UniqueConstraint("handover", "community", name="handover_part_once")]

    def __str__(self) -> str:
        return f"{self.community}交给{self.user}"


class HandoverEvent(models.Model):
    """What happened to a slip; append-only."""

    class Kind(models.TextChoices):
        STARTED = "started", "开单"
        HANDED = "handed", "交班人确认，手机里没有没交的"
        RECEIVED = "received", "接班人确认"
        CONFIRMED = "confirmed", "双方都确认了"
        WITHDRAWN = "withdrawn", "撤销"

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="events", verbose_name="交接单")
    kind = models.CharField("什么事", max_length=9, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")
    text = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "交接的经过", "交接的经过"
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint("handover", "kind", "by", name="handover_event_once")]


class ActionItem(models.Model):
    """Something to be done by a day: what a cadre had promised and hands over, what a monthly dispatch decided.

    Tasks of meetings and leaders become further kinds when their rooms are built.
    """

    class Kind(models.TextChoices):
        PROMISE = "promise", "答应过的事"
        DISPATCH = "dispatch", "调度定下的事"

    kind = models.CharField("种类", max_length=8, choices=Kind)
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="action_items", verbose_name="小区"
    )
    person = models.CharField("谁来办", max_length=60, blank=True)
    handover = models.ForeignKey(
        Handover, models.PROTECT, null=True, blank=True, related_name="promises", verbose_name="交接单"
    )
    text = models.CharField("什么事", max_length=200)
    due_on = models.DateField("哪天前")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁写的")
    given_at = models.DateTimeField("写的时间")
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁办好的")
    done_at = models.DateTimeField("办好的时间", null=True, blank=True)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "要办的事", "要办的事"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="promise") | Q(handover__isnull=False, community__isnull=False),
                name="action_item_promise_of_handover",
            ),
            models.CheckConstraint(
                condition=~Q(kind="dispatch") | Q(handover=None) & ~Q(person=""),
                name="action_item_dispatched_to",
                violation_error_message="写上谁来办。",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="action_item_says_what", violation_error_message="写一句什么事。"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="action_item_done_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def is_late(self, today: date) -> bool:
        """Not done, and the day has passed."""
        return self.done_at is None and self.due_on < today
