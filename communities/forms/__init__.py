"""What people type about the registry."""

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
from .records import AnswerForm, CloseForm, ExitItemForm, RecordFilter, RecordForm, StrikeForm

__all__ = [
    "AnswerForm",
    "BranchForm",
    "CloseForm",
    "CommitteeFilter",
    "CommitteeForm",
    "ConcernForm",
    "ElectionForm",
    "EndForm",
    "ExitItemForm",
    "FilingForm",
    "HandOverForm",
    "HeadFilter",
    "LeaveForm",
    "MemberEndForm",
    "MemberForm",
    "PersonForm",
    "RecordFilter",
    "RecordForm",
    "SettleForm",
    "StepsForm",
    "StopForm",
    "StrikeForm",
    "SubstituteForm",
]
