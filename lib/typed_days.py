"""What is asked of a day that somebody typed: that it has come, that its year is no slip of the pen."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

FAR = 10 * 366  # days


def demand_come(day: date, today: date, *, field: str) -> None:
    """Raises ValidationError at ``field`` for a day that is still to come."""
    if day > today:
        raise ValidationError({field: "还没到这一天。"})


def demand_near(days: Iterable[date | None], today: date, *, field: str = NON_FIELD_ERRORS, most: int = FAR) -> None:
    """Raises ValidationError at ``field`` for a day more than ``most`` days away; None is no day."""
    for day in days:
        if day and abs((day - today).days) > most:
            raise ValidationError({field: f"{day} 离现在太远，看看年份是不是写错了。"})
