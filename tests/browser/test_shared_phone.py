"""One phone goes round at the firm: the manager gives a code, the worker comes with it."""

import re

import pytest

from accounts.roles import Role
from communities.models import FirmPost
from tests.browser.eyes import look
from tests.conftest import LONG_AGO

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_phone_goes_round(page, firm, firm_row, make_user):
    worker = make_user("ganggang", "吴刚", Role.FIRM_STAFF)
    FirmPost.objects.create(firm=firm_row, user=worker, kind="staff", first_day=LONG_AGO)
    page.goto("/account/sign-in/")
    page.get_by_label("用户名或手机号").fill("lin")
    page.get_by_label("密码", exact=True).fill("yigewanmeidemima")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="我的").last.click()
    page.get_by_role("link", name="几个人用这部手机").click()
    page.get_by_role("heading", name="几个人用这部手机").wait_for()
    look(page, "shared-phone-before")
    page.get_by_role("button", name="这部手机几个人用").click()
    page.get_by_role("button", name=re.compile("发码.*吴刚")).click()
    page.get_by_text("本人看，只显示这一次").wait_for()
    look(page, "shared-phone-code")
    code = page.locator(".p-done .no").inner_text().replace(" ", "")
    page.get_by_role("link", name="记住了").click()
    page.get_by_role("button", name=re.compile("换一个")).wait_for()
    look(page, "shared-phone-people")
    page.get_by_role("button", name="发完了").click()
    page.get_by_role("heading", name="谁在用").wait_for()
    look(page, "shared-phone-who")
    page.get_by_role("link", name="吴刚").click()
    page.expected_errors.append("422")
    page.get_by_label("您的码").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="进去").click()
    page.get_by_role("alert").wait_for()
    look(page, "shared-phone-wrong")
    page.get_by_label("您的码").fill(code)
    page.get_by_role("button", name="进去").click()
    page.get_by_role("link", name="换人").wait_for()
    look(page, "shared-phone-in")
    page.get_by_role("link", name="换人").click()
    page.get_by_text("现在是 吴刚").wait_for()
    look(page, "shared-phone-next")
