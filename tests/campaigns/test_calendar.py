"""The calendar page and the feed. Issue 10 §8, H.4"""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from icalendar import Calendar

from campaigns import calendars, extensions, planning, task_list
from campaigns.models import Campaign, Problem
from lib.periods import Month
from tests import queries
from tests.campaigns.conftest import MONDAY, at, day

pytestmark = pytest.mark.django_db
URL = "/campaigns/calendar/"


@pytest.fixture
def year(clerk, town_head) -> Campaign:
    """Plan 4's year of duties, of 2026, for all."""
    plan = planning.open_from_template(template="plan4", starts_on=day("2026-02-28"), by=clerk, now=MONDAY)
    planning.propose(campaign=plan, by=clerk, now=MONDAY)
    planning.approve(campaign=plan, by=town_head, now=MONDAY)
    return Campaign.objects.get(pk=plan.pk)


def page(client, **query) -> str:
    answer = client.get(reverse("campaigns:calendar"), query)
    assert answer.status_code == 200
    return answer.content.decode()


TODAY = MONDAY.date()


def cells(user, month: Month, today: date = TODAY) -> dict[date, list[str]]:
    phases = list(calendars.phases_in(user, month))
    weeks = calendars.weeks_of(month, phases, list(calendars.tasks_of(user, today).exclude(due_on=None)), today)
    assert all(len(week) == 7 and week[0].day.weekday() == 0 for week in weeks)
    return {cell.day: [item.text for item in cell.items] for week in weeks for cell in week if cell.items}


# ---------------------------------------------------------------- the month


def test_phases_stand_on_their_ends_and_tasks_on_their_day(campaign, clerk):
    found = cells(clerk, Month(2026, 11))
    assert found[day("2026-11-22")] == ["宣传动员 开始"]
    assert found[day("2026-11-23")] == ["宣传动员 最后一天", "宣传告知到户"]
    assert len(found[day("2026-11-29")]) == 4 and min(found) == day("2026-11-22")


def test_the_page_shows_the_month_that_is_asked_for(campaign, as_clerk):
    november = page(as_clerk)
    assert "2026年11月" in november and "宣传动员 开始" in november and "month=2026-10" in november
    assert "宣传动员 开始" not in page(as_clerk, month="2026-12")
    for nonsense in ("2026-13", "x", "2026-11-01", "9" * 50):
        assert "2026年11月" in page(as_clerk, month=nonsense)
    for end in ("2000-01", "2099-12"):
        assert page(as_clerk, month=end)


def test_a_phase_that_waits_for_its_event_is_under_way(clerk, town_head, as_clerk):
    plan = planning.open_from_template(template="plan5", starts_on=day("2026-07-31"), by=clerk, now=MONDAY)
    planning.propose(campaign=plan, by=clerk, now=MONDAY)
    assert "攻坚" not in page(as_clerk)  # nobody has approved it
    planning.approve(campaign=plan, by=town_head, now=MONDAY)
    assert "住宅区火灾隐患排查：攻坚" in page(as_clerk, month="2027-03")


def test_a_year_of_duties_has_who_when_evidence_and_how(year, clerk, as_clerk):
    task = year.tasks.get(text="信息公开栏不少于 4 平方米")
    task_list.finish(task=task, done_on=day("2026-11-16"), result="都有了", document="照片夹", by=clerk, now=MONDAY)
    said = page(as_clerk)
    assert "2026年的年度任务" in said and "照片和尺寸" in said and "没有固定日期的" in said
    assert said.index("信息公开栏不少于 4 平方米") < said.index("没有固定日期的")
    rows = {row.text: calendars.state_of(row, TODAY) for row in calendars.duties_of(clerk, 2026, TODAY)}
    assert rows["信息公开栏不少于 4 平方米"] == "done" and rows["维修资金上年度收支公布"] == "late"
    assert sum(row.due_on is None for row in calendars.duties_of(clerk, 2026, TODAY)) == 5
    assert not calendars.duties_of(clerk, 2027, TODAY).exists()


def test_own_and_late(year, campaign, place, clerk, as_clerk, station_head, as_station_head):
    line = {"phase": campaign.ordered_phases[0], "by": clerk, "at": MONDAY, "person": "钱经办"}
    Problem.objects.create(campaign=campaign, place=place, text="东门堆物", due_on=day("2026-11-13"), **line)
    assert "没办的" in page(as_clerk, only="late") and "东门堆物" in page(as_clerk, only="late")
    assert "维修资金上年度收支公布" in page(as_clerk, only="late")
    assert "9 项逾期没办" in page(as_clerk) and "东门堆物" not in page(as_clerk)
    own = {task.lead.whom for task in calendars.tasks_of(station_head, TODAY, "own")}
    assert "outside" in {task.lead.whom for task in calendars.tasks_of(clerk, TODAY, "own")} and "firms" not in own
    assert page(as_station_head, only="own") and page(as_clerk, only="nonsense")


