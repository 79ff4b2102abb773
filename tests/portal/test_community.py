"""The list of communities and the page of one, as each role sees it."""

import pytest
from django.urls import reverse

from accounts.models import Address
from communities.models import (
    BuildingHead,
    Community,
    Contract,
    Equipment,
    PatrolDuty,
    Person,
    ServiceState,
    Stairwell,
    Unit,
)
from lib.periods import beijing_date
from tests import queries
from tests.inspections.phone import MONDAY, day, finding

LIST = reverse("portal:community-list")


def words(client, community) -> str:
    page = client.get(community.get_absolute_url())
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def furnished(community, building, firm_row):
    """A community with units, a building head, and a lift whose inspection is overdue."""
    stairwell = Stairwell.objects.create(building=building, code="1", name="1单元")
    for number in range(3):
        Unit.objects.create(community=community, building=building, code=f"03-1-010{number}", area_centi=8956)
    phone = Address.objects.create(kind="phone", value="13800000000")
    person = Person.objects.create(name="王桂兰", phone=phone)
    head = {"community": community, "building": building, "person": person, "origin": "self"}
    BuildingHead.objects.create(**head, stairwell=stairwell, appointed_on=MONDAY, first_day=MONDAY)
    Equipment.objects.create(
        community=community, kind="lift", name="1号梯", first_day=day("2010-01-01"), inspect_by=day("2026-11-18")
    )
    return community


# ---------------------------------------------------------------- one community


@pytest.mark.parametrize("who", ["cadre", "station_head", "station_clerk", "clerk", "leader"])
def test_staff_read_patrols_findings_and_registry(as_, request, furnished, patrol, a_finding, who):
    page = words(as_(request.getfixturevalue(who)), furnished)
    for said in ("演示·安居物业", patrol.number, a_finding.text, "谁在巡查", "1 幢，3 户", "268.68", "检验过期"):
        assert said in page


def test_a_firm_reads_its_findings_and_the_registry_not_the_patrols(as_firm, furnished, patrol, a_finding, covert):
    page = words(as_firm, furnished)
    assert a_finding.text in page and "1 幢，3 户" in page
    for hidden in (patrol.number, "谁在巡查", "陈国平", "近几周的巡查", "垃圾桶满了"):
        assert hidden not in page


@pytest.mark.parametrize("who", ["clerk", "station_head", "cadre", "leader", "firm"])
def test_names_of_owners_are_masked_and_numbers_not_there(as_, request, furnished, who):
    page = words(as_(request.getfixturevalue(who)), furnished)
    assert "王*兰" in page and "王桂兰" not in page and "13800000000" not in page


def test_several_heads_of_one_building(as_clerk, furnished, building):
    other = Person.objects.create(name="李四")
    BuildingHead.objects.create(
        community=furnished, building=building, person=other, origin="self", appointed_on=MONDAY, first_day=MONDAY
    )
    page = words(as_clerk, furnished)
    assert "王*兰" in page and "李*" in page


@pytest.mark.parametrize("who", ["other_cadre", "other_station_head", "other_firm"])
def test_a_stranger_gets_404(as_, request, community, who):
    assert as_(request.getfixturevalue(who)).get(community.get_absolute_url()).status_code == 404


def test_residents_get_403(as_, resident, community):
    assert as_(resident).get(community.get_absolute_url()).status_code == 403
    assert as_(resident).get(LIST).status_code == 403


def test_only_reading(as_clerk, community):
    assert as_clerk.post(reverse("portal:community", args=[community.pk])).status_code == 405
    assert as_clerk.post(LIST).status_code == 405


def test_an_unannounced_patrol_is_the_offices(as_clerk, as_station_head, as_cadre, covert, community):
    assert covert.number in words(as_clerk, community) and "垃圾桶满了" in words(as_clerk, community)
    for client in (as_station_head, as_cadre):
        assert covert.number not in words(client, community) and "垃圾桶满了" not in words(client, community)


def test_eight_weeks_of_history(as_clerk, community, cadre, visit):
    visit(cadre, community, "2026-11-11 09:00")
    page = as_clerk.get(community.get_absolute_url())
    weeks = page.context["weeks"]
    assert [row.week.monday for row in weeks[:2]] == [MONDAY, day("2026-11-09")] and len(weeks) == 8
    assert [(row.done, row.asked) for row in weeks[:2]] == [(0, 3), (1, 3)]


def test_who_answers_for_it(as_clerk, neighbour_community, community, firm_row, village):
    assert "演示·安居物业" in words(as_clerk, community)
    assert "城西社区" in words(as_clerk, neighbour_community)
    ServiceState.objects.create(
        community=neighbour_community, kind="self_governed", body="滨湖自治小组", first_day=MONDAY
    )
    assert "滨湖自治小组" in words(as_clerk, neighbour_community)


