"""Double clicks, two people at once, and what was done before: each thing is once, and order stays. RELIABILITY"""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campaigns import acceptance, deadlines, extensions, found, lists, planning, task_list
from campaigns.models import Campaign, Extension, Phase, PlaceStep, Problem, StepEvent
from inspections.models import CheckItem, Finding
from lib.states import WrongState
from tests.campaigns.conftest import CHECKING, MONDAY, at, day
from tests.campaigns.test_acceptance import ACCEPTING, accept, checked  # noqa: F401
from tests.campaigns.test_steps import finding, record, write

pytestmark = pytest.mark.django_db


def bins():
    return CheckItem.objects.get(code="HYG2", last_day=None)


# ---------------------------------------------------------------- plans


def test_an_extension_that_is_sent_twice_moves_the_days_once(campaign, clerk):
    first, second = (Phase.objects.select_related("campaign").get(campaign=campaign, no=2) for _ in range(2))
    say = {"last_day": day("2026-11-27"), "reason": "下雪", "by": clerk, "now": MONDAY}
    extensions.extend_phase(phase=first, **say)
    with pytest.raises(ValidationError, match="和原来一样"):
        extensions.extend_phase(phase=second, **say)
    moved = Campaign.objects.get(pk=campaign.pk)
    assert [phase.last_day.day for phase in moved.ordered_phases] == [23, 27, 29, 1]
    assert Extension.objects.count() == 3


def test_a_campaign_that_was_extended_meanwhile_does_not_end(campaign, clerk):
    seen = Campaign.objects.get(pk=campaign.pk)
    assert seen.last_day == day("2026-11-29")
    later = at("2026-11-29 09:00")
    extensions.extend_phase(
        phase=campaign.ordered_phases[3], last_day=day("2026-12-04"), reason="没完", by=clerk, now=later
    )
    with pytest.raises(ValidationError, match="还没有结束"):
        planning.end(campaign=seen, summary="好", by=clerk, now=later)


def test_a_plan_that_waits_for_its_approval_takes_no_new_task(draft, clerk, now):
    seen = Campaign.objects.get(pk=draft.pk)
    planning.propose(campaign=draft, by=clerk, now=now)
    for campaign in (draft, seen):
        with pytest.raises(WrongState, match="不能再改"):
            task_list.put(
                campaign=campaign, text="加一项", lead=draft.lead, due_on=day("2026-11-27"), by=clerk, now=now
            )


def test_no_community_leaves_a_campaign_that_has_ended(campaign, place, clerk):
    planning.end(campaign=campaign, summary="好", by=clerk, now=at("2026-11-30 09:00"))
    with pytest.raises(WrongState, match="已经结束"):
        planning.remove_place(place=place, by=clerk, now=at("2026-11-30 10:00"))


# ---------------------------------------------------------------- order


def test_what_a_later_step_stands_on_is_not_undone(checked, town_head, clerk):  # noqa: F811
    accept(checked, town_head)
    with pytest.raises(ValidationError, match="先改“验收”"):
        record(checked, "INSPECT", clerk, state="doing", on="2026-11-28", now=ACCEPTING)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceStep.objects.filter(place=checked, step__code="INSPECT").update(state="doing", done_on=None)


def test_nobody_charges_after_the_vote_was_taken_back(clerk, town_head, community):
    row = planning.open_from_template(template="parking", starts_on=day("2026-11-16"), by=clerk, now=MONDAY)
    planning.add_places(campaign=row, communities=[community], batch=1, by=clerk, now=MONDAY)
    planning.propose(campaign=row, by=clerk, now=MONDAY)
    planning.approve(campaign=row, by=town_head, now=MONDAY)
    place = row.places.get()
    for one in row.ordered_steps:
        write(place, one.code, clerk, day=day("2026-11-20"), document="文号")
    with pytest.raises(ValidationError, match="已收费"):
        record(place, "VOTE", clerk, state="stuck", text="没过半", on="2026-11-20")
    record(place, "CHARGING", clerk, state="stuck", text="停止收费", on="2026-11-20")
    with pytest.raises(ValidationError, match="车位改造"):
        record(place, "VOTE", clerk, state="stuck", text="没过半", on="2026-11-20")


# ---------------------------------------------------------------- acceptance


def test_a_failure_that_is_sent_twice_is_one(checked, town_head, clerk):  # noqa: F811
    accept(checked, town_head, passed=False, text="垃圾桶满了", item=bins())
    for by in (town_head, clerk):
        with pytest.raises(WrongState, match="这一天已经验收过"):
            accept(checked, by, passed=False, text="垃圾桶满了", item=bins())
    assert StepEvent.objects.failed_acceptances().count() == 1 and Finding.objects.count() == 1


def test_the_database_keeps_one_failure_a_day(checked, town_head):  # noqa: F811
    accept(checked, town_head, passed=False, text="垃圾桶满了", item=bins())
    event = StepEvent.objects.failed_acceptances().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        StepEvent.objects.create(
            place_step=event.place_step, state="failed", day=event.day, text="又", by=town_head, at=ACCEPTING
        )


