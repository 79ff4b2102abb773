"""What a start does with an empty database, with a demo town, with a real one."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.demo import is_demo
from accounts.models import User
from accounts.roles import Role
from config.management.commands.first_start import is_loopback
from portal.demo import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch):
    """The demo town in small, whoever asks for it."""
    whole = town.make
    monkeypatch.setattr(town, "make", lambda **asked: whole(**{**asked, "scale": 0.01}))


def start(*words: str) -> str:
    said = StringIO()
    call_command("first_start", *words, stdout=said, stderr=said)
    return said.getvalue()


def refused(*words: str) -> str:
    said = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("first_start", *words, stdout=said, stderr=said)
    assert end.value.code == 1
    return said.getvalue()


def test_an_empty_database_becomes_a_demo_town(made):
    assert "30 个小区" in start()
    assert is_demo()


def test_a_second_start_does_nothing(made):
    start()
    assert start() == ""


def test_a_database_that_is_not_ours_is_told_so(made, settings):
    settings.EMBEDDED = False
    assert "DATABASE_URL" in start()


def test_real_opens_the_first_administrator():
    said = start("--real")
    user = User.objects.get()
    assert user.username == "admin" and user.roles == {Role.ADMINISTRATOR} and user.must_change_password
    password = re.search(r"密码 +(\S+)", said)[1]
    assert user.check_password(password)
    assert not is_demo()


def test_a_password_that_nobody_used_is_replaced():
    first, second = start("--real"), start("--real")
    assert "admin" in second and first != second
    assert User.objects.count() == 1


def test_after_the_first_sign_in_there_is_no_other_password():
    start("--real")
    User.objects.update(must_change_password=False)
    assert start("--real") == ""


def test_a_real_database_gets_no_demo(administrator):
    assert start() == "" and start("--real") == "" and start("--host", "192.168.1.5") == ""
    assert not is_demo()


def test_a_demo_town_is_never_real(made):
    start()
    assert "改不成正式的" in refused("--real")


@pytest.mark.parametrize("host", ["192.168.1.5", "::", "town.example"])
def test_a_demo_town_never_leaves_the_machine(made, host):
    assert "只在本机" in refused("--host", host)
    assert not is_demo()
    town.make(now=timezone.now())
    assert "只在本机" in refused("--host", host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.0.0.2"])
def test_the_machine_itself(host):
    assert is_loopback(host)
