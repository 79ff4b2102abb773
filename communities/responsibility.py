"""Who answers for a community's service on a day: its firm, a self-governing group, or the village committee."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from accounts.models import User

from .models import Community, Contract, Firm, ServiceState, VillageCommittee


@dataclass(frozen=True)
class Responsible:
    """The body that answers, by the contract or the service state of the day.

    ``firm`` is None where it is no firm; then it is the ``village``'s committee, or without one a group of that name.
    """

    name: str
    firm: Firm | None = None
    village: VillageCommittee | None = None


def responsible_on(community: Community, day: date) -> Responsible:
    """The contract of the day decides; then the service state; without either the village committee answers. R66"""
    contract = Contract.objects.on(day).filter(community=community).select_related("firm").first()
    if contract:
        return Responsible(contract.firm.name, contract.firm)
    state = ServiceState.objects.on(day).filter(community=community).exclude(body="").first()
    if state and state.kind == ServiceState.Kind.SELF_GOVERNED:
        return Responsible(state.body)
    return Responsible(state.body if state else community.village_committee.name, village=community.village_committee)


def answering_on(community: Community, since: date, day: date) -> Responsible:
    """Who finishes on a day what was begun on another: the firm of that day, or, where its contract has ended and says
    so, whoever answers now. Issue 5 §7"""
    contract = Contract.objects.on(since).passed_on(day).filter(community=community).first()
    return responsible_on(community, day if contract else since)


def passed_on_to(user: User, *, since: str, day: date) -> Exists:
    """A condition for rows of other rooms with community, firm and the day ``since``: their firm's contract has ended
    and passes open items on, and a firm of the user serves the community today."""
    ended = Contract.objects.passed_on(day).filter(
        community=OuterRef("community"), firm=OuterRef("firm"), first_day__lte=OuterRef(since)
    )
    served = Community.objects.served_by(user)
    return Exists(ended.filter(community__in=served, last_day__gte=OuterRef(since)))
