"""A cadre's patrol from home to receipt on a phone: few taps, nothing lost, nothing doubled. Issue 3 §5"""

import re
import time
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from inspections.models import Finding, Patrol, PatrolAnswer, PatrolPhoto
from tests.browser import eyes
from tests.lib.photos import encoded, exif, jpeg, scene


@pytest.fixture
def at_home(page, signed_in, cadre, firm_row) -> Page:
    signed_in(cadre)
    page.goto(reverse("inspections:week"))
    return page


@pytest.fixture
def form(at_home) -> Page:
    at_home.get_by_role("link", name=re.compile("去巡查.*松苑小区")).click()
    return at_home


def category(page, code):
    return page.locator(f"fieldset#{code}")


def all_fine(page):
    page.get_by_role("button", name="其余看过，没发现问题").click()
    category(page, "fire").get_by_text("没问题").click()


def write_finding(page, code, words, number=0, handling="抄告"):
    box = category(page, code).locator(".p-find").nth(number)
    box.get_by_label("哪一种").select_option(index=1)
    box.get_by_label("什么问题，在哪里").fill(words)
    box.get_by_text(handling).click()
    return box


def add_photos(box, *files, after=False):
    photos = [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files]
    box.locator("[data-photos]").nth(1 if after else 0).locator("input[multiple]").set_input_files(photos)


def go_on(page):
    page.get_by_role("button", name="下一步").click()


def send(page):
    page.get_by_role("button", name="提交巡查记录").click()
    expect(page.get_by_role("heading", name="镇物业办已收到")).to_be_visible()


# ---------------------------------------------------------------- the way through


def test_a_patrol_without_findings_takes_five_taps(at_home, cadre):
    taps = 0

    def tap(locator):
        nonlocal taps
        taps += 1
        locator.click()

    tap(at_home.get_by_role("link", name=re.compile("去巡查.*松苑小区")))
    tap(at_home.get_by_role("button", name="其余看过，没发现问题"))
    tap(category(at_home, "fire").get_by_text("没问题"))
    tap(at_home.get_by_role("button", name="下一步"))
    tap(at_home.get_by_role("button", name="提交巡查记录"))
    expect(at_home.get_by_role("heading", name="镇物业办已收到")).to_be_visible()
    patrol = Patrol.objects.get()
    assert taps <= 5 and patrol.user == cadre
    expect(at_home.locator(".no")).to_have_text(patrol.number)
    assert set(patrol.answers.filter(result="ok").values_list("category", flat=True)) == {
        "hyg", "pile", "veh", "fire", "build"
    }  # fmt: skip


def test_two_findings_with_photos_take_less_than_a_minute(form):
    begun = time.monotonic()
    category(form, "pile").get_by_text("有问题").click()
    add_photos(
        write_finding(form, "pile", "6幢1单元一楼楼道堆纸箱"), ("a.jpg", jpeg(2400, 1800)), ("b.jpg", jpeg(900, 700))
    )
    category(form, "pile").get_by_role("button", name="再记一个").click()
    box = write_finding(form, "pile", "车棚里有僵尸车", 1, "当场已经处理好")
    add_photos(box, ("c.heic", encoded(scene(640, 480), "HEIF", exif=exif().tobytes())))
    add_photos(box, ("d.jpg", jpeg(700, 500, taken=None)), after=True)
    all_fine(form)
    go_on(form)
    expect(form.get_by_role("heading", name="检查一遍再提交")).to_be_visible()
    expect(form.locator("[data-draft-photos] li")).to_have_count(4)
    send(form)
    assert time.monotonic() - begun < 60
    first, second = Finding.objects.order_by("pk")
    assert [p.taken_on for p in first.photos.all()] == [date(2026, 11, 18)] * 2 or first.photos.count() == 2
    assert second.state == "closed" and second.photos.filter(kind=PatrolPhoto.Kind.AFTER).count() == 1


