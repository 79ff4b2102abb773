"""Quarters: what was held, why not, the report, topics. DOMAIN H.2, H.1"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts import notifications
from accounts.models import Message
from campaigns import deadlines, planning, quarter_reports, quarters, task_list
from campaigns.models import CampaignFinding, PlaceStep, QuarterReason, QuarterReport, StepEvent
from communities.responsibility import responsible_on
from complaints import registration
from inspections import notices
from inspections.models import CheckItem, Finding
from lib.states import WrongState
from tests import queries
from tests.campaigns.conftest import MONDAY, at, day

pytestmark = pytest.mark.django_db
FOURTH, THIRD = day("2026-10-01"), day("2026-07-01")


def state(quarter=FOURTH, today="2026-11-16"):
    return quarters.state_of(quarter, day(today))


def explain(clerk, quarter=THIRD, reason="机构改革，人员调整", now=MONDAY):
    return quarters.explain(quarter=quarter, reason=reason, by=clerk, now=now)


# ---------------------------------------------------------------- how a quarter stands


def test_a_quarter_without_plan_is_told_apart_from_one_that_is_over(clerk):
    assert state().badge[2] == "还没有方案" and state().lacks_reason and not state().is_missing
    assert state(today="2027-01-01").badge[2] == "未开展" and state(today="2027-01-01").is_missing


def test_a_plan_counts_when_it_is_approved(draft):
    assert state().badge[2] == "方案没批准" and state().plans == [draft]
    assert state(today="2027-01-01").is_missing


def test_an_approved_campaign_holds_the_quarter_in_which_it_starts(campaign):
    assert state().badge[2] == "已批准" and not state().lacks_reason
    assert state(today="2027-01-01").badge[2] == "已开展"
    assert state(day("2027-01-01"), "2027-01-04").badge[2] == "还没有方案"


def test_a_years_plan_is_no_quarterly_campaign(clerk, town_head, now):
    plan = planning.open_from_template(template="plan1", starts_on=day("2026-11-20"), by=clerk, now=now)
    planning.propose(campaign=plan, by=clerk, now=now)
    planning.approve(campaign=plan, by=town_head, now=now)
    assert state().badge[2] == "还没有方案"


def test_a_reason_is_written_once(clerk, leader):
    with pytest.raises(PermissionDenied):
        explain(leader)
    with pytest.raises(ValidationError, match="写一句"):
        explain(clerk, reason=" ")
    with pytest.raises(ValidationError, match="还没开始"):
        explain(clerk, quarter=day("2027-01-01"))
    explain(clerk)
    with pytest.raises(WrongState, match="已经有人写了"):
        explain(clerk)
    assert state(THIRD).reason.reason == "机构改革，人员调整"


def test_a_quarter_with_a_campaign_needs_no_reason(campaign, clerk):
    with pytest.raises(ValidationError, match="开展了"):
        explain(clerk, quarter=FOURTH)


# ---------------------------------------------------------------- the report


@pytest.fixture
def worked(campaign, place, clerk, cadre):
    """Two tasks done, a step done, an acceptance failed, two findings of which one is closed."""
    for task in campaign.tasks.order_by("pk")[:2]:
        task_list.finish(task=task, done_on=day("2026-11-16"), result="好了", by=clerk, now=MONDAY)
    steps = {step.code: step for step in campaign.ordered_steps}
    done = {"state": "done", "done_on": day("2026-11-23"), "at": MONDAY}
    PlaceStep.objects.create(place=place, step=steps["SELF_CHECK"], **done)
    failed = PlaceStep.objects.create(
        place=place, step=steps["ACCEPT"], state="failed", done_on=day("2026-11-29"), text="脏", at=MONDAY
    )
    StepEvent.objects.create(place_step=failed, state="failed", day=day("2026-11-29"), at=MONDAY)
    for closed_on in (None, day("2026-12-01")):
        found = {"found_by": cadre, "found_on": day("2026-11-26"), "text": "堆物", "severity": "general"}
        ended = {"state": "closed", "closed_on": closed_on} if closed_on else {}
        item = CheckItem.objects.get(code="PIL1")
        finding = Finding.objects.create(community=place.community, item=item, handling="notice", **found, **ended)
        CampaignFinding.objects.create(place=place, finding=finding)
    return campaign


def test_the_first_sweep_after_the_quarter_closes_it(worked, clerk, leader, town_head):
    deadlines.sweep(now=at("2026-12-31 23:59"))
    assert not QuarterReport.objects.exists()
    deadlines.sweep(now=at("2027-01-01 00:10"))
    report = QuarterReport.objects.get()
    (row,) = report.figures["campaigns"]
    assert report.quarter == FOURTH and report.figures["is_held"]
    assert {name: row[name] for name in row if name not in ("pk", "title")} == {
        "kind": "quarter", "state": "approved", "starts": True, "tasks_done": 2, "tasks_late": 2, "tasks_open": 0,
        "communities": 2, "steps_done": 1, "steps": 10, "found": 2, "closed": 1, "failed": 1,
    }  # fmt: skip
    told = Message.objects.filter(kind="campaign-quarter-report", channel="inbox")
    assert {message.user for message in told} == {clerk, leader, town_head}
    assert {message.due for message in told} == {at("2027-01-04 08:30")}  # after the holiday


def test_a_late_report_says_what_the_last_day_left(worked, clerk):
    task_list.finish(
        task=worked.tasks.filter(done_on=None).first(), done_on=day("2027-01-05"), result="好了", by=clerk,
        now=at("2027-01-05 10:00"),
    )  # fmt: skip
    (row,) = quarter_reports.figures(FOURTH)["campaigns"]
    assert (row["tasks_done"], row["tasks_late"]) == (2, 2)


def test_a_quarter_without_one_is_reported_with_its_reason(campaign, clerk, town_head):
    explain(clerk, quarter=day("2027-01-01"), now=at("2027-03-20 10:00"))
    deadlines.sweep(now=at("2027-04-01 09:00"))
    report = QuarterReport.objects.get(quarter=day("2027-01-01"))
    assert report.figures == {"is_held": False, "reason": "机构改革，人员调整", "campaigns": []}
    message = Message.objects.get(kind="campaign-quarter-report", user=clerk, about_key=str(report.pk), channel="inbox")
    assert "未开展" in notifications.read_texts([message])[0].text.body


def test_a_report_is_never_changed(campaign):
    quarter_reports.close(now=at("2027-01-01 00:10"))
    with pytest.raises(DatabaseError), transaction.atomic():
        QuarterReport.objects.update(figures={})
    assert quarter_reports.close(now=at("2027-01-01 00:25")) == []


def test_before_the_first_campaign_nothing_is_closed(clerk):
    assert quarter_reports.close(now=at("2027-01-01 00:10")) == []


def test_a_longer_campaign_stands_in_each_quarter_it_ran_in(clerk, town_head, now):
    plan = planning.open_from_template(template="plan5", starts_on=day("2026-11-30"), by=clerk, now=now)
    planning.propose(campaign=plan, by=clerk, now=now)
    planning.approve(campaign=plan, by=town_head, now=now)
    quarter_reports.close(now=at("2027-07-01 00:10"))
    rows = {report.quarter: report.figures for report in QuarterReport.objects.all()}
    assert [row["starts"] for figures in rows.values() for row in figures["campaigns"]].count(True) == 1
    assert all(len(figures["campaigns"]) == 1 for figures in rows.values()) and len(rows) == 3
    assert [figures["is_held"] for _, figures in sorted(rows.items())] == [True, False, False]


# ---------------------------------------------------------------- topics


def notice(community, cadre, code: str, issued_on: str):
    """A finding of the cadre's with its notice, both of one day."""
    item, found = CheckItem.objects.get(code=code), {"found_by": cadre, "found_on": day(issued_on), "text": "堆物"}
    firm = responsible_on(community, day(issued_on)).firm
    finding = Finding.objects.create(
        community=community, item=item, severity="general", handling="notice", firm=firm, **found
    )
    notices.issue(finding=finding, by=cadre, now=at(f"{issued_on} 10:00"))


