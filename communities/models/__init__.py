"""The registry: places, firms with their contracts, people with their posts and duties."""

from .activation import AccountLink, ActivationCode, LetterBatch
from .archive import ArchiveHeading
from .claims import ClaimedProblem, ClaimEvent
from .committees import CommitteeConcern, CommitteeElection, CommitteeMember, OwnersCommittee, PartyBranch
from .duties import BuildingHead, CadreLeave, PatrolDuty, StationPost
from .exits import ExitHandover, ExitItem
from .firms import Contract, Firm, FirmPost
from .handovers import ActionItem, Handover, HandoverEvent, HandoverPart
from .imports import SheetExport, SheetImport
from .money import FeeMonth, SupervisedAccount, SupervisedMonth
from .owners import Ownership, Person, PersonCorrection, PersonReading
from .places import Building, Community, Equipment, ServiceState, Stairwell, Unit, VillageCommittee
from .records import Record, RecordFile
from .self_governed import Investment, ModelNomination, ResidentGroup
from .staff import Certificate, ExportColumn, FirmStaff

__all__ = [
    "AccountLink",
    "ActionItem",
    "ActivationCode",
    "ArchiveHeading",
    "Building",
    "BuildingHead",
    "CadreLeave",
    "Certificate",
    "ClaimEvent",
    "ClaimedProblem",
    "CommitteeConcern",
    "CommitteeElection",
    "CommitteeMember",
    "Community",
    "Contract",
    "Equipment",
    "ExitHandover",
    "ExitItem",
    "ExportColumn",
    "FeeMonth",
    "Firm",
    "FirmPost",
    "FirmStaff",
    "Handover",
    "HandoverEvent",
    "HandoverPart",
    "Investment",
    "LetterBatch",
    "ModelNomination",
    "OwnersCommittee",
    "Ownership",
    "PartyBranch",
    "PatrolDuty",
    "Person",
    "PersonCorrection",
    "PersonReading",
    "Record",
    "RecordFile",
    "ResidentGroup",
    "ServiceState",
    "SheetExport",
    "SheetImport",
    "Stairwell",
    "StationPost",
    "SupervisedAccount",
    "SupervisedMonth",
    "Unit",
    "VillageCommittee",
]
