"""What a person types about scores and deposits, turned into tenths, fen, days and keys."""

from .deposits import BankForm, BudgetForm, DepositAmendForm, DepositFilter, DepositForm, EntryForm, WhyForm
from .follow import DrawForm, ExamineForm, ReportForm, SpotForm, StarForm, TalkForm
from .sheets import (
    AppealDecisionForm,
    AppealForm,
    BoardFilter,
    HalfYearForm,
    OnSiteForm,
    ReasonForm,
    RevisionForm,
    VerdictsForm,
    VetoForm,
    VisitForm,
    WaitedForm,
)

__all__ = [
    "AppealDecisionForm",
    "AppealForm",
    "BankForm",
    "BoardFilter",
    "BudgetForm",
    "DepositAmendForm",
    "DepositFilter",
    "DepositForm",
    "DrawForm",
    "EntryForm",
    "ExamineForm",
    "HalfYearForm",
    "OnSiteForm",
    "ReasonForm",
    "ReportForm",
    "RevisionForm",
    "SpotForm",
    "StarForm",
    "TalkForm",
    "VerdictsForm",
    "VetoForm",
    "VisitForm",
    "WaitedForm",
    "WhyForm",
]
