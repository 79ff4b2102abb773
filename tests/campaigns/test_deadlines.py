"""What time brings: told once, caught up after a pause, never twice by two. DOMAIN H.2, issue 10 §5"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import notifications
from accounts.models import Message
from campaigns import deadlines, extensions, planning, task_list
from campaigns.models import Campaign, Dispatch, PlaceStep, Problem, QuarterReport, Task
from campaigns.people import Concerned
from tests.at_once import at_once
from tests.campaigns.conftest import at, day

pytestmark = pytest.mark.django_db


def sweep(text: str) -> int:
    return deadlines.sweep(now=at(text))


def told(kind: str) -> list[tuple[str, str]]:
    """Who was told, and for which moment in Beijing."""
    rows = Message.objects.filter(kind=kind, channel="inbox").order_by("due", "user__username")
    return [(row.user.username, f"{row.due.astimezone(at('2026-01-01').tzinfo):%m-%d %H:%M}") for row in rows]


def names(kind: str) -> set[str]:
    return {name for name, _ in told(kind)}


def text_of(kind: str, user):
    (message,) = Message.objects.filter(kind=kind, user=user, channel="inbox")
    return notifications.read_texts([message])[0].text


# ---------------------------------------------------------------- the quarter's plan


def test_on_the_tenth_working_day_whoever_plans_is_reminded(clerk, town_head):
    assert sweep("2026-10-19 17:00") == 0  # the holidays last until the 7th, the 10th is a working Saturday
    sweep("2026-10-20 09:00")
    sweep("2026-10-22 09:00")
    assert told("campaign-plan-missing") == [("limin", "10-20 08:30"), ("zhao", "10-20 08:30")]
    assert "2026年第四季度还没有批准" in text_of("campaign-plan-missing", clerk).subject


def test_after_the_first_month_it_is_late_once(clerk, town_head):
    sweep("2026-11-01 10:00")  # a Sunday: told on Monday
    sweep("2026-11-16 10:00")
    assert told("campaign-plan-late") == [("limin", "11-02 08:30"), ("zhao", "11-02 08:30")]
    assert not told("campaign-plan-missing")  # after a pause only the latest


def test_an_approved_campaign_of_the_quarter_ends_the_reminders(campaign):
    sweep("2026-11-16 11:00")
    assert not told("campaign-plan-late")


def test_a_draft_does_not(draft, town_head):
    sweep("2026-11-16 11:00")
    assert names("campaign-plan-late") == {"limin", "zhao"}


# ---------------------------------------------------------------- phases


def test_a_phase_that_opens_on_a_day_off_is_told_on_the_next_working_morning(campaign, station_head, clerk):
    sweep("2026-11-21 23:59")
    assert not told("campaign-phase")
    sweep("2026-11-22 00:10")
    everybody = ["limin", "lin", "wangxh", "wangzhan", "xu"]  # clerk, firms, team, station
    assert told("campaign-phase") == [(name, "11-23 08:30") for name in everybody]
    assert sweep("2026-11-22 00:25") == sweep("2026-11-23 09:00") == 0


def test_the_next_phase_is_told_for_itself(campaign, clerk):
    sweep("2026-11-23 09:00")
    sweep("2026-11-24 09:00")
    assert [due for name, due in told("campaign-phase") if name == "limin"] == ["11-23 08:30", "11-24 08:30"]
    phase = campaign.ordered_phases[1]
    said = notifications.read_texts([Message.objects.get(about_key=str(phase.pk), user=clerk, channel="inbox")])[0].text
    assert said.subject == "环境卫生综合整治：自行整改开始了" and "到 11月25日 周三" in said.body


def test_a_phase_that_opened_and_closed_while_nobody_looked_is_not_told(campaign):
    sweep("2026-11-26 09:00")
    assert {due for _, due in told("campaign-phase")} == {"11-26 08:30"}


def test_a_first_phase_without_first_day_opens_with_the_approval(clerk, town_head, now):
    plan = planning.open_from_template(template="plan5", starts_on=day("2026-11-30"), by=clerk, now=now)
    planning.propose(campaign=plan, by=clerk, now=now)
    planning.approve(campaign=plan, by=town_head, now=now)
    sweep("2026-11-16 12:00")
    assert ("limin", "11-16 10:00") in told("campaign-phase")


# ---------------------------------------------------------------- tasks


def body_of(campaign, whom: str):
    return campaign.bodies.filter(whom=whom).first()


@pytest.mark.parametrize(
    ("whom", "expected"),
    [("outside", {"limin"}), ("stations", {"wangzhan"}), ("firms", {"lin", "xu"})],
)
def test_a_lead_body_is_warned_three_and_one_working_days_before(campaign, station_head, whom, expected):
    campaign.tasks.exclude(text__startswith="宣传").delete()
    due = {"text": "清楼道", "due_on": day("2026-12-01"), "lead": body_of(campaign, whom)}
    Task.objects.create(campaign=campaign, **due)
    sweep("2026-11-25 17:00")
    assert not told("campaign-task-due")
    sweep("2026-11-26 09:00")  # Tuesday's task: three working days before is Thursday, one is Monday
    sweep("2026-11-27 09:00")
    assert set(told("campaign-task-due")) == {(name, "11-26 08:30") for name in expected}
    sweep("2026-11-30 09:00")
    sweep("2026-12-01 09:00")
    assert set(told("campaign-task-due")) == {(name, f"11-{n} 08:30") for name in expected for n in (26, 30)}


def test_a_task_due_on_a_day_off_is_warned_of_on_the_working_days_before(campaign, clerk):
    assert campaign.tasks.filter(due_on=day("2026-11-29")).exists()  # a Sunday, as the source's distance has it
    sweep("2026-11-25 09:00")
    assert {due for _, due in told("campaign-task-due")} == {"11-25 08:30"}
    sweep("2026-11-27 09:00")
    assert {due for _, due in told("campaign-task-due")} == {"11-25 08:30", "11-27 08:30"}


def test_for_a_body_outside_the_clerks_must_call(campaign, clerk):
    task = campaign.tasks.filter(lead__whom="outside").first()
    campaign.tasks.exclude(pk=task.pk).delete()
    sweep("2026-11-27 09:00")
    assert "执法局没有账号，请打电话提醒" in text_of("campaign-task-due", clerk).body


def test_what_is_done_or_late_is_not_warned_of(campaign, clerk, town_head):
    for task in campaign.tasks.all():
        task_list.finish(task=task, done_on=day("2026-11-16"), result="好了", by=clerk, now=at("2026-11-16 11:00"))
    sweep("2026-11-27 09:00")
    assert not told("campaign-task-due")


def test_a_task_that_got_another_day_is_warned_of_again(campaign, clerk):
    task = campaign.tasks.get(due_on=day("2026-11-23"))
    campaign.tasks.exclude(pk=task.pk).delete()
    sweep("2026-11-20 09:00")
    extensions.extend_task(task=task, due_on=day("2026-11-27"), reason="等桶", by=clerk, now=at("2026-11-20 10:00"))
    sweep("2026-11-26 09:00")
    assert {due for _, due in told("campaign-task-due")} == {"11-20 08:30", "11-26 08:30"}


def test_the_days_are_those_of_the_rule(campaign, clerk, a_rule):
    a_rule("campaign.warn_wd", [5], day("2026-11-01"))
    sweep("2026-11-23 09:00")
    assert {due for _, due in told("campaign-task-due")} == {"11-16 10:00", "11-23 08:30"}  # 23rd's: after the approval


# ---------------------------------------------------------------- what is late


@pytest.fixture
def late(campaign, place, clerk) -> Campaign:
    """A late task of the stations, and a late line of the lists in the first community."""
    campaign.tasks.all().delete()
    lead = body_of(campaign, "stations")
    Task.objects.create(campaign=campaign, text="清楼道", due_on=day("2026-11-24"), lead=lead)
    line = {"phase": campaign.ordered_phases[0], "by": clerk, "at": at("2026-11-16 11:00"), "person": "钱"}
    Problem.objects.create(campaign=campaign, place=place, text="东门堆物", due_on=day("2026-11-24"), **line)
    return campaign


def test_what_is_late_is_told_each_working_morning_until_it_is_dealt_with(late, clerk, station_head):
    sweep("2026-11-24 09:00")
    assert not told("campaign-late")  # the day itself is in time
    for morning in ("2026-11-25 07:00", "2026-11-25 09:00", "2026-11-26 09:00", "2026-11-28 09:00", "2026-11-30 09:00"):
        sweep(morning)
    dues = ["11-25 08:30", "11-26 08:30", "11-30 08:30"]  # one a day; the 28th is a Saturday
    assert told("campaign-late") == [(name, due) for due in dues for name in ("limin", "wangzhan")]
    late.tasks.update(done_on=day("2026-11-30"), done_by=clerk, result="好了")
    late.problems.update(done_on=day("2026-11-30"), result="好了")
    sweep("2026-12-01 09:00")
    assert len(told("campaign-late")) == 6


def test_the_morning_says_what_is_late_now(late, clerk, station_head, monday):
    sweep("2026-11-25 09:00")
    monday.move_to(at("2026-11-25 09:00"))
    assert "清楼道" in text_of("campaign-late", clerk).body and "东门堆物（钱）" in text_of("campaign-late", clerk).body
    late.tasks.update(done_on=day("2026-11-25"), done_by=clerk, result="好了")
    assert "1 项逾期" in text_of("campaign-late", station_head).subject
    late.problems.update(done_on=day("2026-11-25"), result="好了")
    assert text_of("campaign-late", clerk).subject == "逾期的都办好了"
    monday.move_to(at("2026-11-26 09:00"))
    assert "点开看现在还有哪些" in text_of("campaign-late", clerk).body


def test_a_station_is_told_of_its_own_only(late, other_station_head, station_head):
    late.tasks.update(lead=body_of(late, "outside"))
    sweep("2026-11-25 09:00")
    assert names("campaign-late") == {"limin", "wangzhan"}


def test_mornings_that_nobody_told_are_not_told_later(late):
    sweep("2026-11-30 09:00")
    assert {due for _, due in told("campaign-late")} == {"11-30 08:30"}


# ---------------------------------------------------------------- look back, dispatch


def test_somebody_looks_again_some_weeks_after_the_acceptance(campaign, place, station_head, clerk):
    step = campaign.steps.get(code="LOOK_BACK")
    say = {"state": "doing", "planned_on": day("2026-12-26"), "at": at("2026-11-28 10:00")}
    row = PlaceStep.objects.create(place=place, step=step, **say)
    sweep("2026-12-25 09:00")
    assert not told("campaign-look-back")
    sweep("2026-12-26 09:00")  # a Saturday
    sweep("2026-12-29 09:00")
    assert told("campaign-look-back") == [("limin", "12-28 08:30"), ("wangzhan", "12-28 08:30")]
    assert "回头看" in text_of("campaign-look-back", clerk).subject
    row.state, row.done_on = "done", day("2026-12-29")
    assert sweep("2026-12-30 09:00") >= 0 and len(told("campaign-look-back")) == 2


def test_a_dispatch_that_is_missing_on_the_last_working_day(campaign, clerk, station_head):
    sweep("2026-11-29 09:00")
    assert not told("campaign-dispatch-missing")
    sweep("2026-11-30 09:00")
    assert told("campaign-dispatch-missing") == [("limin", "11-30 08:30")]
    assert "11月的调度还没记" in text_of("campaign-dispatch-missing", clerk).subject
    sweep("2026-12-31 09:00")  # it was over in November
    assert len(told("campaign-dispatch-missing")) == 1


def test_one_that_was_slept_over_is_told_after_the_month(campaign, clerk):
    sweep("2026-12-02 09:00")
    assert told("campaign-dispatch-missing") == [("limin", "11-30 08:30")]


def test_one_that_was_held_is_not_missing(campaign, clerk):
    held = {"month": day("2026-11-01"), "held_on": day("2026-11-27"), "progress": "过半", "by": clerk}
    Dispatch.objects.create(campaign=campaign, at=at("2026-11-27 10:00"), **held)
    sweep("2026-11-30 09:00")
    assert not told("campaign-dispatch-missing")


# ---------------------------------------------------------------- once, late, by two


def test_a_beat_that_slept_over_the_quarters_end_catches_up(late, leader, clerk, town_head):
    sweep("2027-07-05 09:00")
    assert list(QuarterReport.objects.order_by("quarter").values_list("quarter", flat=True)) == [
        day("2026-10-01"),
        day("2027-01-01"),
        day("2027-04-01"),
    ]
    assert names("campaign-quarter-report") == {"limin", "wu", "zhao"}
    assert len(told("campaign-late")) == 1
    assert not told("campaign-phase") and not told("campaign-task-due")


def test_a_second_sweep_changes_nothing(late, leader, station_head):
    for moment in ("2026-11-23 09:00", "2026-11-25 09:00", "2026-11-30 09:00", "2027-01-04 09:00"):
        assert sweep(moment) > 0
        assert sweep(moment) == 0
    assert QuarterReport.objects.count() == 1


def test_a_quiet_sweep_takes_the_same_queries_for_many_campaigns(late, clerk, town_head, community, station_head):
    def queries(moment):
        sweep(moment)
        with CaptureQueriesContext(connection) as seen:
            sweep(moment)
        return len(seen)

    few = queries("2026-11-25 09:00")
    for _ in range(5):
        more = planning.open_from_template(
            template="plan3", starts_on=day("2026-11-22"), by=clerk, now=at("2026-11-16 10:00")
        )
        planning.add_places(campaign=more, communities=[community], by=clerk, now=at("2026-11-16 10:00"))
        planning.propose(campaign=more, by=clerk, now=at("2026-11-16 10:00"))
        planning.approve(campaign=more, by=town_head, now=at("2026-11-16 10:00"))
    with CaptureQueriesContext(connection) as telling:
        assert sweep("2026-11-25 10:00") > 0
    assert queries("2026-11-25 11:00") == few <= 16
    assert len(telling) <= few + 8


def test_people_of_a_plan_for_all_are_every_station_and_firm(draft, station_head, other_station_head, firm, other_firm):
    concerned = Concerned([draft.pk], day("2026-11-16"))
    assert concerned.stations(draft.pk) == {station_head.pk, other_station_head.pk}
    assert concerned.firms(draft.pk) == {firm.pk, other_firm.pk}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_and_close_once(campaign, leader, station_head):
    before, moment = Message.objects.count(), at("2027-01-04 09:00")
    ends = at_once(*[lambda: deadlines.sweep(now=moment)] * 2)
    assert all(isinstance(end, int) for end in ends)
    assert sum(ends) == Message.objects.count() - before > 0
    assert QuarterReport.objects.count() == 1
    assert deadlines.sweep(now=moment) == 0
