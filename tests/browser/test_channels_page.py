"""怎么通知我 and 手机号 as people see them, and a choice made with a thumb."""

from accounts.models import Address, Choice
from tests.browser import eyes


def test_a_choice_by_thumb(signed_in, cadre):
    cadre.mobile = Address.objects.create(kind="phone", value="13800138000")
    cadre.save()
    page = signed_in(cadre)
    page.goto("/account/channels/")
    page.get_by_label("巡查提醒发短信").locator("..").tap()
    page.locator("#id_opens").fill("09:00")
    page.locator("#id_closes").fill("17:00")
    page.get_by_role("button", name="保存").tap()
    page.get_by_text("记下了").wait_for()
    assert page.get_by_label("巡查提醒发短信").is_checked() and page.locator("#id_opens").input_value() == "09:00"
    assert [(c.kind, c.channel, c.wanted) for c in Choice.objects.all()] == [("patrol-reminder", "sms", True)]
    eyes.look(page, "channels")


def test_the_office_has_more_to_choose(signed_in, administrator):
    page = signed_in(administrator)
    page.goto("/account/channels/")
    eyes.look(page, "channels-office")


def test_a_code_is_typed_on_the_page_of_the_number(signed_in, cadre, settings):
    settings.SMS = {"url": "http://127.0.0.1:9/", "key": "", "sign": ""}
    cadre.mobile = Address.objects.create(kind="phone", value="13800138000")
    cadre.save()
    page = signed_in(cadre)
    page.goto("/account/phone/")
    page.get_by_role("button", name="发验证码到这个号码").tap()
    page.get_by_label("验证码", exact=True).wait_for()
    eyes.look(page, "phone")
