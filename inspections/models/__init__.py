"""Patrols: the check list, the record, its findings and photos."""

from .checklist import Category, CheckItem, Severity
from .findings import Finding, PatrolPhoto
from .patrols import DayNumber, MissedWeekReason, Patrol, PatrolAnswer, PatrolRemark, PatrolVersion

__all__ = [
    "Category",
    "CheckItem",
    "DayNumber",
    "Finding",
    "MissedWeekReason",
    "Patrol",
    "PatrolAnswer",
    "PatrolPhoto",
    "PatrolRemark",
    "PatrolVersion",
    "Severity",
]
