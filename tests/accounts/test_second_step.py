"""Printed codes after the password: asked of the fund's people alone, each once, in order; sheets handed out."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import code_sheets, grants
from accounts.models import CodeSheet, DemoMark, RoleGrant, SheetCode, SignIn
from accounts.roles import Role
from lib.states import WrongState
from tests.accounts.test_sign_in import sign_in_as

STEP = "/account/second-step/"


@pytest.fixture(autouse=True)
def _no_tries():
    cache.clear()


@pytest.fixture
def fang(make_user):
    return make_user("fang", "方经办", Role.FUND_CLERK)


@pytest.fixture
def codes(fang, administrator, now):
    return code_sheets.issue(user=fang, by=administrator, now=now)


def is_signed_in(client) -> bool:
    return SESSION_KEY in client.session


# ---------------------------------------------------------------- the door


def test_the_password_alone_does_not_let_the_funds_people_in(stranger, fang, codes):
    answer = sign_in_as(stranger, "fang")
    assert answer["Location"] == reverse("accounts:second-step") and not is_signed_in(stranger)
    assert "第 <b>1</b> 个验证码" in stranger.get(STEP).content.decode()
    assert stranger.get("/fund/").status_code == 302


def test_each_code_opens_once_and_in_order(stranger, client, fang, codes):
    sign_in_as(stranger, "fang", next="/fund/")
    answer = stranger.post(STEP, {"code": f" {codes[0][:4]} {codes[0][4:]} "})
    assert answer["Location"] == "/fund/" and is_signed_in(stranger) and SignIn.objects.filter(user=fang).exists()
    sign_in_as(client, "fang")
    for wrong in (codes[0], codes[2], "", "x" * 20):
        assert client.post(STEP, {"code": wrong}).status_code == 422
    assert client.post(STEP, {"code": codes[1]}).status_code == 302 and is_signed_in(client)


def test_others_are_not_asked(stranger, make_user):
    make_user("chen", "陈国平", Role.TOWN_CLERK)
    sign_in_as(stranger, "chen")
    assert is_signed_in(stranger)


def test_a_role_of_the_fund_that_begins_later_is_asked_too(make_user, today):
    user = make_user("xu", "许复核")
    assert not code_sheets.is_asked(user, today=today)
    later = today + timedelta(days=3)
    RoleGrant.objects.create(user=user, role=Role.FUND_CHECKER, origin="setup", first_day=later)
    assert code_sheets.is_asked(user, today=today)


def test_without_a_sheet_the_door_says_whom_to_ask(stranger, fang):
    sign_in_as(stranger, "fang")
    assert code_sheets.NO_SHEET in stranger.get(STEP).content.decode()
    answer = stranger.post(STEP, {"code": "12345678"})
    assert answer.status_code == 422 and not is_signed_in(stranger)


def test_half_way_is_over_after_ten_minutes(stranger, fang, codes):
    sign_in_as(stranger, "fang")
    session = stranger.session
    session["half-way"] = {**session["half-way"], "at": session["half-way"]["at"] - 601}
    session.save()
    assert stranger.post(STEP, {"code": codes[0]})["Location"] == reverse("accounts:sign-in")
    assert stranger.get(STEP).status_code == 302


def test_guessing_ends_for_the_day(stranger, fang, codes, now):
    sign_in_as(stranger, "fang")
    for _ in range(code_sheets.TRIES_A_DAY):
        assert "不对" in stranger.post(STEP, {"code": "0"}).content.decode()
    assert "试得太多" in stranger.post(STEP, {"code": codes[0]}).content.decode()


def test_a_new_sheet_ends_the_waiting(fang, codes, administrator, now):
    for _ in range(code_sheets.TRIES_A_DAY + 1):
        with pytest.raises(WrongState):
            code_sheets.enter(user=fang, typed="0", now=now)
    fresh = code_sheets.issue(user=fang, by=administrator, now=now)
    code_sheets.enter(user=fang, typed=fresh[0], now=now)
    assert code_sheets.left(fang) == 19


def test_few_codes_are_told(stranger, fang, codes):
    SheetCode.objects.filter(n__gt=3).update(used_at="2026-01-01T00:00Z")
    sign_in_as(stranger, "fang")
    stranger.post(STEP, {"code": codes[0]})
    assert "还剩 2 个" in stranger.get(reverse("accounts:me")).content.decode()


def test_a_demo_town_is_entered_with_one_click(stranger, make_user):
    DemoMark.objects.create(seed=1)
    make_user("demo-fund_clerk", "演示经办", Role.FUND_CLERK)
    stranger.post("/account/demo-sign-in/", {"role": "fund_clerk"})
    assert is_signed_in(stranger)


# ---------------------------------------------------------------- sheets


def test_codes_are_kept_as_hashes_and_a_new_sheet_ends_the_old(fang, codes, administrator, now):
    assert len(set(codes)) == code_sheets.ON_A_SHEET and all(re.fullmatch(r"\d{8}", code) for code in codes)
    assert not set(codes) & set(SheetCode.objects.values_list("code_hash", flat=True))
    fresh = code_sheets.issue(user=fang, by=fang, now=now)
    with pytest.raises(WrongState):
        code_sheets.enter(user=fang, typed=codes[0], now=now)
    code_sheets.enter(user=fang, typed=fresh[0], now=now)
    assert CodeSheet.objects.filter(ended_at=None).count() == 1 and code_sheets.left(fang) == 19


def test_who_may_hand_sheets_out(fang, make_user, administrator, now):
    clerk = make_user("chen", "陈国平", Role.TOWN_CLERK)
    with pytest.raises(PermissionDenied):
        code_sheets.issue(user=fang, by=clerk, now=now)
    with pytest.raises(WrongState, match="不用验证码"):
        code_sheets.issue(user=clerk, by=administrator, now=now)
    with pytest.raises(PermissionDenied):
        code_sheets.demand_another(user=administrator, by=administrator)


def test_a_granted_role_of_the_fund_ends_the_sessions_before_it(
    as_, make_user, administrator, town_head, today, now, stranger
):
    user = make_user("xu", "许复核", Role.TOWN_CLERK)
    sign_in_as(stranger, "xu")
    grant = grants.propose(user=user, role=Role.FUND_CHECKER, by=administrator, first_day=today, now=now)
    assert is_signed_in(stranger)
    grants.check(grant=grant, by=town_head, now=now)
    assert not SignIn.objects.filter(user=user).exists()
    assert stranger.get(reverse("accounts:me")).status_code == 302


# ---------------------------------------------------------------- pages


def test_the_administrator_prints_a_sheet_once(as_, administrator, fang):
    as_administrator = as_(administrator)
    assert "没有能用的" in as_administrator.get(reverse("accounts:code-sheet-list")).content.decode()
    url = reverse("accounts:code-sheet-new", args=[fang.pk])
    assert "先核对是本人" in as_administrator.get(url).content.decode() and not CodeSheet.objects.exists()
    answer = as_administrator.post(url)
    assert len(re.findall(r"\d{4} \d{4}</b>", answer.content.decode())) == 20 and "no-store" in answer["Cache-Control"]
    assert "够用" in as_administrator.get(reverse("accounts:code-sheet-list")).content.decode()


def test_others_do_not(as_, make_user, fang):
    clerk = as_(make_user("chen", "陈国平", Role.TOWN_CLERK))
    url = reverse("accounts:code-sheet-new", args=[fang.pk])
    assert [clerk.get(url).status_code, clerk.post(url).status_code] == [403, 403]
    assert clerk.get(reverse("accounts:code-sheet-list")).status_code == 403


def test_ones_own_sheet_is_replaced_against_the_password(as_, fang, codes):
    client, url = as_(fang), reverse("accounts:code-sheet")
    assert "还剩 20 个" in client.get(url).content.decode()
    assert client.post(url, {"password": "wrong"}).status_code == 422
    answer = client.post(url, {"password": "yigewanmeidemima"})
    assert "验证码只显示这一次" in answer.content.decode() and CodeSheet.objects.count() == 2


def test_a_post_without_codes_is_told_so(as_, make_user):
    client = as_(make_user("chen", "陈国平", Role.TOWN_CLERK))
    assert "不用验证码" in client.get(reverse("accounts:code-sheet")).content.decode()