def test_topics_are_rounds_by_age_by_people(town, community, neighbour_community, cadre, other_cadre):
    for _ in range(3):
        notice(community, cadre, "PIL1", "2026-11-06")
    notice(neighbour_community, other_cadre, "FIR1", "2026-01-05")  # old, and still open
    for n in range(2):
        registration.register(
            community=community, text="楼道杂物堆放", phone=f"1390000000{n}", now=MONDAY, place="楼下", category="pile"
        )
    fire, piles = quarters.topics(day("2026-11-16"))
    assert (piles.category.label, piles.rounds, piles.age, piles.people) == ("乱堆乱放", 3, 10, 2)
    assert (fire.rounds, fire.age, fire.people) == (1, 315, 0)
    assert (piles.weight, fire.weight) == (60, 315)


def test_topics_take_three_queries(community, cadre, firm_row, django_assert_num_queries):
    for _ in range(4):
        notice(community, cadre, "PIL1", "2026-11-06")
    with django_assert_num_queries(3):
        quarters.topics(day("2026-11-16"))


# ---------------------------------------------------------------- pages


def test_the_list_shows_each_quarter_and_the_topics(campaign, as_, clerk, community, cadre, firm_row, monday):
    notice(community, cadre, "PIL1", "2026-11-06")
    page = as_(clerk).get(reverse("campaigns:quarter-list")).content.decode()
    assert "2026年第四季度" in page and "已批准" in page and "乱堆乱放" in page
    monday.move_to(at("2027-04-02 10:00"))
    deadlines.sweep(now=at("2027-04-02 10:00"))
    page = as_(clerk).get(reverse("campaigns:quarter-list")).content.decode()
    assert (
        "未开展" in page and "写没开展的原因" in page and reverse("campaigns:quarter", args=[day("2027-01-01")]) in page
    )