def test_nothing_is_preset(form):
    expect(form.locator(".p-seg :checked")).to_have_count(0)
    expect(form.locator("[data-count]")).to_have_text("填了 0 项，还有 5 项")


def test_the_one_button_leaves_fire_safety_and_what_was_chosen(form):
    category(form, "veh").get_by_text("这次没看").click()
    form.get_by_role("button", name="其余看过，没发现问题").click()
    expect(category(form, "fire").locator(".p-seg :checked")).to_have_count(0)
    expect(category(form, "veh").locator(".p-seg :checked")).to_have_value("not_seen")
    expect(form.locator("[data-count]")).to_have_text("填了 4 项，还有 1 项")


def test_details_open_only_where_there_is_a_problem(form):
    what = category(form, "hyg").get_by_label("什么问题，在哪里")
    expect(what).to_be_hidden()
    category(form, "hyg").get_by_text("有问题").click()
    expect(what).to_be_visible()
    expect(category(form, "pile").get_by_label("什么问题，在哪里")).to_be_hidden()


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(form):
    category(form, "hyg").get_by_text("有问题").click()
    category(form, "hyg").get_by_label("什么问题，在哪里").fill("北门垃圾满溢")
    form.expected_errors.append("422")
    go_on(form)
    summary = form.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(form).to_have_title(re.compile("^出错："))
    expect(category(form, "hyg").get_by_label("什么问题，在哪里")).to_have_value("北门垃圾满溢")
    summary.get_by_role("link", name=re.compile("哪一种")).first.click()
    expect(category(form, "hyg").get_by_label("哪一种")).to_be_focused()


# ---------------------------------------------------------------- nothing lost


def test_every_keystroke_survives_a_reload_with_its_photos(form):
    category(form, "pile").get_by_text("有问题").click()
    box = write_finding(form, "pile", "楼道堆纸箱")
    add_photos(box, ("a.jpg", jpeg(900, 700)))
    expect(box.get_by_text("已传好")).to_be_visible()
    number = form.locator("form#patrol > [name=client_id]").input_value()
    form.reload()
    expect(form.locator("[data-restored]")).to_be_visible()
    expect(box.get_by_label("什么问题，在哪里")).to_have_value("楼道堆纸箱")
    expect(box.get_by_text("已传好")).to_be_visible()
    assert form.locator("form#patrol > [name=client_id]").input_value() == number


def test_back_from_the_check_page_everything_is_there(form):
    category(form, "pile").get_by_text("有问题").click()
    write_finding(form, "pile", "楼道堆纸箱")
    all_fine(form)
    go_on(form)
    expect(form.get_by_role("heading", name="检查一遍再提交")).to_be_visible()
    form.go_back()
    expect(category(form, "pile").get_by_label("什么问题，在哪里")).to_have_value("楼道堆纸箱")
    expect(form.locator("[data-count]")).to_have_text("5 项都填了")


def test_one_answer_can_be_changed_from_the_check_page(form):
    all_fine(form)
    go_on(form)
    form.get_by_role("button", name=re.compile("改.*环境卫生")).click()
    expect(form).to_have_url(re.compile("#hyg$"))
    category(form, "hyg").get_by_text("这次没看").click()
    go_on(form)
    send(form)
    assert PatrolAnswer.objects.get(category="hyg").result == "not_seen"


def test_an_expired_session_loses_nothing(form, cadre):
    all_fine(form)
    form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    go_on(form)
    form.get_by_label("用户名或手机号").fill(cadre.username)
    form.get_by_label("密码").fill("yigewanmeidemima")
    form.get_by_role("button", name="登录").click()
    expect(form.locator("[data-count]")).to_have_text("5 项都填了")
    go_on(form)
    send(form)
    assert Patrol.objects.count() == 1


