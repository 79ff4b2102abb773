"""The numbers of law and office as dated rows, and the working-day calendar."""

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property

from lib.dated import BeijingDay
from rulebook import keys, kinds
from rulebook.querysets import CalendarDayQuerySet, CalendarLoadQuerySet, RuleQuerySet


class Jurisdiction(models.Model):
    """Whose rules they are; the installation asks them in the order of ``settings.JURISDICTIONS``."""

    class Level(models.TextChoices):
        TOWN = "town", "镇"
        CITY = "city", "市"
        PROVINCE = "province", "省"
        NATION = "nation", "国家"

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=30)
    level = models.CharField("层级", max_length=8, choices=Level)

    class Meta:
        verbose_name, verbose_name_plural = "适用范围", "适用范围"

    def __str__(self) -> str:
        return self.name


class TwoPeople(models.Model):
    """A row that one person enters and another checks, or that came with a migration and has no people.

    Once checked it is never changed or deleted: a trigger sees to that (migration 0002).
    """

    class Origin(models.TextChoices):
        MIGRATION = "migration", "随系统"
        PERSON = "person", "人工录入"

    origin = models.CharField("来源", max_length=9, choices=Origin, default=Origin.PERSON, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入于", null=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="复核人"
    )
    checked_at = models.DateTimeField("复核于", null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        return self.origin == self.Origin.PERSON and self.checked_at is None


def two_people(table: str) -> list[models.CheckConstraint]:
    """The constraints of a table of :class:`TwoPeople`."""
    nobody = Q(entered_by=None, entered_at=None, checked_by=None, checked_at=None)
    return [
        models.CheckConstraint(
            name=f"{table}_two_people",
            condition=Q(checked_by=None) | ~Q(checked_by=F("entered_by")),
            violation_error_message="录入和复核要两个人。",
        ),
        models.CheckConstraint(
            name=f"{table}_by_somebody",
            condition=(Q(origin="migration") & nobody)
            | Q(origin="person", entered_by__isnull=False, entered_at__isnull=False),
        ),
        models.CheckConstraint(
            name=f"{table}_checked_by_somebody",
            condition=Q(checked_by__isnull=True, checked_at__isnull=True)
            | Q(checked_by__isnull=False, checked_at__isnull=False),
        ),
    ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Rule(TwoPeople):
    """A number of law or of the office. It holds from its first day until the next row of its key; without a value it
    ends the key in its jurisdiction, and the next wider jurisdiction speaks."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="rules", verbose_name="适用范围")
    key = models.CharField("规则", max_length=60)
    first_day = models.DateField("从哪天起")
    kind = models.CharField("类型", max_length=10, choices=kinds.Kind, editable=False)
    unit = models.CharField("单位", max_length=20, blank=True, editable=False)
    value = models.JSONField("值", null=True, blank=True)
    basis = models.CharField("依据", max_length=200, help_text="文件名和条款，比如《物业管理条例》第十四条。")
    article = models.TextField("原文", blank=True, help_text="照抄条文，页面上会显示在按钮旁边。可不填。")

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "规则", "规则"
        constraints = [
            models.UniqueConstraint(
                "jurisdiction",
                "key",
                "first_day",
                name="rule_once_a_day",
                violation_error_message="这条规则在这一天已经有一行了。",
            ),
            models.CheckConstraint(
                name="rule_begins_after_its_check",
                condition=Q(origin="migration") | Q(checked_at=None) | Q(first_day__gt=BeijingDay("checked_at")),
                violation_error_message="规则最早从复核的第二天起执行，过去的日子按当时的规则算。",
            ),
            *two_people("rule"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.first_day}"

    def get_absolute_url(self) -> str:
        return reverse("rulebook:rule", args=[self.key])

    @property
    def label(self) -> str:
        declared = keys.declared.get(self.key)
        return declared.label if declared else self.key

    @cached_property
    def reading(self) -> Any:
        """The value as the code uses it; None where the row ends its key."""
        return None if self.value is None else kinds.load(self.kind, self.value)

    @property
    def words(self) -> str:
        """The value with its unit, for people."""
        if self.value is None:
            return "没有填" if getattr(keys.declared.get(self.key), "optional", False) else "不再执行"
        choices = getattr(keys.declared.get(self.key), "choices", None)
        return kinds.in_words(self.kind, self.unit, self.value, choices)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CalendarLoad(TwoPeople):
    """A year's table of the State Council, or its correction, as it was entered; checking it fills CalendarDay."""

    year = models.PositiveSmallIntegerField("年份")
    days = models.JSONField(
        "与周一至周五不同的日子", default=list, editable=False
    )  # [["2027-01-01", false, "元旦"], …]
    source = models.CharField("通知文号", max_length=200, help_text="比如：国办发明电〔2025〕7号。")

    objects = CalendarLoadQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "年度工作日历", "年度工作日历"
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="calendar_load_year",
                condition=Q(year__gte=2004, year__lte=2099),
                violation_error_message="年份写 2004 到 2099 之间的。",
            ),
            models.UniqueConstraint(
                "year",
                name="calendar_load_one_waiting",
                condition=Q(origin="person", checked_at__isnull=True),
                violation_error_message="这一年已经有一份在等复核，先复核或退回它。",
            ),
            *two_people("calendar_load"),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年工作日历"

    def get_absolute_url(self) -> str:
        return reverse("rulebook:calendar-check", args=[self.pk])


class CalendarDay(models.Model):
    """Whether a day is worked, by the State Council's calendar. Days that have passed never change (trigger)."""

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    note = models.CharField("说明", max_length=30, blank=True)
    load = models.ForeignKey(CalendarLoad, models.PROTECT, related_name="calendar_days", verbose_name="依据")

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "日历", "日历"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {'上班' if self.is_workday else '休息'}"
