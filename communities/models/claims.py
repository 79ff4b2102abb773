"""Problems of a community that its partner units may take on. R08"""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User

from ..querysets import ClaimedProblemQuerySet
from .places import Community
from .self_governed import ResidentGroup


class ClaimedProblem(models.Model):
    """What a community cannot do by itself: on its list, taken on by a partner unit, done. 认领问题"""

    class State(models.TextChoices):
        LISTED = "listed", "等认领"
        CLAIMED = "claimed", "认领了"
        DONE = "done", "办好了"
        STRUCK = "struck", "撤下了"

    community = models.ForeignKey(Community, models.PROTECT, related_name="claimed_problems", verbose_name="小区")
    what = models.CharField("什么问题", max_length=100)
    needs = models.CharField("要什么帮助", max_length=200, blank=True)
    listed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁列的")
    listed_at = models.DateTimeField("什么时候列的")
    state = models.CharField("状态", max_length=7, choices=State, default=State.LISTED)
    group = models.ForeignKey(
        ResidentGroup, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="共建单位"
    )
    due_on = models.DateField("打算哪天办好", null=True, blank=True)
    done_on = models.DateField("哪天办好的", null=True, blank=True)

    objects = ClaimedProblemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "认领问题", "认领问题"
        ordering = ["-listed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["listed", "struck"], group=None, due_on=None)
                | Q(state__in=["claimed", "done"], group__isnull=False, due_on__isnull=False),
                name="claimed_problem_by_whom",
                violation_error_message="认领了的要写哪个单位、打算哪天办好。",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on=None)),
                name="claimed_problem_done_when",
                violation_error_message="办好了的要写哪天。",
            ),
        ]
        indexes = [models.Index(fields=["community", "-listed_at"], name="claimed_problem_of")]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("communities:claim-detail", args=[self.pk])


class ClaimEvent(models.Model):
    """What happened to a problem that partners may take on. Append-only."""

    class Kind(models.TextChoices):
        LISTED = "listed", "列入清单"
        CLAIMED = "claimed", "认领"
        PROGRESS = "progress", "进展"
        DONE = "done", "办好"
        GIVEN_BACK = "given_back", "退回清单"
        STRUCK = "struck", "撤下"

    problem = models.ForeignKey(ClaimedProblem, models.PROTECT, related_name="events", verbose_name="问题")
    kind = models.CharField("什么事", max_length=10, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")
    text = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "认领的经过", "认领的经过"
        ordering = ["at", "pk"]
