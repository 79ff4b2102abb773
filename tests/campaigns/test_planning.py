"""A plan from draft to approval, extended and ended. Issue 10 §1, §2"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Message
from campaigns import copies, extensions, planning, task_list
from campaigns.models import Campaign, Extension, Phase
from communities.models import PatrolDuty
from lib.states import WrongState
from tests.campaigns.conftest import MONDAY, at, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(clerk, now) -> Campaign:
    return planning.begin(title="楼道堆物", kind="quarter", by=clerk, now=now)


def rows(*phases, **more):
    return [
        {"name": name, "first_day": first and day(first), "last_day": last and day(last)} | more.get(name, {})
        for name, first, last in phases
    ]


def set_phases(campaign, clerk, *phases, **more):
    planning.set_phases(campaign=campaign, rows=rows(*phases, **more), by=clerk, now=MONDAY)


# ---------------------------------------------------------------- phases


def test_a_phase_begins_on_the_last_day_before_it_or_the_day_after(bare, clerk):
    set_phases(
        bare, clerk, ("一", None, "2026-12-05"), ("二", "2026-12-05", "2026-12-09"), ("三", "2026-12-10", "2026-12-11")
    )
    shared = Campaign.objects.get(pk=bare.pk)
    assert [phase.name for phase in shared.phases_on(day("2026-12-05"))] == ["一", "二"]
    assert [phase.name for phase in shared.phases_on(day("2020-01-01"))] == ["一"]
    assert shared.phases_on(day("2026-12-12")) == []


@pytest.mark.parametrize("second", ["2026-12-04", "2026-12-07"])
def test_a_gap_or_an_overlap_is_refused(bare, clerk, second):
    with pytest.raises(ValidationError, match="要从“一”的最后一天"):
        set_phases(bare, clerk, ("一", "2026-12-01", "2026-12-05"), ("二", second, "2026-12-09"))
    assert not bare.phases.exists()


def test_the_database_itself_refuses_a_gap_at_the_end_of_the_transaction(bare, clerk):
    with pytest.raises(IntegrityError, match="要从“一”的最后一天"), transaction.atomic():
        Phase.objects.create(campaign=bare, no=1, name="一", first_day=day("2026-12-01"), last_day=day("2026-12-05"))
        Phase.objects.create(campaign=bare, no=2, name="二", first_day=day("2026-12-08"), last_day=day("2026-12-09"))
        transaction.get_connection().cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_end_may_wait_for_an_event_and_what_hangs_on_it_gets_its_days(bare, clerk, town_head):
    set_phases(
        bare,
        clerk,
        ("攻坚", "2026-11-16", None),
        ("总结", None, None),
        攻坚={"waits_for": "大会闭幕"},
        总结={"days": 5},
    )
    planning.set_bodies(campaign=bare, lead={"name": "镇物业办", "whom": "office"}, assist=[], by=clerk, now=MONDAY)
    planning.propose(campaign=bare, by=clerk, now=MONDAY)
    planning.approve(campaign=bare, by=town_head, now=MONDAY)
    waits = Campaign.objects.get(pk=bare.pk)
    assert [phase.name for phase in waits.phases_on(day("2030-01-01"))] == ["攻坚"] and waits.last_day is None
    extensions.event_came(phase=waits.ordered_phases[0], day=day("2026-11-20"), by=clerk, now=at("2026-11-21 09:00"))
    over = Campaign.objects.get(pk=bare.pk)
    assert (over.ordered_phases[1].first_day, over.last_day) == (day("2026-11-21"), day("2026-11-25"))
    with pytest.raises(WrongState):
        extensions.event_came(
            phase=waits.ordered_phases[0], day=day("2026-11-19"), by=clerk, now=at("2026-11-21 09:00")
        )


def test_a_year_that_is_a_slip_of_the_pen(bare, clerk):
    with pytest.raises(ValidationError, match="年份是不是写错了"):
        set_phases(bare, clerk, ("一", "2062-12-01", "2062-12-05"))


def test_a_phase_on_which_something_hangs_is_not_deleted(draft, clerk, now):
    with pytest.raises(ValidationError, match="不能删"):
        planning.set_phases(campaign=draft, rows=rows(("新", "2026-12-01", "2026-12-05")), by=clerk, now=now)
    assert draft.phases.count() == 4


# ---------------------------------------------------------------- proposed and approved


def test_a_plan_without_lead_or_phase_is_not_proposed(bare, clerk, now):
    with pytest.raises(ValidationError, match="还没有牵头单位"):
        planning.propose(campaign=bare, by=clerk, now=now)
    planning.set_bodies(campaign=bare, lead={"name": "镇物业办", "whom": "office"}, assist=[], by=clerk, now=now)
    with pytest.raises(ValidationError, match="还没有阶段"):
        planning.propose(campaign=Campaign.objects.get(pk=bare.pk), by=clerk, now=now)


def test_another_person_approves(draft, clerk, town_head, now):
    planning.propose(campaign=draft, by=clerk, now=now)
    assert Message.objects.filter(kind="campaign-proposed", user=town_head).exists()
    with pytest.raises(PermissionDenied):
        planning.approve(campaign=draft, by=clerk, now=now)
    planning.approve(campaign=draft, by=town_head, now=now)
    assert draft.state == "approved" and draft.approved_by == town_head
    with pytest.raises(WrongState):
        planning.approve(campaign=draft, by=town_head, now=now)


def test_what_was_proposed_is_not_changed(draft, clerk, now):
    planning.propose(campaign=draft, by=clerk, now=now)
    with pytest.raises(WrongState, match="不能再改"):
        set_phases(draft, clerk, ("一", "2026-12-01", "2026-12-05"))
    planning.send_back(campaign=draft, reason="少一个阶段", by=clerk, now=now)
    assert draft.state == "draft"


def test_members_of_a_team_get_the_duty_for_the_days_of_the_check(campaign, community, other_cadre):
    duty = PatrolDuty.objects.get(kind="team")
    assert (duty.user, duty.community) == (other_cadre, community)
    assert (duty.first_day, duty.last_day) == (day("2026-11-26"), day("2026-11-27"))


def test_whoever_patrols_the_community_anyway_gets_no_second_duty(draft, clerk, town_head, community, cadre, now):
    from campaigns import teams

    planning.add_places(campaign=draft, communities=[community], by=clerk, now=now)
    team = teams.form(campaign=draft, name="一组", leader=cadre, members=[cadre], by=clerk, now=now)
    teams.assign(team=team, places=draft.places.all(), by=clerk, now=now)
    planning.propose(campaign=draft, by=clerk, now=now)
    planning.approve(campaign=draft, by=town_head, now=now)
    assert not PatrolDuty.objects.filter(kind="team").exists()


# ---------------------------------------------------------------- moved


def test_an_extension_moves_what_follows_and_keeps_the_old_days(campaign, clerk):
    phase = campaign.ordered_phases[1]
    extensions.extend_phase(
        phase=phase, last_day=day("2026-11-27"), reason="下雪", by=clerk, now=at("2026-11-25 09:00")
    )
    moved = Campaign.objects.get(pk=campaign.pk)
    assert [phase.last_day.day for phase in moved.ordered_phases] == [23, 27, 29, 1]
    old = Extension.objects.get(phase=phase)
    assert (old.old_last_day, old.new_last_day, old.reason) == (day("2026-11-25"), day("2026-11-27"), "下雪")
    assert Extension.objects.filter(campaign=campaign).count() == 3


def test_the_database_refuses_days_moved_without_a_reason(campaign):
    phase = campaign.ordered_phases[-1]
    with pytest.raises(IntegrityError, match="要用“延期”"), transaction.atomic():
        Phase.objects.filter(pk=phase.pk).update(last_day=phase.last_day + timedelta(1))
        transaction.get_connection().cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    task = campaign.tasks.first()
    with pytest.raises(IntegrityError, match="要用“延期”"), transaction.atomic():
        campaign.tasks.filter(pk=task.pk).update(due_on=task.due_on + timedelta(1))
        transaction.get_connection().cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_task_gets_another_day_with_a_reason(campaign, clerk):
    task = campaign.tasks.first()
    before = task.due_on
    with pytest.raises(ValidationError, match="写一句为什么"):
        extensions.extend_task(task=task, due_on=day("2026-12-04"), reason=" ", by=clerk, now=MONDAY)
    extensions.extend_task(task=task, due_on=day("2026-12-04"), reason="等设备", by=clerk, now=MONDAY)
    assert task.extensions.get().old_last_day == before


def test_a_deadline_on_a_day_off_is_told_the_days_beside_it(draft, clerk, now):
    say = {"text": "清楼道", "lead": draft.lead, "by": clerk, "now": now}
    with pytest.raises(ValidationError, match=r"是休息日，改成.*12月4日.*或者.*12月7日"):
        task_list.put(campaign=draft, due_on=date(2026, 12, 5), **say)
    assert task_list.put(campaign=draft, due_on=date(2026, 12, 4), **say).pk


# ---------------------------------------------------------------- communities, end, copy


def test_a_community_stands_in_one_batch(draft, clerk, community, now):
    planning.add_places(campaign=draft, communities=[community], batch=1, by=clerk, now=now)
    with pytest.raises(ValidationError, match="一个小区只能在一批"):
        planning.add_places(campaign=draft, communities=[community], batch=2, by=clerk, now=now)
    assert planning.add_places(campaign=draft, communities=[community], batch=1, by=clerk, now=now) == 0


def test_it_ends_with_a_summary_after_its_last_day(campaign, clerk):
    with pytest.raises(ValidationError, match="还没有结束"):
        planning.end(campaign=campaign, summary="好", by=clerk, now=at("2026-11-28 09:00"))
    with pytest.raises(ValidationError, match="写一段总结"):
        planning.end(campaign=campaign, summary=" ", by=clerk, now=at("2026-11-30 09:00"))
    planning.end(campaign=campaign, summary="清了 212 处", by=clerk, now=at("2026-11-30 09:00"))
    assert campaign.state == "ended"


def test_next_quarters_copy_takes_what_was_left_unfinished(campaign, clerk, community):
    done = campaign.tasks.first()
    task_list.finish(task=done, done_on=day("2026-11-16"), result="办好了", by=clerk, now=MONDAY)
    new = copies.copy(campaign=campaign, title="再来一次", starts_on=day("2027-01-11"), by=clerk, now=MONDAY)
    assert new.copied_from == campaign and new.state == "draft"
    assert new.tasks.count() == campaign.tasks.count() - 1 and new.places.count() == 2
    assert new.first_day == day("2027-01-11")
    assert new.items.count() == campaign.items.count() and new.steps.count() == 5
