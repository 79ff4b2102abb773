"""A patrol in a basement garage: written, checked and closed without signal, sent by itself, never twice. Issue 4 §1"""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from communities.models import PatrolDuty
from inspections.models import Finding, Patrol, PatrolPhoto
from portal import offline
from tests.browser import eyes
from tests.browser.test_patrol_on_a_phone import add_photos, all_fine, category, go_on, write_finding
from tests.conftest import LONG_AGO
from tests.lib.photos import jpeg

NEW, QUEUE, WEEK = (reverse(f"inspections:{name}") for name in ("patrol-new", "queue", "week"))
RECEIVE, UPLOAD = (f"**{reverse(f'inspections:{name}')}" for name in ("patrol-receive", "photo-upload"))
READY = """async (user) => {
  await navigator.serviceWorker.ready;
  for (let n = 0; n < 200 && !(await phone.kit(user)); n++) await new Promise((done) => setTimeout(done, 50));
  return (await phone.kit(user)).communities.length;
}"""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "service_workers": "allow"}


@pytest.fixture
def phone(page, signed_in, cadre, firm_row) -> Page:
    """A cadre's phone that opened 本周 once with signal."""
    page.expected_errors += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
    signed_in(cadre)
    page.goto(WEEK)
    assert page.evaluate(READY, str(cadre.pk)) == 1
    return page


@pytest.fixture
def garage(phone, community) -> Page:
    """The same phone in the garage, with the form open."""
    phone.context.set_offline(True)
    phone.goto(f"{NEW}?c={community.pk}")
    return phone


def write(page, words="6幢1单元楼道堆纸箱", photos=2):
    category(page, "pile").get_by_text("有问题").click()
    box = write_finding(page, "pile", words)
    add_photos(box, *[(f"{n}.jpg", jpeg(600 + n, 400)) for n in range(photos)])
    expect(box.locator("[data-photo]")).to_have_count(photos)
    all_fine(page)
    return box


def hand_in(page):
    go_on(page)
    expect(page.get_by_role("heading", name="检查一遍再提交")).to_be_visible()
    page.get_by_role("button", name="提交巡查记录").click()
    page.wait_for_url(f"**{QUEUE}")


def row(page):
    return page.locator("[data-list] > li")


def say(page, words):
    expect(row(page).first).to_contain_text(words)


def kept(page, user):
    return page.evaluate("user => drafts.list(user)", str(user.pk))


def signal(page):
    page.context.set_offline(False)


def arrived(page):
    say(page, "镇物业办已收到")
    patrol = Patrol.objects.get()
    say(page, patrol.number)
    return patrol


# ---------------------------------------------------------------- the way through


def test_written_closed_opened_again_and_sent_when_there_is_signal(garage, cadre, community):
    expect(garage.get_by_role("heading", level=1)).to_have_text(f"{community.name}巡查")
    expect(garage.locator("[data-strip]")).to_contain_text("没有信号，照常填")
    write(garage)
    context = garage.context
    garage.close()
    page = context.new_page()
    page.goto(f"{NEW}?c={community.pk}")
    expect(page.locator("[data-restored]")).to_be_visible()
    expect(category(page, "pile").get_by_label("什么问题，在哪里")).to_have_value("6幢1单元楼道堆纸箱")
    expect(category(page, "pile").locator("[data-photo]")).to_have_count(2)
    expect(page.locator("[data-count]")).to_have_text("5 项都填了")
    hand_in(page)
    say(page, "等信号")
    assert Patrol.objects.count() == 0
    signal(page)
    patrol = arrived(page)
    assert (patrol.user, patrol.community, patrol.doubt) == (cadre, community, "")
    assert patrol.written_at is not None and abs(patrol.clock_ahead) < 60
    assert Finding.objects.get().photos.count() == 2
    expect(page.locator("[data-strip]")).to_contain_text("1 份已送到")
    assert [("fields" in draft, draft["number"]) for draft in kept(page, cadre)] == [(False, patrol.number)]
    assert page.evaluate("key => drafts.photos(key)", kept(page, cadre)[0]["key"]) == []


