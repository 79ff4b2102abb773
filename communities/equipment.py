"""Lifts and fire equipment whose inspection is due. R42–R44"""

from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from rulebook import rules

from .models import Equipment


def due(by: User, *, today: date) -> QuerySet[Equipment]:
    """What the viewer sees that is overdue or soon due, by the longest of the days in ``equipment.remind_days``."""
    within = max(rules.on(today, "equipment.remind_days"))
    rows = Equipment.objects.visible_to(by).inspection_due(today=today, within=within)
    return rows.select_related("community", "building")
