"""The duty of a team lasts as long as the team is the community's and the days of the check. Issue 10 §1, §3"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from campaigns import acceptance, extensions, planning, steps, teams
from campaigns.models import Campaign, Team
from communities.models import PatrolDuty
from inspections.models import Patrol
from tests.campaigns.conftest import CHECKING, MONDAY, at, day
from tests.campaigns.test_steps import write

pytestmark = pytest.mark.django_db
TEAM = "team"


def days_of(user):
    return list(PatrolDuty.objects.filter(kind=TEAM, user=user).values_list("first_day", "last_day"))


@pytest.fixture
def team(campaign) -> Team:
    return campaign.teams.get()


def test_a_team_that_is_dissolved_before_the_check_leaves_no_duty(team, other_cadre, clerk):
    teams.dissolve(team=team, by=clerk, now=MONDAY)
    assert not days_of(other_cadre)


def test_a_team_that_is_dissolved_during_the_check_keeps_only_the_days_that_passed(team, other_cadre, clerk):
    teams.dissolve(team=team, by=clerk, now=at("2026-11-27 09:00"))
    assert days_of(other_cadre) == [(day("2026-11-26"), day("2026-11-26"))]


def test_a_member_who_is_replaced_hands_the_duty_on(team, other_cadre, make_user, clerk):
    new = make_user("newcomer", name="新组员")
    teams.form(campaign=team.campaign, team=team, name=team.name, leader=new, members=[new], by=clerk, now=MONDAY)
    assert not days_of(other_cadre) and days_of(new) == [(day("2026-11-26"), day("2026-11-27"))]


def test_a_community_that_another_team_visits_is_no_duty_of_the_first(team, place, other_cadre, make_user, clerk):
    new = make_user("newcomer", name="新组员")
    other = teams.form(campaign=team.campaign, name="二组", leader=new, members=[new], by=clerk, now=MONDAY)
    teams.assign(team=other, places=[place], by=clerk, now=MONDAY)
    assert not days_of(other_cadre) and days_of(new)
    teams.assign(team=None, places=[place], by=clerk, now=MONDAY)
    assert not days_of(new)


def test_a_community_that_takes_no_part_any_more_is_no_duty(place, other_cadre, clerk):
    planning.remove_place(place=place, by=clerk, now=MONDAY)
    assert not days_of(other_cadre)


def test_the_duty_moves_with_the_check(campaign, other_cadre, clerk):
    phase = campaign.ordered_phases[1]
    extensions.extend_phase(phase=phase, last_day=day("2026-11-27"), reason="下雪", by=clerk, now=MONDAY)
    assert days_of(other_cadre) == [(day("2026-11-28"), day("2026-11-29"))]


def test_a_longer_check_is_a_longer_duty(campaign, other_cadre, clerk):
    phase = campaign.ordered_phases[2]
    extensions.extend_phase(phase=phase, last_day=day("2026-12-02"), reason="没查完", by=clerk, now=CHECKING)
    assert days_of(other_cadre) == [(day("2026-11-26"), day("2026-12-02"))]


def test_a_duty_that_the_registry_gave_stays(place, community, make_user, clerk):
    from communities import duties

    other = make_user("helper", name="别的组员")
    span = {"first_day": day("2026-11-26"), "last_day": day("2026-11-27")}
    duties.join_team(user=other, community=community, **span, by=clerk, now=MONDAY)
    teams.dissolve(team=place.team, by=clerk, now=MONDAY)
    assert days_of(other)


def test_the_approval_needs_no_author_in_office(draft, clerk, town_head, community, other_cadre):
    planning.add_places(campaign=draft, communities=[community], by=clerk, now=MONDAY)
    team = teams.form(campaign=draft, name="一组", leader=other_cadre, members=[other_cadre], by=clerk, now=MONDAY)
    teams.assign(team=team, places=draft.places.all(), by=clerk, now=MONDAY)
    planning.propose(campaign=draft, by=clerk, now=MONDAY)
    clerk.grants.update(last_day=day("2026-11-15"))
    planning.approve(campaign=Campaign.objects.get(pk=draft.pk), by=town_head, now=MONDAY)
    assert days_of(other_cadre)


# ---------------------------------------------------------------- the check by itself


def patrol(place, by, number="巡1", on="2026-11-26", **more) -> Patrol:
    days = {"occurred_on": day(on), "submitted_on": day(on), "submit_by": day("2026-11-30")}
    moments = {"occurred_at": at(f"{on} 10:00"), "submitted_at": at(f"{on} 10:00")}
    return Patrol.objects.create(number=number, community=place.community, user=by, **moments, **days, **more)


def test_an_unannounced_patrol_is_not_the_check(place, other_cadre, firm):
    write(place, "SELF_CHECK", firm)
    patrol(place, other_cadre, "暗1", kind="covert")
    assert steps.settle_from_patrols(now=CHECKING) == 0


def test_a_check_that_was_difficult_is_done_by_the_patrol_that_follows(place, other_cadre, firm):
    write(place, "SELF_CHECK", firm)
    write(place, "INSPECT", other_cadre, state="stuck", text="门卫不让进")
    patrol(place, other_cadre)
    assert steps.settle_from_patrols(now=CHECKING) == 1
    assert place.place_steps.get(step__code="INSPECT").state == "done"


def test_a_check_without_a_phase_is_done_on_any_day_of_the_campaign(place, other_cadre, firm):
    place.campaign.steps.filter(code="INSPECT").update(phase=None)
    write(place, "SELF_CHECK", firm, day=day("2026-11-23"))
    patrol(place, other_cadre, on="2026-11-24")
    assert steps.settle_from_patrols(now=CHECKING) == 1


def test_whoever_made_the_check_does_not_accept_after_the_team_is_dissolved(place, town_head, clerk, firm):
    team = teams.form(campaign=place.campaign, name="二组", leader=town_head, members=[town_head], by=clerk, now=MONDAY)
    teams.assign(team=team, places=[place], by=clerk, now=MONDAY)
    write(place, "SELF_CHECK", firm)
    patrol(place, town_head)
    steps.settle_from_patrols(now=CHECKING)
    teams.dissolve(team=team, by=clerk, now=CHECKING)
    place.refresh_from_db()
    with pytest.raises(PermissionDenied, match="检查组以外"):
        acceptance.accept(place=place, passed=True, day=day("2026-11-28"), by=town_head, now=at("2026-11-28 10:00"))
    assert acceptance.accept(place=place, passed=True, day=day("2026-11-28"), by=clerk, now=at("2026-11-28 10:00")).pk


def test_a_team_whose_member_cannot_go_is_not_left_half_formed(as_clerk, campaign, make_user, monkeypatch):
    new = make_user("newcomer", name="新组员")
    place = campaign.places.get(team=None)
    typed = {"name": "二组", "leader": new.pk, "members": [new.pk], "places": [place.pk]}

    def refused(**_):
        raise ValidationError("这几天不能去。")

    monkeypatch.setattr(teams.duties, "join_team", refused)
    assert as_clerk.post(reverse("campaigns:team-new", args=[campaign.pk]), typed).status_code == 422
    assert not campaign.teams.filter(name="二组").exists()