def test_the_form_opened_with_signal_is_handed_in_without(phone, community):
    phone.goto(f"{NEW}?c={community.pk}")
    write(phone, photos=0)
    phone.context.set_offline(True)
    hand_in(phone)
    say(phone, "等信号")
    signal(phone)
    assert arrived(phone).findings.get().text == "6幢1单元楼道堆纸箱"


def test_the_servers_check_page_is_handed_in_without_signal(phone, community):
    phone.goto(f"{NEW}?c={community.pk}")
    all_fine(phone)
    category(phone, "pile").get_by_text("没问题").click()
    go_on(phone)
    expect(phone.get_by_role("heading", name="检查一遍再提交")).to_be_visible()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="提交巡查记录").click()
    phone.wait_for_url(f"**{QUEUE}")
    signal(phone)
    arrived(phone)


def test_what_is_missing_is_said_without_a_server(garage):
    category(garage, "hyg").get_by_text("有问题").click()
    go_on(garage)
    expect(garage.locator("[data-faults]")).to_be_focused()
    garage.locator("[data-faults]").get_by_role("link", name=re.compile("环境卫生.*选了有问题")).click()
    expect(category(garage, "hyg").locator(".p-err")).to_contain_text("请写一句")
    garage.get_by_label("什么问题，在哪里").first.fill("北门垃圾满溢")
    go_on(garage)
    expect(category(garage, "hyg").get_by_text("选一下是哪一种。")).to_be_visible()


def test_the_button_says_that_there_is_still_no_signal(garage):
    write(garage, photos=0)
    hand_in(garage)
    garage.get_by_role("button", name="现在试一次").click()
    expect(garage.locator("[data-said]")).to_contain_text("还没有信号")
    say(garage, "等信号")


def test_a_second_patrol_of_the_same_community_is_another_one(garage, community):
    write(garage, photos=0)
    hand_in(garage)
    garage.goto(f"{NEW}?c={community.pk}")
    expect(garage.locator(".p-seg :checked")).to_have_count(0)


# ---------------------------------------------------------------- cuts


def test_a_cut_at_the_second_photo_goes_on_where_it_was(garage):
    write(garage)
    hand_in(garage)
    tried = []

    def cut(route):
        tried.append(1)
        return route.abort() if len(tried) == 2 else route.continue_()

    garage.context.route(UPLOAD, cut)
    signal(garage)
    expect(garage.locator("[data-said]")).to_contain_text("还没有信号")
    assert (PatrolPhoto.objects.count(), Patrol.objects.count()) == (1, 0)
    garage.get_by_role("button", name="现在试一次").click()
    arrived(garage)
    assert (len(tried), PatrolPhoto.objects.count()) == (3, 2)


def test_a_lost_receipt_makes_one_record(garage):
    write(garage, photos=1)
    hand_in(garage)
    garage.context.route(RECEIVE, lambda route: (route.fetch(), route.abort()), times=1)
    signal(garage)
    expect(garage.locator("[data-said]")).to_be_visible()
    garage.get_by_role("button", name="现在试一次").click()
    arrived(garage)


def test_a_server_in_trouble_is_asked_again(garage):
    garage.expected_errors.append("500")
    write(garage, photos=1)
    hand_in(garage)
    garage.context.route(RECEIVE, lambda route: route.fulfill(status=500, body="<h1>"), times=1)
    signal(garage)
    expect(garage.locator("[data-said]")).to_contain_text("收不下")
    say(garage, "等信号")
    garage.get_by_role("button", name="现在试一次").click()
    arrived(garage)


