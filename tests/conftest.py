"""The cast: one small town with names a reader remembers, and tests that commit without a flush."""

import os
from datetime import date, datetime, timedelta

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone

from lib.periods import BEIJING, beijing_date
from tests import kept


def pytest_configure(config):
    """Takes a share of the test servers for the whole run; two runs in one checkout need two names."""
    from django.conf import settings

    from config import embedded

    if settings.EMBEDDED or not settings.REDIS_URL:
        config.linzhi_share = embedded.hold()


def pytest_unconfigure(config):
    from config import embedded

    if hasattr(config, "linzhi_share"):
        connection.close()
        embedded.leave(config.linzhi_share)


def pytest_collection_modifyitems(items):
    """Ordinary tests first, then those that commit, then the browser: the order in which a failure is cheapest."""
    items.sort(key=lambda item: ("browser" in item.keywords, "transactional_db" in item.fixturenames))


TransactionTestCase._fixture_teardown = lambda self: kept.restore_all()
StaticFilesHandler._should_handle = lambda self, path: False  # let whitenoise serve, as in production


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        kept.remember(connection)


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    if not os.environ.get("LINZHI_TEST_MEDIA"):
        settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _rulebook_of_the_migrations(request):
    """What the process remembers of rules and calendar goes with the rows that a test entered."""
    yield
    if {"a_rule", "a_year", "transactional_db"} & set(request.fixturenames):
        from rulebook import rules, workdays

        rules.forget()
        workdays.forget()


# ---------------------------------------------------------------- days


@pytest.fixture
def today() -> date:
    return beijing_date(timezone.now())


@pytest.fixture
def now() -> datetime:
    return timezone.now()


LONG_AGO = date(2020, 1, 1)

# ---------------------------------------------------------------- people


@pytest.fixture
def make_user(db):
    """``make_user("chen", "陈国平", Role.CADRE)``: an account with roles since long ago."""
    from accounts.models import RoleGrant, User

    def make(username: str, name: str, *roles) -> User:
        user = User(username=username, name=name)
        user.set_password("yigewanmeidemima")
        user.save()
        for role in roles:
            RoleGrant.objects.create(user=user, role=role, first_day=LONG_AGO, origin="setup")
        return user

    return make


@pytest.fixture
def administrator(make_user):
    from accounts.roles import Role

    return make_user("guanli", "孙管理", Role.ADMINISTRATOR)


@pytest.fixture
def second_administrator(make_user):
    from accounts.roles import Role

    return make_user("guanli2", "周管理", Role.ADMINISTRATOR)


@pytest.fixture
def town_head(make_user):
    from accounts.roles import Role

    return make_user("zhao", "赵建平", Role.TOWN_HEAD)


@pytest.fixture
def clerk(make_user):
    from accounts.roles import Role

    return make_user("limin", "李敏", Role.TOWN_CLERK)


@pytest.fixture
def leader(make_user):
    from accounts.roles import Role

    return make_user("wu", "吴副镇长", Role.LEADER)


# ---------------------------------------------------------------- rules


@pytest.fixture
def a_rule(administrator, town_head):
    """``a_rule("patrol.weekly_quota", 2, date(2026, 12, 1))``: entered by one and checked by another long before."""
    from rulebook import rules
    from rulebook.models import Jurisdiction

    def make(key, value, first_day, jurisdiction="town", article=""):
        before = datetime.combine(first_day - timedelta(days=30), datetime.min.time(), BEIJING)
        where = Jurisdiction.objects.get(code=jurisdiction)
        words = {"basis": "镇物业办会议纪要", "article": article}
        row = rules.enter(
            key=key, value=value, first_day=first_day, jurisdiction=where, by=administrator, now=before, **words
        )
        rules.check(rule=row, by=town_head, now=before)
        rules.forget()
        return row

    return make


# ---------------------------------------------------------------- places


@pytest.fixture
def village(db):
    from communities.models import VillageCommittee

    return VillageCommittee.objects.create(name="城东社区", phone="0578-8800201")


@pytest.fixture
def other_village(db):
    from communities.models import VillageCommittee

    return VillageCommittee.objects.create(name="城西社区", phone="0578-8800202")


@pytest.fixture
def community(village):
    from communities.models import Building, Community

    community = Community.objects.create(
        name="演示·松苑小区", village_committee=village, kind=Community.Kind.SETTLEMENT, built_year=2008
    )
    Building.objects.create(community=community, code="03", name="3幢", floors=6)
    return community


@pytest.fixture
def neighbour_community(other_village):
    from communities.models import Community

    return Community.objects.create(
        name="演示·滨湖花园", village_committee=other_village, kind=Community.Kind.DEVELOPED
    )


