"""Patrols: the check list, the record, its findings and photos, and the notices that follow."""

from .checklist import ASKED, NEVER_BY_ONE_BUTTON, Category, CheckItem, Severity
from .findings import MOST_PHOTOS, OWNERS, Dissuasion, Finding, FindingEvent, PatrolPhoto
from .notice_events import NoticeEvent, Takeover
from .notices import Notice, NoticeRound, YearNumber
from .patrols import DayNumber, MissedWeekReason, Patrol, PatrolAnswer, PatrolRemark, PatrolVersion
from .pleas import Extension, Objection
from .rechecks import Recheck
from .routes import RouteStop
from .transfers import Department, RootCause, Transfer

__all__ = [
    "ASKED",
    "MOST_PHOTOS",
    "NEVER_BY_ONE_BUTTON",
    "OWNERS",
    "Category",
    "CheckItem",
    "DayNumber",
    "Department",
    "Dissuasion",
    "Extension",
    "Finding",
    "FindingEvent",
    "MissedWeekReason",
    "Notice",
    "NoticeEvent",
    "NoticeRound",
    "Objection",
    "Patrol",
    "PatrolAnswer",
    "PatrolPhoto",
    "PatrolRemark",
    "PatrolVersion",
    "Recheck",
    "RootCause",
    "RouteStop",
    "Severity",
    "Takeover",
    "Transfer",
    "YearNumber",
]
