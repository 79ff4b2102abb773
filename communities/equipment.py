"""Lifts and fire equipment whose inspection is due. R42–R44"""

from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from rulebook import rules

from .models import Equipment


def remind_days(today: date) -> int:
    """How many days ahead an inspection is spoken of: the longest of the rule's days."""
    return max(rules.on(today, "equipment.remind_days"))


def due(by: User, *, today: date) -> QuerySet[Equipment]:
    """What the viewer sees that is overdue or due within the days of the rule ``equipment.remind_days``."""
    rows = Equipment.objects.visible_to(by).inspection_due(today=today, within=remind_days(today))
    return rows.select_related("community", "building")
