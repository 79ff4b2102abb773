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

__all__ = [
    "AreaForm",
    "AssessmentForm",
    "BankFileForm",
    "BankFilter",
    "BookForm",
    "CloseForm",
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
    "ReasonForm",
    "ReceivedForm",
    "ReimbursedForm",
    "ReverseForm",
    "SealForm",
    "SeriesForm",
    "TenderForm",
]