def test_what_the_server_refuses_can_be_mended_and_sent(garage, cadre):
    garage.expected_errors.append("422")
    write(garage, photos=0)
    category(garage, "pile").get_by_label("哪一种").evaluate(
        """select => {
          select.add(new Option("已经没有的一种", "999999", true, true));
          select.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    hand_in(garage)
    signal(garage)
    say(garage, "没写完")
    say(garage, "请重新选一次")
    assert Patrol.objects.count() == 0
    row(garage).get_by_role("link", name="改一下再传").click()
    expect(category(garage, "pile").get_by_label("什么问题，在哪里")).to_have_value("6幢1单元楼道堆纸箱")
    category(garage, "pile").get_by_label("哪一种").select_option(index=1)
    go_on(garage)
    garage.get_by_role("button", name="提交巡查记录").click()
    expect(garage.get_by_role("heading", name="镇物业办已收到")).to_be_visible()
    garage.wait_for_function("user => drafts.list(user).then((left) => left.length === 0)", arg=str(cadre.pk))


def test_an_expired_session_signs_in_again_and_goes_on(garage, cadre):
    write(garage, photos=1)
    hand_in(garage)
    garage.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    signal(garage)
    expect(garage.locator("[data-said]")).to_contain_text("登录过期了")
    garage.get_by_role("link", name="重新登录").click()
    garage.get_by_label("用户名或手机号").fill(cadre.username)
    garage.get_by_label("密码").fill("yigewanmeidemima")
    garage.get_by_role("button", name="登录").click()
    arrived(garage)


def test_photos_that_the_office_lost_are_sent_again(garage):
    garage.expected_errors.append("409")
    write(garage, photos=1)
    hand_in(garage)
    garage.context.route(RECEIVE, lambda route: route.abort(), times=1)
    signal(garage)
    expect(garage.locator("[data-said]")).to_be_visible()
    PatrolPhoto.objects.all().delete()
    garage.get_by_role("button", name="现在试一次").click()
    arrived(garage)
    assert Finding.objects.get().photos.count() == 1


# ---------------------------------------------------------------- one phone, several tabs and people


@pytest.mark.parametrize("locks", [True, False], ids=["locks", "lease"])
def test_two_tabs_send_once(garage, locks):
    if not locks:
        without = "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})"
        garage.context.add_init_script(without)
        garage.reload()
    write(garage, photos=1)
    hand_in(garage)
    other = garage.context.new_page()
    other.goto(QUEUE)
    say(other, "等信号")
    sent = []
    garage.context.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    signal(garage)
    arrived(garage)
    arrived(other)
    assert len(sent) == 2, sent  # one photo, one record


def test_anothers_drafts_are_neither_shown_nor_sent(garage, signed_in, other_cadre):
    write(garage, photos=0)
    hand_in(garage)
    garage.context.clear_cookies()
    signed_in(other_cadre)
    signal(garage)
    expect(garage.locator("[data-said]")).to_contain_text("另一个账号")
    garage.goto(WEEK)
    garage.goto(QUEUE)
    expect(garage.locator("[data-others]")).to_contain_text("1 份属于另一账号")
    expect(row(garage)).to_have_count(0)
    expect(garage.get_by_text("松苑")).to_have_count(0)
    assert Patrol.objects.count() == 0


def test_after_signing_out_the_phone_has_no_form_for_anybody(phone, community):
    phone.goto(reverse("accounts:me"))
    phone.get_by_role("button", name="退出登录").click()
    phone.context.set_offline(True)
    phone.goto(f"{NEW}?c={community.pk}")
    expect(phone.get_by_role("heading", name="这部手机还没有检查表")).to_be_visible()


# ---------------------------------------------------------------- what a browser may do to us


FULL = """() => { IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); }; }"""


def test_a_full_phone_says_so_and_keeps_the_page(garage):
    write(garage, photos=0)
    go_on(garage)
    garage.evaluate(FULL)
    garage.get_by_role("button", name="提交巡查记录").click()
    expect(garage.locator("[data-said-here]")).to_contain_text("手机空间满了")
    expect(garage.get_by_role("heading", name="检查一遍再提交")).to_be_visible()


def test_a_window_that_keeps_nothing_says_so(page, signed_in, cadre):
    page.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }")
    signed_in(cadre)
    page.goto(QUEUE)
    expect(page.locator("[data-said]")).to_contain_text("无痕窗口")


def test_a_photo_that_does_not_fit_keeps_the_page_too(garage):
    """The words fit, the photo does not: leaving the page would lose it."""
    garage.evaluate(
        """() => {
          const put = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = function (value, ...more) {
            if (value.blob) throw new DOMException("full", "QuotaExceededError");
            return put.call(this, value, ...more);
          };
        }"""
    )
    write(garage, photos=1)
    expect(garage.locator("[data-notice]")).to_contain_text("照片存不下")
    go_on(garage)
    garage.get_by_role("button", name="提交巡查记录").click()
    expect(garage.locator("[data-said-here]")).to_contain_text("手机空间满了")
    expect(garage.get_by_role("heading", name="检查一遍再提交")).to_be_visible()


def test_what_the_browser_cleared_is_told(garage):
    write(garage, photos=0)
    hand_in(garage)
    say(garage, "等信号")
    cleared = """() => new Promise((done, fail) => {
      const request = indexedDB.deleteDatabase("linzhi");
      request.onsuccess = done;
      request.onerror = fail;
    }).then(() => true)"""
    assert garage.evaluate(cleared)
    garage.goto(QUEUE)
    expect(garage.locator("[data-lost]")).to_contain_text("有 1 份没送到的，浏览器把它们清掉了")
    garage.goto(WEEK)
    expect(garage.locator("[data-strip]")).to_contain_text("有 1 份被浏览器清掉了")
    garage.goto(QUEUE)
    garage.get_by_role("button", name="知道了").click()
    expect(garage.locator("[data-lost]")).to_be_hidden()


def test_storage_that_was_cleared_is_an_empty_page_with_a_warning(phone):
    phone.goto(QUEUE)
    expect(phone.locator("[data-head=empty]")).to_be_visible()
    expect(phone.get_by_text("没上传完不要清理浏览器数据")).to_be_visible()


def test_an_update_between_writing_and_sending_loses_nothing(garage, community, monkeypatch):
    write(garage, photos=1)
    monkeypatch.setattr(offline, "version", lambda: "another")
    signal(garage)
    garage.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    garage.wait_for_function("caches.keys().then((names) => names.includes('linzhi-another'))")
    garage.context.set_offline(True)
    expect(category(garage, "pile").get_by_label("什么问题，在哪里")).to_have_value("6幢1单元楼道堆纸箱")
    hand_in(garage)
    signal(garage)
    arrived(garage)


def test_the_kit_is_refreshed_when_the_week_is_opened(phone, community, cadre, neighbour_community):
    PatrolDuty.objects.create(user=cadre, community=neighbour_community, first_day=LONG_AGO)
    with phone.expect_response(f"**{reverse('inspections:patrol-kit')}"):
        phone.goto(WEEK)
    phone.wait_for_function("user => phone.kit(user).then((kit) => kit.communities.length === 2)", arg=str(cadre.pk))
    phone.context.set_offline(True)
    phone.goto(NEW)
    phone.get_by_role("link", name=re.compile("滨湖花园")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"{neighbour_community.name}巡查")


CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push([new URL(request.url).pathname, await (await cache.match(request)).text()]);
    }
  }
  return found;
}"""


