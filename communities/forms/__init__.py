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
    SettleForm,
    StepsForm,
    StopForm,
)
from .duties import HandOverForm, HeadFilter, LeaveForm, PersonForm, SubstituteForm
from .firms import CertificateForm, FirmFilter, StaffAmendForm, StaffForm
from .monthly import AccountMonthForm, FeeForm, SupervisedForm
from .records import AnswerForm, CloseForm, ExitItemForm, RecordFilter, RecordForm, StrikeForm

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
    "FeeForm",
    "FilingForm",
    "FirmFilter",
    "HandOverForm",
    "HeadFilter",
    "LeaveForm",
    "LettersForm",
    "MemberEndForm",
    "MemberForm",
    "OwnerFilter",
    "PersonForm",
    "RecordFilter",
    "RecordForm",
    "SettleForm",
    "StaffAmendForm",
    "StaffForm",
    "StepsForm",
    "StopForm",
    "StrikeForm",
    "SubstituteForm",
    "SupervisedForm",
]