def test_the_list_takes_the_same_queries_for_many_quarters(campaign, as_, clerk, monday):
    few = queries.of(as_(clerk), reverse("campaigns:quarter-list"))
    monday.move_to(at("2028-04-03 10:00"))
    quarter_reports.close(now=at("2028-04-03 10:00"))
    assert queries.of(as_(clerk), reverse("campaigns:quarter-list")) <= few


def test_the_clerk_writes_the_reason(as_clerk, as_, leader, as_firm, stranger, clerk):
    url = reverse("campaigns:quarter-explain", args=[FOURTH])
    assert as_clerk.get(url).status_code == 200
    wrong = as_clerk.post(url, {"reason": " "})
    assert wrong.status_code == 422 and "写一句为什么没开展" in wrong.content.decode()
    assert as_clerk.post(url, {"reason": "机构改革"}).status_code == 302
    assert QuarterReason.objects.get().by == clerk
    assert as_clerk.post(url, {"reason": "再来"}).status_code == 403
    assert as_(leader).get(url).status_code == as_firm.get(url).status_code == 403
    assert stranger.get(url).status_code == 302
    assert as_clerk.get(reverse("campaigns:quarter-explain", args=[day("2031-01-01")])).status_code == 404
    assert as_clerk.get(url.replace("-10-01", "-11-01")).status_code == 404
    assert as_clerk.put(url).status_code == 405


def test_the_report_is_a_page(worked, as_, clerk, cadre, monday):
    url = reverse("campaigns:quarter", args=[FOURTH])
    assert as_(clerk).get(url).status_code == 404
    monday.move_to(at("2027-01-04 10:00"))
    deadlines.sweep(now=at("2027-01-04 10:00"))
    as_clerk, as_cadre = as_(clerk), as_(cadre)
    page = as_clerk.get(url).content.decode()
    assert "2026年第四季度专项整治小结" in page and "环境卫生综合整治" in page and "1/10" in page
    assert as_cadre.get(url).status_code == 403 and as_clerk.post(url).status_code == 405
