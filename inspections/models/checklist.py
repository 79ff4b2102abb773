"""The check list: dated rows, so that an old patrol keeps the list of its own day. DOMAIN B.5"""

import pghistory
from django.db import models

from lib.dated import Dated, in_order, no_overlap
from rulebook.models import TwoPeople, two_people

from ..querysets import CheckItemQuerySet


class Category(models.TextChoices):
    """The five categories that every patrol is asked for, then the rest. DOMAIN B.4, B.5"""

    HYGIENE = "hyg", "环境卫生"
    PILES = "pile", "乱堆乱放"
    VEHICLES = "veh", "车辆管理"
    FIRE = "fire", "消防安全"
    BUILDING = "build", "违章搭建"
    FACILITY = "fac", "设施"
    DISCLOSURE = "pub", "公示"

    @property
    def is_asked(self) -> bool:
        return self in ASKED

    @property
    def hint(self) -> str:
        return HINTS[self]


ASKED = (Category.HYGIENE, Category.PILES, Category.VEHICLES, Category.FIRE, Category.BUILDING)
NEVER_BY_ONE_BUTTON = (Category.FIRE,)
HINTS = {
    Category.HYGIENE: "楼道、路面、垃圾桶",
    Category.PILES: "楼道、绿化带、架空层",
    Category.VEHICLES: "乱停、僵尸车、电动车",
    Category.FIRE: "通道、灭火器、飞线充电",
    Category.BUILDING: "新搭的棚、新砌的墙",
    Category.FACILITY: "电梯、照明、监控、路面",
    Category.DISCLOSURE: "三公开、公开栏、着装挂牌",
}


class Severity(models.TextChoices):
    GENERAL = "general", "一般"
    SERIOUS = "serious", "较重"
    MAJOR = "major", "重大"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


COUNTS = models.Q(origin="migration") | models.Q(checked_at__isnull=False)


@pghistory.track()
class CheckItem(TwoPeople, Dated):
    """One thing to look at, with the severity it has unless the cadre raises it. 检查项

    A row is entered by one person and checked by another; a checked one takes the place of the row of its code from
    its first day on. A row that ``retires`` its code ends it without another in its place.
    """

    code = models.CharField("编号", max_length=8)
    category = models.CharField("类别", max_length=5, choices=Category)
    category_order = models.PositiveSmallIntegerField("类别次序", editable=False)
    position = models.PositiveSmallIntegerField("次序", default=0)
    text = models.CharField("内容", max_length=60)
    severity = models.CharField("等级", max_length=7, choices=Severity)
    to_transfer = models.BooleanField("要移交部门", default=False)
    source = models.CharField("依据", max_length=120, blank=True)
    retires = models.BooleanField("从这天起不再查", default=False)

    objects = CheckItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "检查项", "检查项"
        ordering = ["category_order", "position", "code"]
        constraints = [
            in_order("check_item_days"),
            no_overlap(
                "check_item_once",
                "code",
                condition=COUNTS,
                message="这个编号这段日子已经有一条，换个编号或日子。",
            ),
            *two_people("check_item"),
            models.CheckConstraint(
                condition=models.Q(code__regex="^[A-Z]{3}[0-9]{1,3}$"),
                name="check_item_code_shape",
                violation_error_message="编号是三个大写字母加数字，比如 HYG1。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args, **kwargs):
        self.category_order = list(Category).index(Category(self.category))
        super().save(*args, **kwargs)
