"""The registry's own words: who sees which community, what is due."""

from .registry import (
    ActionItemQuerySet,
    BuildingQuerySet,
    CommunityQuerySet,
    ContractQuerySet,
    DatedOfCommunityQuerySet,
    EquipmentQuerySet,
    FirmQuerySet,
    HandoverPartQuerySet,
    HandoverQuerySet,
    LeaveQuerySet,
    OfCommunityQuerySet,
    OfFirmQuerySet,
    PersonQuerySet,
    StairwellQuerySet,
    StationPostQuerySet,
    VillageCommitteeQuerySet,
)

__all__ = [
    "ActionItemQuerySet",
    "BuildingQuerySet",
    "CommunityQuerySet",
    "ContractQuerySet",
    "DatedOfCommunityQuerySet",
    "EquipmentQuerySet",
    "FirmQuerySet",
    "HandoverPartQuerySet",
    "HandoverQuerySet",
    "LeaveQuerySet",
    "OfCommunityQuerySet",
    "OfFirmQuerySet",
    "PersonQuerySet",
    "StairwellQuerySet",
    "StationPostQuerySet",
    "VillageCommitteeQuerySet",
]
