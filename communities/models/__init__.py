"""The registry: places, firms with their contracts, people with their posts and duties."""

from .committees import CommitteeConcern, CommitteeElection, CommitteeMember, OwnersCommittee, PartyBranch
from .duties import BuildingHead, CadreLeave, PatrolDuty, StationPost
from .exits import ExitHandover, ExitItem
from .firms import Contract, Firm, FirmPost
from .handovers import ActionItem, Handover, HandoverEvent, HandoverPart
from .owners import Ownership, Person, PersonReading
from .places import Building, Community, Equipment, ServiceState, Stairwell, Unit, VillageCommittee
from .records import Record, RecordFile

__all__ = [
    "ActionItem",
    "Building",
    "BuildingHead",
    "CadreLeave",
    "CommitteeConcern",
    "CommitteeElection",
    "CommitteeMember",
    "Community",
    "Contract",
    "Equipment",
    "ExitHandover",
    "ExitItem",
    "Firm",
    "FirmPost",
    "Handover",
    "HandoverEvent",
    "HandoverPart",
    "OwnersCommittee",
    "Ownership",
    "PartyBranch",
    "PatrolDuty",
    "Person",
    "PersonReading",
    "Record",
    "RecordFile",
    "ServiceState",
    "Stairwell",
    "StationPost",
    "Unit",
    "VillageCommittee",
]
