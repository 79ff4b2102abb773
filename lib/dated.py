"""Rows that hold from a first to a last day, both included; no last day means until further notice."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q

WRONG_ORDER = "结束日期不能早于开始日期。"


def holding(day: date, path: str = "") -> Q:
    """Rows that hold on a day; ``path`` reaches them from another table, for instance ``"duties__"``."""
    unended = Q(**{f"{path}last_day": None}) | Q(**{f"{path}last_day__gte": day})
    return Q(**{f"{path}first_day__lte": day}) & unended


def holding_between(first: date, last: date, path: str = "") -> Q:
    """Rows that hold on at least one day from the first to the last, both included."""
    unended = Q(**{f"{path}last_day": None}) | Q(**{f"{path}last_day__gte": first})
    return Q(**{f"{path}first_day__lte": last}) & unended


class DatedQuerySet(models.QuerySet):
    def on(self, day: date):
        """Rows that hold on the day."""
        return self.filter(holding(day))

    def between(self, first: date, last: date):
        """Rows that hold on at least one of the days, both ends included."""
        return self.filter(holding_between(first, last))


class Dated(models.Model):
    """A first and a last day. Give the table ``dated.in_order(…)`` and, where one excludes another, ``no_overlap``."""

    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期", null=True, blank=True, help_text="当天仍然有效；没有结束就空着。")

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Asked before the constraints, because PostgreSQL makes no range of days in the wrong order."""
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": WRONG_ORDER})

    def holds_on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def in_order(name: str) -> models.CheckConstraint:
    """The constraint that a row does not end before it begins."""
    return models.CheckConstraint(
        name=name,
        condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
        violation_error_message=WRONG_ORDER,
    )


class Days(Func):
    """The days of a row as a range of PostgreSQL, both ends included, open where there is no last day."""

    function = "DATERANGE"
    output_field = DateRangeField()


class BeijingDay(Func):
    """The Beijing day of a moment, in SQL that a constraint may use."""

    template = "(timezone('Asia/Shanghai', %(expressions)s))::date"
    output_field = models.DateField()


def no_overlap(name: str, *same: str, message: str, condition: Q | None = None) -> ExclusionConstraint:
    """The constraint that no two rows with the same values hold on the same day. Needs the extension btree_gist.

    Args:
        name: the constraint's name.
        same: columns that must be equal for two rows to exclude each other.
        message: what the person reads who tried.
        condition: only rows like this are compared.
    """
    days = Days("first_day", "last_day", RangeBoundary(inclusive_lower=True, inclusive_upper=True))
    return ExclusionConstraint(
        name=name,
        expressions=[(days, RangeOperators.OVERLAPS), *((column, RangeOperators.EQUAL) for column in same)],
        condition=condition,
        violation_error_message=message,
        violation_error_code="overlap",
    )
