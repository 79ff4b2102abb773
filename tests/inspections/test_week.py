"""本周: a cadre's home on the phone."""

import pytest
from django.urls import reverse

from communities.models import CadreLeave, Community, PatrolDuty
from inspections.models import MissedWeekReason
from tests import queries
from tests.inspections.phone import MONDAY, NOW, beijing, day, finding

URL = reverse("inspections:week")


def words(client, **query) -> str:
    page = client.get(URL, query)
    assert page.status_code == 200
    return page.content.decode()


def test_it_says_how_many_are_left_and_has_one_button(as_cadre, cadre, community, visit):
    visit(cadre, community, "2026-11-16 09:00")
    page = words(as_cadre)
    assert "还差 2 次" in page and "去巡查" in page and "要 3 次，巡了 1 次" in page
    assert f"{reverse('inspections:patrol-new')}?c={community.pk}" in page
    assert "11月23日 周一" in page  # until when this week's records may be sent in
    assert "2026-11-16" not in page.split("<main", 1)[0]


def test_a_week_that_is_met(as_cadre, cadre, community, visit):
    for date in ("16", "17", "18"):
        visit(cadre, community, f"2026-11-{date} 09:00")
    page = words(as_cadre)
    assert "够了" in page and "再记一次" in page and "还差" not in page.split("上一周")[0]


def test_what_waits_is_listed(as_cadre, patrol, a_finding):
    assert a_finding.text in words(as_cadre)


def test_closed_findings_do_not_wait(as_cadre, closed):
    assert closed.text not in words(as_cadre)


@pytest.mark.parametrize("who", ["station_head", "station_clerk", "clerk", "leader", "firm", "resident"])
def test_others_get_403(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(URL).status_code == 403


def test_strangers_are_led_to_the_door(stranger):
    assert stranger.get(URL).status_code == 302


def test_only_reading(as_cadre):
    assert as_cadre.post(URL).status_code == 405


@pytest.mark.parametrize(
    "week",
    ["2026-11-16", "2026-11-19", "", "abc", "2026-02-31", "0001-01-01", "9999-12-31", "1999-01-04", "2027-01-04"],
)
def test_any_week_can_be_asked_for_and_none_to_come(as_cadre, week):
    asked = as_cadre.get(URL, {"week": week}).context["week"]
    assert asked.monday <= MONDAY


def test_last_week_and_the_reason_noted_for_it(as_cadre, cadre, community, station_head):
    MissedWeekReason.objects.create(
        user=cadre, community=community, monday=day("2026-11-09"), reason="台风封路", by=station_head, at=NOW
    )
    page = words(as_cadre)
    assert "上一周还差 3 次" in page and "台风封路（王站长注明）" in page
    page = words(as_cadre, week="2026-11-09")
    assert "台风封路" in page and "去巡查" not in page and "回到本周" in page


def test_fewer_asked_says_why(as_cadre, cadre):
    CadreLeave.objects.create(user=cadre, first_day=day("2026-11-16"), last_day=day("2026-11-18"))
    assert "轮到您的工作日有 2 天，所以要 2 次" in words(as_cadre)


def test_a_week_off_asks_nothing(as_cadre, cadre):
    CadreLeave.objects.create(user=cadre, first_day=day("2026-11-16"), last_day=day("2026-11-22"))
    assert "这一周不用巡" in words(as_cadre)


def test_without_a_community(as_cadre, cadre):
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-01"))
    assert "这一周没有小区归您联系" in words(as_cadre)


def test_standing_in_is_said(as_other_cadre, other_cadre, community):
    PatrolDuty.objects.create(user=other_cadre, community=community, kind="substitute", first_day=MONDAY)
    assert "代班" in words(as_other_cadre)


def test_per_cadre_the_rule_and_the_total_are_said(as_cadre, cadre, community, village, a_rule, visit):
    a_rule("patrol.quota_scope", "PER_CADRE", MONDAY)
    other = Community.objects.create(name="演示·桂花园", village_committee=village, kind="other")
    PatrolDuty.objects.create(user=cadre, community=other, first_day=day("2026-01-01"))
    visit(cadre, community, "2026-11-16 09:00")
    page = words(as_cadre)
    assert "几个小区合起来每周 3 次" in page and "合起来要 3 次，巡了 1 次，<b>还差 2 次</b>" in page


def test_a_provisional_term_says_so(as_, cadre, thursday):
    thursday.move_to(beijing("2026-12-30 09:00"))
    assert "暂定" in words(as_(cadre))


def test_a_constant_number_of_queries(as_cadre, cadre, village, community, send):
    few = queries.of(as_cadre, URL)
    for number in range(8):
        place = Community.objects.create(name=f"演示·小区{number}", village_committee=village, kind="other")
        PatrolDuty.objects.create(user=cadre, community=place, first_day=day("2026-01-01"))
        send(cadre, place, finding())
    assert queries.of(as_cadre, URL) == few <= 17
