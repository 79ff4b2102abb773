"""The board of stations and office: communities × days, not visited first; its workbook."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import RoleGrant
from accounts.roles import Role
from communities.models import CadreLeave, Community, FirmPost, PatrolDuty, StationPost
from inspections import boards
from inspections.models import MissedWeekReason
from lib.periods import Week
from tests import queries
from tests.inspections.phone import MONDAY, NOW, beijing, day

BOARD, EXPORT = reverse("inspections:week-board"), reverse("inspections:week-board-export")
THIS = Week(MONDAY)


@pytest.fixture
def places(community, neighbour_community, village, cadre, other_cadre, visit) -> list[Community]:
    """By what is missing: one not visited, one half, one met; and one that nobody answers for."""
    met, free = (
        Community.objects.create(name=name, village_committee=village, kind="other")
        for name in ("演示·桂花园", "演示·无人小区")
    )
    PatrolDuty.objects.create(user=cadre, community=met, first_day=day("2020-01-01"))
    visit(cadre, community, "2026-11-16 09:00")
    visit(cadre, community, "2026-11-16 15:00", kind="extra")
    for date in ("16", "17", "18"):
        visit(cadre, met, f"2026-11-{date} 10:00")
    return [neighbour_community, community, met, free]


def rows(client, **query) -> list:
    page = client.get(BOARD, query)
    assert page.status_code == 200
    return page.context["board"]


def names(client, **query) -> list[str]:
    return [str(row.community) for row in rows(client, **query)]


def words(client, **query) -> str:
    return client.get(BOARD, query).content.decode()


def test_not_visited_first_then_by_pinyin(as_clerk, places):
    board = rows(as_clerk)
    assert [row.community for row in board] == places
    assert [(row.done, row.asked, row.missing) for row in board] == [(0, 3, 3), (1, 3, 2), (3, 3, 0), (0, 0, 0)]
    page = words(as_clerk)
    assert "<b>2</b> 个还没巡够，其中 <b>1</b> 个一次也没去过" in page
    for label in ("没去过", "还差 2 次", "够了", "不用巡"):
        assert label in page


def test_numbers_lead_to_their_patrols(as_clerk, places):
    community = places[1]
    url = f"{reverse('inspections:patrol-list')}?community={community.pk}&amp;first=2026-11-16&amp;last=2026-11-16"
    assert url in words(as_clerk)
    assert rows(as_clerk)[1].counts[0].number == 2
    assert len(as_clerk.get(url.replace("&amp;", "&")).context["page"]) == 2


def test_a_station_sees_its_own(as_station_head, as_, station_clerk, leader, places):
    own = ["演示·松苑小区", "演示·桂花园", "演示·无人小区"]
    assert names(as_station_head) == names(as_(station_clerk)) == own
    assert len(names(as_(leader))) == 4


def test_a_firms_contract_puts_no_community_on_a_board(as_station_head, station_head, places, other_firm_row):
    RoleGrant.objects.create(user=station_head, role=Role.FIRM_STAFF, first_day=MONDAY, origin="setup")
    FirmPost.objects.create(firm=other_firm_row, user=station_head, kind="staff", first_day=MONDAY)
    assert "演示·滨湖花园" not in names(as_station_head)


@pytest.mark.parametrize("url", [BOARD, EXPORT])
@pytest.mark.parametrize("who", ["cadre", "firm", "resident"])
def test_others_get_403(as_, request, who, url):
    assert as_(request.getfixturevalue(who)).get(url).status_code == 403


@pytest.mark.parametrize("url", [BOARD, EXPORT])
def test_only_reading(as_clerk, url):
    assert as_clerk.post(url).status_code == 405


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"only": "missing"}, ["演示·滨湖花园", "演示·松苑小区"]),
        ({"only": "unvisited"}, ["演示·滨湖花园"]),
        ({"only": "visited"}, ["演示·松苑小区", "演示·桂花园"]),
        ({"kind": "developed"}, ["演示·滨湖花园"]),
        ({"q": "guihua"}, ["演示·桂花园"]),
        ({"q": "没有"}, []),
    ],
    ids=str,
)
def test_filters(as_clerk, places, query, expected):
    assert names(as_clerk, **query) == expected


def test_filtered_by_village(as_clerk, places, other_village):
    assert names(as_clerk, village=other_village.pk) == ["演示·滨湖花园"]


@pytest.mark.parametrize(
    "query", [{"only": "x"}, {"village": "abc"}, {"kind": "?"}, {"week": "abc"}, {"q": "\0"}], ids=str
)
def test_what_cannot_be_read_narrows_nothing(as_clerk, places, query):
    assert len(names(as_clerk, **query)) == 4


def test_a_filter_stays_when_the_week_changes(as_clerk, places):
    assert "only=missing&amp;week=2026-11-09" in words(as_clerk, only="missing")


def test_an_earlier_week(as_clerk, places):
    page = as_clerk.get(BOARD, {"week": "2026-11-11"})
    assert page.context["week"].monday == day("2026-11-09")
    assert all(row.done == 0 for row in page.context["board"])


def test_an_ended_community_is_on_the_boards_of_its_time(as_clerk, places):
    Community.objects.filter(pk=places[0].pk).update(ended_on=day("2026-11-18"))
    assert "演示·滨湖花园" not in names(as_clerk)
    assert "演示·滨湖花园" in names(as_clerk, week="2026-11-09")


def test_late_voided_and_unannounced_are_not_on_it(as_clerk, clerk, places, visit):
    place = places[0]
    visit(clerk, place, "2026-11-17 09:00", kind="covert")
    visit(clerk, place, "2026-11-17 09:00", state="voided", void_reason="写错")
    assert rows(as_clerk)[0].done == 0


# ---------------------------------------------------------------- who missed it

OVER = beijing("2026-11-24 08:00")  # Tuesday: last week's term has passed


def test_who_missed_a_week_is_for_the_stations_head_and_the_office(as_, request, places, thursday):
    thursday.move_to(OVER)
    said = {
        who: "陈国平，差 2 次" in words(as_(request.getfixturevalue(who)), week="2026-11-16")
        for who in ("station_head", "clerk", "town_head", "administrator", "leader", "station_clerk")
    }
    assert said == {
        "station_head": True,
        "clerk": True,
        "town_head": True,
        "administrator": True,
        "leader": False,
        "station_clerk": False,
    }


@pytest.mark.parametrize("who", ["leader", "station_clerk"])
def test_leaders_and_clerks_see_no_cadre_at_all(as_, request, places, who):
    page = words(as_(request.getfixturevalue(who)))
    assert "陈国平" not in page and "只有干部本人" not in page


def test_before_the_term_nobody_has_missed_it(as_station_head, places):
    page = words(as_station_head)
    assert "陈国平" in page and "陈国平，差" not in page and "注明原因" not in page


def test_the_head_may_note_and_what_was_noted_is_read(
    as_station_head, as_clerk, station_head, cadre, places, as_, leader
):
    MissedWeekReason.objects.create(
        user=cadre, community=places[1], monday=day("2026-11-09"), reason="台风封路", by=station_head, at=NOW
    )
    link = reverse("inspections:missed-reason", args=[places[1].pk, cadre.pk, THIS.previous])
    page = words(as_station_head, week="2026-11-09")
    assert link in page and "台风封路（王站长注明）" in page
    page = words(as_clerk, week="2026-11-09")
    assert link not in page and "台风封路" in page
    assert "台风封路" not in words(as_(leader), week="2026-11-09")


def test_a_head_who_is_a_leader_too_reads_names_of_the_own_station_only(as_, make_user, places, village, thursday):
    both = make_user("both", "两个角色", Role.STATION_HEAD, Role.LEADER)
    StationPost.objects.create(village_committee=village, user=both, kind="head", first_day=day("2020-01-01"))
    thursday.move_to(OVER)
    page = words(as_(both), week="2026-11-16")
    assert "陈国平，差 2 次" in page and "演示·滨湖花园" in page and "王晓红" not in page


def test_per_cadre_the_total_is_said(as_clerk, places, a_rule, thursday):
    a_rule("patrol.quota_scope", "PER_CADRE", MONDAY)
    thursday.move_to(OVER)
    page = words(as_clerk, week="2026-11-16")
    assert "王晓红，合计差 3 次" in page and "陈国平，合计差" not in page


def test_the_board_by_kind_of_duty(as_clerk, places, other_cadre, community):
    PatrolDuty.objects.create(user=other_cadre, community=community, kind="substitute", first_day=day("2026-11-18"))
    assert "王晓红（代班）" in words(as_clerk)
    assert "没有联系干部" in words(as_clerk, q="无人")


# ---------------------------------------------------------------- history, workbook, queries


def test_the_history_of_a_community_asks_the_same_as_its_boards(community, cadre, other_cadre, visit, places):
    duty = {"kind": "substitute", "first_day": day("2026-11-10"), "last_day": day("2026-11-12")}
    PatrolDuty.objects.create(user=other_cadre, community=community, **duty)
    visit(other_cadre, community, "2026-11-11 09:00")
    past = [THIS, THIS.previous, THIS.previous.previous]
    history = boards.community_history(community, past)
    alone = [boards.community_weeks(week, Community.objects.filter(pk=community.pk))[0] for week in past]
    assert [(row.asked, row.days) for row in history] == [(row.asked, row.days) for row in alone]
    assert history[1].days == {day("2026-11-11"): 1}


def test_a_substitute_on_leave_leaves_the_community_without_anybody(community, cadre, other_cadre):
    duty = {"kind": "substitute", "first_day": MONDAY, "last_day": day("2026-11-19")}
    PatrolDuty.objects.create(user=other_cadre, community=community, **duty)
    CadreLeave.objects.create(user=other_cadre, first_day=MONDAY, last_day=day("2026-11-19"))
    (row,) = boards.community_weeks(THIS, Community.objects.filter(pk=community.pk))
    assert row.asked == 1 == boards.community_history(community, [THIS])[0].asked


def test_the_workbook_holds_the_board(as_clerk, places):
    answer = as_clerk.get(EXPORT, {"only": "missing"})
    assert "2026-11-16.xlsx" in answer["Content-Disposition"]
    sheet = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert sheet[0][:4] == ("小区", "村居", "类别", "11月16日")
    assert sheet[1:] == [
        ("演示·滨湖花园", "城西社区", "开发类", 0, 0, 0, 0, 0, 0, 0, 0, 3, 3),
        ("演示·松苑小区", "城东社区", "安置类", 2, 0, 0, 0, 0, 0, 0, 1, 3, 2),
    ]


def test_the_workbook_names_no_cadre(as_clerk, places):
    answer = as_clerk.get(EXPORT)
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert not any("陈国平" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_five_communities_or_fifty_take_the_same_queries(as_clerk, places, village, make_user):
    few = queries.of(as_clerk, BOARD)
    for number in range(46):
        place = Community.objects.create(name=f"演示·小区{number:02}", village_committee=village, kind="other")
        user = make_user(f"c{number}", f"干部{number}", Role.CADRE)
        PatrolDuty.objects.create(user=user, community=place, first_day=day("2020-01-01"))
    assert len(rows(as_clerk)) == 50
    assert queries.of(as_clerk, BOARD) == few <= 13


def test_searching_and_clearing_stay_in_the_week(as_clerk, places):
    page = as_clerk.get(BOARD, {"week": "2026-11-09", "only": "missing"}).content.decode()
    assert '<input type="hidden" name="week" value="2026-11-09">' in page
    assert f'href="{BOARD}?week=2026-11-09">清空' in page
    assert "is-open" not in as_clerk.get(BOARD, {"week": "2026-11-09"}).content.decode()
