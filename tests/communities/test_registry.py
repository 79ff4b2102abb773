"""Contracts, service states, posts, building heads, equipment."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import password_resets
from accounts.models import RoleGrant, User
from accounts.roles import Role
from communities import contracts, equipment, heads, person_roles, posts
from communities.models import BuildingHead, Contract, Equipment, FirmPost, Person, ServiceState, Stairwell, StationPost
from communities.responsibility import answering_on, responsible_on

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def roles_of(user) -> set:
    return set(User.objects.get(pk=user.pk).roles)


@pytest.fixture
def newcomer(make_user):
    return make_user("xinlai", "新来的")


# ---------------------------------------------------------------- contracts


def test_one_firm_after_another(community, firm_row, other_firm_row, station_head, today, now):
    old = Contract.objects.get(community=community)
    contracts.end(contract=old, last_day=today, by=station_head, now=now)
    contracts.begin(
        community=community, firm=other_firm_row, kind="owners", first_day=today + DAY, by=station_head, now=now
    )
    assert responsible_on(community, today).firm == firm_row
    assert responsible_on(community, today + DAY).firm == other_firm_row


def test_two_firms_at_once_are_explained(community, firm_row, other_firm_row, station_head, today, now):
    with pytest.raises(ValidationError, match="已经有物业合同"):
        contracts.begin(
            community=community, firm=other_firm_row, kind="owners", first_day=today, by=station_head, now=now
        )


def test_the_first_contract_may_be_old(community, other_firm_row, station_head, days_ago, now):
    begun = {"community": community, "firm": other_firm_row, "kind": "owners", "by": station_head, "now": now}
    contracts.begin(first_day=days_ago(900), last_day=days_ago(500), **begun)
    with pytest.raises(ValidationError, match="镇物业办"):
        contracts.begin(first_day=days_ago(400), **begun)


def test_a_firm_that_is_gone(community, other_firm_row, station_head, days_ago, now):
    other_firm_row.ended_on = days_ago(10)
    with pytest.raises(ValidationError, match="注销"):
        contracts.begin(
            community=community, firm=other_firm_row, kind="owners", first_day=days_ago(20), by=station_head, now=now
        )


def test_another_stations_contract(neighbour_community, other_firm_row, station_head, today, now):
    with pytest.raises(PermissionDenied):
        contracts.end(contract=Contract.objects.get(), last_day=today, by=station_head, now=now)


def test_service_changes_hands(community, station_head, today, now):
    say = {"community": community, "by": station_head, "now": now}
    contracts.change_service(kind="self_governed", body="松苑自治小组", first_day=today - 90 * DAY, **say)
    contracts.change_service(kind="assigned", body="城东社区", first_day=today, **say)
    assert [state.kind for state in ServiceState.objects.order_by("first_day")] == ["self_governed", "assigned"]
    assert responsible_on(community, today - DAY).name == "松苑自治小组"
    assert responsible_on(community, today).name == "城东社区"


def test_who_answers_is_named(community, station_head, today, now):
    with pytest.raises(ValidationError, match="自治小组"):
        contracts.change_service(community=community, kind="assigned", first_day=today, by=station_head, now=now)


def test_open_items_move_as_the_contract_says(community, firm_row, other_firm_row, station_head, days_ago, today, now):
    old, since = Contract.objects.get(community=community), days_ago(20)
    Contract.objects.filter(pk=old.pk).update(last_day=days_ago(10))
    Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=days_ago(9))
    assert answering_on(community, since, today).firm == firm_row
    Contract.objects.filter(pk=old.pk).update(open_items="next")
    assert answering_on(community, since, today).firm == other_firm_row
    assert answering_on(community, since, days_ago(10)).firm == firm_row
    assert answering_on(community, days_ago(5), today).firm == other_firm_row


# ---------------------------------------------------------------- posts


def test_a_firms_post_makes_the_role(newcomer, firm_row, station_head, today, now):
    post = posts.take_firm_post(user=newcomer, firm=firm_row, kind="manager", first_day=today, by=station_head, now=now)
    assert roles_of(newcomer) == {Role.FIRM_MANAGER}
    posts.end_firm_post(post=post, last_day=today, by=station_head, now=now)
    assert RoleGrant.objects.get(user=newcomer).last_day == today


def test_the_role_lasts_as_long_as_another_post(newcomer, firm_row, other_firm_row, clerk, today, now):
    take = {"user": newcomer, "kind": "staff", "first_day": today, "by": clerk, "now": now}
    post = posts.take_firm_post(firm=firm_row, **take)
    posts.take_firm_post(firm=other_firm_row, **take)
    posts.end_firm_post(post=post, last_day=today, by=clerk, now=now)
    assert RoleGrant.objects.get(user=newcomer).last_day is None


def test_a_cadre_works_for_no_firm(cadre, firm_row, clerk, today, now):
    with pytest.raises(ValidationError, match="不能同时"):
        posts.take_firm_post(user=cadre, firm=firm_row, kind="staff", first_day=today, by=clerk, now=now)


def test_a_firm_of_other_communities(newcomer, other_firm_row, station_head, today, now):
    with pytest.raises(PermissionDenied):
        posts.take_firm_post(
            user=newcomer, firm=other_firm_row, kind="staff", first_day=today, by=station_head, now=now
        )


def test_a_station_post_needs_its_role(newcomer, other_station_head, village, clerk, today, now):
    take = {"village_committee": village, "kind": "head", "first_day": today, "by": clerk, "now": now}
    with pytest.raises(ValidationError, match="先请系统管理员授予"):
        posts.take_station_post(user=newcomer, **take)
    assert posts.take_station_post(user=other_station_head, **take)


def test_a_station_gives_itself_no_post(station_head, other_village, today, now):
    with pytest.raises(PermissionDenied):
        posts.take_station_post(
            user=station_head, village_committee=other_village, kind="head", first_day=today, by=station_head, now=now
        )


def test_a_station_post_ends(station_head, clerk, today, now):
    post = StationPost.objects.get(user=station_head)
    posts.end_station_post(post=post, last_day=today, by=clerk, now=now)
    assert StationPost.objects.get(pk=post.pk).last_day == today


# ---------------------------------------------------------------- passwords


def test_whose_password_the_station_head_resets(station_head, cadre, firm, other_cadre, other_firm, newcomer, today):
    assert set(password_resets.resettable_by(station_head, today=today)) == {cadre, firm}


def test_after_the_contract_no_more(station_head, cadre, firm, days_ago, today):
    Contract.objects.update(last_day=days_ago(1))
    assert set(password_resets.resettable_by(station_head, today=today)) == {cadre}


def test_a_firms_person_who_left(station_head, firm, days_ago, today):
    FirmPost.objects.update(last_day=days_ago(1))
    assert not password_resets.resettable_by(station_head, today=today)


# ---------------------------------------------------------------- 楼幢长


@pytest.fixture
def person(db, newcomer):
    return Person.objects.create(name="王桂兰", user=newcomer)


def test_appointing_a_head(building, person, newcomer, station_clerk, community, today, now):
    assert list(heads.without_head(type(community).objects.all(), today=today)) == [building]
    head = heads.appoint(
        building=building,
        person=person,
        origin="recommended",
        recommended_by="业主代表 5 人",
        appointed_on=today,
        by=station_clerk,
        now=now,
    )
    assert head.community == community and roles_of(newcomer) == {Role.BUILDING_HEAD}
    assert not heads.without_head(type(community).objects.all(), today=today)


def test_who_recommended_is_named(building, person, station_clerk, today, now):
    with pytest.raises(ValidationError, match="哪些业主代表"):
        heads.appoint(
            building=building, person=person, origin="recommended", appointed_on=today, by=station_clerk, now=now
        )


def test_a_building_has_one_head(building, person, station_clerk, today, now):
    say = {"building": building, "person": person, "origin": "self", "by": station_clerk, "now": now}
    heads.appoint(appointed_on=today, **say)
    with pytest.raises(ValidationError, match="已经有楼幢长"):
        heads.appoint(appointed_on=today, **say)


def test_a_stairwell_of_another_building(building, person, community, station_clerk, today, now):
    other = community.buildings.create(code="04", name="4幢")
    stairwell = Stairwell.objects.create(building=other, code="1", name="1单元")
    with pytest.raises(ValidationError, match="不在这幢楼里"):
        heads.appoint(
            building=building,
            stairwell=stairwell,
            person=person,
            origin="self",
            appointed_on=today,
            by=station_clerk,
            now=now,
        )


def test_a_term_ends(building, person, newcomer, station_clerk, today, now):
    head = heads.appoint(building=building, person=person, origin="self", appointed_on=today, by=station_clerk, now=now)
    heads.end(head=head, last_day=today + DAY, by=station_clerk, now=now)
    assert BuildingHead.objects.get().last_day == today + DAY == RoleGrant.objects.get(user=newcomer).last_day


def test_an_account_comes_later(building, newcomer, station_clerk, today, now):
    person = Person.objects.create(name="何桂香")
    heads.appoint(building=building, person=person, origin="self", appointed_on=today, by=station_clerk, now=now)
    person_roles.give_account(person=person, user=newcomer, now=now)
    assert roles_of(newcomer) == {Role.BUILDING_HEAD}


# ---------------------------------------------------------------- equipment


@pytest.mark.parametrize(("left", "found"), [(-3, True), (0, True), (30, True), (31, False)])
def test_what_is_due_soon(community, station_head, today, left, found):
    lift = Equipment(community=community, kind="lift", name="1号梯", first_day=today - 400 * DAY)
    lift.inspect_by = today + left * DAY
    lift.save()
    assert equipment.due(station_head, today=today).exists() is found


def test_what_is_out_of_use_is_not_due(community, station_head, today):
    days = {"first_day": today - 400 * DAY, "last_day": today - DAY, "inspect_by": today}
    Equipment.objects.create(community=community, kind="lift", name="1号梯", **days)
    assert not equipment.due(station_head, today=today)


def test_another_stations_equipment(neighbour_community, station_head, today):
    days = {"first_day": today - 400 * DAY, "inspect_by": today}
    Equipment.objects.create(community=neighbour_community, kind="lift", name="1号梯", **days)
    assert not equipment.due(station_head, today=today)
