"""People without places, for pages that need no registry."""

import pytest

from accounts.models import Address
from accounts.roles import Role


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
