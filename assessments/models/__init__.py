"""Assessments 考核: scores from evidence, their review, the deposit they move, and what follows."""

from .appeals import Appeal, AppealPoint
from .deposits import AwardBudget, Booking, Deposit, DepositBankLine, DepositEntry, DepositLine, ReplenishNotice
from .evidence import AssessmentPhoto, Evidence, ManualFact
from .sheets import WORKING, Charge, ScoreSheet, SheetEvent
from .standing import CreditEvent, SpotCheck, StarCriterion, StarRating, Talk
from .tables import Band, EvidenceRule, ScoreArea, ScoreItem, ScoreTable, SizeRow

__all__ = [
    "WORKING",
    "Appeal",
    "AppealPoint",
    "AssessmentPhoto",
    "AwardBudget",
    "Band",
    "Booking",
    "Charge",
    "CreditEvent",
    "Deposit",
    "DepositBankLine",
    "DepositEntry",
    "DepositLine",
    "Evidence",
    "EvidenceRule",
    "ManualFact",
    "ReplenishNotice",
    "ScoreArea",
    "ScoreItem",
    "ScoreSheet",
    "ScoreTable",
    "SheetEvent",
    "SizeRow",
    "SpotCheck",
    "StarCriterion",
    "StarRating",
    "Talk",
]
