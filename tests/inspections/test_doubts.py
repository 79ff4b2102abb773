"""A patrol from long ago or from a clock that is ahead: kept, marked, shown to the station, never counted silently."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import User
from inspections import patrols, weeks
from inspections.models import Patrol
from lib.periods import week_of
from lib.states import WrongState
from tests.inspections.phone import NOW, beijing, entry

pytestmark = pytest.mark.django_db


def came(cadre, community, occurred, **more) -> Patrol:
    return patrols.submit(entry=entry(community, occurred=occurred, **more), by=cadre, now=NOW)


@pytest.fixture
def doubtful(cadre, community) -> Patrol:
    """Written this morning by a clock that was two hours ahead."""
    ahead = NOW + timedelta(hours=2)
    return came(cadre, community, ahead, written_at=ahead, clock_ahead=7200)


@pytest.mark.parametrize(
    ("occurred", "doubt"),
    [("2026-11-19 09:00", ""), ("2026-11-12 08:00", ""), ("2026-11-11 23:59", "old"), ("2026-01-05 09:00", "old")],
)
def test_more_than_seven_days_ago_is_asked_about(cadre, community, occurred, doubt):
    assert came(cadre, community, occurred).doubt == doubt


def test_the_seven_days_are_a_rule(cadre, community, a_rule):
    a_rule("patrol.old_days", 3, beijing("2026-11-01 00:00").date())
    assert came(cadre, community, "2026-11-15 12:00").doubt == "old"


def test_a_clock_ahead_is_kept_with_what_it_said(doubtful):
    assert (doubtful.doubt, doubtful.occurred_at, doubtful.is_doubtful) == ("future", NOW, True)
    assert (doubtful.written_at, doubtful.clock_words) == (NOW + timedelta(hours=2), "手机比服务器快 2 小时")


def test_ten_minutes_ahead_are_nothing(cadre, community):
    ahead = NOW + timedelta(minutes=9)
    patrol = came(cadre, community, ahead, written_at=ahead, clock_ahead=540)
    assert (patrol.doubt, patrol.clock_words) == ("", "")


def test_a_clock_that_was_lost_gives_no_impossible_day(cadre, community):
    patrol = came(cadre, community, "2004-01-01 08:00", written_at=beijing("2004-01-01 08:00"), clock_ahead=-1)
    assert (patrol.doubt, patrol.occurred_at) == ("old", NOW)


def test_it_does_not_count_until_the_head_says_so(doubtful, cadre, station_head):
    def counted():
        return weeks.cadre_week(week_of(NOW), cadre).counted

    assert counted() == 0
    patrols.settle_doubt(patrol=doubtful, settled="confirmed", by=station_head, now=NOW)
    assert counted() == 1
    doubtful.refresh_from_db()
    assert (doubtful.doubt_settled_by, doubtful.doubt_settled_at) == (station_head, NOW)


def test_one_that_is_left_never_counts(doubtful, cadre, station_head):
    patrols.settle_doubt(patrol=doubtful, settled="left", by=station_head, now=NOW)
    assert weeks.cadre_week(week_of(NOW), cadre).counted == 0
    assert not Patrol.objects.doubtful().exists()


def test_confirming_makes_no_late_patrol_timely(cadre, community, station_head):
    patrol = came(cadre, community, "2026-11-03 09:00")
    patrols.settle_doubt(patrol=patrol, settled="confirmed", by=station_head, now=NOW)
    assert patrol.is_late and not Patrol.objects.countable().exists()


def test_the_second_of_a_day_becomes_an_extra_one(doubtful, cadre, community, station_head):
    came(cadre, community, NOW)
    patrols.settle_doubt(patrol=doubtful, settled="confirmed", by=station_head, now=NOW)
    assert doubtful.kind == Patrol.Kind.EXTRA


def test_it_is_settled_once(doubtful, station_head):
    patrols.settle_doubt(patrol=doubtful, settled="left", by=station_head, now=NOW)
    with pytest.raises(WrongState):
        patrols.settle_doubt(patrol=doubtful, settled="confirmed", by=station_head, now=NOW)


def test_what_is_in_no_doubt_is_not_settled(patrol, station_head):
    with pytest.raises(WrongState):
        patrols.settle_doubt(patrol=patrol, settled="confirmed", by=station_head, now=NOW)


@pytest.mark.parametrize("who", ["station_clerk", "other_station_head", "cadre", "clerk"])
def test_only_the_head_of_its_station_settles(doubtful, who, request):
    with pytest.raises(PermissionDenied):
        patrols.settle_doubt(patrol=doubtful, settled="left", by=request.getfixturevalue(who), now=NOW)


def test_nobody_settles_about_themselves(doubtful, station_head):
    twin = User.objects.get(pk=station_head.pk)
    assert patrols.may_settle_doubt(doubtful, twin)
    doubtful.user_id = twin.pk
    with pytest.raises(PermissionDenied):
        patrols.settle_doubt(patrol=doubtful, settled="left", by=twin, now=NOW)


def test_another_day_is_asked_about_anew(cadre, community):
    patrol = came(cadre, community, "2026-11-03 09:00")
    mended = entry(community, occurred="2026-11-18 12:00", client_id=patrol.client_id)
    patrols.correct(patrol=patrol, entry=mended, reason="日期写错了", by=cadre, now=NOW)
    patrol.refresh_from_db()
    assert (patrol.doubt, patrol.occurred_on.day) == ("", 18)


def test_a_clock_ahead_stays_in_question_after_a_correction(doubtful, cadre, community):
    mended = entry(community, occurred="2026-11-18 12:00", client_id=doubtful.client_id)
    patrols.correct(patrol=doubtful, entry=mended, reason="日期写错了", by=cadre, now=NOW)
    doubtful.refresh_from_db()
    assert doubtful.is_doubtful


# ---------------------------------------------------------------- the page


def address(patrol) -> str:
    return reverse("inspections:patrol-doubt", args=[patrol.pk])


def test_the_page_works(as_station_head, doubtful):
    assert "快 2 小时" in as_station_head.get(address(doubtful)).content.decode()
    answer = as_station_head.post(address(doubtful), {"settled": "confirmed"}, follow=True)
    assert "核实过，照规则算" in answer.content.decode()


def test_without_a_choice_it_asks_again(as_station_head, doubtful):
    answer = as_station_head.post(address(doubtful), {})
    assert answer.status_code == 422 and "选一个结果" in answer.content.decode()


def test_the_clerk_who_may_read_gets_403(as_, station_clerk, doubtful):
    assert as_(station_clerk).get(address(doubtful)).status_code == 403


def test_another_station_gets_404(as_, other_station_head, doubtful):
    assert as_(other_station_head).get(address(doubtful)).status_code == 404


def test_the_record_says_so_and_leads_there(as_station_head, as_cadre, doubtful):
    page = as_station_head.get(doubtful.get_absolute_url()).content.decode()
    assert address(doubtful) in page and "核实以前不算次数" in page
    assert address(doubtful) not in as_cadre.get(doubtful.get_absolute_url()).content.decode()


def test_the_list_shows_just_those(as_station_head, doubtful, cadre, community):
    other = came(cadre, community, NOW)
    page = as_station_head.get(reverse("inspections:patrol-list"), {"doubt": "1"}).content.decode()
    assert doubtful.number in page and other.number not in page
