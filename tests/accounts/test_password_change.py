"""A password of one's own; after a slip before anything else."""

import pytest
from django.contrib.auth import SESSION_KEY

from accounts import passwords
from accounts.models import SignIn

URL = "/account/password/"
OLD, NEW = "yigewanmeidemima", "songyuan-haoduoshu"


def change(client, old=OLD, new=NEW, again=NEW):
    return client.post(URL, {"old": old, "new": new, "again": again})


def test_a_new_password_is_set_and_one_stays_in(as_, cadre_account):
    client = as_(cadre_account)
    assert change(client)["Location"] == "/account/"
    cadre_account.refresh_from_db()
    assert cadre_account.check_password(NEW)
    assert client.get("/account/").status_code == 200


def test_other_devices_are_signed_out(as_, cadre_account):
    here, there = as_(cadre_account), as_(cadre_account)
    change(here)
    assert there.get("/account/").status_code == 302


def test_this_device_stays_in_the_list(client, cadre_account):
    client.post("/account/sign-in/", {"username": "chen", "password": OLD})
    change(client)
    assert SignIn.objects.get().session_id == client.session.session_key


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "bushizhege"}, "现在的密码不对"),
        ({"new": "duan", "again": "duan"}, "10"),
        ({"new": "12345678901234", "again": "12345678901234"}, "数字"),
        ({"new": "password1234", "again": "password1234"}, "常见"),
        ({"new": OLD, "again": OLD}, "一样"),
        ({"again": "bieyangdeyiju"}, "两遍不一样"),
        ({"new": ""}, "填"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(as_, cadre_account, typed, sentence):
    answer = change(as_(cadre_account), **typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    cadre_account.refresh_from_db()
    assert cadre_account.check_password(OLD)


def test_no_password_is_written_back_into_the_page(as_, cadre_account):
    assert NEW not in change(as_(cadre_account), again="bieyangdeyiju").content.decode()


class TestAfterASlip:
    @pytest.fixture
    def with_slip(self, client, cadre_account, now):
        slip = passwords.give_one_time(user=cadre_account, now=now)
        client.post("/account/sign-in/", {"username": "chen", "password": slip})
        assert SESSION_KEY in client.session
        return client

    @pytest.mark.parametrize("url", ["/account/", "/account/inbox/", "/admin/", "/"])
    def test_every_page_leads_to_the_change(self, with_slip, url):
        assert with_slip.get(url)["Location"] == URL

    def test_the_way_out_stays_open(self, with_slip):
        assert with_slip.post("/account/sign-out/")["Location"] == "/account/sign-in/"

    def test_health_answers(self, with_slip):
        assert with_slip.get("/healthz").status_code in (200, 503)

    def test_the_slips_password_is_not_asked_again_and_the_way_is_open(self, with_slip, cadre_account):
        answer = with_slip.post(URL, {"new": NEW, "again": NEW})
        assert answer["Location"] == "/account/"
        assert with_slip.get("/account/").status_code == 200
        cadre_account.refresh_from_db()
        assert not cadre_account.must_change_password and cadre_account.password_expires_at is None

    def test_the_phone_is_still_to_be_confirmed(self, with_slip, cadre_account):
        with_slip.post(URL, {"new": NEW, "again": NEW})
        cadre_account.refresh_from_db()
        assert cadre_account.confirm_phone


def test_nobody_is_led_to_the_door(stranger, db):
    assert stranger.get(URL).status_code == 302


def test_other_methods_are_refused(as_, cadre_account):
    assert as_(cadre_account).delete(URL).status_code == 405
