"""Two people, or two workers, at once: one acts, the other is told, nothing happens twice."""

from threading import Barrier

import pytest
from django.core import mail
from django.db import transaction

from accounts import grants, notifications, password_resets, sending
from accounts.models import Address, Message, PasswordReset, RoleGrant, User
from accounts.roles import Role
from lib.states import WrongState, first_come
from tests.at_once import at_once, the_refusal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def newcomer(make_user):
    return make_user("xin", "新来的")


def test_a_role_is_granted_once(newcomer, administrator, second_administrator, today, now):
    acts = [
        lambda by=by: grants.propose(user=newcomer, role=Role.TOWN_CLERK, by=by, first_day=today, now=now)
        for by in (administrator, second_administrator)
    ]
    assert "已经有" in str(the_refusal(at_once(*acts)))
    assert RoleGrant.objects.filter(user=newcomer).count() == 1


def test_of_two_that_wait_for_each_other_one_is_told(newcomer, leader):
    """As two rows at one moment under an exclusion constraint do now and then: no error, the sentence."""
    met = Barrier(2)

    def rename(first, second):
        with transaction.atomic():
            User.objects.filter(pk=first.pk).update(name="甲")
            met.wait(10)
            with first_come("刚才有人先写了。"):
                User.objects.filter(pk=second.pk).update(name="甲")

    refused = the_refusal(at_once(lambda: rename(newcomer, leader), lambda: rename(leader, newcomer)))
    assert isinstance(refused, WrongState)
    assert set(User.objects.filter(pk__in=[newcomer.pk, leader.pk]).values_list("name", flat=True)) == {"甲"}


def test_a_role_is_checked_or_withdrawn(newcomer, administrator, town_head, today, now):
    made = grants.propose(user=newcomer, role=Role.TOWN_CLERK, by=administrator, first_day=today, now=now)
    row = lambda: RoleGrant.objects.select_related("user").get(pk=made.pk)  # noqa: E731
    acts = [
        lambda: grants.check(grant=row(), by=town_head, now=now),
        lambda: grants.withdraw(grant=row(), by=administrator, now=now),
    ]
    assert isinstance(the_refusal(at_once(*acts)), WrongState)


def test_a_reset_is_asked_for_once(leader, administrator, second_administrator, now):
    acts = [
        lambda by=by: password_resets.reset(user=leader, by=by, reason="忘了", now=now)
        for by in (administrator, second_administrator)
    ]
    assert isinstance(the_refusal(at_once(*acts)), WrongState)
    assert PasswordReset.objects.count() == 1


def test_a_reset_is_approved_once_and_gives_one_password(leader, administrator, second_administrator, make_user, now):
    third = make_user("guanli3", "吴管理", Role.ADMINISTRATOR)
    asked, _ = password_resets.reset(user=leader, by=administrator, reason="忘了", now=now)
    row = lambda: PasswordReset.objects.select_related("user").get(pk=asked.pk)  # noqa: E731
    acts = [lambda by=by: password_resets.approve(reset=row(), by=by, now=now) for by in (second_administrator, third)]
    ends = at_once(*acts)
    assert isinstance(the_refusal(ends), WrongState)
    (password,) = [end for end in ends if isinstance(end, str)]
    leader.refresh_from_db()
    assert leader.check_password(password)


def test_four_sweepers_send_each_letter_once(make_user, now):
    people = [make_user(f"n{n}", f"收信人{n}") for n in range(5)]
    for number, person in enumerate(people):
        person.email = Address.objects.create(kind="email", value=f"n{number}@example.cn", confirmed_at=now)
        person.save()
        notifications.tell(person, "role-granted", about=("accounts.user", str(person.pk)), due=now, now=now)
    Message.objects.filter(channel="email").update(kind="messages-failed")  # a kind that needs no row
    ends = at_once(*[lambda: sending.send_due(now)] * 4)
    assert sum(ends) == 5
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email.value for person in people)
