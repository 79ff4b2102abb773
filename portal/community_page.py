"""One community with everything that concerns it, as far as the viewer may see it."""

from datetime import date, datetime

from django.db.models import Count, Sum

from accounts.access import cadre_only, firm_only, office_only, station_only
from accounts.models import User
from accounts.roles import Act, may
from communities.models import Community, Contract, PatrolDuty
from communities.responsibility import responsible_on
from inspections import weeks
from inspections.models import Finding, Patrol
from lib.periods import beijing_date, week_of

WEEKS_SHOWN = 8
ROWS_SHOWN = 10


def gather(community: Community, user: User, *, now: datetime) -> dict:
    """The page's context. A firm sees its findings and the registry, not the patrols."""
    today = beijing_date(now)
    staff = not firm_only.admits(user) or (cadre_only | station_only | office_only).admits(user)
    findings = Finding.objects.visible_to(user).standing().filter(community=community)
    context = {
        "community": community,
        "today": today,
        "responsible": responsible_on(community, today),
        "contracts": community.contracts.visible_to(user).select_related("firm"),
        "state": community.service_states.on(today).first(),
        "findings": Finding.objects.visible_to(user)
        .standing()
        .filter(community=community)
        .with_page_parts()[:ROWS_SHOWN],
        "open_count": Finding.objects.visible_to(user).open().filter(community=community).count(),
        "equipment": community.equipment.on(today).select_related("building"),
        "is_staff": staff,
        "may_patrol": may(user, Act.PATROL),
    } | _houses(community, today)
    return context | _patrols(community, user, today, now) if staff else context


def _houses(community: Community, today: date) -> dict:
    buildings = community.buildings.filter(ended_on=None).annotate(unit_count=Count("units"))
    units = community.units.aggregate(number=Count("pk"), area=Sum("area_centi"))
    heads = {head.building_id: head for head in community.building_heads.on(today).select_related("person")}
    rows = [(building, heads.get(building.pk)) for building in buildings.order_by("code")]
    area = units["area"] or 0
    return {"buildings": rows, "unit_count": units["number"], "area": f"{area // 100:,}.{area % 100:02}"}


def _patrols(community: Community, user: User, today: date, now: datetime) -> dict:
    this = week_of(now)
    past = [this]
    while len(past) < WEEKS_SHOWN:
        past.append(past[-1].previous)
    patrols = Patrol.objects.visible_to(user).filter(community=community)
    return {
        "weeks": weeks.community_history(community, past),
        "patrols": patrols.with_findings().select_related("user", "community")[:ROWS_SHOWN],
        "duties": PatrolDuty.objects.on(today).filter(community=community).select_related("user"),
    }


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
