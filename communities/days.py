"""What all dated links of the registry have in common: who may change which days, and how one ends."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet

from accounts.models import User
from accounts.roles import Act, demand, may
from lib.dated import Dated
from lib.periods import DAY
from lib.text import day_words

from .models import Community

OFFICE_ONLY = "已经过去的日子由镇物业办来改。请从今天（{today}）或以后写起，或者请镇物业办改。"


def demand_registry(by: User, community: Community) -> None:
    """Raises PermissionDenied when the user keeps no registry, or not this community's."""
    demand(by, Act.REGISTRY)
    if not Community.objects.kept_by(by).filter(pk=community.pk).exists():
        raise PermissionDenied("这个小区不归您的物管站。")


def demand_days(by: User, *, changed_from: date, today: date, field: str = "first_day") -> None:
    """Raises ValidationError when days that have passed would read differently; the office may.

    Args:
        changed_from: the first day that reads differently afterwards.
        field: where the sentence is shown.
    """
    if changed_from < today and not may(by, Act.REGISTRY_TOWN):
        raise ValidationError({field: OFFICE_ONLY.format(today=day_words(today))})


def first_changed(row: Dated, last_day: date | None) -> date:
    """The first day that reads differently when the row's last day becomes another."""
    ends = [day for day in (row.last_day, last_day) if day is not None]
    return (min(ends) if ends else date.max - DAY) + DAY


def demand_end(row: Dated, last_day: date | None, *, by: User, today: date) -> None:
    """Raises ValidationError when the row may not get this last day: before it begins, or in days that have passed."""
    if last_day and last_day < row.first_day:
        raise ValidationError({"last_day": f"结束日期不能早于开始日期（{row.first_day}）。还没开始的，可以撤回。"})
    if last_day != row.last_day:
        demand_days(by, changed_from=first_changed(row, last_day), today=today, field="last_day")


def demand_not_begun(row: Dated, *, today: date) -> None:
    """Raises ValidationError when a row that has begun would be taken back; it can only end, for everybody."""
    if row.first_day < today:
        raise ValidationError("已经开始了，不能撤回，只能写上结束日期。")


def lasts_until(rows: QuerySet[Dated]) -> date | None:
    """The last day of the row that lasts longest; date.max where one has no end, None where there is no row."""
    ends = [row.last_day or date.max for row in rows]
    return max(ends, default=None)


def locked(row: Model) -> Model:
    """The row, held until the transaction ends, so that two people at once do not both find it free."""
    return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
