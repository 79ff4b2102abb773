"""From a finding to 销号: the cadre on a phone, the firm and the station each in a browser of their own."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from inspections import notices
from inspections.models import Notice
from tests.browser import eyes
from tests.browser.eyes import DESK, PHONE, SIZES
from tests.inspections.conftest import send  # noqa: F401  a patrol through the front door
from tests.inspections.phone import UNDATED, finding, fresh_photos

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("inspections:notice-list")


@pytest.fixture
def opened(browser, browser_context_args, base_url, as_):
    """``opened(firm, DESK)``: a page in a browser of its own, signed in."""
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


@pytest.fixture
def issued(firm, cadre, community, send, now):  # noqa: F811
    """A serious finding of this moment, sent to the firm."""
    return send(cadre, community, finding(), now=now).findings.get().notices.get()


def test_from_the_finding_to_its_settlement(opened, issued, cadre, firm, station_head):
    at_firm, at_station, on_phone = opened(firm, DESK), opened(station_head, DESK), opened(cadre, PHONE)
    # the firm signs, plans, asks for time, replies
    at_firm.goto(LIST)
    at_firm.get_by_role("link", name="3幢1单元楼道堆纸箱").click()
    expect(at_firm.locator(".p-turn")).to_contain_text("等演示·安居物业签收")
    at_firm.get_by_role("link", name="签收", exact=True).click()
    at_firm.get_by_role("button", name="签收").click()
    at_firm.get_by_role("link", name="填责任人、期限、措施").click()
    at_firm.get_by_label("责任人").fill("林志明")
    at_firm.get_by_label("哪天前整改好").fill(Notice.objects.get().due_on.isoformat())
    at_firm.get_by_label("措施").fill("联系业主搬走")
    at_firm.get_by_role("button", name="记下").click()
    at_firm.get_by_text("办不了、发错了").click()
    at_firm.get_by_role("link", name="申请延期").click()
    at_firm.get_by_label("延几个工作日").fill("2")
    at_firm.get_by_label("为什么延期").fill("等业主回来")
    at_firm.get_by_role("button", name="提交申请").click()
    # the station grants it
    at_station.goto(f"{LIST}?show=decide")
    at_station.get_by_role("link", name="3幢1单元楼道堆纸箱").click()
    at_station.get_by_role("link", name="决定延期").click()
    at_station.get_by_text("同意", exact=True).click()
    at_station.get_by_role("button", name="记下决定").click()
    expect(at_station.locator(".p-line")).to_contain_text("同意延期")
    eyes.shoot(at_station, "notice-station-desk")
    # the firm replies with a photo
    at_firm.goto(Notice.objects.get().get_absolute_url())
    at_firm.get_by_role("link", name="整改好了，回复").click()
    at_firm.get_by_label("怎么整改的").fill("纸箱清走了")
    photo = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": UNDATED}
    at_firm.locator("[data-photos] input[type=file]").last.set_input_files([photo])
    expect(at_firm.locator("[data-photo] [data-said]")).to_have_text("已传好")
    eyes.shoot(at_firm, "notice-reply-desk")
    at_firm.get_by_role("button", name="提交回复").click()
    expect(at_firm.locator(".p-turn")).to_contain_text("复查")
    # the cadre looks again on the phone
    on_phone.goto(reverse("inspections:week"))
    on_phone.get_by_role("link", name="3幢1单元楼道堆纸箱").first.click()
    expect(on_phone.locator(".p-seg :checked")).to_have_count(0)
    eyes.shoot(on_phone, "recheck-phone")
    on_phone.get_by_role("button", name="提交复查结果").click()
    expect(on_phone.get_by_role("alert")).to_contain_text("选合格或者不合格")
    on_phone.get_by_text("合格", exact=True).first.click()
    on_phone.get_by_role("button", name="提交复查结果").click()
    expect(on_phone.locator(".p-turn")).to_contain_text("已办结（销号）")
    eyes.shoot(on_phone, "notice-closed-phone")
    assert Notice.objects.get().state == "closed"


@pytest.fixture
def waiting(issued, firm, now):
    """The same, put right and waiting for the recheck."""
    notices.receive(notice=issued, by=firm, now=now)
    notices.plan(notice=issued, person="林", limit_on=issued.due_on, measure="搬", by=firm, now=now)
    notices.reply(notice=issued, text="清了", photos=fresh_photos(firm, now=now), by=firm, now=now)
    return issued


@pytest.mark.parametrize("name", ["notice-detail", "register", "register-summary", "notice-list", "recheck"])
def test_pages_look_well(opened, waiting, cadre, name):
    page = opened(cadre, PHONE)
    rows = {"notice-detail": {"args": [waiting.pk]}}
    address = reverse(f"inspections:{name}", **rows.get(name, {}))
    page.goto(address + (f"?n={waiting.pk}" if name == "recheck" else ""))
    eyes.look(page, name)


@pytest.fixture
def basement(browser, browser_context_args, opened, waiting, cadre):
    """A phone that opened 本周 once with signal."""
    browser_context_args["service_workers"] = "allow"
    page = opened(cadre, PHONE)
    page.goto(reverse("inspections:week"))
    page.evaluate(
        """async (user) => {
          await navigator.serviceWorker.ready;
          for (let n = 0; n < 200 && !(await phone.kit(user))?.rechecks?.length; n++)
            await new Promise((done) => setTimeout(done, 50));
        }""",
        str(cadre.pk),
    )
    page.context.set_offline(True)
    yield page
    browser_context_args["service_workers"] = "block"


def test_a_recheck_without_signal_waits_and_goes_by_itself(basement, waiting):
    basement.goto(f"{reverse('inspections:recheck')}?n={waiting.pk}")
    expect(basement.get_by_role("heading", level=1)).to_contain_text("3幢1单元楼道堆纸箱")
    basement.get_by_text("合格", exact=True).first.click()
    basement.get_by_role("button", name="提交复查结果").click()
    basement.wait_for_url(f"**{reverse('inspections:queue')}")
    expect(basement.locator("[data-list] > li").first).to_contain_text("等信号")
    assert Notice.objects.get().state == "replied"
    basement.context.set_offline(False)
    expect(basement.locator("[data-list] > li").first).to_contain_text("镇物业办已收到")
    assert Notice.objects.get().state == "closed"