@pytest.fixture
def building(community):
    return community.buildings.get()


# ---------------------------------------------------------------- posts and duties


@pytest.fixture
def station_head(make_user, village):
    from accounts.roles import Role
    from communities.models import StationPost

    user = make_user("wangzhan", "王站长", Role.STATION_HEAD)
    StationPost.objects.create(village_committee=village, user=user, kind="head", first_day=LONG_AGO)
    return user


@pytest.fixture
def station_clerk(make_user, village):
    from accounts.roles import Role
    from communities.models import StationPost

    user = make_user("qian", "钱经办", Role.STATION_CLERK)
    StationPost.objects.create(village_committee=village, user=user, kind="clerk", first_day=LONG_AGO)
    return user


@pytest.fixture
def other_station_head(make_user, other_village):
    from accounts.roles import Role
    from communities.models import StationPost

    user = make_user("hezhan", "何站长", Role.STATION_HEAD)
    StationPost.objects.create(village_committee=other_village, user=user, kind="head", first_day=LONG_AGO)
    return user


@pytest.fixture
def cadre(make_user, community):
    from accounts.roles import Role
    from communities.models import PatrolDuty

    user = make_user("chen", "陈国平", Role.CADRE)
    PatrolDuty.objects.create(user=user, community=community, first_day=LONG_AGO)
    return user


@pytest.fixture
def other_cadre(make_user, neighbour_community):
    from accounts.roles import Role
    from communities.models import PatrolDuty

    user = make_user("wangxh", "王晓红", Role.CADRE)
    PatrolDuty.objects.create(user=user, community=neighbour_community, first_day=LONG_AGO)
    return user


@pytest.fixture
def firm_row(db, community):
    from communities.models import Contract, Firm

    firm = Firm.objects.create(name="演示·安居物业", uscc="91330000MA27XYZ12N", phone="0578-8800301")
    Contract.objects.create(community=community, firm=firm, kind="owners", first_day=LONG_AGO)
    return firm


@pytest.fixture
def other_firm_row(db, neighbour_community):
    from communities.models import Contract, Firm

    firm = Firm.objects.create(name="演示·和顺物业", uscc="91330000MA27XYZ22A", phone="0578-8800302")
    Contract.objects.create(community=neighbour_community, firm=firm, kind="owners", first_day=LONG_AGO)
    return firm


@pytest.fixture
def firm(make_user, firm_row):
    """The manager of the firm that serves the community."""
    from accounts.roles import Role
    from communities.models import FirmPost

    user = make_user("lin", "林志明", Role.FIRM_MANAGER)
    FirmPost.objects.create(firm=firm_row, user=user, kind="manager", first_day=LONG_AGO)
    return user


@pytest.fixture
def other_firm(make_user, other_firm_row):
    from accounts.roles import Role
    from communities.models import FirmPost

    user = make_user("xu", "徐经理", Role.FIRM_MANAGER)
    FirmPost.objects.create(firm=other_firm_row, user=user, kind="manager", first_day=LONG_AGO)
    return user


@pytest.fixture
def resident(make_user):
    from accounts.roles import Role

    return make_user("jumin", "王桂兰", Role.RESIDENT)


@pytest.fixture
def town(community, neighbour_community, cadre, other_cadre, firm, other_firm, station_head, clerk, town_head, leader):
    """Everything above at once, for pages that show several rooms."""
    return community


# ---------------------------------------------------------------- clients


@pytest.fixture
def as_(db):
    """``as_(cadre)``: a browser in which the person is signed in."""

    def client_of(user) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.sign_in.NameOrMobile")
        return client

    return client_of


@pytest.fixture
def as_cadre(as_, cadre) -> Client:
    return as_(cadre)


@pytest.fixture
def as_other_cadre(as_, other_cadre) -> Client:
    return as_(other_cadre)


@pytest.fixture
def as_clerk(as_, clerk) -> Client:
    return as_(clerk)


@pytest.fixture
def as_town_head(as_, town_head) -> Client:
    return as_(town_head)


@pytest.fixture
def as_station_head(as_, station_head) -> Client:
    return as_(station_head)


@pytest.fixture
def as_firm(as_, firm) -> Client:
    return as_(firm)


@pytest.fixture
def stranger(db) -> Client:
    """Nobody is signed in."""
    return Client()


@pytest.fixture
def owner(transactional_db):
    """The owner of the tables, for what the application may not even try."""
    connection.close()
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        yield cursor


@pytest.fixture
def days_ago(today):
    return lambda n: today - timedelta(days=n)
