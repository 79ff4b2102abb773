"""The registry: places, firms with their contracts, people with their posts and duties."""

from .duties import BuildingHead, CadreLeave, PatrolDuty, Person, StationPost
from .firms import Contract, Firm, FirmPost
from .handovers import ActionItem, Handover, HandoverEvent, HandoverPart
from .places import Building, Community, Equipment, ServiceState, Stairwell, Unit, VillageCommittee

__all__ = [
    "ActionItem",
    "Building",
    "BuildingHead",
    "CadreLeave",
    "Community",
    "Contract",
    "Equipment",
    "Firm",
    "FirmPost",
    "Handover",
    "HandoverEvent",
    "HandoverPart",
    "PatrolDuty",
    "Person",
    "ServiceState",
    "Stairwell",
    "StationPost",
    "Unit",
    "VillageCommittee",
]
