"""Pages of one's own account, looked at as their readers do; and the way from a slip to the first page."""

from datetime import timedelta

import pytest

from accounts import demo, notifications, passwords
from accounts.models import Address, DemoMark, Message, PasswordReset, RoleGrant
from accounts.roles import Role
from tests.browser.eyes import look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sun(make_user, now):
    """An administrator who is a clerk, too, with everything a page can show."""
    user = make_user("sun", "孙管理", Role.ADMINISTRATOR, Role.TOWN_CLERK)
    user.mobile = Address.objects.create(kind="phone", value="13800138000")
    user.email = Address.objects.create(kind="email", value="sun@example.cn")
    user.save()
    return user


@pytest.fixture
def asked(sun, second_administrator, leader, clerk, now):
    """Resets in each state, and messages about them, read and unread."""
    PasswordReset.objects.create(
        user=clerk, asked_by=second_administrator, reason="本人忘了密码，到办公室来办", issued_at=now
    )
    record = PasswordReset.objects.create(
        user=leader, asked_by=second_administrator, guarded=True, reason="换了手机，旧密码记不起来"
    )
    for n, kind in enumerate(["password-reset", "password-reset-asked", "password-reset-asked"]):
        notifications.tell(sun, kind, about=record, round=n, due=now - timedelta(minutes=n + 1), now=now)
    Message.objects.filter(round=2).update(read_at=now)
    return record


def test_the_door(page, db):
    page.goto("/account/sign-in/?next=/account/")
    look(page, "sign-in")
    page.expected_errors.append("422")
    page.get_by_label("用户名或手机号").fill("nobody")
    page.get_by_label("密码", exact=True).fill("wrong-password")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("alert").wait_for()
    look(page, "sign-in-wrong")
    assert page.get_by_label("用户名或手机号").input_value() == "nobody"


def test_the_door_of_a_demo_town(page, make_user):
    DemoMark.objects.create(seed=1)
    for role in Role:
        make_user(demo.username(role), f"演示{role.label}", role)
    page.goto("/account/sign-in/")
    look(page, "sign-in-demo")
    page.get_by_role("button", name="系统管理员").click()
    page.wait_for_url("**/office/**")


def test_too_many_wrong_passwords(page, sun):
    page.expected_errors += ["422", "429"]
    page.goto("/account/sign-in/")
    for _ in range(6):
        page.get_by_label("用户名或手机号").fill("sun")
        page.get_by_label("密码", exact=True).fill("wrong-password")
        page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="密码错得太多了").wait_for()
    look(page, "locked-out")


def test_from_the_slip_to_the_first_page(page, sun, now):
    password = passwords.give_one_time(user=sun, now=now)
    page.goto("/account/inbox/")
    page.get_by_label("用户名或手机号").fill("138 0013 8000")
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="先定一个自己的密码").wait_for()
    look(page, "password-first")
    page.get_by_label("新密码", exact=True).fill("songyuan-haoduoshu")
    page.get_by_label("再写一遍新密码").fill("songyuan-haoduoshu")
    page.get_by_role("button", name="改成新密码").click()
    page.get_by_text("密码改好了").wait_for()
    look(page, "me-after")


def test_me_devices_and_mail(signed_in, sun, administrator, today):
    RoleGrant.objects.create(user=sun, role=Role.TOWN_HEAD, first_day=today, granted_by=administrator)
    page = signed_in(sun)
    for name, path in [("me", ""), ("devices", "devices/"), ("email", "email/"), ("password-change", "password/")]:
        page.goto(f"/account/{path}")
        look(page, name)


def test_the_inbox(signed_in, sun, asked):
    page = signed_in(sun)
    page.goto("/account/inbox/")
    look(page, "inbox")
    page.get_by_role("button", name="有一份密码重置等同意").first.click()
    page.wait_for_url("**/account/resets/")
    look(page, "password-reset-list")


def test_a_reset_by_two(signed_in, sun, asked):
    page = signed_in(sun)
    page.goto("/account/resets/find/")
    look(page, "password-reset-find")
    page.goto(f"/account/resets/new/{asked.asked_by_id}/")
    look(page, "password-reset-new")
    page.goto("/account/resets/")
    page.get_by_role("button", name="同意，出纸条").click()
    page.get_by_role("heading", name="一次性密码").wait_for()
    look(page, "slip")


def test_an_empty_inbox(signed_in, make_user):
    page = signed_in(make_user("xin", "新人"))
    for name, path in [("inbox-empty", "inbox/"), ("me-without-role", "")]:
        page.goto(f"/account/{path}")
        look(page, name)
