"""A resident on a phone, from the sign at the gate to the judgement; the telephone desk by keyboard; the firm."""

import time
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from complaints import handling, links, photos, registration
from complaints.models import Complaint, State
from tests.browser import eyes
from tests.lib.photos import jpeg


@pytest.fixture
def place(community, firm, firm_row, station_clerk):
    return community


def test_from_the_gate_to_the_judgement(page, place, station_clerk, firm, now):
    page.set_viewport_size(eyes.SIZES[eyes.NARROW])
    page.goto(reverse("portal:gate", args=[place.code]))
    page.evaluate("localStorage.setItem('elder', '1')")
    page.click("main >> text=反映问题")
    page.wait_for_selector("h1:has-text('说一说')")
    page.expected_errors += ["422"]
    page.click("main button:has-text('下一步')")
    page.wait_for_selector("[role=alert]")
    page.fill("#id_text", "北门垃圾桶满了两天没人收")
    page.fill("#id_place", "北门右手边")
    eyes.look(page, "complaint-what")
    page.click("main button:has-text('下一步')")
    page.wait_for_selector("h1:has-text('怎么联系您')")
    page.fill("#id_phone", "138 0000 1234")
    eyes.look(page, "complaint-contact")
    page.click("main button:has-text('下一步')")
    page.wait_for_selector("text=您写了“垃圾”")
    eyes.look(page, "complaint-check")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("h1:has-text('收到了')")
    eyes.look(page, "complaint-slip")
    complaint = Complaint.objects.get()
    answered(complaint, station_clerk, firm, now)
    look_up_and_judge(page, complaint)


def answered(complaint, station_clerk, firm, now):
    handling.accept(complaint=complaint, by=station_clerk, now=now)
    handling.assign(complaint=complaint, level="firm", by=station_clerk, now=now)
    handling.answer(complaint=complaint, text="清运了，加了一个桶。", by=firm, now=now)


def look_up_and_judge(page, complaint):
    page.goto(reverse("complaints:lookup"))
    page.fill("#id_number", complaint.spaced_number)
    page.fill("#id_tail", "1234")
    page.click("main button:has-text('查') >> nth=0")
    page.wait_for_selector("text=答复了，等评价")
    assert "垃圾桶满了" not in page.content()
    eyes.look(page, "complaint-lookup")
    page.goto(links.path(complaint.complainants.get()))
    page.wait_for_selector("text=清运了，加了一个桶")
    eyes.look(page, "complaint-mine")
    page.click("text=评价，或者退回重办")
    page.click("label:has-text('没好')")
    page.click("label:has-text('很不满意')")
    page.fill("#id_reason", "第二天又满了")
    eyes.look(page, "complaint-rate")
    page.click("main button:has-text('提交评价')")
    page.wait_for_selector("text=已退回，由上一级重新办")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.level) == (State.REOPENED, "station")


A_SECOND_KEY = 1000 / 4  # a clerk who types four signs a second while listening


def test_the_telephone_desk_by_keyboard(signed_in, place, station_clerk, now):
    """By keys alone in forty seconds, with the caller's earlier case beside it, and kept while they talk."""
    earlier = registration.register(community=place, text="垃圾没人收", phone="13800001234", now=now)
    page = signed_in(station_clerk)
    page.set_viewport_size(eyes.SIZES[eyes.DESK])
    page.goto(reverse("complaints:phone-desk"))
    keys, begun = page.keyboard, time.monotonic()
    keys.type("13800001234", delay=A_SECOND_KEY)
    page.wait_for_selector(f"[data-earlier] >> text={earlier.number}")
    keys.press("Tab")
    keys.type("songyuan", delay=A_SECOND_KEY)
    keys.press("Tab")
    keys.type("三幢楼道灯坏了三盏，晚上看不见", delay=A_SECOND_KEY)
    page.wait_for_selector("text=存好了")
    keys.press("Control+Enter")
    page.wait_for_selector("text=读给对方听")
    assert time.monotonic() - begun < 40
    eyes.look(page, "complaint-phone-desk")
    complaint = Complaint.objects.latest("pk")
    assert complaint.spaced_number in page.text_content("[data-done]")
    page.goto(reverse("complaints:desk"))
    eyes.look(page, "complaint-desk")
    keys.press("j")
    keys.press("Enter")
    page.wait_for_selector("text=三幢楼道灯坏了三盏")
    eyes.look(page, "complaint-detail")
    keys.press("1")
    page.wait_for_selector("h1:has-text('受理并交办')")
    eyes.look(page, "complaint-accept")
    page.click("label:has-text('安居物业')")
    page.click("main button:has-text('受理')")
    page.wait_for_selector("text=受理了")


