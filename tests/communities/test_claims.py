"""R08: partner units take on problems of their community; listed, claimed, reported on, done or given back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from communities import claims, self_governed
from communities.models import ClaimedProblem, ClaimEvent, Person, ResidentGroup
from lib.states import WrongState
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(make_user):
    """Speaks for the partner unit of the community."""
    return make_user("wang", "汪结对")


@pytest.fixture
def unit(community, partner, clerk, today, now):
    person = Person.objects.create(name="汪结对", user=partner)
    group = self_governed.found(
        community=community, kind="partner", name="演示·供电所", first_day=today, by=clerk, now=now
    )
    ResidentGroup.objects.filter(pk=group.pk).update(leader=person)
    group.refresh_from_db()
    from communities import person_roles

    person_roles.follow(person, now=now)
    return group


@pytest.fixture
def problem(community, clerk, now):
    return claims.put_on_list(community=community, what="3幢路灯不亮", needs="两位电工", by=clerk, now=now)


def act(client, problem, doing, **typed):
    return client.post(reverse("communities:claim-act", args=[problem.pk, doing]), typed)


def test_from_the_list_to_done(as_, as_clerk, community, partner, unit, today):
    answer = as_clerk.post(reverse("communities:claim-new", args=[community.pk]), {"what": "3幢路灯不亮", "needs": ""})
    assert answer.status_code == 302
    problem, client = ClaimedProblem.objects.get(), as_(partner)
    assert client.get("/").status_code in (200, 302)
    assert "3幢路灯不亮" in client.get(reverse("communities:claim-list")).content.decode()
    assert "认领" in client.get(problem.get_absolute_url()).content.decode()
    assert act(client, problem, "take", group=unit.pk, due_on=today + timedelta(days=7)).status_code == 302
    assert act(client, problem, "report", text="灯买好了").status_code == 302
    assert act(client, problem, "finish", done_on=today, text="换了三盏").status_code == 302
    problem.refresh_from_db()
    assert (problem.state, problem.group, problem.done_on) == ("done", unit, today)
    shown = as_clerk.get(problem.get_absolute_url()).content.decode()
    for words in ("列入清单", "演示·供电所", "灯买好了", "换了三盏", "办好了"):
        assert words in shown
    assert not as_clerk.get(reverse("communities:claim-list")).content.decode().count("3幢路灯不亮")
    assert "3幢路灯不亮" in as_clerk.get(reverse("communities:claim-list") + "?state=done").content.decode()


def test_a_unit_gives_it_back_and_it_is_on_the_list_again(problem, unit, partner, today, now):
    claims.take(problem=problem, group=unit, due_on=today, by=partner, now=now)
    claims.give_back(problem=problem, text="没有登高车", by=partner, now=now)
    problem.refresh_from_db()
    assert (problem.state, problem.group, problem.due_on) == ("listed", None, None)
    assert "没有登高车" in problem.events.last().text


def test_a_long_word_of_a_unit_with_a_long_name(problem, unit, partner, as_, today, now):
    ResidentGroup.objects.filter(pk=unit.pk).update(name="长" * 60)
    claims.take(problem=problem, group=unit, due_on=today, by=partner, now=now)
    assert act(as_(partner), problem, "give-back", text="话" * 231).status_code == 422
    assert act(as_(partner), problem, "give-back", text="话" * 230).status_code == 302


def test_another_unit_reads_only_what_one_has_taken_on(problem, unit, partner, community, as_, make_user, today, now):
    claims.take(problem=problem, group=unit, due_on=today, by=partner, now=now)
    other = make_user("zhao", "赵结对", Role.PARTNER)
    leader = Person.objects.create(name="赵结对", user=other)
    ResidentGroup.objects.create(community=community, kind="partner", name="邮局", leader=leader, first_day=today)
    assert as_(other).get(problem.get_absolute_url()).status_code == 200
    for doing in ("finish", "report", "give-back", "strike"):
        assert as_(other).get(reverse("communities:claim-act", args=[problem.pk, doing])).status_code == 403


def test_the_station_notes_it_for_a_unit_without_an_account(problem, unit, station_head, today, now):
    claims.take(problem=problem, group=unit, due_on=today, by=station_head, now=now)
    claims.finish(problem=problem, done_on=today, text="换好了", by=station_head, now=now)
    problem.refresh_from_db()
    assert problem.state == "done"


def test_what_nobody_needs_any_more_is_struck(problem, as_clerk):
    assert act(as_clerk, problem, "strike", text="换过了").status_code == 302
    problem.refresh_from_db()
    assert problem.state == "struck"


@pytest.mark.parametrize(
    ("doing", "typed", "says"),
    [
        ("take", {"group": "", "due_on": "2199-01-01"}, "选一个共建单位"),
        ("take", {"due_on": "2020-01-01"}, "今天或以后"),
        ("take", {"due_on": ""}, "写上日期"),
        ("strike", {"text": ""}, "写一句"),
    ],
)
def test_what_an_act_needs(problem, unit, as_clerk, doing, typed, says):
    answer = act(as_clerk, problem, doing, **{"group": unit.pk, **typed})
    assert answer.status_code == 422 and says in answer.content.decode()
    problem.refresh_from_db()
    assert problem.state == "listed"


def test_not_done_tomorrow(problem, unit, partner, today, now):
    claims.take(problem=problem, group=unit, due_on=today, by=partner, now=now)
    with pytest.raises(ValidationError, match="还没到"):
        claims.finish(problem=problem, done_on=today + timedelta(days=1), text="x", by=partner, now=now)


def test_partners_of_another_community_and_former_ones_see_and_take_nothing(
    problem, unit, as_, partner, clerk, today, now, make_user
):
    stranger = make_user("qita", "外面的", Role.PARTNER)
    assert as_(stranger).get(problem.get_absolute_url()).status_code == 404
    ResidentGroup.objects.filter(pk=unit.pk).update(
        first_day=today - timedelta(days=9), last_day=today - timedelta(days=1)
    )
    with pytest.raises(PermissionDenied):
        claims.take(problem=problem, group=unit, due_on=today, by=partner, now=now)
    assert as_(partner).get(problem.get_absolute_url()).status_code == 404


def test_a_group_that_is_no_partner_takes_nothing(problem, community, clerk, today, now):
    group = ResidentGroup.objects.create(community=community, kind="volunteers", name="志愿队", first_day=today)
    with pytest.raises(PermissionDenied, match="共建单位"):
        claims.take(problem=problem, group=group, due_on=today, by=clerk, now=now)


def test_the_page_says_whose_turn_it_is(problem, unit, as_clerk, partner, today, now):
    address = reverse("communities:claim-detail", args=[problem.pk])
    assert "等共建单位认领" in as_clerk.get(address).content.decode()
    claims.take(problem=problem, group=unit, due_on=today, by=partner, now=now)
    assert "演示·供电所" in as_clerk.get(address).content.decode()
    ClaimedProblem.objects.update(due_on=today - timedelta(days=1))
    assert "前没办好" in as_clerk.get(address).content.decode()


def test_whoever_reads_only_gets_403(problem, unit, as_, cadre, as_clerk, other_station_head, leader):
    assert as_(cadre).get(problem.get_absolute_url()).status_code == 200
    for user in (cadre, leader):
        assert as_(user).get(reverse("communities:claim-act", args=[problem.pk, "take"])).status_code == 403
    assert as_(other_station_head).get(problem.get_absolute_url()).status_code == 404
    assert as_clerk.delete(problem.get_absolute_url()).status_code == 405
    assert as_clerk.get(reverse("communities:claim-act", args=[problem.pk, "nothing"])).status_code == 404


def test_the_partners_role_lasts_as_long_as_the_unit(unit, partner, clerk, today, now):
    def fresh():
        return type(partner).objects.get(pk=partner.pk)

    assert Role.PARTNER in fresh().roles
    self_governed.end(group=unit, last_day=today, by=clerk, now=now)
    assert partner.grants.get(role=Role.PARTNER).last_day == today


def test_constraints(problem, unit, neighbour_community, today):
    """claimed_problem_by_whom, claimed_problem_done_when, claimed_by_group_here; sealed: communities_claimevent."""
    rows = ClaimedProblem.objects.filter(pk=problem.pk)
    for name, change in [
        ("claimed_problem_by_whom", {"state": "claimed"}),
        ("claimed_problem_done_when", {"state": "done", "group": unit, "due_on": today}),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClaimEvent.objects.all().delete()
    elsewhere = ResidentGroup.objects.create(
        community=neighbour_community, kind="partner", name="别处的", first_day=today
    )
    from django.db import connection

    with pytest.raises(IntegrityError, match="claimed_by_group_here"), transaction.atomic():
        rows.update(state="claimed", group=elsewhere, due_on=today)
        connection.check_constraints()


def test_the_list_is_a_constant_number_of_queries(community, clerk, as_clerk, now, django_assert_num_queries):
    claims.put_on_list(community=community, what="第一件", needs="", by=clerk, now=now)
    address = reverse("communities:claim-list")
    from django.db import connection

    with CaptureQueriesContext(connection) as few:
        as_clerk.get(address)
    for number in range(15):
        claims.put_on_list(community=community, what=f"第{number}件", needs="", by=clerk, now=now)
    with django_assert_num_queries(len(few)):
        as_clerk.get(address)


@pytest.mark.django_db(transaction=True)
def test_two_units_take_one_problem_at_once(community, problem, clerk, today, now):
    groups = [
        ResidentGroup.objects.create(community=community, kind="partner", name=f"单位{n}", first_day=today)
        for n in range(2)
    ]
    takes = [
        lambda group=group: claims.take(problem=problem, group=group, due_on=today, by=clerk, now=now)
        for group in groups
    ]
    ends = at_once(*takes)
    assert sorted(type(end) for end in ends if end) == [WrongState]
    assert ClaimEvent.objects.filter(kind="claimed").count() == 1
