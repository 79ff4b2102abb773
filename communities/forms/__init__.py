"""What people type about the registry."""

from .activation import AccountForm, CodeForm, DeskForm, LettersForm, OwnerFilter
from .committees import (
    BranchForm,
    CommitteeFilter,
    CommitteeForm,
    ConcernForm,
    ElectionForm,
    EndForm,
    FilingForm,
    MemberEndForm,
    MemberForm,
    PlaceFilter,
    SettleForm,
    StepsForm,
    StopForm,
)
from .duties import HandOverForm, HeadFilter, LeaveForm, PersonForm, SubstituteForm
from .firms import CertificateForm, FirmFilter, StaffAmendForm, StaffForm
from .monthly import AccountMonthForm, FeeForm, SupervisedForm
from .records import AnswerForm, CloseForm, ExitItemForm, RecordFilter, RecordForm, StrikeForm
from .self_governed import GroupEndForm, GroupForm, InvestmentFilter, InvestmentForm, NominationForm, ReviewForm
from .sheets import ExportForm, ImportForm, OwnerFormSet, ReadForm, TransferForm

__all__ = [
    "AccountForm",
    "AccountMonthForm",
    "AnswerForm",
    "BranchForm",
    "CertificateForm",
    "CloseForm",
    "CodeForm",
    "CommitteeFilter",
    "CommitteeForm",
    "ConcernForm",
    "DeskForm",
    "ElectionForm",
    "EndForm",
    "ExitItemForm",
    "ExportForm",
    "FeeForm",
    "FilingForm",
    "FirmFilter",
    "GroupEndForm",
    "GroupForm",
    "HandOverForm",
    "HeadFilter",
    "ImportForm",
    "InvestmentFilter",
    "InvestmentForm",
    "LeaveForm",
    "LettersForm",
    "MemberEndForm",
    "MemberForm",
    "NominationForm",
    "OwnerFilter",
    "OwnerFormSet",
    "PersonForm",
    "PlaceFilter",
    "ReadForm",
    "RecordFilter",
    "RecordForm",
    "ReviewForm",
    "SettleForm",
    "StaffAmendForm",
    "StaffForm",
    "StepsForm",
    "StopForm",
    "StrikeForm",
    "SubstituteForm",
    "SupervisedForm",
    "TransferForm",
]