def test_no_page_of_somebody_signed_in_is_kept(phone, cadre, community):
    phone.goto(f"{NEW}?c={community.pk}")
    phone.goto(reverse("accounts:me"))
    found = dict(phone.evaluate(CACHED))
    pages = {path for path in found if not path.startswith("/static/")}
    assert pages == set(offline.pages().values())
    assert not [path for path, text in found.items() if cadre.name in text or community.name in text]


def test_other_pages_say_that_there_is_no_signal(garage):
    garage.goto(reverse("inspections:finding-list"))
    expect(garage.get_by_role("heading", name="没有信号")).to_be_visible()
    garage.get_by_role("link", name="去巡查").click()
    expect(garage.get_by_role("heading", name=re.compile("巡查$"))).to_be_visible()


# ---------------------------------------------------------------- other eyes


def test_the_pages_can_be_read_by_everybody(garage):
    write(garage, photos=1)
    eyes.look(garage, "offline-form")
    go_on(garage)
    eyes.look(garage, "offline-check")
    garage.get_by_role("button", name="提交巡查记录").click()
    garage.wait_for_url(f"**{QUEUE}")
    say(garage, "等信号")
    eyes.look(garage, "queue-waiting")
    signal(garage)
    arrived(garage)
    eyes.look(garage, "queue-received")