def test_photos_wait_for_a_signal_and_go_by_themselves(form):
    form.expected_errors.append("ERR_INTERNET_DISCONNECTED")
    category(form, "pile").get_by_text("有问题").click()
    form.context.set_offline(True)
    box = write_finding(form, "pile", "楼道堆纸箱")
    add_photos(box, ("a.jpg", jpeg(900, 700)))
    expect(box.get_by_text("没传上")).to_be_visible()
    go_on(form)
    expect(form.locator("[data-notice]")).to_contain_text("没有信号")
    form.context.set_offline(False)
    expect(box.get_by_text("已传好")).to_be_visible()


def test_what_is_no_photo_is_refused_with_a_sentence(form):
    form.expected_errors.append("422")
    category(form, "pile").get_by_text("有问题").click()
    box = write_finding(form, "pile", "楼道堆纸箱")
    add_photos(box, ("a.jpg", b"this is no photo"))
    expect(box.locator("[data-said].bad")).to_contain_text("照片")
    box.get_by_role("button", name="删掉").click()
    all_fine(form)
    go_on(form)
    send(form)


def test_nine_photos_are_the_most(form):
    category(form, "pile").get_by_text("有问题").click()
    box = write_finding(form, "pile", "楼道堆纸箱")
    small = jpeg(300, 200)
    add_photos(box, *[(f"{number}.jpg", small + bytes(number)) for number in range(11)])
    expect(box.locator("[data-photo]")).to_have_count(9)
    expect(form.locator("[data-notice]")).to_contain_text("最多 9 张")
    expect(box.locator("[data-add-photo]").first).to_be_hidden()


def test_somebody_else_on_the_same_phone_begins_afresh(form, signed_in, make_user, community):
    from accounts.roles import Role
    from communities.models import PatrolDuty
    from tests.conftest import LONG_AGO

    all_fine(form)
    team_mate = make_user("zhou", "周巧云", Role.CADRE)
    PatrolDuty.objects.create(user=team_mate, community=community, kind="team", first_day=LONG_AGO)
    signed_in(team_mate)
    form.reload()
    expect(form.locator(".p-seg :checked")).to_have_count(0)


# ---------------------------------------------------------------- nothing doubled


def test_a_double_tap_is_one_record(form):
    all_fine(form)
    go_on(form)
    form.get_by_role("button", name="提交巡查记录").dblclick()
    expect(form.get_by_role("heading", name="镇物业办已收到")).to_be_visible()
    assert Patrol.objects.count() == 1


def test_the_receipt_ends_the_draft(form):
    all_fine(form)
    go_on(form)
    send(form)
    form.get_by_role("link", name="回到本周").click()
    form.get_by_role("link", name=re.compile("松苑小区")).first.click()
    form.goto(reverse("inspections:patrol-new") + f"?c={Patrol.objects.get().community_id}")
    expect(form.locator(".p-seg :checked")).to_have_count(0)


def test_back_from_the_receipt_the_form_is_empty(form):
    """Twice the back button, and what was sent does not stand there to be sent again. Who is quicker than the draft's
    end finds the draft, with the number that was sent."""
    all_fine(form)
    go_on(form)
    send(form)
    form.evaluate("""async () => {
        const { user, community } = document.querySelector("[data-sent]").dataset;
        while (await drafts.get(user, community)) await new Promise((done) => setTimeout(done, 20));
    }""")
    form.go_back()
    form.go_back()
    expect(form.get_by_role("button", name="其余看过，没发现问题")).to_be_visible()
    expect(form.locator(".p-seg :checked")).to_have_count(0)


def test_yesterday_is_a_tap_and_survives_a_reload(form):
    form.get_by_text("补充：看了哪里").click()
    day = form.get_by_label("哪一天去的")
    was = day.input_value()
    form.get_by_role("button", name="昨天").click()
    expect(day).not_to_have_value(was)
    yesterday = day.input_value()
    form.reload()
    expect(form.get_by_label("哪一天去的")).to_have_value(yesterday)


