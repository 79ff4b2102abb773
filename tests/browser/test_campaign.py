"""A campaign of eight days with time moved: planned, approved, self-checked, inspected, accepted, ended; each person in
a browser of their own. Issue 10"""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns import tasks
from campaigns.models import Campaign, StepEvent
from inspections import notices, rechecks
from inspections.models import Finding
from lib.periods import BEIJING, DAY
from tests.browser import eyes
from tests.browser.eyes import DESK, PHONE, SIZES
from tests.inspections.conftest import send  # noqa: F401  a patrol through the front door
from tests.inspections.phone import UNDATED, fresh_photos

pytestmark = pytest.mark.django_db(transaction=True)
STARTS = date(2027, 3, 9)  # a Tuesday


@pytest.fixture
def clock():
    """Beijing, a week before it starts, half past nine."""
    with time_machine.travel(_at(STARTS - 7 * DAY), tick=True) as moved:
        yield moved


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=BEIJING)


@pytest.fixture
def opened(browser, browser_context_args, base_url, as_):
    """``opened(firm, DESK)``: a page in a browser of its own, signed in now."""
    contexts = []

    def open_for(user, size: str) -> Page:
        context = browser.new_context(**{**browser_context_args, "viewport": SIZES[size], "base_url": base_url})
        context.set_default_timeout(20_000)
        contexts.append(context)
        cookie = as_(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}])
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()


def test_eight_days(clock, opened, clerk, town_head, firm, cadre, other_cadre, community, send):  # noqa: F811
    campaign = _planned(opened(clerk, DESK), opened(town_head, DESK), community, other_cadre)
    place = campaign.places.get()
    # the first day: the phase is under way by itself
    clock.move_to(_at(STARTS))
    at_firm = opened(firm, PHONE)
    at_firm.goto(campaign.get_absolute_url())
    expect(at_firm.locator(".p-phase [aria-current]")).to_contain_text("宣传动员")
    eyes.shoot(at_firm, "campaign-phone")
    # the third: the firm checks itself, reports one problem, and has nothing to type twice
    clock.move_to(_at(STARTS + 2 * DAY))
    reported = _checks_itself(opened(firm, PHONE), place)
    # put right: the same notice as ever
    now = timezone.now()
    notice = reported.notices.get()
    notices.plan(notice=notice, person="林", limit_on=notice.due_on, measure="搬", by=firm, now=now)
    notices.reply(notice=notice, text="清了", photos=fresh_photos(firm, now=now), by=firm, now=now)
    # the fifth: a member of the team patrols as ever; that is the check
    clock.move_to(_at(STARTS + 4 * DAY))
    send(other_cadre, community, now=timezone.now())
    tasks.follow_patrols()
    at_team = opened(other_cadre, PHONE)
    at_team.goto(place.get_absolute_url())
    expect(_step(at_team, "检查")).to_contain_text("完成")
    # the seventh: accepted by the head, not before what was found is settled
    clock.move_to(_at(STARTS + 6 * DAY))
    _accepted(opened(town_head, DESK), place, lambda: _looks_again(notice, cadre))
    # the ninth: the end
    clock.move_to(_at(STARTS + 8 * DAY))
    at_office = opened(clerk, DESK)
    at_office.goto(campaign.get_absolute_url())
    eyes.shoot(at_office, "campaign-desk")
    at_office.get_by_role("link", name="写总结，结束").click()
    at_office.get_by_label("总结").fill("一处堆物清走了。")
    at_office.get_by_role("button", name="结束").click()
    expect(at_office.locator(".p-turn")).to_contain_text("结束了")
    told = StepEvent.objects.filter(place_step__place=place).values_list("place_step__step__code", "state")
    assert list(told) == [("SELF_CHECK", "done"), ("INSPECT", "done"), ("ACCEPT", "done")]


def _step(page: Page, name: str):
    """The row of a step on a community's page."""
    return page.locator('section[aria-labelledby="steps"] li', has=page.locator(".t", has_text=name)).first


