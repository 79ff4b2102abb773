"""One month from its facts to the gate: assessor, checker, firm, leader and resident each in a browser of their own."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments import scoring
from assessments.models import ManualFact, ScoreSheet
from inspections import notices
from inspections.models import CheckItem, Finding
from lib.periods import beijing_date, month_of
from tests.browser import eyes
from tests.browser.eyes import DESK, PHONE, SIZES
from tests.inspections.phone import UNDATED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened(browser, browser_context_args, base_url, as_):
    """``opened(firm, DESK)``: a page in a browser of its own, signed in; without a person, a stranger's."""
    contexts = []

    def open_for(user, size: str) -> Page:
        context = browser.new_context(**{**browser_context_args, "viewport": SIZES[size], "base_url": base_url})
        context.set_default_timeout(20_000)
        contexts.append(context)
        if user:
            cookie = as_(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}])
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()


@pytest.fixture
def sheet(firm, firm_row, cadre, community, now) -> ScoreSheet:
    """Last month's draft of the community, with one serious finding that went to the firm."""
    month = month_of(beijing_date(now)).previous
    found = month.start + timedelta(days=20, hours=2)
    item, given = CheckItem.objects.get(code="PIL1"), {"community": community, "firm": firm_row, "found_by": cadre}
    finding = Finding.objects.create(
        item=item, severity="serious", found_on=beijing_date(found), text="楼道堆着纸箱", handling="notice", **given
    )
    notices.issue(finding=finding, by=cadre, now=found)
    scoring.compute(month=month, now=now)
    return ScoreSheet.objects.get(first_day=month.first_day)


def test_a_month_from_its_facts_to_the_gate(opened, sheet, clerk, town_head, firm, leader, community):
    at_office, address = opened(clerk, DESK), sheet.get_absolute_url()
    # the assessor, on the spot with a photo, then each proposal
    on_site = opened(clerk, PHONE)
    on_site.goto(reverse("assessments:on-site-new", args=[sheet.pk]))
    on_site.get_by_label("考核项").select_option(index=5)
    on_site.get_by_label("什么问题，在哪里").fill("北门岗亭没人")
    photo = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": UNDATED}
    on_site.locator("[data-photos] input[type=file]").last.set_input_files([photo])
    expect(on_site.locator("[data-photo] [data-said]")).to_have_text("已传好")
    eyes.shoot(on_site, "score-on-site-phone")
    on_site.get_by_role("button", name="加上").click()
    expect(on_site.get_by_text("加上了")).to_be_visible()
    assert ManualFact.objects.get().photos.count() == 1
    at_office.goto(reverse("assessments:assess", args=[sheet.pk]))
    eyes.shoot(at_office, "score-assess-desk")
    at_office.get_by_role("button", name="其余没定的都照扣，存好").click()
    expect(at_office.locator(".p-turn")).to_contain_text("等您认定扣分")
    at_office.get_by_role("button", name="送复核").click()
    # the checker, in the administration and by keyboard
    at_head = opened(town_head, DESK)
    at_head.goto(reverse("admin:assessments_scoresheet_changelist"))
    at_head.get_by_role("link", name="演示·松苑小区").click()
    expect(at_head.locator(".p-turn")).to_contain_text("等您复核")
    eyes.shoot(at_head, "score-admin-desk")
    at_head.get_by_role("button", name="复核通过，看下一份").press("Enter")
    expect(at_head.get_by_text("通知企业了")).to_be_visible()
    # the firm appeals, the leader keeps it
    at_firm = opened(firm, PHONE)
    at_firm.goto(reverse("assessments:firm"))
    at_firm.get_by_role("link", name="演示·松苑小区").first.click()
    at_firm.get_by_role("link", name="提出申诉").click()
    at_firm.get_by_role("checkbox").first.check()
    at_firm.get_by_label("为什么").fill("当天就清走了")
    at_firm.get_by_role("button", name="提交申诉").click()
    expect(at_firm.locator(".p-turn")).to_contain_text("申诉等没经手的人决定")
    at_leader = opened(leader, DESK)
    at_leader.goto(reverse("assessments:appeal-list"))
    at_leader.get_by_role("link", name="演示·松苑小区").first.click()
    at_leader.get_by_text("不成立，维持").click()
    at_leader.get_by_label("理由").fill("照片是第二天的")
    at_leader.get_by_role("button", name="提交决定").click()
    expect(at_leader.get_by_text("决定：不成立")).to_be_visible()
    # the days of the window pass; it is published, and everybody reads why
    ScoreSheet.objects.filter(pk=sheet.pk).update(appeal_until=beijing_date(sheet.appeal.at) - timedelta(days=1))
    at_head.goto(address)
    at_head.get_by_role("button", name="公布", exact=True).click()
    expect(at_head.locator(".p-turn")).to_contain_text("公布了")
    at_gate = opened(None, PHONE)
    at_gate.goto(reverse("portal:gate", args=[community.code]))
    at_gate.get_by_role("link", name="物业考核：得几分、为什么扣").click()
    expect(at_gate.get_by_text("乱堆放、楼道堆物")).to_be_visible()
    eyes.shoot(at_gate, "score-public-phone")
    assert "纸箱" not in at_gate.content()
