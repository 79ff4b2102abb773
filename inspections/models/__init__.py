"""Patrols: the check list, the record, its findings and photos."""

from .checklist import ASKED, NEVER_BY_ONE_BUTTON, Category, CheckItem, Severity
from .findings import MOST_PHOTOS, Finding, FindingEvent, PatrolPhoto
from .patrols import DayNumber, MissedWeekReason, Patrol, PatrolAnswer, PatrolRemark, PatrolVersion
from .routes import RouteStop

__all__ = [
    "ASKED",
    "MOST_PHOTOS",
    "NEVER_BY_ONE_BUTTON",
    "Category",
    "CheckItem",
    "DayNumber",
    "Finding",
    "FindingEvent",
    "MissedWeekReason",
    "Patrol",
    "PatrolAnswer",
    "PatrolPhoto",
    "PatrolRemark",
    "PatrolVersion",
    "RouteStop",
    "Severity",
]
