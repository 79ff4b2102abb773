"""What people type about the fund, turned into fen, days and keys."""

from .bank import BankFileForm, BankFilter, LineBookForm, LineDepositForm
from .books import (
    BookForm,
    CloseForm,
    DepositForm,
    InterestForm,
    JournalFilter,
    OpeningForm,
    ReasonForm,
    ReceivedForm,
    ReverseForm,
    SealForm,
    SeriesForm,
)
from .first_deposits import (
    AreaForm,
    AssessmentForm,
    CostForm,
    HandedInForm,
    LiabilityForm,
    PayForm,
    ReimbursedForm,
    TenderForm,
)
from .renewing import ArriveForm, CollectionForm, CopyForm, PlanForm, StepForm

__all__ = [
    "AreaForm",
    "ArriveForm",
    "AssessmentForm",
    "BankFileForm",
    "BankFilter",
    "BookForm",
    "CloseForm",
    "CollectionForm",
    "CopyForm",
    "CostForm",
    "DepositForm",
    "HandedInForm",
    "InterestForm",
    "JournalFilter",
    "LiabilityForm",
    "LineBookForm",
    "LineDepositForm",
    "OpeningForm",
    "PayForm",
    "PlanForm",
    "ReasonForm",
    "ReceivedForm",
    "ReimbursedForm",
    "ReverseForm",
    "SealForm",
    "SeriesForm",
    "StepForm",
    "TenderForm",
]
