"""The demo town: its shape, its repeatability, that it is counted like a real one, and that it goes nowhere else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from stdnum.cn import uscc

from accounts import demo, notifications
from accounts.models import DemoMark, Message, User
from accounts.roles import Role
from communities.models import Building, Community, Contract, Firm, PatrolDuty, Unit
from inspections import weeks
from inspections.models import DayNumber, Finding, Notice, Patrol, PatrolAnswer, PatrolPhoto
from lib.periods import beijing_date, week_of
from portal.demo import town

pytestmark = pytest.mark.django_db
SMALL = 0.02


@pytest.fixture
def small_town():
    return town.make(now=timezone.now(), scale=SMALL)


def test_it_has_the_communities_of_the_plan(small_town):
    names = set(Community.objects.values_list("name", flat=True))
    assert len(names) == small_town.communities == 30
    assert all(name.startswith("演示·") for name in names)
    assert {"演示·财政税务局宿舍", "演示·荆江西路ABCD楼", "演示·迎宾新都", "演示·松苑小区", "演示·滨湖花园"} <= names
    kinds = [Community.objects.filter(kind=kind).count() for kind in ("settlement", "developed", "other")]
    assert kinds == [14, 8, 8]


def test_as_many_units_as_asked_for(small_town):
    assert small_town.units == Unit.objects.count() == 160
    assert not Building.objects.filter(units=None).exists()


def test_every_firm_has_a_valid_code(small_town):
    assert all(uscc.is_valid(code) for code in Firm.objects.values_list("uscc", flat=True))


def test_some_contract_was_followed_by_another(small_town):
    ended = Contract.objects.filter(last_day__lt=beijing_date(timezone.now()))
    assert ended.exists()
    assert Contract.objects.filter(community__in=ended.values("community"), last_day=None).exists() or (
        Contract.objects.filter(community__in=ended.values("community")).count() > ended.count()
    )


def test_one_person_for_every_role(small_town):
    assert {person.role for person in demo.people()} == set(Role)
    for role in Role:
        assert demo.person(role).roles == {role}
        assert not demo.person(role).has_usable_password()


def test_the_cadre_has_an_interesting_week(small_town):
    user = User.objects.get(username="demo-cadre")
    today = beijing_date(timezone.now())
    week = weeks.cadre_week(week_of(today), user)
    assert len(week.shares) == 4
    assert PatrolDuty.objects.on(today).filter(user=user, kind="substitute").count() == 1


def test_the_weeks_are_mostly_met(small_town):
    week = week_of(timezone.now()).previous
    cadres = weeks.cadre_weeks(week)
    assert sum(cadre.is_met for cadre in cadres) >= len(cadres) * 0.6


def test_nothing_happens_in_the_future_nor_out_of_order(small_town):
    now = timezone.now()
    assert not Patrol.objects.filter(submitted_at__gt=now).exists()
    for patrol in Patrol.objects.all():
        assert patrol.occurred_on == beijing_date(patrol.occurred_at)
        assert patrol.submitted_on == beijing_date(patrol.submitted_at)


def test_numbers_go_on_where_they_stopped(small_town):
    for row in DayNumber.objects.all():
        numbers = Patrol.objects.filter(number__startswith=f"巡{row.day:%Y%m%d}-").values_list("number", flat=True)
        assert sorted(int(number[-4:]) for number in numbers) == list(range(1, row.last + 1))


def test_answers_say_what_was_found(small_town):
    assert PatrolAnswer.objects.count() == 7 * Patrol.objects.count()
    for finding in Finding.objects.select_related("item"):
        answer = PatrolAnswer.objects.get(patrol=finding.patrol_id, category=finding.item.category)
        assert answer.result == PatrolAnswer.Result.FINDING


def test_photos_can_be_seen(small_town):
    from django.core.files.storage import default_storage

    assert PatrolPhoto.objects.exists()
    for photo in PatrolPhoto.objects.all():
        assert photo.is_ready
        assert default_storage.exists(photo.picture) and default_storage.exists(photo.thumbnail)


def test_corrected_voided_and_unannounced_records(small_town):
    corrected = Patrol.objects.filter(version=2)
    assert corrected.exists() and all(patrol.versions.get().content["version"] == 1 for patrol in corrected)
    assert Patrol.objects.filter(kind="covert", user__username="demo-town_clerk").exists()
    assert not Finding.objects.standing().filter(patrol__state="voided").exists()


def test_the_inboxes_hold_last_weeks_summary(small_town):
    head = User.objects.get(username="demo-station_head")
    found = notifications.read_texts(list(Message.objects.inbox(head, now=timezone.now())))
    assert found and all(message.text for message in found)


def test_the_resident_has_a_home_whose_books_are_kept(small_town):
    from communities.models import AccountLink, ClaimedProblem, Ownership
    from maintenance_fund.models import Fund

    link = AccountLink.objects.open().get()
    home = Ownership.objects.get(person__user=link.user, last_day=None)
    assert link.person.name == link.user.name == "王桂兰"
    assert Fund.objects.filter(community=home.unit.community).exists()
    assert set(ClaimedProblem.objects.values_list("state", flat=True)) == {"listed", "claimed"}


def test_it_is_made_only_once(small_town):
    with pytest.raises(CommandError, match="空的数据库"):
        call_command("demo")
    assert DemoMark.objects.count() == 1


def test_not_beside_real_accounts(administrator):
    with pytest.raises(CommandError, match="空的数据库"):
        call_command("demo")
    assert not DemoMark.objects.exists()


def test_the_command_says_what_it_made():
    said = StringIO()
    call_command("demo", scale=SMALL, stdout=said)
    assert "30 个小区" in said.getvalue() and "160 户" in said.getvalue()


def _picture_of_the_town(now) -> list:
    from django.db import transaction

    try:
        with transaction.atomic():
            town.make(now=now, scale=SMALL, seed=7)
            seen = [
                list(Community.objects.order_by("name").values_list("name", "code", "address")),
                list(Unit.objects.order_by("community__name", "code").values_list("code", "area_centi")),
                list(Patrol.objects.order_by("number").values_list("number", "client_id", "occurred_at", "note")),
                list(Finding.objects.order_by("client_id").values_list("client_id", "text", "state", "closed_on")),
                list(PatrolPhoto.objects.order_by("client_id").values_list("client_id", "name", "sha256")),
            ]
            raise _Again
    except _Again:
        return seen


class _Again(Exception):
    pass


def test_the_same_seed_makes_the_same_town():
    now = timezone.now()
    assert _picture_of_the_town(now) == _picture_of_the_town(now)


@pytest.mark.parametrize("days", range(7))
def test_it_can_be_made_on_any_day_of_the_week(days):
    """Monday at one in the morning as well as Sunday at noon."""
    monday = week_of(timezone.now()).start
    made = town.make(now=monday + timedelta(days=days, hours=1 + 2 * days), scale=SMALL)
    assert made.patrols


def test_notices_in_every_state_that_a_day_brings(small_town):
    states = set(Notice.objects.values_list("state", flat=True))
    assert {"closed", "received"} <= states
    today = beijing_date(timezone.now())
    sent = Finding.objects.filter(handling="notice").exclude(patrol__kind="covert").standing()
    assert not sent.filter(notices=None).exists()
    assert not Notice.objects.filter(state="closed").exclude(rounds__recheck__passed=True).exists()
    assert not Notice.objects.filter(issued_on__gt=today).exists()
    connection.check_constraints()
