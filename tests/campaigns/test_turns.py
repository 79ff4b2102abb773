"""Whose turn it is, on the pages of a campaign and of a community; and that no link leads to a closed page."""

import re
from html import unescape

import pytest
from django.urls import reverse

from campaigns import amenities, campaign_page, dispatches, found, help_requests, lists
from campaigns.models import Campaign
from lib.periods import month_of
from tests.campaigns.conftest import CHECKING, STARTS, day
from tests.campaigns.test_steps import finding, write

pytestmark = pytest.mark.django_db


def bar(client, row) -> str:
    shown = re.search(r'<p class="p-turn".*?</p>', client.get(row.get_absolute_url()).content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>|\s", "", shown.group(0))


def test_a_plan_waits_for_its_author_then_for_the_head(as_clerk, draft):
    assert "镇物业办正在起草" in bar(as_clerk, draft)
    Campaign.objects.filter(pk=draft.pk).update(state="proposed")
    assert "等镇物业办负责人批准" in bar(as_clerk, draft)


@pytest.mark.parametrize(
    ("today", "said"),
    [("2026-11-16", "还没到时间"), ("2026-11-22", "执法局牵头：宣传动员"), ("2026-11-30", "等镇物业办写总结")],
)
def test_a_running_campaign_names_its_lead_and_phase(campaign, today, said):
    assert said in campaign_page.turn(campaign, day(today)).text


def test_a_community_names_who_does_the_first_step_that_is_open(as_clerk, place, clerk, monday):
    monday.move_to(CHECKING)
    assert "物业企业：自查" in bar(as_clerk, place) and "前没做完" in bar(as_clerk, place)
    write(place, "SELF_CHECK", clerk)
    assert "自查" not in bar(as_clerk, place)


def test_what_was_found_is_the_firms_turn(as_clerk, place, clerk, cadre, monday):
    monday.move_to(CHECKING)
    write(place, "SELF_CHECK", clerk)
    finding(place, cadre)
    found.pull(now=CHECKING)
    assert "物业企业：整改，还剩1处" in bar(as_clerk, place)


@pytest.fixture
def everything(campaign, place, clerk, monday):
    """Something on every list that a campaign has."""
    monday.move_to(CHECKING)
    lists.put(
        campaign=campaign, text="堆物", person="王经理", due_on=day("2026-11-23"), by=clerk, now=CHECKING, place=place
    )
    lists.put(campaign=campaign, text="没有责任人", by=clerk, now=CHECKING)
    help_requests.ask(place=place, text="夜宵摊", asks="查处", by=clerk, now=CHECKING)
    amenities.add(place=place, kind="shed", spot="东门", capacity=1, needed=3, by=clerk, now=CHECKING)
    dispatches.hold(
        campaign=campaign, month=month_of(STARTS), held_on=CHECKING.date(), progress="一半", by=clerk, now=CHECKING
    )


ROLES = ["clerk", "town_head", "leader", "station_head", "cadre", "other_cadre", "firm"]


@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_to_a_page_that_is_closed_to_the_reader(request, role, as_, everything):
    client = as_(request.getfixturevalue(role))
    start = reverse("campaigns:campaign-list")
    seen, todo = set(), [start, f"{start}?state=all"]
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code < 400, (role, address)
        if address.startswith(start) and answer.get("Content-Type", "").startswith("text/html"):
            main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL).group(0)
            todo += [unescape(link) for link in re.findall(r'href="(/[^"#]*)', main) if "month=" not in link]
    assert len(seen) > 3


def test_how_the_plan_came_about_is_for_staff(as_, campaign, clerk, firm, leader):
    for user, sees in ((firm, False), (leader, True)):
        assert ("报批" in as_(user).get(campaign.get_absolute_url()).content.decode()) is sees