def test_a_firm_whose_contract_ended_reads_its_own_contract_only(as_firm, community, firm_row, other_firm_row):
    Contract.objects.filter(firm=firm_row).update(last_day=day("2026-11-01"))
    Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=day("2026-11-02"))
    contracts = as_firm.get(community.get_absolute_url()).context["contracts"]
    assert [contract.firm for contract in contracts] == [firm_row]


def test_who_patrols_it(as_clerk, community, cadre, other_cadre):
    PatrolDuty.objects.create(user=other_cadre, community=community, kind="substitute", first_day=MONDAY)
    page = words(as_clerk, community)
    assert "陈国平，联系" in page and "王晓红，代班" in page


def test_the_page_takes_the_same_queries_however_much_there_is(as_clerk, furnished, cadre, building, send):
    send(cadre, furnished, finding())
    few = queries.of(as_clerk, furnished.get_absolute_url())
    for number in range(12):
        Unit.objects.create(community=furnished, building=building, code=f"03-1-03{number:02}", area_centi=8956)
        send(cadre, furnished, finding(), finding("HYG1", field="hyg-0"))
    assert queries.of(as_clerk, furnished.get_absolute_url()) == few <= 26


# ---------------------------------------------------------------- the list


def names(client, **query) -> list[str]:
    page = client.get(LIST, query)
    assert page.status_code == 200
    return [str(row) for row in page.context["page"]]


def test_each_sees_their_own_by_pinyin(as_, request, town):
    both, here = ["演示·滨湖花园", "演示·松苑小区"], ["演示·松苑小区"]
    expected = {"clerk": both, "leader": both, "station_head": here, "cadre": here, "firm": here}
    for who, seen in expected.items():
        assert names(as_(request.getfixturevalue(who))) == seen, who


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "syxq"}, ["演示·松苑小区"]),
        ({"q": "binhu"}, ["演示·滨湖花园"]),
        ({"kind": "settlement"}, ["演示·松苑小区"]),
        ({"tag": "old"}, ["演示·松苑小区"]),
        ({"q": "没有"}, []),
        ({"q": "\0"}, ["演示·滨湖花园", "演示·松苑小区"]),
        ({"tag": "x"}, ["演示·滨湖花园", "演示·松苑小区"]),
        ({"village": "abc"}, ["演示·滨湖花园", "演示·松苑小区"]),
    ],
    ids=str,
)
def test_search_and_filters(as_clerk, community, neighbour_community, query, expected):
    Community.objects.filter(pk=community.pk).update(tags=["old"])
    assert names(as_clerk, **query) == expected


def test_open_findings_are_those_that_one_sees(as_, request, town, patrol, a_finding, covert):
    seen = {}
    for who in ("clerk", "station_head", "cadre", "firm", "leader"):
        page = as_(request.getfixturevalue(who)).get(LIST).context["page"]
        seen[who] = {row.name: row.open_findings for row in page}["演示·松苑小区"]
    assert seen == {"clerk": 2, "station_head": 1, "cadre": 1, "firm": 1, "leader": 1}


def test_another_firms_findings_are_not_counted(as_, other_firm, other_firm_row, community, patrol, firm_row):
    Contract.objects.filter(firm=firm_row).update(last_day=day("2026-11-30"))
    Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=day("2026-12-01"))
    page = as_(other_firm).get(LIST).context["page"]
    assert {row.name: row.open_findings for row in page}["演示·松苑小区"] == 0


def test_the_list_takes_the_same_queries_for_fifty(as_clerk, community, village):
    few = queries.of(as_clerk, LIST)
    for number in range(50):
        Community.objects.create(name=f"演示·小区{number}", village_committee=village, kind="other")
    assert queries.of(as_clerk, LIST) == few <= 9
    assert len(names(as_clerk)) == 25


def test_campaigns_in_which_it_takes_part(as_cadre, community, clerk, town_head, now):
    from campaigns import planning

    row = planning.open_from_template(template="plan3", starts_on=beijing_date(now), by=clerk, now=now)
    planning.add_places(campaign=row, communities=[community], by=clerk, now=now)
    assert row.title not in as_cadre.get(reverse("portal:community", args=[community.pk])).content.decode()
    planning.propose(campaign=row, by=clerk, now=now)
    planning.approve(campaign=row, by=town_head, now=now)
    page = as_cadre.get(reverse("portal:community", args=[community.pk])).content.decode()
    assert row.places.get().get_absolute_url() in page and row.title in page
