"""Small comforts: large type and dark pages kept per person, the own order, spoken text. Issue 4 §5"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from communities.models import Community, PatrolDuty
from inspections import routes
from inspections.models import CheckItem, Finding
from tests.browser import eyes
from tests.browser.test_patrol_on_a_phone import all_fine, category, go_on
from tests.conftest import LONG_AGO

WEEK, ROUTE, NEW, HELP = (
    *(reverse(f"inspections:{name}") for name in ("week", "route", "patrol-new")),
    reverse("portal:help"),
)


@pytest.fixture
def places(village, cadre, community):
    other = Community.objects.create(name="演示·桂花园", village_committee=village, kind="other")
    PatrolDuty.objects.create(user=cadre, community=other, first_day=LONG_AGO)
    return [other, community]


@pytest.fixture
def a_finding(cadre, community, today):
    """Something that the cadre found here before."""
    what = CheckItem.objects.get(code="PIL1")
    words = {"text": "3幢1单元楼道堆纸箱", "handling": "notice", "severity": what.severity}
    return Finding.objects.create(community=community, item=what, found_by=cadre, found_on=today, **words)


def is_large(page):
    expect(page.locator("html")).to_have_class(re.compile("elder"))


def kept(cadre, **looks):
    """Waits until the account knows."""
    from tests.worker import until

    until(lambda: User.objects.filter(pk=cadre.pk, **looks).exists(), f"the account keeps {looks}")


# ---------------------------------------------------------------- large type, dark


def test_large_type_comes_at_once_and_stays_on_another_phone(page, signed_in, cadre, new_context):
    signed_in(cadre)
    page.goto(WEEK)
    page.get_by_role("button", name="长辈版").click()
    is_large(page)
    expect(page.get_by_role("button", name="标准字")).to_be_visible()
    kept(cadre, big_text=True)
    another = new_context()
    another.add_cookies(page.context.cookies())
    elsewhere = another.new_page()
    elsewhere.goto(WEEK)
    is_large(elsewhere)
    elsewhere.get_by_role("button", name="标准字").click()
    kept(cadre, big_text=False)


def test_a_page_is_dark_only_when_wished(page, signed_in, cadre):
    page.emulate_media(color_scheme="dark")
    for _ in range(2):
        page.goto(HELP)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
        signed_in(cadre)
    page.get_by_role("button", name="换深色").click()
    kept(cadre, dark=True)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_without_scripts_the_switch_works_too(new_context, page, signed_in, cadre):
    signed_in(cadre)
    plain = new_context(java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    tab = plain.new_page()
    tab.goto(WEEK)
    tab.get_by_role("button", name="长辈版").click()
    is_large(tab)
    expect(tab).to_have_url(re.compile(f"{WEEK}$"))


def test_what_was_chosen_while_the_office_could_not_be_reached_is_told_later(page, signed_in, cadre):
    page.expected_errors += ["ERR_FAILED"]
    signed_in(cadre)
    page.goto(WEEK)
    page.context.route("**/looks/", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="长辈版").click()
    is_large(page)
    assert not User.objects.get(pk=cadre.pk).big_text
    page.goto(ROUTE)
    is_large(page)
    kept(cadre, big_text=True)


def test_a_stranger_chooses_for_this_browser(page):
    page.goto(HELP)
    page.get_by_role("button", name="长辈版").click()
    page.goto(reverse("portal:contacts"))
    is_large(page)


# ---------------------------------------------------------------- the own order


def test_communities_are_put_in_order_and_the_receipt_leads_to_the_next(page, signed_in, cadre, places, now):
    signed_in(cadre)
    page.goto(WEEK)
    page.get_by_role("link", name="改顺序").click()
    page.get_by_role("button", name=re.compile(f"上移.*{places[1]}")).click()
    expect(page.locator(".p-order li").first).to_contain_text(places[1].name)
    eyes.look(page, "route")
    assert list(routes.places_of(cadre, now=now)) == [places[1], places[0]]
    page.get_by_role("link", name="排好了，回到本周").click()
    expect(page.locator(".p-row").first).to_contain_text("下一个")
    page.get_by_role("link", name=re.compile(f"去巡查.*{places[1]}")).click()
    all_fine(page)
    category(page, "pile").get_by_text("没问题").click()
    go_on(page)
    page.get_by_role("button", name="提交巡查记录").click()
    eyes.look(page, "receipt-with-next")
    page.get_by_role("link", name=f"再记一个：{places[0]}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{places[0]}巡查")


# ---------------------------------------------------------------- while writing


def test_what_was_found_last_stands_on_the_form(page, signed_in, cadre, community, a_finding):
    signed_in(cadre)
    page.goto(f"{NEW}?c={community.pk}")
    words = page.locator("[data-known]").get_by_text(a_finding.text)
    expect(words).to_be_hidden()
    page.get_by_text("这里最近的问题").click()
    expect(words).to_be_visible()
    eyes.look(page, "patrol-new-known")


def test_what_is_said_is_not_cut_off_but_counted(page, signed_in, cadre, community):
    page.expected_errors += ["422"]
    signed_in(cadre)
    page.goto(f"{NEW}?c={community.pk}")
    category(page, "pile").get_by_text("有问题").click()
    words = category(page, "pile").get_by_label("什么问题，在哪里")
    words.fill("堆" * 450)
    expect(category(page, "pile").locator("[data-left]")).to_have_text("还能写 50 个字")
    words.fill("堆" * 503)
    expect(category(page, "pile").locator("[data-left]")).to_have_text("多了 3 个字，删短一点")
    all_fine(page)
    go_on(page)
    expect(category(page, "pile").get_by_text("写长了：最多 500 个字，现在有 503 个。")).to_be_visible()
    expect(words).to_have_value("堆" * 503)
