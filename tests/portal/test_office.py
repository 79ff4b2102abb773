"""The desks of office, stations and leaders: every number is the rows behind its link."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from accounts.models import RoleGrant
from accounts.roles import Role
from communities.models import Community, PatrolDuty
from complaints import handling, registration
from complaints.models import Complaint
from inspections.models import Finding
from tests import queries
from tests.inspections.phone import MONDAY, beijing, day, end, finding

OFFICE, LEADER = reverse("portal:office"), reverse("portal:leader")


@pytest.fixture
def busy(town, village, cadre, other_cadre, community, neighbour_community, send, visit):
    """Two stations with findings of this week and last, visited and not visited communities."""
    for name in ("演示·桂花园", "演示·梅园新居", "演示·无人小区"):
        place = Community.objects.create(name=name, village_committee=village, kind="other")
        if name != "演示·无人小区":
            PatrolDuty.objects.create(user=cadre, community=place, first_day=day("2020-01-01"))
    send(cadre, community, finding("FIR8", "消防通道停着车", field="fire-0"), finding("HYG1", field="hyg-0"))
    send(other_cadre, neighbour_community, finding("BLD1", "在搭棚子", field="build-0"), finding("PIL1"))
    send(cadre, community, finding("VEH1", "上周的", field="veh-0"), occurred="2026-11-12 12:00")
    send(cadre, community, finding("VEH4", "上周的，办结了", field="veh-0"), occurred="2026-11-11 12:00")
    end(Finding.objects.filter(text="上周的，办结了"), state="closed", closed_on=day("2026-11-17"))
    end(Finding.objects.filter(item__code="PIL1"), state="withdrawn", withdrawn_reason="写错了")
    for date in ("16", "17", "18"):
        visit(cadre, Community.objects.get(name="演示·桂花园"), f"2026-11-{date} 09:00")


def behind(client, url) -> int:
    """How many rows the page behind a number has."""
    page = client.get(url)
    assert page.status_code == 200, url
    if urlsplit(url).path == reverse("inspections:week-board"):
        return len(page.context["board"])
    return page.context["page"].paginator.count


RULED = (
    *("inspections:week-board", "inspections:finding-list", "communities:heads"),
    *("inspections:notice-list", "inspections:register", "communities:committee-list"),
)


@pytest.mark.parametrize("who", ["clerk", "town_head", "station_head", "station_clerk", "other_station_head"])
def test_every_number_of_a_desk_is_the_rows_behind_it(as_, request, busy, who):
    client = as_(request.getfixturevalue(who))
    tiles = client.get(OFFICE).context["tiles"]
    checked = [tile for tile in tiles if urlsplit(tile.url).path in [reverse(name) for name in RULED]]
    assert len(checked) == 9
    for tile in checked:
        assert behind(client, tile.url) == tile.number, tile.label


def test_the_numbers_themselves(as_clerk, as_station_head, busy):
    numbers = {tile.label: tile.number for tile in as_clerk.get(OFFICE).context["tiles"]}
    assert numbers["本周没人去过"] == 1  # 梅园; nobody is asked to go to the one without a cadre
    assert numbers["本周没巡够"] == 3
    assert (numbers["重大问题没办结"], numbers["问题没办结"]) == (2, 4)
    assert numbers["没有联系干部"] == 1
    numbers = {tile.label: tile.number for tile in as_station_head.get(OFFICE).context["tiles"]}
    assert (numbers["重大问题没办结"], numbers["问题没办结"], numbers["本周没巡够"]) == (1, 3, 2)


def test_numbers_that_add_up(as_clerk, as_station_head, busy, firm_row, community, other_firm):
    """Who reads 去过 and 没去过 side by side adds them; a station counts the firms of its own communities."""
    tile = as_clerk.get(OFFICE).context["tiles"][0]
    assert (tile.number, tile.hint) == (1, "该去的 4 个里去过 3 个")
    assert "5 个小区，2 家物业" in as_clerk.get(OFFICE).content.decode()
    assert "4 个小区，1 家物业" in as_station_head.get(OFFICE).content.decode()


def test_every_link_of_the_desk_opens(as_clerk, busy):
    for tile in as_clerk.get(OFFICE).context["tiles"]:
        assert as_clerk.get(tile.url).status_code == 200, tile.label


def test_what_is_listed(as_clerk, as_station_head, busy):
    words = as_clerk.get(OFFICE).content.decode()
    assert "消防通道停着车" in words and "在搭棚子" in words and "演示·梅园新居" in words and "上周的" not in words
    assert "在搭棚子" not in as_station_head.get(OFFICE).content.decode()


def test_the_last_visit_that_one_may_know_of(as_station_head, as_clerk, clerk, community, cadre, visit, thursday):
    visit(cadre, community, "2026-11-05 09:00")
    visit(clerk, community, "2026-11-14 09:00", kind="covert")
    assert "11月5日" in as_station_head.get(OFFICE).content.decode()
    assert "11月14日" not in as_station_head.get(OFFICE).content.decode()
    assert "11月14日" in as_clerk.get(OFFICE).content.decode()


def test_what_waits_for_a_second_person(as_town_head, as_clerk, make_user, administrator):
    user = make_user("neu", "新同事")
    RoleGrant.objects.create(user=user, role=Role.TOWN_CLERK, first_day=MONDAY, granted_by=administrator)
    assert [tile.label for tile in as_town_head.get(OFFICE).context["checks"]] == ["角色等复核"]
    assert as_clerk.get(OFFICE).context["checks"] == []


def test_committees_that_somebody_should_look_at(as_, clerk, busy, thursday, community, neighbour_community):
    """One whose term ends in a month and was never filed, one against which something is noted, four without."""
    days = {"number": 1, "seats": 5, "elected_on": day("2021-12-01"), "first_day": day("2021-12-20")}
    community.committees.create(last_day=day("2026-12-19"), **days)
    other = neighbour_community.committees.create(last_day=day("2028-12-19"), filed_on=day("2021-12-25"), **days)
    other.concerns.create(kind="weak", reason="半年没开会", first_day=day("2026-10-01"))
    client = as_(clerk)
    tiles = {tile.label: tile for tile in client.get(OFFICE).context["tiles"]}
    for label, number in [
        ("没有业委会", 3),
        ("业委会任期快到", 1),
        ("业委会没按期备案", 1),
        ("业委会不作为", 1),
    ]:
        assert tiles[label].number == number == behind(client, tiles[label].url), label


def test_a_year_without_calendar_is_named(as_, clerk, thursday):
    thursday.move_to(beijing("2026-12-20 10:00"))
    assert "2027 年的放假安排还没有载入" in as_(clerk).get(OFFICE).content.decode()


@pytest.mark.parametrize("who", ["cadre", "leader", "firm", "resident"])
def test_the_desk_for_others_is_403(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(OFFICE).status_code == 403


def test_only_reading(as_clerk, as_, leader):
    assert as_clerk.post(OFFICE).status_code == 405
    assert as_(leader).post(LEADER).status_code == 405


def test_a_desk_takes_the_same_queries_for_a_big_town(as_clerk, busy, village, cadre):
    few = queries.of(as_clerk, OFFICE)
    for number in range(30):
        place = Community.objects.create(name=f"演示·小区{number}", village_committee=village, kind="other")
        PatrolDuty.objects.create(user=cadre, community=place, first_day=day("2020-01-01"))
    assert queries.of(as_clerk, OFFICE) == few <= 27


# ---------------------------------------------------------------- leaders


def test_every_number_of_the_leader_is_the_rows_behind_it(as_, leader, busy):
    client = as_(leader)
    lines = client.get(LEADER).context["lines"]
    assert [line.label for line in lines] == [
        "去过的小区",
        "还没巡够的小区",
        "新发现的问题",
        "办结的问题",
        "没办结的问题",
        "抄告逾期没回复",
    ]
    for line in lines:
        assert behind(client, line.url) == line.now, line.label


def test_the_leaders_numbers_of_this_week_and_last(as_, leader, busy):
    lines = as_(leader).get(LEADER).context["lines"]
    assert [(line.now, line.before) for line in lines] == [(3, 0), (3, 4), (3, 2), (1, 0), (4, 2), (0, 0)]


def test_the_leader_reads_no_names(as_, leader, busy):
    words = as_(leader).get(LEADER).content.decode()
    assert "消防通道停着车" in words
    for name in ("陈国平", "王晓红", "林志明"):
        assert name not in words


@pytest.mark.parametrize("who", ["clerk", "station_head", "cadre", "firm"])
def test_the_leaders_page_for_others_is_403(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(LEADER).status_code == 403


def test_an_unannounced_patrol_is_in_no_number_of_a_leader(as_, leader, covert, cadre, other_cadre):
    lines = as_(leader).get(LEADER).context["lines"]
    assert [line.now for line in lines if line.label != "还没巡够的小区"] == [0, 0, 0, 0, 0]


def test_complaints_that_wait_stand_on_the_first_page(as_clerk, community, firm_row, clerk, today, now):
    for number in range(2):
        row = registration.register(community=community, text=f"垃圾没人收 {number}", phone="13800001234", now=now)
    handling.accept(complaint=row, by=clerk, now=now)
    Complaint.objects.filter(pk=row.pk).update(due_on=today)
    shown = {tile.label: tile for tile in as_clerk.get(OFFICE).context["tiles"]}
    for label, number in {"投诉等受理": 1, "投诉今天到期": 1, "投诉逾期没答复": 0}.items():
        assert shown[label].number == number
        assert as_clerk.get(shown[label].url).context["page"].paginator.count == number
