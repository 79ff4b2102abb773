"""复制到群: the text of at most 120 characters, and the picture. Issue 4 §3"""

import io

import pytest
from django.urls import reverse
from PIL import Image

from communities.models import Community, PatrolDuty
from inspections import sharing
from lib.periods import Week
from tests.inspections.phone import MONDAY, day

BOARD, CARD = reverse("inspections:week-board"), reverse("inspections:week-card")


@pytest.fixture
def places(community, neighbour_community, cadre, other_cadre, visit):
    visit(cadre, community, "2026-11-16 09:00")
    return [community, neighbour_community]


def copied(client, **query) -> str:
    return client.get(BOARD, query).context["copy_text"]


def text_of(copied: str) -> str:
    return copied.rpartition("\n")[0]


def test_what_is_copied(as_clerk, places):
    text, _, link = copied(as_clerk).rpartition("\n")
    told = "荆溪镇物业办 11月16日至11月22日巡查：2 个小区，去过 1 个，"
    assert text == told + "还没巡够：演示·滨湖花园、演示·松苑小区（截至10:00）。"
    assert link == "http://testserver/patrols/board/link/?week=2026-11-16"


def test_a_station_copies_its_own(as_station_head, places):
    words = copied(as_station_head)
    assert words.startswith("城东社区") and "松苑小区" in words and "滨湖花园" not in words


def test_no_names_of_people(as_clerk, places, cadre, other_cadre):
    assert cadre.name not in copied(as_clerk) and other_cadre.name not in copied(as_clerk)


def test_a_week_that_is_over_names_no_community(as_clerk, places):
    text = text_of(copied(as_clerk, week="2026-11-09"))
    assert text == "荆溪镇物业办 11月9日至11月15日巡查：2 个小区，去过 0 个，2 个没巡够。"


def test_all_met(as_clerk, places, cadre, other_cadre, visit):
    for number in (16, 17, 18):
        visit(cadre, places[0], f"2026-11-{number} 11:00")
        visit(other_cadre, places[1], f"2026-11-{number} 11:00")
    assert "都巡够了" in copied(as_clerk)


def test_what_was_typed_is_not_copied(as_clerk, places):
    words = text_of(copied(as_clerk, q="松苑"))
    assert "1 个选出的小区" in words
    assert "1 个开发类小区" in copied(as_clerk, kind="developed")


def test_only_some_rows_shown_changes_no_figure(as_clerk, places):
    assert copied(as_clerk, only="visited") == copied(as_clerk)


@pytest.mark.parametrize("length", [2, 9, 58])
@pytest.mark.parametrize("number", [1, 7, 120, 1500])
@pytest.mark.parametrize("where", ["社", "城" * 60])
def test_never_more_than_120_characters(length, number, where, now):
    names = [f"{n:04}"[:length].ljust(length, "园") for n in range(number)]
    board = [_row(Community(name=name)) for name in names]
    for is_over in (False, True):
        text = sharing.text(sharing.Told(where, "开发类小区", Week(MONDAY), now, is_over, board))
        assert len(text) <= 120 and text.endswith("。")


def _row(community):
    from inspections.boards import CommunityWeek

    return CommunityWeek(Week(MONDAY), community, asked=3)


def test_many_are_counted(as_clerk, places, village, cadre):
    for number in range(30):
        place = Community.objects.create(name=f"演示·很长名字的小区{number}", village_committee=village, kind="other")
        PatrolDuty.objects.create(user=cadre, community=place, first_day=day("2020-01-01"))
    words = text_of(copied(as_clerk))
    assert len(words) <= 120 and "等 32 个" in words


@pytest.mark.parametrize("who", ["leader"])
def test_who_only_reads_copies_nothing(as_, request, who, places):
    page = as_(request.getfixturevalue(who)).get(BOARD)
    assert "copy_text" not in page.context and "复制到群" not in page.content.decode()


# ---------------------------------------------------------------- the picture


def test_the_picture(as_clerk, places):
    answer = as_clerk.get(CARD, {"week": "2026-11-16"})
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == 'inline; filename="xuncha-2026-11-16.png"'
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == 1080 and not picture.text


def test_the_picture_says_the_same(as_clerk, places, now):
    board = as_clerk.get(BOARD).context["board"]
    card = sharing.card(sharing.Told("城东社区", "小区", Week(MONDAY), now, False, board))
    assert [figure for figure, _ in card.figures] == ["2", "1", "2"]
    assert card.text == "还没巡够：演示·滨湖花园、演示·松苑小区。"


def test_a_bent_address_is_this_week(as_clerk, places):
    assert as_clerk.get(CARD, {"week": "x", "village": "y", "kind": "z"}).status_code == 200


@pytest.mark.parametrize("who", ["cadre", "firm", "leader", "resident"])
def test_not_for_others(as_, request, who, town):
    assert as_(request.getfixturevalue(who)).get(CARD).status_code == 403


def test_strangers_sign_in_first(stranger):
    assert stranger.get(CARD).status_code == 302


def test_only_to_be_looked_at(as_clerk):
    assert as_clerk.post(CARD).status_code == 405
