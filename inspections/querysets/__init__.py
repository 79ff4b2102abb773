"""The words of patrols, findings and notices."""

from .notices import NoticeQuerySet, NoticeRoundQuerySet, RootCauseQuerySet, TransferQuerySet
from .patrols import (
    CheckItemQuerySet,
    DissuasionQuerySet,
    FindingQuerySet,
    MissedWeekQuerySet,
    PatrolPhotoQuerySet,
    PatrolQuerySet,
    RouteStopQuerySet,
)

__all__ = [
    "CheckItemQuerySet",
    "DissuasionQuerySet",
    "FindingQuerySet",
    "MissedWeekQuerySet",
    "NoticeQuerySet",
    "NoticeRoundQuerySet",
    "PatrolPhotoQuerySet",
    "PatrolQuerySet",
    "RootCauseQuerySet",
    "RouteStopQuerySet",
    "TransferQuerySet",
]
