"""Who answers for a community's service on a day: its firm, a self-governing group, or the village committee."""

from dataclasses import dataclass
from datetime import date

from .models import Community, Contract, Firm, ServiceState


@dataclass(frozen=True)
class Responsible:
    """The body that answers, by the contract or the service state of the day. ``firm`` is None where it is no firm."""

    name: str
    firm: Firm | None = None


def responsible_on(community: Community, day: date) -> Responsible:
    """The contract of the day decides; then the service state; without either the village committee answers. R66"""
    contract = Contract.objects.on(day).filter(community=community).select_related("firm").first()
    if contract:
        return Responsible(contract.firm.name, contract.firm)
    state = ServiceState.objects.on(day).filter(community=community).exclude(body="").first()
    return Responsible(state.body if state else community.village_committee.name)