def test_what_passed_is_not_passed_again(checked, town_head, clerk, station_head):  # noqa: F811
    accept(checked, town_head)
    record(checked, "LOOK_BACK", station_head, on="2026-11-28", now=ACCEPTING)
    with pytest.raises(WrongState, match="已经验收合格"):
        accept(checked, clerk)
    assert checked.place_steps.get(step__code="LOOK_BACK").state == "done"


def test_findings_of_this_minute_are_seen_by_the_acceptance(checked, town_head, cadre):  # noqa: F811
    finding(checked, cadre)
    with pytest.raises(ValidationError, match="还有 1 个问题没办结"):
        accept(checked, town_head)


def test_nobody_looks_back_at_what_failed_after_all(checked, town_head, clerk, station_head):  # noqa: F811
    accept(checked, town_head)
    accept(checked, clerk, passed=False, text="又堆上了", item=bins())
    before = deadlines.sweep(now=at("2026-12-26 09:00"))
    assert before >= 0
    assert not PlaceStep.objects.filter(place=checked, step__code="LOOK_BACK", planned_on__isnull=False).exists()


def test_a_line_that_was_settled_meanwhile_is_not_written_over(campaign, place, clerk):
    whole = {"measures": ["清"], "person": "王站长", "due_on": day("2026-11-27")}
    row = lists.put(campaign=campaign, text="堆物", place=place, **whole, by=clerk, now=MONDAY)
    seen = Problem.objects.select_related("campaign", "place").get(pk=row.pk)
    lists.settle(problem=row, done_on=day("2026-11-16"), result="清了", by=clerk, now=MONDAY)
    with pytest.raises(WrongState):
        lists.put(campaign=campaign, problem=seen, text="改", place=place, **whole, by=clerk, now=MONDAY)
    with pytest.raises(WrongState):
        lists.strike(problem=seen, by=clerk, now=MONDAY)
    row.refresh_from_db()
    assert row.done_on


def test_a_line_that_is_changed_is_due_on_a_working_day_too(campaign, place, clerk):
    whole = {"measures": ["清"], "person": "王站长"}
    row = lists.put(
        campaign=campaign, text="堆物", place=place, due_on=day("2026-11-27"), **whole, by=clerk, now=MONDAY
    )
    with pytest.raises(ValidationError, match="休息日"):
        lists.put(
            campaign=campaign,
            problem=row,
            text="堆物",
            place=place,
            due_on=day("2026-11-28"),
            **whole,
            by=clerk,
            now=MONDAY,
        )


# ---------------------------------------------------------------- the next round in each state


def test_a_finding_to_be_handed_over_is_not_sent_to_the_firm(checked, town_head, cadre):  # noqa: F811
    row = finding(checked, cadre, handling="transfer")
    found.pull(now=CHECKING)
    accept(checked, town_head, passed=False, text="还在", failed=[row])
    assert not row.notices.exists()


def test_the_issuer_of_a_major_notice_is_told_that_another_must_look(checked, clerk, cadre, firm):  # noqa: F811
    from inspections import notices
    from tests.inspections.phone import fresh_photos

    row = finding(checked, cadre, severity="major")
    found.pull(now=CHECKING)
    notice = notices.issue(finding=row, by=clerk, now=at("2026-11-23 09:00"))
    notices.receive(notice=notice, by=firm, now=at("2026-11-23 10:00"))
    plan = {"person": "林经理", "limit_on": day("2026-11-25"), "measure": "清走"}
    notices.plan(notice=notice, **plan, by=firm, now=at("2026-11-23 10:10"))
    notices.reply(notice=notice, text="清了", photos=fresh_photos(firm), by=firm, now=at("2026-11-24 10:00"))
    with pytest.raises(ValidationError, match="另一个人"):
        accept(checked, clerk, passed=False, text="还在", failed=[row])
    assert not StepEvent.objects.failed_acceptances().exists()


def test_what_is_found_again_keeps_its_severity(checked, town_head, cadre):  # noqa: F811
    row = finding(checked, cadre, severity="major", severity_reason="堵了楼梯")
    found.pull(now=CHECKING)
    Finding.objects.filter(pk=row.pk).update(state="closed", closed_on=day("2026-11-25"))
    row.refresh_from_db()
    accept(checked, town_head, passed=False, text="又堆上了", failed=[row])
    assert Finding.objects.exclude(pk=row.pk).get().severity == "major"


def test_a_renovation_fails_in_words_and_costs_the_firm_nothing(clerk, town_head, community, firm):
    from assessments import evidence
    from assessments.models import Evidence
    from lib.periods import Month

    row = planning.open_from_template(template="renovation", starts_on=day("2026-11-16"), by=clerk, now=MONDAY)
    planning.add_places(campaign=row, communities=[community], by=clerk, now=MONDAY)
    planning.propose(campaign=row, by=clerk, now=MONDAY)
    planning.approve(campaign=row, by=town_head, now=MONDAY)
    place = row.places.get()
    for code in ("OPINIONS", "LIST", "TENDER", "WORKS"):
        write(place, code, clerk, day=day("2026-11-20"), document="文号")
    assert (
        acceptance.accept(
            place=place, passed=False, day=day("2026-11-28"), text="屋面漏水", by=town_head, now=ACCEPTING
        ).state
        == "failed"
    )
    evidence.collect(month=Month(2026, 11), now=at("2026-12-02 09:00"))
    assert not Evidence.objects.filter(kind="campaign").exists()
