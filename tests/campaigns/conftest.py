"""A campaign of eight days, 22 to 29 November 2026, with two communities and a team; moments are passed in."""

from datetime import date, datetime

import pytest
import time_machine

from campaigns import planning, teams
from campaigns.models import Campaign, CampaignPlace, PlanTemplate
from lib.periods import BEIJING

STARTS = date(2026, 11, 22)


def at(text: str) -> datetime:
    """``at("2026-11-22 09:00")``: a moment in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def day(text: str) -> date:
    return date.fromisoformat(text)


MONDAY = at("2026-11-16 10:00")  # the plan is written a week ahead
CHECKING = at("2026-11-26 10:00")  # the teams are under way: third phase


@pytest.fixture(autouse=True)
def monday(request):
    """Ordinary tests live on the morning on which the plan is written; those with real workers live now."""
    if "transactional_db" in request.fixturenames:
        yield None
        return
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def now():
    return MONDAY


@pytest.fixture
def draft(clerk) -> Campaign:
    """Plan 3, from 22 November on."""
    return planning.open_from_template(template="plan3", starts_on=STARTS, by=clerk, now=MONDAY)


@pytest.fixture
def campaign(draft, clerk, town_head, community, neighbour_community, other_cadre, firm, other_firm) -> Campaign:
    """Approved, with two communities; a team of the other cadre visits the first."""
    planning.add_places(campaign=draft, communities=[community, neighbour_community], by=clerk, now=MONDAY)
    team = teams.form(campaign=draft, name="一组", leader=other_cadre, members=[other_cadre], by=clerk, now=MONDAY)
    teams.assign(team=team, places=draft.places.filter(community=community), by=clerk, now=MONDAY)
    planning.propose(campaign=draft, by=clerk, now=MONDAY)
    planning.approve(campaign=draft, by=town_head, now=MONDAY)
    return Campaign.objects.get(pk=draft.pk)


@pytest.fixture
def place(campaign, community) -> CampaignPlace:
    return campaign.places.get(community=community)


@pytest.fixture
def template() -> PlanTemplate:
    return PlanTemplate.objects.get(code="plan3")
