"""Several people on one phone at the firm: codes that hold there, for the firm's pages, for twelve hours. Issue 6 §2"""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import sessions, shared_phones
from accounts.models import PhoneCode, RoleGrant, SharedPhone, SignIn
from accounts.roles import Role
from communities.models import FirmPost
from tests.conftest import LONG_AGO

PHONE = "/account/shared-phone/"
PEOPLE = "/account/shared-phone/people/"
OPEN = "/account/shared-phone/open/"
HAND_OVER = "/account/shared-phone/hand-over/"
HOUR = timedelta(hours=1)


def code_url(user) -> str:
    return f"/account/shared-phone/people/{user.pk}/code/"


def end_url(phone) -> str:
    return f"/account/shared-phone/{phone.pk}/end/"


@pytest.fixture
def worker(make_user, firm_row):
    """Works for the firm; in private life also somebody else."""
    user = make_user("ganggang", "吴刚", Role.FIRM_STAFF, Role.RESIDENT)
    FirmPost.objects.create(firm=firm_row, user=user, kind="staff", first_day=LONG_AGO)
    return user


@pytest.fixture
def colleague(make_user, firm_row):
    user = make_user("xiaomei", "何小梅", Role.FIRM_STAFF)
    FirmPost.objects.create(firm=firm_row, user=user, kind="staff", first_day=LONG_AGO)
    return user


def signed_in(username) -> Client:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 12) Chrome/130 Mobile Safari"})
    client.post("/account/sign-in/", {"username": username, "password": "yigewanmeidemima"})
    return client


def code_for(client, user) -> str:
    return client.post(code_url(user)).context["code"]


def come(client, user, code):
    return client.post(PHONE, {"who": user.pk, "code": code})


def who_is(client) -> int | None:
    return client.get("/account/token/").json()["user"]


@pytest.fixture
def phone(firm):
    """A phone on which the manager has signed in and that is now for several."""
    client = signed_in("lin")
    client.post(OPEN)
    return client


@pytest.fixture
def handed(phone, worker):
    """The same phone with a code for the worker, the manager gone out: the phone and the code."""
    code = code_for(phone, worker)
    phone.post(HAND_OVER)
    return phone, code


# ---------------------------------------------------------------- it works


def test_a_worker_comes_with_a_code_and_acts_as_the_person(handed, worker, firm):
    phone, code = handed
    assert who_is(phone) is None
    assert "吴刚" in phone.get(PHONE).content.decode()
    assert come(phone, worker, code).status_code == 302
    assert who_is(phone) == worker.pk
    page = phone.get("/patrols/notices/").content.decode()
    assert "吴刚" in page and "换人" in page


def test_what_is_done_bears_the_persons_name(handed, worker, firm, cadre, community):
    from inspections import notices
    from inspections.models import CheckItem, Finding, NoticeEvent

    item = CheckItem.objects.get(code="HYG1")
    found = {"found_by": cadre, "found_on": timezone.localdate(), "text": "路面脏", "severity": "general"}
    finding = Finding.objects.create(community=community, item=item, handling="notice", **found)
    notice = notices.issue(finding=finding, by=cadre, now=timezone.now())
    phone, code = handed
    come(phone, worker, code)
    assert phone.post(f"/patrols/notices/{notice.pk}/receive/").status_code == 302
    assert NoticeEvent.objects.get(kind="received").by == worker
    assert notice.rounds.get().signer == "吴刚"


def test_people_take_turns(phone, worker, colleague):
    codes = {user: code_for(phone, user) for user in (worker, colleague)}
    phone.post(HAND_OVER)
    for user in (worker, colleague, worker):
        come(phone, user, codes[user])
        assert who_is(phone) == user.pk


def test_the_manager_sees_who_has_a_code(phone, worker, colleague, firm):
    code_for(phone, worker)
    page = phone.get(PEOPLE).content.decode()
    assert page.count("还没有码") == 2  # the manager and the colleague
    assert "有码" in page


# ---------------------------------------------------------------- only there, only these pages, only so long


def test_a_code_is_good_on_its_phone_alone(handed, worker):
    _, code = handed
    elsewhere = Client()
    page = elsewhere.post(PHONE, {"who": worker.pk, "code": code})
    assert "现在不共用" in page.content.decode() and who_is(elsewhere) is None
    elsewhere.cookies[shared_phones.COOKIE] = "made-up"
    assert who_is(elsewhere) is None and "现在不共用" in elsewhere.post(PHONE, {"who": worker.pk}).content.decode()


