"""The kinds of the registry, in the order in which a town brings them in."""

from . import register
from .firm_people import FirmPeople
from .firms import Contracts, Firms
from .people import Committees, Duties, Staff, StationPosts
from .places import Buildings, Communities, VillageCommittees
from .units import Units


def register_all() -> None:
    for kind in (
        VillageCommittees,
        Communities,
        Buildings,
        Units,
        Firms,
        Contracts,
        FirmPeople,
        Staff,
        StationPosts,
        Duties,
        Committees,
    ):
        register(kind())
