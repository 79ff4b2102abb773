"""Voiding a patrol: by its author on the day, by the station's head at any time; its findings go with it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from communities.models import StationPost
from inspections import patrols
from inspections.entries import Refused
from inspections.models import Patrol
from lib.states import WrongState
from tests.inspections.phone import NOW, beijing, day

TOMORROW = beijing("2026-11-20 09:00")


def url(patrol):
    return reverse("inspections:patrol-void", args=[patrol.pk])


def test_its_author_voids_it_on_the_day(as_cadre, patrol, a_finding, cadre):
    assert as_cadre.get(url(patrol)).status_code == 200
    assert as_cadre.post(url(patrol), {"reason": "写错了小区"})["Location"] == patrol.get_absolute_url()
    patrol.refresh_from_db()
    a_finding.refresh_from_db()
    assert (patrol.state, patrol.void_reason) == (Patrol.State.VOIDED, "写错了小区")
    assert (a_finding.state, a_finding.withdrawn_reason) == ("withdrawn", "巡查记录作废：写错了小区")
    assert a_finding.events.last().by == cadre
    page = as_cadre.get(patrol.get_absolute_url()).content.decode()
    assert "已作废，不计数" in page and "写错了小区" in page


def test_without_a_reason(as_cadre, patrol):
    page = as_cadre.post(url(patrol), {"reason": " "})
    assert page.status_code == 422
    assert "写一句为什么" in page.content.decode()


def test_a_stranger_gets_404(as_other_cadre, patrol):
    assert as_other_cadre.post(url(patrol), {"reason": "不要"}).status_code == 404


@pytest.mark.parametrize("who", ["station_clerk", "clerk", "town_head"])
def test_those_who_may_read_get_403(as_, request, patrol, who):
    assert as_(request.getfixturevalue(who)).post(url(patrol), {"reason": "不要"}).status_code == 403


def test_a_wrong_method(as_cadre, patrol):
    assert as_cadre.delete(url(patrol)).status_code == 405


def test_on_the_next_day_only_the_stations_head(as_cadre, as_station_head, patrol, thursday):
    thursday.move_to(TOMORROW)
    assert as_cadre.post(url(patrol), {"reason": "写错了"}).status_code == 403
    assert as_station_head.post(url(patrol), {"reason": "不是这个小区"}).status_code == 302
    patrol.refresh_from_db()
    assert patrol.state == Patrol.State.VOIDED


def test_another_stations_head_does_not_see_it(as_, other_station_head, patrol):
    assert as_(other_station_head).post(url(patrol), {"reason": "不要"}).status_code == 404


def test_a_head_who_sees_it_as_clerk_of_that_station_does_not_void_it(other_station_head, village, patrol):
    StationPost.objects.create(
        village_committee=village, user=other_station_head, kind="clerk", first_day=day("2026-01-01")
    )
    assert Patrol.objects.visible_to(other_station_head).exists()
    with pytest.raises(PermissionDenied):
        patrols.void(patrol=patrol, reason="不要", by=other_station_head, now=NOW)


def test_whoever_comes_second_is_told(patrol, station_head):
    patrols.void(patrol=Patrol.objects.get(pk=patrol.pk), reason="写错了", by=station_head, now=NOW)
    with pytest.raises(WrongState, match="已经作废"):
        patrols.void(patrol=patrol, reason="也要", by=station_head, now=NOW)
    patrol.refresh_from_db()
    assert patrol.void_reason == "写错了"


def test_no_reason_is_refused(patrol, cadre):
    with pytest.raises(Refused):
        patrols.void(patrol=patrol, reason="", by=cadre, now=NOW)


def test_a_long_reason_is_cut_on_the_finding(patrol, cadre, a_finding):
    patrols.void(patrol=patrol, reason="很长" * 100, by=cadre, now=NOW)
    a_finding.refresh_from_db()
    assert len(a_finding.withdrawn_reason) == 200
