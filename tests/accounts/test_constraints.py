"""What the database refuses in the tables of accounts, whatever code runs (grants and resets: see theirs)."""

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.models import Address, DemoMark, Message, User


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


@pytest.fixture
def message(cadre_account, now):
    columns = {"kind": "test", "about": "accounts.user", "about_key": "1", "channel": "inbox", "due": now}
    return {**columns, "next_try": now, "user": cadre_account}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phone", "没有"), ("phone", "1"), ("phone", "138 0013 8000"), ("email", "nobody"), ("fax", "0578-1234567")],
)
def test_an_address_that_is_none(db, kind, value):
    refused("address_shape", lambda: Address.objects.create(kind=kind, value=value))


def test_one_number_twice(db):
    Address.objects.create(kind="phone", value="13800138000")
    refused("address_once", lambda: Address.objects.create(kind="phone", value="13800138000"))


def test_one_mobile_for_two_people(cadre_account, make_user):
    other, mobile = make_user("lin", "林志明"), Address.objects.create(kind="phone", value="13800138000")
    User.objects.filter(pk=other.pk).update(mobile=mobile)
    refused("mobile", lambda: User.objects.filter(pk=cadre_account.pk).update(mobile=mobile))


def test_one_user_name_twice(cadre_account):
    refused("username", lambda: User.objects.create(username="chen", name="另一位"))


def test_one_message_twice_though_it_has_no_address(message):
    Message.objects.create(**message)
    refused("message_once", lambda: Message.objects.create(**message))


def test_a_message_to_nobody_or_to_two(message):
    address = Address.objects.create(kind="email", value="a@example.cn")
    refused("message_one_recipient", lambda: Message.objects.create(**{**message, "user": None}))
    refused("message_one_recipient", lambda: Message.objects.create(**message, address=address))


def test_sent_at_no_time(message):
    refused("message_sent_when", lambda: Message.objects.create(**message, state="sent"))


def test_two_marks_of_a_demo(db):
    refused("demo_mark_one", lambda: DemoMark.objects.create(id=2, seed=1))


def test_a_town_with_people_in_it_never_becomes_a_demo(administrator):
    refused("不能变成演示", lambda: DemoMark.objects.create(seed=1))


@pytest.mark.parametrize("change", [lambda rows: rows.update(seed=2), lambda rows: rows._raw_delete("default")])
def test_the_mark_of_a_demo_stays_for_ever(db, change):
    DemoMark.objects.create(seed=1)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change(DemoMark.objects.all())


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_changes_it(owner):
    owner.execute("INSERT INTO accounts_demomark (id, made_at, seed) VALUES (1, now(), 1)")
    for sql in ("UPDATE accounts_demomark SET seed = 2", "DELETE FROM accounts_demomark", "TRUNCATE accounts_demomark"):
        with pytest.raises(Exception, match="不能改也不能删"):
            owner.execute(sql)


def test_a_changed_history_of_an_account(cadre_account):
    history = apps.get_model("accounts", "UserEvent")
    assert history.objects.filter(pgh_obj=cadre_account).exists()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        history.objects.update(username="x")
