"""Steps of a community in their order, the three lists that block them, patrols that count for both. Issue 10 §1, §3"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from campaigns import found, lists, planning, self_checks, steps
from campaigns.models import CampaignFinding, PlaceStep, StepEvent
from inspections.models import CheckItem, Finding, Patrol
from lib.states import WrongState
from tests.campaigns.conftest import CHECKING, MONDAY, at, day

pytestmark = pytest.mark.django_db


def step(place, code):
    return place.campaign.steps.get(code=code)


def record(place, code, by, *, state="done", on="2026-11-26", now=CHECKING, **more):
    return steps.record(place=place, step=step(place, code), state=state, day=day(on), by=by, now=now, **more)


def write(place, code, by, **more):
    say = {"state": "done", "day": day("2026-11-26"), "now": CHECKING} | more
    return steps.write(place=place, step=step(place, code), by=by, **say)


def finding(place, by, code="PIL1", **more) -> Finding:
    item = CheckItem.objects.get(code=code, last_day=None)
    given = {"text": "楼道堆着纸箱", "handling": "notice", "found_on": day("2026-11-23"), "severity": item.severity}
    firm = place.community.contracts.first().firm
    return Finding.objects.create(community=place.community, item=item, firm=firm, found_by=by, **(given | more))


# ---------------------------------------------------------------- order


def test_a_step_is_recorded_with_its_day_and_its_story(place, station_head):
    row = record(place, "RECTIFY", station_head, state="stuck", text="业主不让清")
    row = record(place, "RECTIFY", station_head, text="清完了")
    assert (row.state, row.done_on) == ("done", day("2026-11-26"))
    assert list(StepEvent.objects.values_list("state", flat=True)) == ["stuck", "done"]


def test_what_a_step_requires_comes_first(place, clerk):
    with pytest.raises(ValidationError, match="要先完成：自查"):
        record(place, "INSPECT", clerk)
    write(place, "SELF_CHECK", clerk)
    assert record(place, "INSPECT", clerk).state == "done"


def test_the_database_itself_keeps_the_order(place, clerk):
    with pytest.raises(IntegrityError, match="要先完成：自查"), transaction.atomic():
        more = {"state": "done", "done_on": day("2026-11-26"), "by": clerk, "at": CHECKING}
        PlaceStep.objects.create(place=place, step=step(place, "INSPECT"), **more)


@pytest.mark.parametrize(("on", "said"), [("2026-11-27", "还没到这一天"), ("2026-11-21", "行动从")])
def test_a_day_to_come_or_before_the_campaign(place, clerk, on, said):
    with pytest.raises(ValidationError, match=said):
        record(place, "RECTIFY", clerk, on=on)


def test_words_where_it_is_difficult(place, clerk):
    with pytest.raises(ValidationError, match="写一句难在哪里"):
        record(place, "RECTIFY", clerk, state="stuck")


def test_nothing_is_recorded_before_the_approval(draft, community, clerk):
    planning.add_places(campaign=draft, communities=[community], by=clerk, now=MONDAY)
    with pytest.raises(WrongState, match="还没批准"):
        record(draft.places.get(), "RECTIFY", clerk)


def test_each_step_is_recorded_by_whom_it_is_for(place, firm, other_firm, station_head, cadre, other_cadre):
    may = {
        code: {user.username for user in (firm, other_firm, station_head, cadre, other_cadre)
               if steps.may_record(user, place, step(place, code))}
        for code in ("SELF_CHECK", "RECTIFY", "INSPECT")
    }  # fmt: skip
    assert may == {
        "SELF_CHECK": {firm.username},
        "RECTIFY": {station_head.username},
        "INSPECT": {other_cadre.username},
    }
    with pytest.raises(PermissionDenied):
        record(place, "RECTIFY", cadre)


# ---------------------------------------------------------------- the three lists


def test_a_problem_without_measure_or_person_blocks_the_steps_of_later_phases(place, clerk):
    first = place.campaign.ordered_phases[0]
    row = lists.put(campaign=place.campaign, text="三幢堆物没人认", phase=first, place=place, by=clerk, now=MONDAY)
    assert list(place.campaign.problems.lacking()) == [row] and not row.is_whole
    with pytest.raises(ValidationError, match="三清单未齐"):
        record(place, "RECTIFY", clerk)
    with pytest.raises(IntegrityError, match="三清单未齐"), transaction.atomic():
        PlaceStep.objects.create(place=place, step=step(place, "RECTIFY"), state="doing", by=clerk, at=CHECKING)
    whole = {"measures": ["上门劝", "集中清运"], "person": "王站长", "due_on": day("2026-11-27")}
    lists.put(campaign=place.campaign, problem=row, text=row.text, place=place, **whole, by=clerk, now=MONDAY)
    assert not place.campaign.problems.lacking() and record(place, "RECTIFY", clerk).pk


def test_a_problem_elsewhere_blocks_nothing_here(place, neighbour_community, clerk):
    there = place.campaign.places.get(community=neighbour_community)
    lists.put(campaign=place.campaign, text="别处的", place=there, by=clerk, now=MONDAY)
    assert record(place, "RECTIFY", clerk).pk


def test_a_problem_of_the_same_phase_blocks_nothing(place, clerk):
    lists.put(campaign=place.campaign, text="刚发现的", phase=place.campaign.ordered_phases[1], by=clerk, now=MONDAY)
    assert record(place, "RECTIFY", clerk).pk


def test_a_person_needs_a_day_and_a_settled_problem_is_whole(place, clerk):
    with pytest.raises(ValidationError, match="责任人和日期一起写"):
        lists.put(campaign=place.campaign, text="缺日期", person="王站长", by=clerk, now=MONDAY)
    row = lists.put(campaign=place.campaign, text="没齐", by=clerk, now=MONDAY)
    with pytest.raises(ValidationError, match="三清单未齐"):
        lists.settle(problem=row, done_on=day("2026-11-16"), result="好了", by=clerk, now=MONDAY)


def test_a_station_lists_problems_of_its_own_communities_only(place, station_head, other_station_head):
    assert lists.put(campaign=place.campaign, text="本村的", place=place, by=station_head, now=MONDAY).pk
    for where in (None, place):
        with pytest.raises(PermissionDenied):
            lists.put(campaign=place.campaign, text="别人的", place=where, by=other_station_head, now=MONDAY)


# ---------------------------------------------------------------- findings and patrols


def test_findings_of_the_list_within_days_and_communities_belong_to_it(place, cadre, other_community=None):
    inside = finding(place, cadre)
    finding(place, cadre, found_on=day("2026-11-21"))
    finding(place, cadre, "BLD2")
    assert found.pull(now=CHECKING) == 1 and found.pull(now=CHECKING) == 0
    assert CampaignFinding.objects.get().finding == inside


def test_what_an_unannounced_patrol_found_belongs_to_no_campaign(place, clerk):
    moments = {"occurred_at": CHECKING, "occurred_on": day("2026-11-26"), "submitted_at": CHECKING}
    days = {"submitted_on": day("2026-11-26"), "submit_by": day("2026-11-30")}
    covert = Patrol.objects.create(
        number="暗1", community=place.community, user=clerk, kind="covert", **moments, **days
    )
    finding(place, clerk, patrol=covert)
    assert found.pull(now=CHECKING) == 0


def test_a_team_members_patrol_is_the_check(place, other_cadre, firm):
    write(place, "SELF_CHECK", firm)
    days = {"occurred_on": day("2026-11-26"), "submitted_on": day("2026-11-26"), "submit_by": day("2026-11-30")}
    moments = {"occurred_at": CHECKING, "submitted_at": CHECKING}
    Patrol.objects.create(number="巡1", community=place.community, user=other_cadre, **moments, **days)
    assert steps.settle_from_patrols(now=CHECKING) == 1 and steps.settle_from_patrols(now=CHECKING) == 0
    row = place.place_steps.get(step__code="INSPECT")
    assert (row.state, row.patrol.number, row.text) == ("done", "巡1", "巡1：没发现问题")


def test_somebody_elses_patrol_is_not(place, cadre, firm):
    write(place, "SELF_CHECK", firm)
    days = {"occurred_on": day("2026-11-26"), "submitted_on": day("2026-11-26"), "submit_by": day("2026-11-30")}
    Patrol.objects.create(
        number="巡1", community=place.community, user=cadre, occurred_at=CHECKING, submitted_at=CHECKING, **days
    )
    assert steps.settle_from_patrols(now=CHECKING) == 0


# ---------------------------------------------------------------- 自查


def test_a_firm_looks_at_every_item(place, firm):
    finding(place, firm, source="self_report", finish_on=day("2026-11-25"), found_on=day("2026-11-24"))
    now = at("2026-11-24 15:00")
    items = [line.item.pk for line in self_checks.lines(place) if not line.reported]
    with pytest.raises(ValidationError) as error:
        self_checks.finish(place=place, fine=items[1:], by=firm, now=now)
    assert list(error.value.message_dict) == [f"item-{items[0]}"]
    row = self_checks.finish(place=place, fine=items, by=firm, now=now)
    assert row.text == "查了 7 项，自查出 1 处" and place.self_checks.count() == 7
    assert place.self_checks.filter(result="problem").count() == 1 and place.found.count() == 1


def test_not_before_its_phase(place, firm):
    items = [line.item.pk for line in self_checks.lines(place)]
    with pytest.raises(ValidationError, match="自查从"):
        self_checks.finish(place=place, fine=items, by=firm, now=at("2026-11-23 10:00"))


def test_looking_back_comes_after_the_end(place, clerk, station_head):
    planning.end(campaign=place.campaign, summary="好", by=clerk, now=at("2026-11-30 09:00"))
    later = {"on": "2026-12-28", "now": at("2026-12-28 09:00")}
    with pytest.raises(WrongState, match="已经结束"):
        record(place, "RECTIFY", station_head, **later)
    with pytest.raises(ValidationError, match="要先完成：验收"):
        record(place, "LOOK_BACK", station_head, **later)


def test_the_look_back_is_planned_some_weeks_after(place, clerk):
    steps.plan_look_back(place, day("2026-11-29"), now=CHECKING)
    row = place.place_steps.get(step__code="LOOK_BACK")
    assert row.planned_on == day("2026-11-29") + timedelta(weeks=4)
