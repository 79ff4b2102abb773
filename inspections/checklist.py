"""Changing the check list: entered by one person, checked by another, never for days that have passed. DOMAIN B.5"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from lib.periods import DAY, beijing_date
from lib.states import WrongState, move

from .models import CheckItem

GONE = "这一条刚才已经有人办了。"


def enter(*, item: CheckItem, by: User, now: datetime) -> None:
    """Enters an item, or the end of one; it counts from its first day on, once another person has checked it.

    Raises:
        PermissionDenied: not an administrator. DOMAIN D.7
        ValidationError: it would begin today or earlier, or a column is wrong.
    """
    roles.demand(by, Act.RULES)
    item.origin, item.entered_by, item.entered_at = CheckItem.Origin.PERSON, by, now
    demand_tomorrow(item, now=now)
    item.full_clean()
    item.save()


def demand_tomorrow(item: CheckItem, *, now: datetime) -> None:
    """Raises ValidationError for an item that would begin today or earlier: past patrols keep their list."""
    if item.first_day and item.first_day <= beijing_date(now):
        raise ValidationError({"first_day": "最早从明天起，过去的巡查照当时的检查表。"})


@transaction.atomic
def check(*, item: CheckItem, by: User, now: datetime) -> None:
    """The second person agrees: the row of its code before it ends on the day before, and this one counts.

    Raises:
        PermissionDenied: not the town's head.
        WrongState: the same person entered it, its first day has come, or somebody was quicker.
    """
    roles.demand_check(by, Act.RULES)
    if item.entered_by_id == by.pk:
        raise WrongState("这一条是您录入的，请另一个人复核。")
    if item.first_day <= beijing_date(now):
        raise WrongState("生效的日子已经到了，请退回，改成以后的日子再录。")
    before = CheckItem.objects.checked().on(item.first_day).filter(code=item.code).exclude(pk=item.pk)
    before.update(last_day=item.first_day - DAY)
    move(item, checked_at=None, origin="person", to={"checked_by": by, "checked_at": now}, else_=GONE)


def withdraw(*, item: CheckItem, by: User) -> None:
    """Takes back an item that nobody has checked: its author, or the checker who sends it back.

    Raises:
        PermissionDenied: neither of them.
        WrongState: it was checked or taken back meanwhile.
    """
    if not roles.may_check(by, Act.RULES):
        roles.demand(by, Act.RULES)
    if not CheckItem.objects.waiting().filter(pk=item.pk).delete()[0]:
        raise WrongState(GONE)