def _planned(at_office: Page, at_head: Page, community, member) -> Campaign:
    """From a template to the approved plan, with one mistake on the way."""
    at_office.goto(reverse("campaigns:campaign-list"))
    at_office.get_by_role("link", name="起草方案").click()
    at_office.get_by_label("照哪个模板").select_option("plan3")
    at_office.get_by_role("button", name="起草").click()
    expect(at_office.get_by_text("写上从哪天开始").first).to_be_visible()
    at_office.get_by_label("从哪天开始").fill(STARTS.isoformat())
    at_office.get_by_role("button", name="起草").click()
    at_office.get_by_role("link", name="加小区").click()
    at_office.get_by_label("小区名单").fill(f"{community.name}\n没有的小区")
    at_office.get_by_role("button", name="加上").click()
    expect(at_office.get_by_text("台账里没有“没有的小区”").first).to_be_visible()
    at_office.get_by_label("小区名单").fill(community.name)
    at_office.get_by_role("button", name="加上").click()
    at_office.get_by_role("link", name="加组").click()
    at_office.get_by_label("组长").select_option(label=member.name)
    at_office.get_by_role("group", name="组员").get_by_text(member.name).click()
    at_office.get_by_role("group", name="查哪些小区").get_by_text(community.name).click()
    at_office.get_by_role("button", name="保存").click()
    at_office.get_by_role("button", name="报批").click()
    expect(at_office.locator(".p-turn")).to_contain_text("等镇物业办负责人批准")
    campaign = Campaign.objects.get()
    at_head.goto(campaign.get_absolute_url())
    at_head.get_by_role("button", name="批准").click()
    expect(at_head.locator(".p-turn")).to_contain_text("还没到时间")
    return campaign


def _checks_itself(at_firm: Page, place) -> Finding:
    at_firm.goto(place.get_absolute_url())
    _step(at_firm, "自查").get_by_role("link").click()
    at_firm.get_by_role("button", name="自查完成").click()
    expect(at_firm.get_by_role("alert")).to_contain_text("还有 7 项没看")
    row = at_firm.locator("li", has_text="楼道内堆放杂物").first
    row.get_by_role("link", name="报一处").click()
    at_firm.wait_for_load_state()  # the album listens from then on
    at_firm.get_by_label("什么问题，在哪里").fill("3幢1单元楼道堆纸箱")
    photo = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": UNDATED}
    at_firm.locator("[data-photos] input[type=file]").last.set_input_files([photo])
    expect(at_firm.locator("[data-photo] [data-said]")).to_have_text("已传好")
    at_firm.get_by_label("哪天前整改好").fill((STARTS + timedelta(4)).isoformat())
    at_firm.get_by_role("button", name="上报").click()
    expect(at_firm.get_by_role("heading", level=1)).to_have_text("自查")
    expect(at_firm.locator("li", has_text="楼道内堆放杂物").first).to_contain_text("1 处")
    for tick in at_firm.get_by_text("没问题", exact=True).all():
        tick.click()
    eyes.shoot(at_firm, "self-check-phone")
    at_firm.get_by_role("button", name="自查完成").click()
    expect(_step(at_firm, "自查")).to_contain_text("自查出 1 处")
    return Finding.objects.get()


def _looks_again(notice, cadre) -> None:
    rechecks.recheck(notice=notice, passed=True, by=cadre, now=timezone.now())


def _accepted(at_head: Page, place, settle) -> None:
    at_head.goto(place.get_absolute_url())
    _step(at_head, "验收").get_by_role("link").click()
    at_head.get_by_text("合格", exact=True).click()
    at_head.get_by_role("button", name="记下结果").click()
    expect(at_head.get_by_text("还有 1 个问题没办结").first).to_be_visible()
    settle()
    at_head.get_by_role("button", name="记下结果").click()
    expect(_step(at_head, "验收")).to_contain_text("完成")
    expect(_step(at_head, "回头看")).to_contain_text("打算")
