"""One community with everything that concerns it, as far as the viewer may see it."""

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from assessments import boards as score_boards
from campaigns.models import CampaignPlace
from communities.models import Community, Contract, PatrolDuty
from communities.responsibility import responsible_on
from inspections import boards
from inspections.models import Finding, Patrol
from lib.periods import Week, beijing_date, week_of

WEEKS_SHOWN = 8
ROWS_SHOWN = 10


def gather(community: Community, user: User, *, now: datetime) -> dict:
    """The page's context. A firm sees its findings and the registry, not the patrols."""
    today = beijing_date(now)
    findings = Finding.objects.visible_to(user).standing().filter(community=community)
    parts = CampaignPlace.objects.visible_to(user).filter(community=community, campaign__state="approved")
    sees_patrols = Community.objects.overseen_by(user).filter(pk=community.pk).exists()
    context = {
        "community": community,
        "today": today,
        "responsible": responsible_on(community, today),
        "contracts": community.contracts.visible_to(user).select_related("firm"),
        "state": community.service_states.on(today).first(),
        "findings": findings.with_row_parts()[:ROWS_SHOWN],
        "open_count": findings.open().count(),
        "scores": score_boards.trend(community, months=3),
        "equipment": community.equipment.on(today).select_related("building"),
        "campaigns": parts.select_related("campaign").order_by("-campaign"),
        "sees_patrols": sees_patrols,
    } | _houses(community, today)
    return context | _patrols(community, user, today) if sees_patrols else context


def _houses(community: Community, today: date) -> dict:
    """Buildings with the heads of the house and of its stairwells; names are masked here, whoever looks."""
    buildings = community.buildings.filter(ended_on=None).annotate(unit_count=Count("units")).order_by("code")
    units = community.units.aggregate(number=Count("pk"), area=Sum("area_centi"))
    heads = defaultdict(list)
    for head in community.building_heads.on(today).select_related("person"):
        heads[head.building_id].append(head.person.masked)
    area = units["area"] or 0
    return {
        "buildings": [(building, heads.get(building.pk, [])) for building in buildings],
        "unit_count": units["number"],
        "area": f"{area // 100:,}.{area % 100:02}",
    }


def _patrols(community: Community, user: User, today: date) -> dict:
    patrols = Patrol.objects.visible_to(user).filter(community=community)
    return {
        "weeks": boards.community_history(community, _weeks_until(today)),
        "patrols": patrols.with_row_parts().newest_first()[:ROWS_SHOWN],
        "duties": PatrolDuty.objects.on(today).filter(community=community).select_related("user"),
    }


def _weeks_until(today: date) -> list[Week]:
    past = [week_of(today)]
    while len(past) < WEEKS_SHOWN:
        past.append(past[-1].previous)
    return past


def with_open_findings(communities, user: User):
    """Adds ``open_findings`` to a queryset of communities: as many as the viewer may see."""
    open_here = Finding.objects.visible_to(user).open().filter(community=OuterRef("pk")).order_by()
    counted = open_here.values("community").annotate(number=Count("pk")).values("number")
    return communities.annotate(open_findings=Coalesce(Subquery(counted), 0))


def contract_on(community: Community, day: date) -> Contract | None:
    return community.contracts.on(day).select_related("firm").first()


def with_contracts(communities, day: date) -> list[Community]:
    """Communities with ``contract`` of the day, in two queries."""
    rows = list(communities)
    contracts = Contract.objects.on(day).filter(community__in=rows).select_related("firm")
    by_community = {contract.community_id: contract for contract in contracts}
    for row in rows:
        row.contract = by_community.get(row.pk)
    return rows
