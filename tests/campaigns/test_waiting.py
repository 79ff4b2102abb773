"""A check in a phase that waits for its event, and a quarter of which somebody said why there is none. H.1, H.2"""

import pytest

from accounts.models import Message
from campaigns import deadlines, extensions, planning, quarters, teams
from campaigns.models import Campaign
from communities.models import PatrolDuty
from tests.campaigns.conftest import MONDAY, at, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(clerk, town_head, community, other_cadre) -> Campaign:
    """Plan 5 from mid August on: its check is under way since 16 October and waits for its event."""
    row = planning.open_from_template(template="plan5", starts_on=day("2026-08-14"), by=clerk, now=MONDAY)
    planning.add_places(campaign=row, communities=[community], by=clerk, now=MONDAY)
    team = teams.form(campaign=row, name="一组", leader=other_cadre, members=[other_cadre], by=clerk, now=MONDAY)
    teams.assign(team=team, places=row.places.all(), by=clerk, now=MONDAY)
    planning.propose(campaign=row, by=clerk, now=MONDAY)
    planning.approve(campaign=row, by=town_head, now=MONDAY)
    return Campaign.objects.get(pk=row.pk)


def test_teams_go_while_the_event_is_waited_for_and_no_longer(waiting, other_cadre, clerk):
    duty = PatrolDuty.objects.get(kind="team", user=other_cadre)
    assert duty.first_day == day("2026-11-16") and duty.last_day > day("2027-06-01")
    phase = waiting.ordered_phases[2]
    extensions.event_came(phase=phase, day=day("2026-11-20"), by=clerk, now=at("2026-11-20 16:00"))
    duty.refresh_from_db()
    assert duty.last_day == day("2026-11-20")


def test_an_event_that_is_entered_late_ends_the_duty_yesterday(waiting, other_cadre, clerk):
    phase = waiting.ordered_phases[2]
    extensions.event_came(phase=phase, day=day("2026-11-18"), by=clerk, now=at("2026-11-23 16:00"))
    assert PatrolDuty.objects.get(kind="team", user=other_cadre).last_day == day("2026-11-22")


def test_whoever_said_why_there_is_none_is_not_reminded(clerk, town_head):
    quarters.explain(quarter=day("2026-10-01"), reason="全力抗台", by=clerk, now=at("2026-10-08 09:00"))
    deadlines.sweep(now=at("2026-10-30 09:00"))
    deadlines.sweep(now=at("2026-11-02 09:00"))
    assert not Message.objects.filter(kind__in=["campaign-plan-missing", "campaign-plan-late"]).exists()
