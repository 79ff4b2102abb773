"""谁联系哪个小区, leave, standing in, handing over, 楼幢长: the five questions of each page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from communities import duties
from communities.models import Building, BuildingHead, CadreLeave, PatrolDuty, Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = reverse("communities:duties")


@pytest.fixture
def leave(cadre, today):
    return CadreLeave.objects.create(user=cadre, first_day=today, last_day=today + DAY)


def text(answer) -> str:
    return answer.content.decode()


# ---------------------------------------------------------------- who patrols where


def test_who_patrols_where(town, as_station_head, cadre, community, neighbour_community):
    page = text(as_station_head.get(PAGE))
    assert cadre.name in page and community.name in page and neighbour_community.name not in page


def test_the_office_sees_all(town, as_clerk, community, neighbour_community):
    page = text(as_clerk.get(PAGE))
    assert community.name in page and neighbour_community.name in page


def test_a_community_without_cadre_comes_first(community, neighbour_community, other_cadre, as_clerk):
    answer = as_clerk.get(PAGE)
    assert [line.community for line in answer.context["lines"]] == [community, neighbour_community]
    assert answer.context["uncovered"] == 1


def test_leave_without_and_with_substitute(leave, other_cadre, community, as_station_head, station_head, now):
    answer = as_station_head.get(PAGE)
    assert answer.context["lines"][0].is_uncovered and "没人代" in text(answer)
    days = {"first_day": leave.first_day, "last_day": leave.last_day}
    duties.substitute(user=other_cadre, community=community, by=station_head, now=now, **days)
    answer = as_station_head.get(PAGE)
    assert not answer.context["lines"][0].is_uncovered and f"{other_cadre}代" in text(answer)


@pytest.mark.parametrize("who", ["cadre", "firm", "leader", "resident"])
@pytest.mark.parametrize("page", ["communities:duties", "communities:heads"])
def test_not_for_others(who, page, request, town, as_):
    assert as_(request.getfixturevalue(who)).get(reverse(page)).status_code == 403


def test_strangers_sign_in_first(stranger):
    assert stranger.get(PAGE).status_code == 302


def test_only_to_be_looked_at(as_clerk):
    assert as_clerk.post(PAGE).status_code == 405


def test_queries_of_the_page(town, leave, as_clerk, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        as_clerk.get(PAGE)


def test_an_administrator_is_offered_nothing(administrator, town, as_):
    assert "记请假" not in text(as_(administrator).get(PAGE))


# ---------------------------------------------------------------- leave


def leave_page(user) -> str:
    return reverse("communities:leave-new", args=[user.pk])


def test_leave_in_two_taps(cadre, as_station_head, today):
    """The form is filled in with today: opening it and sending it."""
    form = as_station_head.get(leave_page(cadre)).context["form"]
    shown = {bound.name: re.search(r'value="([^"]+)"', str(bound))[1] for bound in form}  # as a browser sends it
    assert shown == {"first_day": today.isoformat(), "last_day": today.isoformat()}
    assert as_station_head.post(leave_page(cadre), shown).status_code == 302
    assert CadreLeave.objects.get().first_day == today


def test_leave_that_overlaps(leave, cadre, as_station_head, today):
    answer = as_station_head.post(leave_page(cadre), {"first_day": today, "last_day": today})
    assert answer.status_code == 422 and "已经记过请假" in text(answer)


def test_leave_the_wrong_way_round(cadre, as_station_head, today):
    answer = as_station_head.post(leave_page(cadre), {"first_day": today, "last_day": today - DAY})
    assert answer.status_code == 422 and "不能早于" in text(answer) and CadreLeave.objects.count() == 0


def test_leave_of_another_stations_cadre(other_cadre, cadre, as_station_head):
    assert as_station_head.get(leave_page(other_cadre)).status_code == 404


def test_who_keeps_no_registry_gives_no_leave(cadre, administrator, as_):
    assert as_(administrator).get(leave_page(cadre)).status_code == 403


def test_opening_the_form_writes_nothing(cadre, as_station_head):
    as_station_head.get(leave_page(cadre))
    assert not CadreLeave.objects.exists()


def test_taking_leave_back(leave, as_station_head, other_station_head, as_):
    where = reverse("communities:leave-take-back", args=[leave.pk])
    assert as_(other_station_head).post(where).status_code == 404
    assert as_station_head.get(where).status_code == 405
    assert as_station_head.post(where).status_code == 302
    assert not CadreLeave.objects.exists()


def test_leave_that_is_over_is_explained(cadre, as_station_head, days_ago):
    old = CadreLeave.objects.create(user=cadre, first_day=days_ago(4), last_day=days_ago(3))
    page = text(as_station_head.post(reverse("communities:leave-take-back", args=[old.pk]), follow=True))
    assert "镇物业办" in page and CadreLeave.objects.exists()


# ---------------------------------------------------------------- standing in, handing over


def test_the_days_of_the_leave_are_proposed(leave, community, as_station_head, other_cadre):
    where = reverse("communities:substitute-new", args=[community.pk])
    days = {"first_day": leave.first_day, "last_day": leave.last_day}
    form = as_station_head.get(where, days).context["form"]
    assert form.initial == days
    assert as_station_head.post(where, {**days, "user": other_cadre.pk}).status_code == 302
    assert PatrolDuty.objects.get(kind="substitute").user == other_cadre


def test_oneself_does_not_stand_in(cadre, community, as_station_head, today):
    where = reverse("communities:substitute-new", args=[community.pk])
    answer = as_station_head.post(where, {"user": cadre.pk, "first_day": today, "last_day": today})
    assert answer.status_code == 422 and "已经负责这个小区" in text(answer)


@pytest.mark.parametrize("page", ["communities:substitute-new", "communities:hand-over"])
def test_another_stations_community(page, neighbour_community, community, as_station_head, administrator, as_):
    assert as_station_head.get(reverse(page, args=[neighbour_community.pk])).status_code == 404
    assert as_(administrator).get(reverse(page, args=[community.pk])).status_code == 403


def test_handing_over(cadre, other_cadre, community, as_station_head, today):
    where = reverse("communities:hand-over", args=[community.pk])
    form = as_station_head.get(where).context["form"]
    assert form.initial["first_day"] == today + DAY
    assert as_station_head.post(where, {"user": other_cadre.pk, "first_day": today + DAY}).status_code == 302
    assert PatrolDuty.objects.get(user=cadre).last_day == today


def test_the_proposed_day_stands_in_the_field(cadre, community, as_station_head, today):
    """A browser shows a day only when it is written like this."""
    page = text(as_station_head.get(reverse("communities:hand-over", args=[community.pk])))
    assert f'value="{today + DAY}"' in page


def test_nobody_chosen(cadre, community, as_station_head, today):
    where = reverse("communities:hand-over", args=[community.pk])
    answer = as_station_head.post(where, {"user": "", "first_day": today})
    assert answer.status_code == 422 and "选一个人" in text(answer)


# ---------------------------------------------------------------- 楼幢长


@pytest.fixture
def head(community, building, today):
    other = Building.objects.create(community=community, code="04", name="4幢")
    person = Person.objects.create(name="何桂香")
    return BuildingHead.objects.create(
        community=community, building=other, person=person, origin="self", appointed_on=today, first_day=today
    )


def test_buildings_and_their_heads(head, building, as_station_head):
    where = reverse("communities:heads")
    answer = as_station_head.get(where)
    assert (answer.context["total"], answer.context["missing"]) == (2, 1) and "何桂香" in text(answer)
    assert list(as_station_head.get(where, {"head": "no"}).context["page"]) == [building]
    assert list(as_station_head.get(where, {"head": "yes"}).context["page"]) == [head.building]
    assert not list(as_station_head.get(where, {"words": "没有这样的"}).context["page"])


def test_a_bent_address_shows_all(head, as_station_head):
    assert as_station_head.get(reverse("communities:heads"), {"head": "x", "page": "x"}).status_code == 200


def test_queries_of_the_list(head, as_station_head, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        as_station_head.get(reverse("communities:heads"))