def test_without_anything_late_the_page_says_so(campaign, as_clerk):
    assert "没有逾期没办的" in page(as_clerk, only="late")
    assert "没有这样的年度任务" in page(as_clerk)
    assert "这个月没有要做的" in page(as_clerk, month="2027-05")


def test_who_comes_in(campaign, as_, firm, cadre, leader, resident, stranger, station_head):
    for user in (firm, cadre, leader, station_head):
        assert "宣传动员 开始" in page(as_(user))
    assert as_(resident).get(URL).status_code == 403
    assert stranger.get(URL).status_code == 302
    assert as_(leader).post(URL).status_code == 405


def test_the_page_takes_the_same_queries_for_many_campaigns(campaign, year, clerk, town_head, community, as_clerk):
    few = queries.of(as_clerk, URL)
    for _ in range(4):
        more = planning.open_from_template(template="plan3", starts_on=day("2026-11-20"), by=clerk, now=MONDAY)
        planning.add_places(campaign=more, communities=[community], by=clerk, now=MONDAY)
        planning.propose(campaign=more, by=clerk, now=MONDAY)
        planning.approve(campaign=more, by=town_head, now=MONDAY)
    assert queries.of(as_clerk, URL) == few


# ---------------------------------------------------------------- the feed


def feed_url(user) -> str:
    return reverse("campaigns:feed", args=[calendars.token_of(user)])


def events(client, user) -> dict[str, dict]:
    answer = client.get(feed_url(user))
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_feed_is_read_by_its_own_library(campaign, clerk, stranger):
    found = events(stranger, clerk)
    phase, task = campaign.ordered_phases[0], campaign.tasks.get(text="宣传告知到户")
    event = found[f"campaign-phase-{phase.pk}@linzhi"]
    assert str(event["summary"]) == "环境卫生综合整治：宣传动员"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (day("2026-11-22"), day("2026-11-24"))
    event = found[f"campaign-task-{task.pk}@linzhi"]
    assert event.decoded("dtstart") == day("2026-11-23") and "最后一天" in event["summary"]
    assert str(event["url"]).endswith(f"/campaigns/tasks/{task.pk}/")
    assert len(found) == 8


def test_keys_stay_when_days_move_and_things_are_done(campaign, clerk, stranger):
    before = events(stranger, clerk)
    extensions.extend_phase(
        phase=campaign.ordered_phases[1], last_day=day("2026-11-27"), reason="下雪", by=clerk, now=MONDAY
    )
    task = campaign.tasks.get(text="宣传告知到户")
    task_list.finish(task=task, done_on=day("2026-11-16"), result="陈国平都通知了", by=clerk, now=MONDAY)
    after = events(stranger, clerk)
    assert before.keys() == after.keys()
    assert "办好了" in after[f"campaign-task-{task.pk}@linzhi"]["summary"]
    assert "陈国平" not in stranger.get(feed_url(clerk)).content.decode()


def test_the_feed_shows_only_what_its_owner_sees(campaign, year, community, firm, resident, leader, stranger):
    everything = len(events(stranger, leader))
    assert len(events(stranger, firm)) == everything
    campaign.places.filter(community=community).delete()
    assert len(events(stranger, firm)) == everything - 8  # the year's plan is for all
    assert events(stranger, resident) == {}


def test_what_is_long_past_leaves(campaign, clerk, stranger, monday):
    monday.move_to(at("2027-07-20 10:00"))
    assert events(stranger, clerk) == {}


@pytest.mark.parametrize("token", ["x", "1", "1:x", "1:" + "x" * 500, "%00", "１:x"])
def test_a_token_that_nobody_sealed_leads_nowhere(clerk, stranger, token):
    assert stranger.get(f"/campaigns/calendar/{token}.ics").status_code == 404


def test_another_seals_token_leads_nowhere(clerk, stranger):
    from django.core.signing import Signer

    other = Signer(salt="other").sign(str(clerk.pk))
    assert stranger.get(reverse("campaigns:feed", args=[other])).status_code == 404


def test_the_feed_ends_with_the_account(campaign, clerk, stranger):
    clerk.is_active = False
    clerk.save()
    assert stranger.get(feed_url(clerk)).status_code == 404
    assert stranger.post(feed_url(clerk)).status_code == 405


def test_the_page_gives_the_address_of_the_feed(campaign, clerk, as_clerk):
    assert calendars.token_of(clerk) == calendars.token_of(clerk)
    assert feed_url(clerk) in page(as_clerk).replace("&amp;", "&")
    assert settings.SITE["title"] in as_clerk.get(feed_url(clerk)).content.decode()


def test_the_feed_takes_the_same_queries_for_many_campaigns(campaign, clerk, town_head, community, stranger):
    few = queries.of(stranger, feed_url(clerk))
    more = planning.open_from_template(template="plan3", starts_on=day("2026-11-20"), by=clerk, now=MONDAY)
    planning.propose(campaign=more, by=clerk, now=MONDAY)
    planning.approve(campaign=more, by=town_head, now=MONDAY)
    assert queries.of(stranger, feed_url(clerk)) == few
