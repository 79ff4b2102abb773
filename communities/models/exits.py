"""移交清单: what a firm or a committee that leaves hands over, thing by thing. R17, 民法典 949"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ..querysets import ExitHandoverQuerySet, ExitItemQuerySet
from .committees import OwnersCommittee
from .firms import Contract
from .history import followed
from .places import Community


@followed
class ExitHandover(models.Model):
    """The list of one firm whose contract ends, or of one committee whose term ends. Closed when nothing is open."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="exits", verbose_name="小区")
    contract = models.OneToOneField(
        Contract, models.PROTECT, null=True, blank=True, related_name="exit", verbose_name="物业合同"
    )
    committee = models.OneToOneField(
        OwnersCommittee, models.PROTECT, null=True, blank=True, related_name="exit", verbose_name="业委会"
    )
    ended_on = models.DateField("到期日")
    due_on = models.DateField("最迟移交")
    closed_on = models.DateField("移交完成", null=True, blank=True)
    witness = models.CharField("监交人", max_length=50, blank=True)

    objects = ExitHandoverQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "移交清单", "移交清单"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contract__isnull=False, committee=None) | Q(contract=None, committee__isnull=False),
                name="exit_of_one",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("ended_on")), name="exit_due_after"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | ~Q(witness=""),
                name="exit_witnessed",
                violation_error_message="写上监交人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract.firm if self.contract else self.committee}的移交清单"

    def get_absolute_url(self) -> str:
        return reverse("communities:exit-detail", args=[self.pk])

    def is_late(self, today: date) -> bool:
        return self.closed_on is None and self.due_on < today


@followed
class ExitItem(models.Model):
    """One thing on the list: handed over on a day, or not, with the reason."""

    class Kind(models.TextChoices):
        PAPERS = "papers", "资料"
        ROOMS = "rooms", "用房"
        SEAL = "seal", "印章"
        MONEY = "money", "钱款账目"
        THINGS = "things", "设施物品"

    exit = models.ForeignKey(ExitHandover, models.PROTECT, related_name="items", verbose_name="移交清单")
    kind = models.CharField("类别", max_length=6, choices=Kind)
    name = models.CharField("名称", max_length=80)
    quantity = models.CharField("数量", max_length=40, blank=True)
    handed_on = models.DateField("交了的日期", null=True, blank=True)
    missing_why = models.CharField("没有或不交的原因", max_length=200, blank=True)

    objects = ExitItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "移交的东西", "移交的东西"
        ordering = ["exit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exit", "name"], name="exit_item_once", violation_error_message="清单上已经有这一样。"
            ),
            models.CheckConstraint(
                condition=Q(handed_on=None) | Q(missing_why=""),
                name="exit_item_one_answer",
                violation_error_message="交了就不写原因；没交的写原因，不写日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.handed_on is None and not self.missing_why