def test_a_lost_reply_and_a_second_try_make_one_record(form):
    all_fine(form)
    go_on(form)
    form.expected_errors.append("ERR_FAILED")
    form.route("**/new/**", lambda route: (route.fetch(), route.abort()))  # it arrives; the answer does not
    form.get_by_role("button", name="提交巡查记录").click()
    form.wait_for_timeout(300)
    form.unroute("**/new/**")
    form.goto(reverse("inspections:patrol-new") + f"?c={Patrol.objects.get().community_id}")
    expect(form.locator("[data-count]")).to_have_text("5 项都填了")
    go_on(form)
    send(form)
    assert Patrol.objects.count() == 1


def test_removing_the_first_of_three_findings_keeps_the_others(form):
    category(form, "pile").get_by_text("有问题").click()
    for number, words in enumerate(["一", "二", "三"]):
        if number:
            category(form, "pile").get_by_role("button", name="再记一个").click()
        box = write_finding(form, "pile", words, number)
        add_photos(box, (f"{number}.jpg", jpeg(300 + number, 200)))
        expect(box.get_by_text("已传好")).to_be_visible()
    category(form, "pile").get_by_role("button", name="去掉这个").first.click()
    all_fine(form)
    go_on(form)
    send(form)
    assert [(f.text, f.photos.count()) for f in Finding.objects.order_by("pk")] == [("二", 1), ("三", 1)]


def test_a_correction_keeps_its_photos_and_asks_why(form):
    category(form, "pile").get_by_text("有问题").click()
    add_photos(write_finding(form, "pile", "楼道堆纸箱"), ("a.jpg", jpeg(300, 200)))
    all_fine(form)
    go_on(form)
    send(form)
    form.expected_errors += ["422", "/small/"]  # its picture is not made yet
    form.get_by_role("link", name="看这份记录").click()
    form.get_by_role("link", name="更正", exact=True).click()
    box = category(form, "pile").locator(".p-find")
    expect(box.get_by_text("已传好")).to_be_visible()
    box.get_by_label("什么问题，在哪里").fill("6幢楼道堆纸箱")
    form.get_by_role("button", name="提交更正").click()
    form.get_by_role("alert").get_by_role("link").click()
    form.get_by_label("为什么").last.fill("幢号没写")
    form.get_by_role("button", name="提交更正").click()
    expect(form.get_by_role("heading", level=1)).to_contain_text(Patrol.objects.get().number)
    finding = Finding.objects.get()
    assert (finding.text, finding.photos.count()) == ("6幢楼道堆纸箱", 1)
    assert form.evaluate("user => drafts.list(user)", str(Patrol.objects.get().user_id)) == []


# ---------------------------------------------------------------- other phones, other eyes


def test_without_scripts_the_words_still_arrive(browser, base_url, as_, cadre, community, firm_row):
    context = browser.new_context(java_script_enabled=False, viewport=eyes.SIZES[eyes.PHONE], base_url=base_url)
    cookie = as_(cadre).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}])
    page = context.new_page()
    page.goto(reverse("inspections:patrol-new") + f"?c={community.pk}")
    for code in ("hyg", "veh", "fire", "build"):
        category(page, code).get_by_text("没问题").click()
    category(page, "pile").get_by_text("有问题").click()
    write_finding(page, "pile", "楼道堆纸箱")
    go_on(page)
    send(page)
    context.close()
    assert Finding.objects.get().text == "楼道堆纸箱"


def test_the_pages_can_be_read_by_everybody(form):
    eyes.look(form, "patrol-new")
    category(form, "pile").get_by_text("有问题").click()
    box = write_finding(form, "pile", "6幢1单元一楼楼道堆纸箱和旧自行车", handling="当场已经处理好")
    add_photos(box, ("a.jpg", jpeg(900, 700)), ("b.jpg", jpeg(600, 800)))
    add_photos(box, ("c.jpg", jpeg(800, 600)), after=True)
    expect(box.get_by_text("已传好")).to_have_count(3)
    all_fine(form)
    eyes.look(form, "patrol-new-finding")
    go_on(form)
    expect(form.get_by_role("heading", name="检查一遍再提交")).to_be_visible()
    eyes.look(form, "patrol-check")
    send(form)
    eyes.look(form, "patrol-done")
