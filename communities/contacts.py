"""Whom to call: the town's office, stations, firms, departments, committees. Public, and made anew at each look. R01

Rooms to the right say which further bodies have a telephone (departments to which matters are handed), at start.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from .models import (
    CommitteeMember,
    Community,
    Contract,
    Firm,
    FirmStaff,
    OwnersCommittee,
    StationPost,
    VillageCommittee,
)


@dataclass(frozen=True)
class Line:
    """One line of the page: who, what for, which number."""

    name: str
    phone: str
    text: str = ""


SECTIONS: dict[str, Callable[[], Iterable[Line]]] = {}


def register(title: str, lines: Callable[[], Iterable[Line]]) -> None:
    """Makes a further section of the page known, once at start."""
    SECTIONS[title] = lines


@dataclass
class Place:
    """A community and everybody who can be called for it."""

    community: Community
    contract: Contract | None = None
    manager: FirmStaff | None = None
    committee: OwnersCommittee | None = None
    members: list[CommitteeMember] = field(default_factory=list)

    @property
    def chair(self) -> CommitteeMember | None:
        return next((member for member in self.members if member.post == CommitteeMember.Post.CHAIR), None)


def stations(today: date):
    """Stations with the people who sit there today; no numbers of theirs."""
    posts = StationPost.objects.on(today).select_related("user").order_by("-kind", "pk")
    return VillageCommittee.objects.filter(ended_on=None).prefetch_related(Prefetch("posts", posts, to_attr="sitting"))


def firms():
    return Firm.objects.filter(ended_on=None)


def sections() -> list[tuple[str, list[Line]]]:
    """What the other rooms have registered, as far as there is something."""
    found = [(title, list(lines())) for title, lines in SECTIONS.items()]
    return [(title, lines) for title, lines in found if lines]


def committees(today: date) -> list[Place]:
    """Communities with a committee in office, by name."""
    seated = Community.objects.public().filter(committees__in=OwnersCommittee.objects.on(today))
    return [place for place in around(seated.order_by("pinyin", "pk"), today=today) if place.committee]


def around(communities: Iterable[Community], *, today: date) -> list[Place]:
    """Who can be called for each community, in four queries whatever their number."""
    places = {community.pk: Place(community) for community in communities}
    for contract in Contract.objects.on(today).filter(community__in=places).select_related("firm"):
        places[contract.community_id].contract = contract
    managers = FirmStaff.objects.on(today).filter(job=FirmStaff.Job.MANAGER, community__in=places)
    for manager in managers.select_related("person"):
        place = places[manager.community_id]
        place.manager = manager if place.contract and place.contract.firm_id == manager.firm_id else place.manager
    for committee in OwnersCommittee.objects.on(today).filter(community__in=places):
        places[committee.community_id].committee = committee
    members = CommitteeMember.objects.on(today).filter(committee__community__in=places).in_order()
    for member in members.select_related("person__phone", "committee"):
        places[member.committee.community_id].members.append(member)
    return list(places.values())
