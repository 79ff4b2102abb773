"""The month's dispatch: written with its numbers, the matrix kept, decisions as tasks, what changed, the paper."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import dispatches, steps
from campaigns.models import Decision, Dispatch
from communities.models import ActionItem
from lib.periods import Month
from lib.states import WrongState
from tests.campaigns.conftest import MONDAY, at, day

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
LATER = at("2026-11-23 10:00")
NO_ROWS = {"decision-TOTAL_FORMS": "0", "decision-INITIAL_FORMS": "0"}


def typed(**said) -> dict:
    known = {"month": "2026-11", "held_on": "2026-11-16", "progress": "都在自查"}
    return known | NO_ROWS | said


def decision(number: int, **said) -> dict:
    return {f"decision-{number}-{name}": value for name, value in said.items()}


@pytest.fixture
def dispatch(campaign, clerk) -> Dispatch:
    decided = {"text": "催安居物业自查", "person": "钱经办", "due_on": day("2026-11-20")}
    return dispatches.hold(
        campaign=campaign,
        month=NOVEMBER,
        held_on=day("2026-11-16"),
        progress="刚部署",
        money_fen=1_234_56,
        blockers="两家还没开会",
        decisions=[decided],
        by=clerk,
        now=MONDAY,
    )


def test_it_is_due_on_the_last_working_day():
    assert dispatches.due_on(NOVEMBER) == date(2026, 11, 30)
    assert dispatches.due_on(Month(2026, 10)) == date(2026, 10, 30)  # the 31st is a Saturday


def test_the_page_knows_the_numbers_and_keeps_the_matrix(as_clerk, campaign, community):
    address = reverse("campaigns:dispatch-new", args=[campaign.pk])
    assert "2 个小区，10 步完成了 0 步。" in as_clerk.get(address).content.decode()
    rows = decision(0, text="催自查", person="钱经办", due_on="2026-11-20", community=community.pk)
    rows |= decision(1, text="", person="", due_on="", community="")
    answer = as_clerk.post(address, typed(money_fen="1,234.56", **rows) | {"decision-TOTAL_FORMS": "2"})
    row = Dispatch.objects.get()
    assert answer.status_code == 302 and answer["Location"] == row.get_absolute_url()
    assert (row.month, row.money_fen) == (date(2026, 11, 1), 123456)
    assert {line["community"] for line in row.snapshot["rows"]} == {"演示·松苑小区", "演示·滨湖花园"}
    item = ActionItem.objects.get()
    assert (item.kind, item.person, item.community, item.decision.dispatch) == ("dispatch", "钱经办", community, row)
    shown = as_clerk.get(row.get_absolute_url()).content.decode()
    for words in ("都在自查", "1,234.56", "催自查", "钱经办", "演示·滨湖花园", "没开始"):
        assert words in shown
    assert "记过了" in as_clerk.get(address).content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"progress": ""}, "写一段进度"),
        ({"held_on": "2026-11-17"}, "还没到这一天"),
        ({"held_on": "2026-10-30"}, "或以后的一天"),
        ({"month": "2026-12"}, "2026-12"),
        ({"money_fen": "一百"}, "金额写成数字"),
        (decision(0, text="催自查") | {"decision-TOTAL_FORMS": "1"}, "写上谁来办"),
        (decision(0, text="催", person="钱", due_on="2026-11-01") | {"decision-TOTAL_FORMS": "1"}, "早于调度那天"),
        ({"decision-TOTAL_FORMS": "x"}, "定下的事有几处要改"),
    ],
)
def test_what_is_missing_is_explained_and_what_was_typed_is_kept(as_clerk, campaign, said, words):
    answer = as_clerk.post(reverse("campaigns:dispatch-new", args=[campaign.pk]), typed(quality="写过的质量") | said)
    shown = answer.content.decode()
    assert answer.status_code == 422 and words in shown and "写过的质量" in shown
    assert not Dispatch.objects.exists() and not ActionItem.objects.exists()


def test_a_month_has_one(dispatch, campaign, clerk):
    with pytest.raises(ValidationError, match="已经记过调度"):
        dispatches.hold(
            campaign=campaign, month=NOVEMBER, held_on=day("2026-11-20"), progress="又一次", by=clerk, now=LATER
        )


@pytest.mark.parametrize(("month", "words"), [(DECEMBER, "还没到"), (Month(2026, 10), "还没开始")])
def test_no_month_before_or_after(campaign, clerk, month, words):
    with pytest.raises(ValidationError, match=words):
        dispatches.hold(campaign=campaign, month=month, held_on=day("2026-11-16"), progress="x", by=clerk, now=MONDAY)


def test_only_a_running_campaign(draft, clerk):
    with pytest.raises(WrongState):
        dispatches.hold(campaign=draft, month=NOVEMBER, held_on=day("2026-11-16"), progress="x", by=clerk, now=MONDAY)


def test_what_changed_since_the_last_one(monday, dispatch, campaign, place, clerk, as_):
    step = campaign.steps.get(code="RECTIFY")
    now = at("2026-12-07 10:00")
    monday.move_to(now)
    steps.record(place=place, step=step, state="stuck", day=day("2026-12-01"), text="没人", by=clerk, now=now)
    new = dispatches.hold(
        campaign=campaign, month=DECEMBER, held_on=day("2026-12-07"), progress="慢", by=clerk, now=now
    )
    found = dispatches.changes(dispatches.table(dispatch), dispatches.table(new))
    assert [(one.community, one.words) for one in found] == [("演示·松苑小区", ["整改：没开始变为难办"])]
    client = as_(clerk)
    shown = client.get(new.get_absolute_url()).content.decode()
    assert "整改：没开始变为难办" in shown and "2026年11月调度" in shown
    assert "整改：没开始变为难办" not in client.get(dispatch.get_absolute_url()).content.decode()


def test_what_was_decided_is_done_once(dispatch, as_clerk, clerk):
    row = Decision.objects.get()
    shown = as_clerk.get(dispatch.get_absolute_url()).content.decode()
    assert "钱经办" in shown and "前办好" in shown
    assert as_clerk.post(reverse("campaigns:decision-done", args=[row.pk])).status_code == 302
    row.item.refresh_from_db()
    assert (row.item.done_by, row.item.done_at) == (clerk, MONDAY)
    assert "定下的事都办好了" in as_clerk.get(dispatch.get_absolute_url()).content.decode()
    with pytest.raises(WrongState):
        dispatches.finish_decision(decision=row, by=clerk, now=MONDAY)
    assert as_clerk.get(reverse("campaigns:decision-done", args=[row.pk])).status_code == 405


def test_what_is_open_comes_up_at_the_next_one(monday, dispatch, campaign, clerk, as_):
    monday.move_to(at("2026-12-07 10:00"))
    shown = as_(clerk).get(reverse("campaigns:dispatch-new", args=[campaign.pk])).content.decode()
    assert "催安居物业自查" in shown and "以前调度定下的事还有 1 件没办好" in shown


def test_one_more_is_added_later(dispatch, as_clerk):
    address = reverse("campaigns:decision-new", args=[dispatch.pk])
    answer = as_clerk.post(address, {"text": "", "person": "", "due_on": ""})
    assert answer.status_code == 422 and "写上定下什么事" in answer.content.decode()
    answer = as_clerk.post(address, {"text": "再查一遍", "person": "", "due_on": "2026-11-25"})
    assert answer.status_code == 422 and "再查一遍" in answer.content.decode()
    assert as_clerk.post(address, {"text": "再查一遍", "person": "王站长", "due_on": "2026-11-25"}).status_code == 302
    assert dispatch.decisions.count() == 2


def test_a_community_outside_the_campaign(dispatch, clerk, village):
    from communities.models import Community

    outside = Community.objects.create(name="外面的", village_committee=village, kind="developed")
    with pytest.raises(ValidationError, match="不在这次行动里"):
        dispatches.decide(
            dispatch=dispatch, text="x", person="y", due_on=day("2026-11-20"), community=outside, by=clerk, now=MONDAY
        )


def test_a_station_reads_its_lines_and_says_its_own_is_done(
    dispatch, clerk, as_station_head, station_head, community, neighbour_community
):
    more = {"dispatch": dispatch, "person": "王", "due_on": day("2026-11-20"), "by": clerk, "now": MONDAY}
    here = dispatches.decide(text="这边的事", community=community, **more)
    there = dispatches.decide(text="那边的事", community=neighbour_community, **more)
    shown = as_station_head.get(dispatch.get_absolute_url()).content.decode()
    assert "这边的事" in shown and "那边的事" not in shown
    assert "演示·松苑小区" in shown and "演示·滨湖花园" not in shown
    assert as_station_head.post(reverse("campaigns:decision-done", args=[here.pk])).status_code == 302
    for other in (there, Decision.objects.first()):
        assert as_station_head.post(reverse("campaigns:decision-done", args=[other.pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        dispatches.finish_decision(decision=there, by=station_head, now=MONDAY)


def test_who_writes_and_who_reads(dispatch, campaign, as_, leader, town_head, cadre, other_firm, make_user):
    from accounts.roles import Role

    new = reverse("campaigns:dispatch-new", args=[campaign.pk])
    for user in (leader, town_head):
        assert as_(user).get(dispatch.get_absolute_url()).status_code == 200
        assert as_(user).post(new, typed()).status_code == 403
    assert as_(cadre).get(dispatch.get_absolute_url()).status_code == 200
    assert as_(other_firm).get(dispatch.get_absolute_url()).status_code == 403
    nobody = make_user("waimian", "外面的", Role.CADRE)
    for name in ("campaigns:dispatch", "campaigns:dispatch-paper"):
        assert as_(nobody).get(reverse(name, args=[dispatch.pk])).status_code == 404
    assert as_(leader).delete(dispatch.get_absolute_url()).status_code == 405


def test_the_paper(dispatch, as_clerk, as_station_head):
    for client in (as_clerk, as_station_head):
        answer = client.get(reverse("campaigns:dispatch-paper", args=[dispatch.pk]))
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_constraints(dispatch, campaign, clerk):
    """dispatch_once_a_month, dispatch_of_a_month, dispatch_says_how_far, action_item_dispatched_to"""
    said = {"campaign": campaign, "held_on": day("2026-11-16"), "by": clerk, "at": MONDAY}
    for name, more in [
        ("dispatch_once_a_month", {"month": day("2026-11-01"), "progress": "x"}),
        ("dispatch_of_a_month", {"month": day("2026-12-02"), "progress": "x"}),
        ("dispatch_says_how_far", {"month": day("2026-12-01"), "progress": ""}),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Dispatch.objects.create(**said, **more)
    with pytest.raises(IntegrityError, match="action_item_dispatched_to"), transaction.atomic():
        item = ActionItem.objects.get()
        item.pk, item.person = None, ""
        item.save()


def test_the_page_takes_the_same_queries(dispatch, clerk, as_station_head, community, django_assert_num_queries):
    def decide(number):
        said = {"text": f"第{number}件", "person": "王", "due_on": day("2026-11-20"), "community": community}
        dispatches.decide(dispatch=dispatch, **said, by=clerk, now=MONDAY)

    decide(0)
    with CaptureQueriesContext(connection) as few:
        as_station_head.get(dispatch.get_absolute_url())
    for number in range(1, 12):
        decide(number)
    with django_assert_num_queries(len(few)):
        as_station_head.get(dispatch.get_absolute_url())
