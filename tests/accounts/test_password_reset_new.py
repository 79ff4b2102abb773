"""Search a person, say why, get the slip: once."""

import re

import pytest

from accounts import password_resets
from accounts.models import PasswordReset, User
from accounts.roles import Role

FIND, NEW = "/account/resets/find/", "/account/resets/new/{}/"
GIVEN = {"reason": "本人忘了密码", "known": "on"}


@pytest.fixture(autouse=True)
def scope(monkeypatch):
    monkeypatch.setattr(
        password_resets, "_scopes", [lambda user, today: User.objects.filter(username__startswith="own")]
    )


@pytest.fixture
def own_cadre(make_user):
    return make_user("own-chen", "陈国平", Role.CADRE)


@pytest.fixture
def head(as_, station_head_account):
    return as_(station_head_account)


def test_a_person_is_found_by_name_pinyin_and_number(head, own_cadre, make_user):
    make_user("own-lin", "林志明", Role.CADRE)
    User.objects.filter(pk=own_cadre.pk).update(pinyin="chenguoping cgp")
    for words in ("国平", "chenguo", "cgp", "own-chen"):
        page = head.get(FIND, {"q": words}).content.decode()
        assert "陈国平" in page and "林志明" not in page


def test_only_ones_own_people_are_found(head, own_cadre, make_user, clerk):
    make_user("other", "陈外村", Role.CADRE)
    page = head.get(FIND).content.decode()
    assert "陈国平" in page and "陈外村" not in page and "李敏" not in page


def test_the_slip_shows_the_password_that_opens_the_door_once(head, stranger, own_cadre):
    answer = head.post(NEW.format(own_cadre.pk), GIVEN)
    (password,) = re.findall(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", answer.content.decode())
    assert "no-store" in answer["Cache-Control"] and "陈国平" in answer.content.decode()
    assert stranger.post("/account/sign-in/", {"username": "own-chen", "password": password}).status_code == 302
    assert password not in str(dict(head.session)), "the session does not keep it"
    assert password not in head.get("/account/resets/").content.decode()


@pytest.mark.parametrize(("left_out", "sentence"), [("reason", "填"), ("known", "当面核对")])
def test_reason_and_a_look_at_the_person_are_asked(head, own_cadre, left_out, sentence):
    given = {name: value for name, value in GIVEN.items() if name != left_out}
    answer = head.post(NEW.format(own_cadre.pk), given)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert (given.get("reason") or "") in answer.content.decode()
    assert not PasswordReset.objects.exists()


def test_somebody_elses_person_is_no_address(head, clerk):
    assert head.get(NEW.format(clerk.pk)).status_code == 404
    assert head.post(NEW.format(clerk.pk), GIVEN).status_code == 404
    assert not PasswordReset.objects.exists()


def test_clerks_may_look_at_the_list_but_reset_nobody(as_, clerk, own_cadre):
    client = as_(clerk)
    assert client.get("/account/resets/").status_code == 200
    assert client.get(FIND).status_code == 403
    assert client.post(NEW.format(own_cadre.pk), GIVEN).status_code == 404


def test_cadres_do_not_come_in(as_, own_cadre):
    assert as_(own_cadre).get(FIND).status_code == 403


def test_nobody_is_led_to_the_door(stranger, own_cadre):
    assert stranger.post(NEW.format(own_cadre.pk), GIVEN).status_code == 302
    assert not PasswordReset.objects.exists()


def test_other_methods_are_refused(head, own_cadre):
    assert head.put(NEW.format(own_cadre.pk)).status_code == 405
    assert head.post(FIND).status_code == 405


def test_a_guarded_person_needs_a_second_administrator(as_, administrator, leader):
    client = as_(administrator)
    page = client.get(NEW.format(leader.pk)).content.decode()
    assert "两位管理员" in page and "交申请" in page
    assert client.post(NEW.format(leader.pk), GIVEN)["Location"] == "/account/resets/"
    assert "等第二位管理员" in client.get("/account/resets/").content.decode()


def test_looking_writes_nothing(head, own_cadre):
    head.get(NEW.format(own_cadre.pk))
    own_cadre.refresh_from_db()
    assert not PasswordReset.objects.exists() and own_cadre.check_password("yigewanmeidemima")
