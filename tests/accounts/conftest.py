"""People without places, for pages that need no registry."""

from datetime import datetime

import pytest

from accounts import notifications
from accounts.models import Address
from accounts.roles import Role
from lib.periods import BEIJING
from tests.gateway import Gateway


@pytest.fixture
def cadre_account(make_user):
    return make_user("chen", "陈国平", Role.CADRE)


@pytest.fixture
def station_head_account(make_user):
    return make_user("wangzhan", "王站长", Role.STATION_HEAD)


@pytest.fixture
def give_email(db):
    """``give_email(user, "a@b.cn")``: an address that the person has confirmed."""

    def give(user, value, *, confirmed_at=None):
        user.email = Address.objects.create(kind="email", value=value, confirmed_at=confirmed_at)
        user.save()
        return user.email

    return give


@pytest.fixture
def give_mobile(db):
    """``give_mobile(user, "13800138000")``: a number that the office has registered."""

    def give(user, value="13800138000", *, confirmed_at=None):
        user.mobile = Address.objects.create(kind="phone", value=value, confirmed_at=confirmed_at)
        user.save()
        return user.mobile

    return give


@pytest.fixture
def gateway():
    """A real HTTP server that takes what is posted."""
    server = Gateway()
    yield server
    server.close()


@pytest.fixture
def sms_gateway(gateway, settings):
    settings.SMS = {"url": f"{gateway.url}/v1/sms", "key": "geheim", "sign": "荆溪物业办"}
    return gateway


@pytest.fixture
def working_time() -> datetime:
    """Tuesday, 24 November 2026, ten in the morning in Beijing."""
    return datetime(2026, 11, 24, 10, tzinfo=BEIJING)


@pytest.fixture
def kind(monkeypatch):
    """``kind("test", urgent=True)``: a kind of message about an account, wanted on every channel."""

    def make(name="test", **more):
        words = lambda m: notifications.Text(f"关于{m.thing.name}", "去看看", "accounts:me")  # noqa: E731
        known = {"group": "测试", "defaults": frozenset({"email", "sms"}), **more}
        monkeypatch.setitem(notifications.KINDS, name, notifications.Kind("测试", words, (), **known))
        return name

    return make
