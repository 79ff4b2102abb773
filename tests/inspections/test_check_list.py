"""The check list: entered by one person, checked by another, and the past keeps its own."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.roles import Role
from inspections import checklist
from inspections.models import CheckItem
from lib.periods import beijing_date
from lib.states import WrongState

DAY = timedelta(days=1)


@pytest.fixture
def now(db):
    """The real one, by which the database judges; the tests' own clock stands still."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.fixture
def today(now, thursday):
    thursday.move_to(now)
    return beijing_date(now)


@pytest.fixture
def new_item(today):
    """HYG6 in other words, from tomorrow on."""
    return CheckItem(code="HYG6", category="hyg", text="毁绿种菜", severity="serious", first_day=today + DAY)


@pytest.fixture
def entered(new_item, administrator, now):
    checklist.enter(item=new_item, by=administrator, now=now)
    return new_item


def words_on(day) -> str:
    return CheckItem.objects.asked_on(day).get(code="HYG6").text


def test_it_counts_only_when_another_person_has_checked_it(entered, town_head, today, now):
    assert words_on(today + DAY) == "种菜"
    checklist.check(item=entered, by=town_head, now=now)
    assert (words_on(today), words_on(today + DAY)) == ("种菜", "毁绿种菜")
    old = CheckItem.objects.get(code="HYG6", origin="migration")
    assert old.last_day == today


def test_an_item_can_be_ended_without_another(administrator, town_head, today, now):
    end = CheckItem(code="PIL5", category="pile", text="积雪残冰未清", severity="general", retires=True)
    end.first_day = today + DAY
    checklist.enter(item=end, by=administrator, now=now)
    checklist.check(item=end, by=town_head, now=now)
    assert CheckItem.objects.asked_on(today).filter(code="PIL5").exists()
    assert not CheckItem.objects.asked_on(today + DAY).filter(code="PIL5").exists()


def test_today_is_too_early(new_item, administrator, today, now):
    new_item.first_day = today
    with pytest.raises(ValidationError, match="最早从明天起"):
        checklist.enter(item=new_item, by=administrator, now=now)


def test_after_its_first_day_it_can_no_longer_be_checked(entered, town_head, now):
    with pytest.raises(WrongState, match="改成以后的日子"):
        checklist.check(item=entered, by=town_head, now=now + DAY)


def test_the_same_person_does_not_check(new_item, make_user, now):
    both = make_user("both", "两头", Role.ADMINISTRATOR, Role.TOWN_HEAD)
    checklist.enter(item=new_item, by=both, now=now)
    with pytest.raises(WrongState, match="另一个人"):
        checklist.check(item=new_item, by=both, now=now)


def test_others_neither_enter_nor_check(new_item, clerk, station_head, administrator, now):
    with pytest.raises(PermissionDenied):
        checklist.enter(item=new_item, by=clerk, now=now)
    checklist.enter(item=new_item, by=administrator, now=now)
    with pytest.raises(PermissionDenied):
        checklist.check(item=new_item, by=station_head, now=now)
    with pytest.raises(PermissionDenied):
        checklist.withdraw(item=new_item, by=station_head)


def test_it_is_checked_once_and_then_not_withdrawn(entered, town_head, now):
    checklist.check(item=entered, by=town_head, now=now)
    with pytest.raises(WrongState):
        checklist.check(item=entered, by=town_head, now=now)
    with pytest.raises(WrongState):
        checklist.withdraw(item=entered, by=town_head)


def test_what_nobody_checked_can_be_taken_back(entered, town_head):
    checklist.withdraw(item=entered, by=town_head)
    assert not CheckItem.objects.waiting().exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inspections_checkitem SET text = 'x' WHERE code = 'HYG1'",
        "UPDATE inspections_checkitem SET last_day = '2020-01-01' WHERE code = 'HYG1'",
        "DELETE FROM inspections_checkitem WHERE code = 'HYG1'",
        "INSERT INTO inspections_checkitem (code, category, category_order, position, text, severity, to_transfer,"
        " source, retires, origin, first_day)"
        " VALUES ('HYG99', 'hyg', 0, 99, 'x', 'general', false, '', false, 'migration', '2030-01-01')",
    ],
)
def test_check_item_kept_the_database_refuses(db, sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_admin_enters_checks_and_explains(as_, administrator, town_head, today):
    add = reverse("admin:inspections_checkitem_add")
    data = {
        "code": "HYG10",
        "category": "hyg",
        "position": 9,
        "text": "绿化带垃圾",
        "severity": "general",
        "source": "",
    }
    early = as_(administrator).post(add, data | {"first_day": today.isoformat()})
    assert early.status_code == 200
    assert "最早从明天起" in early.content.decode()
    assert "绿化带垃圾" in early.content.decode()
    done = as_(administrator).post(add, data | {"first_day": (today + DAY).isoformat()})
    assert done.status_code == 302
    item = CheckItem.objects.waiting().get()
    changelist = reverse("admin:inspections_checkitem_changelist")
    as_(town_head).post(changelist, {"action": "check_selected", "_selected_action": [item.pk]})
    assert CheckItem.objects.asked_on(today + DAY).filter(code="HYG10").exists()


def test_a_clerk_reads_and_does_not_add(as_clerk):
    assert as_clerk.get(reverse("admin:inspections_checkitem_changelist")).status_code == 200
    assert as_clerk.get(reverse("admin:inspections_checkitem_add")).status_code == 403