def test_the_firm_answers(signed_in, place, firm, station_clerk, now):
    complaint = registration.register(community=place, text="垃圾没人收", phone="13800001234", now=now)
    handling.accept(complaint=complaint, by=station_clerk, now=now)
    handling.assign(complaint=complaint, level="firm", by=station_clerk, now=now)
    page = signed_in(firm)
    page.goto(reverse("complaints:desk"))
    page.click(".p-row:has-text('垃圾没人收')")
    page.wait_for_selector("text=姓名和电话不在这里显示")
    page.click(".p-acts a:has-text('答复')")
    page.fill("#id_text", "今天清运了")
    page.click("main button:has-text('答复')")
    page.wait_for_selector("text=答复了，投诉人会收到")


def test_somebody_meets_the_same_thing(page, place, now):
    """Picture, place and who is on it; one tap joins, and a busy site's puzzle is solved without anybody noticing."""
    photo = uuid4()
    file = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    photos.receive(file=file, client_id=photo, by=None, now=now)
    photos.process_waiting()
    given = {"text": "北门垃圾桶满了两天没人收", "place": "北门右手边", "photos": [photo]}
    case = registration.register(community=place, phone="13800001234", now=now, **given)
    cache.set("limit:complaint", 1000, 3600)
    page.set_viewport_size(eyes.SIZES[eyes.PHONE])
    page.goto(reverse("complaints:new-here", args=[place.code]))
    page.fill("#id_text", "垃圾桶满出来了")
    page.click("main button:has-text('下一步')")
    page.fill("#id_phone", "13900005678")
    page.click("main button:has-text('下一步')")
    page.wait_for_selector("text=我也遇到了这一件")
    assert page.locator(".p-near img").evaluate("image => image.naturalWidth") > 0
    eyes.look(page, "complaint-near")
    page.click("text=我也遇到了这一件")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("h1:has-text('您也遇到')")
    assert Complaint.objects.count() == 1 and case.complainants.count() == 2


def test_a_fire_hazard_without_a_name(page, place):
    page.set_viewport_size(eyes.SIZES[eyes.NARROW])
    page.goto(reverse("portal:gate", args=[place.code]))
    page.click("text=举报火灾隐患")
    page.wait_for_selector("h1:has-text('举报火灾隐患')")
    page.fill("#id_text", "消防通道堆了沙发")
    eyes.look(page, "complaint-report-box")
    page.click("main button:has-text('交给物管站')")
    page.wait_for_selector("text=您没有留电话")
    eyes.look(page, "complaint-report-box-slip")
    assert Complaint.objects.get().complainants.get().contact.is_empty


def test_the_answer_goes_back_to_the_hotline(signed_in, place, clerk, now):
    order = registration.register(
        community=place, text="垃圾没人收", source="hotline", platform_number="GD20261126001", by=clerk, now=now
    )
    handling.accept(complaint=order, by=clerk, now=now)
    handling.answer(complaint=order, text="今天清运了，加了一个桶。", by=clerk, now=now)
    page = signed_in(clerk)
    page.goto(reverse("complaints:hotline-desk"))
    page.wait_for_selector("text=GD20261126001")
    eyes.look(page, "complaint-hotline")
    page.click("main button:has-text('复制答复')")
    page.click("main button:has-text('已回填')")
    page.wait_for_selector("text=没有要回填的工单")
    order.refresh_from_db()
    assert order.filled_back_at is not None


def test_without_signal_it_waits_and_goes_by_itself(page, context, place):
    page.goto(reverse("complaints:new-here", args=[place.code]))
    page.fill("#id_text", "地下室灯不亮")
    page.expected_errors += ["Failed to load", "ERR_INTERNET"]
    context.set_offline(True)
    page.click("main button:has-text('下一步')")
    page.fill("#here-phone", "13800001234")
    page.click("text=存在手机里，有信号再发")
    page.wait_for_selector("h1:has-text('存在这部手机里了')")
    assert not Complaint.objects.exists()
    context.set_offline(False)
    page.wait_for_selector("h1:has-text('收到了')")
    assert Complaint.objects.get().text == "地下室灯不亮"


def test_without_scripts_from_the_first_word_to_the_slip(browser, base_url, place):
    context = browser.new_context(java_script_enabled=False, base_url=base_url, viewport=eyes.SIZES[eyes.NARROW])
    page = context.new_page()
    page.goto(reverse("complaints:new-here", args=[place.code]))
    page.fill("#id_text", "北门垃圾桶满了两天没人收")
    page.set_input_files("#id_files", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.click("main button:has-text('下一步')")
    page.fill("#id_phone", "13800001234")
    page.click("main button:has-text('下一步')")
    assert "1 张，已传好" in page.text_content("main")
    page.click("main button:has-text('提交')")
    assert "收到了" in page.text_content("h1")
    complaint = Complaint.objects.get()
    assert (complaint.category, complaint.photos.count()) == ("hygiene", 1)
    page.click("text=看看办到哪了")
    assert "等物管站受理" in page.text_content("main")
    context.close()