@pytest.mark.parametrize(
    "url", ["/account/", "/account/password/", "/account/devices/", "/account/inbox/", "/search/", "/handover/", PEOPLE]
)
def test_a_persons_own_pages_stay_closed(handed, worker, url):
    phone, code = handed
    come(phone, worker, code)
    assert phone.get(url).status_code == 403


@pytest.mark.parametrize("url", ["/patrols/notices/", "/patrols/notices/register/", "/patrols/dissuasions/", "/"])
def test_the_firms_pages_are_open(handed, worker, url):
    phone, code = handed
    come(phone, worker, code)
    assert phone.get(url, follow=True).status_code == 200


def test_other_roles_of_the_person_do_not_come_along(handed, worker):
    phone, code = handed
    come(phone, worker, code)
    assert phone.get("/communities/units/own/").status_code in (403, 404)
    assert Role.RESIDENT not in phone.get("/patrols/notices/").wsgi_request.user.roles


def test_a_manager_who_comes_with_a_code_gives_none(phone, firm, worker):
    code = code_for(phone, firm)
    phone.post(HAND_OVER)
    come(phone, firm, code)
    assert phone.get(PEOPLE).status_code == 403
    assert phone.post(code_url(worker)).status_code == 403
    assert phone.post(OPEN).status_code == 403


def test_twelve_hours_after_the_managers_sign_in(firm, worker):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        phone = signed_in("lin")
        clock.move_to(start + 3 * HOUR)
        phone.post(OPEN)
        code = code_for(phone, worker)
        phone.post(HAND_OVER)
        clock.move_to(start + 12 * HOUR - timedelta(seconds=1))
        come(phone, worker, code)
        assert who_is(phone) == worker.pk
        clock.move_to(start + 12 * HOUR)
        assert who_is(phone) is None
        assert "时间到了" in phone.get(PHONE).content.decode()
        come(phone, worker, code)
        assert who_is(phone) is None
        sessions.clear(now=timezone.now())
    assert not SharedPhone.objects.exists() and not PhoneCode.objects.exists()


def test_a_sign_in_of_yesterday_opens_nothing(firm):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        phone = signed_in("lin")
        clock.move_to(start + 12 * HOUR)
        phone.post(OPEN)
    assert not SharedPhone.objects.exists()


def test_signing_in_again_begins_the_twelve_hours_anew(firm, worker):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        phone = signed_in("lin")
        phone.post(OPEN)
        code = code_for(phone, worker)
        clock.move_to(start + 10 * HOUR)
        assert "再用 12 小时" not in phone.get(PEOPLE).content.decode()
        phone.post("/account/sign-in/", {"username": "lin", "password": "yigewanmeidemima"})
        assert "再用 12 小时" in phone.get(PEOPLE).content.decode()
        phone.post(OPEN)
        clock.move_to(start + 20 * HOUR)
        come(phone, worker, code)
        assert who_is(phone) == worker.pk and SharedPhone.objects.count() == 1


def test_a_full_sign_in_afterwards_is_a_full_one(handed, worker):
    phone, code = handed
    come(phone, worker, code)
    phone.post("/account/sign-in/", {"username": "ganggang", "password": "yigewanmeidemima"})
    assert phone.get("/account/").status_code == 200


# ---------------------------------------------------------------- five wrong tries


def test_five_wrong_tries_end_it(handed, worker):
    phone, code = handed
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for left in (4, 3, 2, 1):
        page = come(phone, worker, wrong)
        assert page.status_code == 422 and f"还能试 {left} 次" in page.content.decode()
    assert "已经作废" in come(phone, worker, wrong).content.decode()
    assert "作废" in come(phone, worker, code).content.decode()
    assert who_is(phone) is None and PhoneCode.objects.get().is_over


def test_a_right_one_in_between_forgives(handed, worker):
    phone, code = handed
    for _ in range(3):
        for _ in range(4):
            come(phone, worker, "x")
        come(phone, worker, code)
    assert who_is(phone) == worker.pk


def test_a_new_code_voids_the_old(phone, worker):
    old, new = code_for(phone, worker), code_for(phone, worker)
    phone.post(HAND_OVER)
    if old != new:
        come(phone, worker, old)
        assert who_is(phone) is None
    come(phone, worker, new)
    assert who_is(phone) == worker.pk


