"""Linking cadres, handing over, standing in, leave; and the role that follows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import RoleGrant, User
from accounts.roles import Role
from communities import duties
from communities.models import CadreLeave, PatrolDuty

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def newcomer(make_user):
    return make_user("xinlai", "新来的")


def roles_of(user) -> set:
    return set(User.objects.get(pk=user.pk).roles)


def grant_of(user) -> RoleGrant:
    return RoleGrant.objects.get(user=user, role=Role.CADRE, withdrawn_at=None)


def test_a_link_makes_the_cadre(newcomer, community, station_clerk, today, now):
    duty = duties.link(user=newcomer, community=community, first_day=today, by=station_clerk, now=now)
    assert duty.kind == "linked" and roles_of(newcomer) == {Role.CADRE}
    assert grant_of(newcomer).origin == "link" and grant_of(newcomer).last_day is None


def test_a_second_link_makes_no_second_role(newcomer, community, neighbour_community, clerk, today, now):
    for place in (community, neighbour_community):
        duties.link(user=newcomer, community=place, first_day=today, by=clerk, now=now)
    assert grant_of(newcomer)


def test_two_linked_at_once_are_explained(newcomer, cadre, community, clerk, today, now):
    with pytest.raises(ValidationError, match="已经有联系干部"):
        duties.link(user=newcomer, community=community, first_day=today, by=clerk, now=now)


def test_a_station_keeps_its_own_communities(newcomer, neighbour_community, station_head, today, now):
    with pytest.raises(PermissionDenied):
        duties.link(user=newcomer, community=neighbour_community, first_day=today, by=station_head, now=now)


@pytest.mark.parametrize("who", ["cadre", "leader", "firm", "administrator"])
def test_others_keep_no_registry(who, request, newcomer, community, today, now):
    with pytest.raises(PermissionDenied):
        duties.link(user=newcomer, community=community, first_day=today, by=request.getfixturevalue(who), now=now)


def test_a_station_changes_no_day_that_has_passed(newcomer, community, station_head, days_ago, now):
    with pytest.raises(ValidationError, match="镇物业办"):
        duties.link(user=newcomer, community=community, first_day=days_ago(1), by=station_head, now=now)
    assert not PatrolDuty.objects.exists()


def test_the_office_may(newcomer, community, clerk, days_ago, now):
    assert duties.link(user=newcomer, community=community, first_day=days_ago(9), by=clerk, now=now)


def test_people_of_firms_do_not_patrol(firm, community, clerk, today, now):
    with pytest.raises(ValidationError, match="物业企业的人"):
        duties.link(user=firm, community=community, first_day=today, by=clerk, now=now)


# ---------------------------------------------------------------- ending


def test_ending_ends_the_role(newcomer, community, station_head, today, now):
    duty = duties.link(user=newcomer, community=community, first_day=today, by=station_head, now=now)
    duties.end_link(duty=duty, last_day=today + 3 * DAY, by=station_head, now=now)
    assert PatrolDuty.objects.get().last_day == today + 3 * DAY == grant_of(newcomer).last_day


def test_the_role_lasts_as_long_as_another_link(newcomer, community, neighbour_community, clerk, today, now):
    duty = duties.link(user=newcomer, community=community, first_day=today, by=clerk, now=now)
    duties.link(
        user=newcomer, community=neighbour_community, first_day=today, last_day=today + 9 * DAY, by=clerk, now=now
    )
    duties.end_link(duty=duty, last_day=today, by=clerk, now=now)
    assert grant_of(newcomer).last_day == today + 9 * DAY


def test_a_longer_link_lengthens_the_role(newcomer, community, clerk, today, now):
    duty = duties.link(user=newcomer, community=community, first_day=today, last_day=today, by=clerk, now=now)
    duties.end_link(duty=duty, last_day=None, by=clerk, now=now)
    held = RoleGrant.objects.filter(user=newcomer, role=Role.CADRE)
    assert held.on(today).exists() and held.on(today + 400 * DAY).exists()


def test_yesterday_may_be_the_last_day(cadre, community, station_head, days_ago, now):
    duty = PatrolDuty.objects.get(user=cadre)
    duties.end_link(duty=duty, last_day=days_ago(1), by=station_head, now=now)
    assert PatrolDuty.objects.get().last_day == days_ago(1)


def test_the_day_before_yesterday_may_not(cadre, community, station_head, clerk, days_ago, now):
    duty = PatrolDuty.objects.get(user=cadre)
    with pytest.raises(ValidationError, match="已经过去的日子"):
        duties.end_link(duty=duty, last_day=days_ago(2), by=station_head, now=now)
    duties.end_link(duty=duty, last_day=days_ago(2), by=clerk, now=now)


def test_what_has_not_begun_is_taken_back(newcomer, community, station_head, today, now):
    duty = duties.link(user=newcomer, community=community, first_day=today + DAY, by=station_head, now=now)
    duties.take_back(duty=duty, by=station_head, now=now)
    assert not PatrolDuty.objects.exists() and not RoleGrant.objects.filter(user=newcomer, withdrawn_at=None).exists()


def test_what_has_begun_is_not(cadre, clerk, now):
    with pytest.raises(ValidationError, match="只能写上结束日期"):
        duties.take_back(duty=PatrolDuty.objects.get(user=cadre), by=clerk, now=now)


# ---------------------------------------------------------------- handing over, standing in


def test_handing_over(cadre, newcomer, community, station_head, today, now):
    new = duties.hand_over(community=community, to=newcomer, first_day=today, by=station_head, now=now)
    old = PatrolDuty.objects.get(user=cadre)
    assert old.last_day == today - DAY and new.first_day == today
    assert roles_of(newcomer) == {Role.CADRE}


def test_to_the_same_person_is_explained(cadre, community, station_head, today, now):
    with pytest.raises(ValidationError, match="已经由陈国平联系"):
        duties.hand_over(community=community, to=cadre, first_day=today, by=station_head, now=now)


def test_handing_over_what_nobody_has(newcomer, community, station_head, today, now):
    assert duties.hand_over(community=community, to=newcomer, first_day=today, by=station_head, now=now)


def test_a_handing_over_that_fails_changes_nothing(cadre, firm, community, station_head, today, now):
    with pytest.raises(ValidationError):
        duties.hand_over(community=community, to=firm, first_day=today, by=station_head, now=now)
    assert PatrolDuty.objects.get().last_day is None


def test_a_substitute_for_some_days(cadre, other_cadre, community, station_head, today, now):
    days = {"first_day": today, "last_day": today + DAY, "by": station_head, "now": now}
    assert duties.substitute(user=other_cadre, community=community, **days).kind == "substitute"
    with pytest.raises(ValidationError, match="已经负责这个小区"):
        duties.substitute(user=cadre, community=community, **days)


def test_only_one_substitute(other_cadre, newcomer, community, station_head, today, now):
    days = {"first_day": today, "last_day": today, "by": station_head, "now": now}
    duties.substitute(user=other_cadre, community=community, **days)
    with pytest.raises(ValidationError, match="已经有人代班"):
        duties.substitute(user=newcomer, community=community, **days)


def test_teams_are_many(other_cadre, newcomer, community, cadre, station_head, today, now):
    for user in (other_cadre, newcomer):
        duties.join_team(user=user, community=community, first_day=today, last_day=today, by=station_head, now=now)
    assert PatrolDuty.objects.filter(kind="team").count() == 2


def test_standing_in_ends_some_day(other_cadre, community, station_head, today, now):
    with pytest.raises(ValidationError, match="到哪一天"):
        duties.link(user=other_cadre, community=community, first_day=today, kind="substitute", by=station_head, now=now)


# ---------------------------------------------------------------- leave


def test_leave(cadre, community, station_clerk, today, now):
    duties.record_leave(user=cadre, first_day=today, last_day=today + DAY, by=station_clerk, now=now)
    assert CadreLeave.objects.on(today).get().user == cadre


def test_leave_that_overlaps_is_explained(cadre, station_clerk, today, now):
    duties.record_leave(user=cadre, first_day=today, last_day=today + DAY, by=station_clerk, now=now)
    with pytest.raises(ValidationError, match="已经记过请假"):
        duties.record_leave(user=cadre, first_day=today + DAY, last_day=today + DAY, by=station_clerk, now=now)


def test_leave_of_another_stations_cadre(other_cadre, station_clerk, community, today, now):
    with pytest.raises(PermissionDenied):
        duties.record_leave(user=other_cadre, first_day=today, last_day=today, by=station_clerk, now=now)


def test_leave_in_the_past_is_the_offices(cadre, station_clerk, clerk, days_ago, now):
    days = {"first_day": days_ago(3), "last_day": days_ago(2)}
    with pytest.raises(ValidationError, match="镇物业办"):
        duties.record_leave(user=cadre, by=station_clerk, now=now, **days)
    assert duties.record_leave(user=cadre, by=clerk, now=now, **days)


def test_leave_to_come_is_taken_back(cadre, station_clerk, today, now):
    leave = duties.record_leave(user=cadre, first_day=today, last_day=today + DAY, by=station_clerk, now=now)
    duties.take_back_leave(leave=leave, by=station_clerk, now=now)
    assert not CadreLeave.objects.exists()


def test_leave_that_has_begun_ends_yesterday(cadre, station_clerk, days_ago, today, now):
    leave = CadreLeave.objects.create(user=cadre, first_day=days_ago(2), last_day=today + DAY)
    duties.take_back_leave(leave=leave, by=station_clerk, now=now)
    assert CadreLeave.objects.get().last_day == days_ago(1)


def test_leave_that_is_over_stays(cadre, station_clerk, clerk, days_ago, now):
    leave = CadreLeave.objects.create(user=cadre, first_day=days_ago(5), last_day=days_ago(4))
    with pytest.raises(ValidationError, match="镇物业办"):
        duties.take_back_leave(leave=leave, by=station_clerk, now=now)
    duties.take_back_leave(leave=leave, by=clerk, now=now)
    assert not CadreLeave.objects.exists()


def test_whom_nobody_stands_in_for(cadre, other_cadre, community, station_head, today, now):
    days = {"first_day": today, "last_day": today + DAY}
    leave = duties.record_leave(user=cadre, by=station_head, now=now, **days)
    assert list(duties.uncovered(leave)) == [community]
    duties.substitute(user=other_cadre, community=community, by=station_head, now=now, **days)
    assert not duties.uncovered(leave)


def test_whom_a_station_may_link(station_head, station_clerk, cadre, other_cadre, newcomer, firm, clerk, today):
    found = set(duties.who_may_patrol(station_head, today=today))
    assert found == {station_head, station_clerk, cadre, other_cadre, newcomer}
    assert firm not in duties.who_may_patrol(clerk, today=today) and clerk in duties.who_may_patrol(clerk, today=today)
