"""The station's head notes why a week was missed; nothing is counted differently. DOMAIN B.3"""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from inspections import missed_weeks, weeks
from inspections.models import MissedWeekReason
from lib.periods import Week
from lib.states import WrongState
from tests.inspections.phone import MONDAY, NOW, beijing, day

LAST = Week(day("2026-11-09"))


def url(community, cadre, week=LAST):
    return reverse("inspections:missed-reason", args=[community.pk, cadre.pk, week])


@pytest.fixture
def page(community, cadre):
    return url(community, cadre)


def test_it_works_and_changes_no_count(as_station_head, station_head, page, community, cadre):
    assert "台风" not in as_station_head.get(page).content.decode()
    answer = as_station_head.post(page, {"reason": "台风封路"})
    assert answer["Location"] == f"{reverse('inspections:week-board')}?week=2026-11-09"
    row = MissedWeekReason.objects.get()
    assert (row.user, row.community, row.monday, row.reason, row.by) == (
        cadre,
        community,
        LAST.monday,
        "台风封路",
        station_head,
    )
    assert weeks.cadre_week(LAST, cadre).missing == 3


def test_a_second_note_stands_beside_the_first(as_station_head, page):
    for reason in ("台风封路", "培训两天"):
        as_station_head.post(page, {"reason": reason})
    assert MissedWeekReason.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_bad_input_is_explained_and_kept(as_station_head, page, reason):
    answer = as_station_head.post(page, {"reason": reason})
    assert answer.status_code == 422 and reason.strip() in answer.content.decode()


def test_a_stranger_gets_404(as_, other_station_head, page, as_station_head, community, other_cadre):
    assert as_(other_station_head).post(page, {"reason": "不关我事"}).status_code == 404
    assert as_station_head.get(url(community, other_cadre)).status_code == 404  # never on duty here


@pytest.mark.parametrize("who", ["station_clerk", "clerk", "leader", "cadre"])
def test_those_who_may_read_get_403(as_, request, page, who):
    assert as_(request.getfixturevalue(who)).post(page, {"reason": "不要"}).status_code == 403


def test_a_wrong_method(as_station_head, page):
    assert as_station_head.put(page).status_code == 405


def test_an_address_that_is_no_monday_is_none(as_station_head, page):
    assert as_station_head.get(page.replace("11-09", "11-10")).status_code == 404


# ---------------------------------------------------------------- only a week that was missed


@pytest.mark.parametrize(
    ("now", "over"), [("2026-11-22 23:59", False), ("2026-11-23 23:59", False), ("2026-11-24 00:00", True)]
)
def test_a_week_is_missed_when_its_term_has_passed(cadre, now, over):
    assert missed_weeks.is_over(Week(MONDAY), now=beijing(now)) is over


def test_a_week_that_can_still_be_met_needs_no_reason(as_station_head, community, cadre):
    answer = as_station_head.post(url(community, cadre, Week(MONDAY)), {"reason": "台风"}, follow=True)
    assert "不用注明" in answer.content.decode()
    assert not MissedWeekReason.objects.exists()


def note(cadre, community, by, week=LAST):
    return missed_weeks.note(community=community, user=cadre, week=week, reason="台风", by=by, now=NOW)


def test_a_week_that_was_met_needs_none_either(cadre, community, station_head, visit):
    for date in ("09", "10", "11"):
        visit(cadre, community, f"2026-11-{date} 09:00")
    with pytest.raises(WrongState):
        note(cadre, community, station_head)


def test_a_week_before_the_link_needs_none(other_cadre, community, station_head):
    with pytest.raises(WrongState):
        note(other_cadre, community, station_head)


def test_another_stations_head_may_not(cadre, community, other_station_head):
    with pytest.raises(PermissionDenied):
        note(cadre, community, other_station_head)


def test_per_cadre_the_week_is_missed_as_a_whole(cadre, community, station_head, a_rule, visit):
    a_rule("patrol.quota_scope", "PER_CADRE", LAST.monday)
    visit(cadre, community, "2026-11-09 09:00")
    assert missed_weeks.shortage(LAST, cadre, community) == 2
    assert note(cadre, community, station_head).pk