@pytest.mark.parametrize("typed", [{}, {"who": "", "code": ""}, {"who": "²", "code": "1"}, {"who": "9" * 40}])
def test_what_makes_no_sense_is_a_sentence(handed, typed):
    phone, _ = handed
    page = phone.post(PHONE, typed)
    assert page.status_code == 422 and "没有您的码" in page.content.decode()


# ---------------------------------------------------------------- who may


def test_only_managers_and_only_for_their_own_people(phone, firm, other_firm, cadre, worker, as_):
    for stranger in (other_firm, cadre):
        assert phone.post(code_url(stranger)).status_code == 404
    assert as_(worker).post(OPEN).status_code == 403
    assert as_(cadre).get(PEOPLE).status_code == 403


def test_a_manager_who_came_otherwise_signs_in_first(firm, as_):
    as_(firm).post(OPEN)  # a session without a sign-in of its own
    assert not SharedPhone.objects.exists()


def test_who_leaves_the_firm_has_no_code_any_more(handed, worker, days_ago):
    phone, code = handed
    FirmPost.objects.filter(user=worker).update(last_day=days_ago(1))
    assert come(phone, worker, code).status_code == 422 and who_is(phone) is None


def test_a_manager_who_is_none_any_more_has_opened_nothing(handed, worker, firm, days_ago):
    phone, code = handed
    RoleGrant.objects.filter(user=firm).update(last_day=days_ago(1))
    assert come(phone, worker, code).status_code == 422


def test_ending_it_puts_everybody_out(handed, worker, firm):
    phone, code = handed
    come(phone, worker, code)
    elsewhere = signed_in("lin")
    assert "不再共用" in elsewhere.get("/account/devices/").content.decode()
    elsewhere.post(end_url(SharedPhone.objects.get()))
    assert who_is(phone) is None and not SharedPhone.objects.exists()


def test_nobody_ends_another_managers(phone, other_firm):
    row = SharedPhone.objects.get()
    assert signed_in("xu").post(end_url(row)).status_code == 404
    assert SharedPhone.objects.exists()


def test_a_new_password_of_the_manager_ends_it(handed, worker, firm):
    phone, code = handed
    come(phone, worker, code)
    sessions.end_all(user=firm)
    assert who_is(phone) is None


def test_the_worker_sees_it_among_the_own_devices(handed, worker):
    phone, code = handed
    come(phone, worker, code)
    assert SignIn.objects.get(user=worker).device == "手机 Chrome（共用，凭码）"


def test_the_door_shows_the_way_on_that_phone_only(handed):
    phone, _ = handed
    assert PHONE in phone.get("/account/sign-in/").content.decode()
    assert PHONE not in Client().get("/account/sign-in/").content.decode()


@pytest.mark.parametrize("url", [OPEN, HAND_OVER, f"{PEOPLE}1/code/", f"{PHONE}1/end/"])
def test_a_link_does_nothing(phone, url):
    assert phone.get(url).status_code == 405


def test_before_it_is_opened_there_are_no_codes(firm, worker):
    client = signed_in("lin")
    assert "这部手机几个人用" in client.get(PEOPLE).content.decode()
    client.post(code_url(worker))
    assert not PhoneCode.objects.exists()


# ---------------------------------------------------------------- what the database holds


def test_neither_key_nor_code_is_kept(handed, worker):
    phone, code = handed
    key = phone.cookies[shared_phones.COOKIE].value
    row, one = SharedPhone.objects.get(), PhoneCode.objects.get()
    assert key not in row.key_hash and code not in (one.code_hash,) and len(one.code_hash) == 64
    assert phone.cookies[shared_phones.COOKIE]["httponly"]


def refused(name, rows, **columns):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**columns)


def test_what_the_database_refuses(handed):
    row = SharedPhone.objects.get()
    phones, codes = SharedPhone.objects.all(), PhoneCode.objects.all()
    refused("shared_phone_twelve_hours", phones, until=row.signed_in_at + timedelta(hours=12, seconds=1))
    refused("shared_phone_key_hashed", phones, key_hash="a key")
    refused("phone_code_five_tries", codes, tries=6)
    refused("phone_code_hashed", codes, code_hash="123456")
    one = codes.get()
    with pytest.raises(IntegrityError, match="phone_code_once"), transaction.atomic():
        PhoneCode.objects.create(phone=row, user=one.user, code_hash=one.code_hash)
