"""Roles: made by one, checked by another, ended on a day."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts import grants, roles
from accounts.models import Message, RoleGrant, User
from accounts.roles import STAFF, WHO_MAY, Act, Role
from lib.states import WrongState

DAY = timedelta(days=1)


def fresh(user) -> User:
    """The same person in another request: roles are remembered for one."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def person(make_user):
    return make_user("xin", "新人")


@pytest.fixture
def proposed(person, administrator, town_head, today, now):
    return grants.propose(user=person, role=Role.TOWN_CLERK, by=administrator, first_day=today, now=now)


class TestMaking:
    def test_a_staff_role_counts_only_when_checked(self, proposed, person, town_head, now):
        assert fresh(person).roles == frozenset()
        grants.check(grant=proposed, by=town_head, now=now)
        assert fresh(person).roles == {Role.TOWN_CLERK}

    def test_the_checkers_are_told_and_then_the_person(self, proposed, person, town_head, now):
        assert Message.objects.get(kind="role-to-check").user == town_head
        grants.check(grant=proposed, by=town_head, now=now)
        assert Message.objects.get(kind="role-granted").user == person

    def test_other_roles_count_at_once(self, person, administrator, today, now):
        grants.propose(user=person, role=Role.CADRE, by=administrator, first_day=today, now=now)
        assert fresh(person).roles == {Role.CADRE} and not Message.objects.exists()

    @pytest.mark.parametrize("role", [Role.TOWN_HEAD, Role.TOWN_CLERK, Role.STATION_HEAD, Role.CADRE])
    def test_only_administrators_grant(self, person, make_user, role, today, now):
        with pytest.raises(PermissionDenied):
            grants.propose(user=person, role=Role.CADRE, by=make_user("x", "别人", role), first_day=today, now=now)

    def test_the_same_role_twice_on_one_day_gets_a_sentence(self, proposed, person, administrator, today, now):
        with pytest.raises(ValidationError, match="已经有这个角色"):
            grants.propose(user=person, role=Role.TOWN_CLERK, by=administrator, first_day=today + DAY, now=now)

    def test_a_role_begins_on_its_first_day_and_ends_after_its_last(self, person, administrator, today, now):
        grants.propose(user=person, role=Role.CADRE, by=administrator, first_day=today, last_day=today + DAY, now=now)
        held = [RoleGrant.objects.in_force(today + n * DAY).filter(user=person).exists() for n in (-1, 0, 1, 2)]
        assert held == [False, True, True, False]

    def test_the_first_town_head_needs_no_check_the_second_does(self, administrator, make_user, today, now):
        first, second = make_user("a", "甲"), make_user("b", "乙")
        grants.propose(user=first, role=Role.TOWN_HEAD, by=administrator, first_day=today, now=now)
        grants.propose(user=second, role=Role.TOWN_HEAD, by=administrator, first_day=today, now=now)
        assert fresh(first).roles == {Role.TOWN_HEAD} and fresh(second).roles == frozenset()


class TestChecking:
    def test_not_by_its_maker(self, person, make_user, today, now):
        both = make_user("both", "两职", Role.ADMINISTRATOR, Role.TOWN_HEAD)
        grant = grants.propose(user=person, role=Role.LEADER, by=both, first_day=today, now=now)
        with pytest.raises(PermissionDenied, match="另一个人"):
            grants.check(grant=grant, by=both, now=now)

    def test_not_by_whom_it_is_for(self, administrator, town_head, today, now):
        grant = grants.propose(user=town_head, role=Role.ADMINISTRATOR, by=administrator, first_day=today, now=now)
        with pytest.raises(PermissionDenied, match="另一个人"):
            grants.check(grant=grant, by=town_head, now=now)

    def test_not_by_another_administrator(self, proposed, second_administrator, now):
        with pytest.raises(PermissionDenied):
            grants.check(grant=proposed, by=second_administrator, now=now)

    def test_once(self, proposed, town_head, now):
        grants.check(grant=proposed, by=town_head, now=now)
        with pytest.raises(WrongState):
            grants.check(grant=proposed, by=town_head, now=now)


class TestWithdrawing:
    def test_takes_back_what_nobody_checked(self, proposed, administrator, town_head, now):
        grants.withdraw(grant=proposed, by=administrator, now=now)
        with pytest.raises(WrongState):
            grants.check(grant=proposed, by=town_head, now=now)

    def test_makes_room_for_another_try(self, proposed, person, administrator, today, now):
        grants.withdraw(grant=proposed, by=administrator, now=now)
        grants.propose(user=person, role=Role.TOWN_CLERK, by=administrator, first_day=today, now=now)

    def test_is_the_checkers_no_too(self, proposed, town_head, now):
        grants.withdraw(grant=proposed, by=town_head, now=now)
        assert proposed.withdrawn_at == now

    def test_not_after_the_check(self, proposed, town_head, administrator, now):
        grants.check(grant=proposed, by=town_head, now=now)
        with pytest.raises(WrongState, match="最后一天"):
            grants.withdraw(grant=proposed, by=administrator, now=now)

    def test_not_by_others(self, proposed, clerk, now):
        with pytest.raises(PermissionDenied):
            grants.withdraw(grant=proposed, by=clerk, now=now)


class TestEnding:
    def test_today_still_counts(self, cadre_account, administrator, today, now):
        grant = cadre_account.grants.get()
        grants.end(grant=grant, last_day=today, by=administrator, now=now)
        assert fresh(cadre_account).roles == {Role.CADRE}
        assert not RoleGrant.objects.in_force(today + DAY).filter(user=cadre_account).exists()

    def test_not_on_a_day_that_is_past(self, cadre_account, administrator, today, now):
        with pytest.raises(ValidationError, match="从今天起"):
            grants.end(grant=cadre_account.grants.get(), last_day=today - DAY, by=administrator, now=now)

    def test_not_later_than_set_before(self, cadre_account, administrator, today, now):
        grant = cadre_account.grants.get()
        grants.end(grant=grant, last_day=today, by=administrator, now=now)
        with pytest.raises(ValidationError):
            grants.end(grant=grant, last_day=today + DAY, by=administrator, now=now)

    def test_not_by_others(self, cadre_account, town_head, today, now):
        with pytest.raises(PermissionDenied):
            grants.end(grant=cadre_account.grants.get(), last_day=today, by=town_head, now=now)

    def test_the_last_administrator_stays(self, administrator, today, now):
        with pytest.raises(ValidationError, match="最后一位"):
            grants.end(grant=administrator.grants.get(), last_day=today, by=administrator, now=now)

    def test_also_when_the_other_one_ends_some_day_or_is_out_of_use(
        self, administrator, second_administrator, today, now
    ):
        second_administrator.grants.update(last_day=today + 30 * DAY)
        with pytest.raises(ValidationError, match="最后一位"):
            grants.end(grant=administrator.grants.get(), last_day=today, by=administrator, now=now)
        second_administrator.grants.update(last_day=None)
        User.objects.filter(pk=second_administrator.pk).update(is_active=False)
        with pytest.raises(ValidationError, match="最后一位"):
            grants.end(grant=administrator.grants.get(), last_day=today, by=administrator, now=now)

    def test_with_a_second_the_first_may_go(self, administrator, second_administrator, today, now):
        grants.end(grant=administrator.grants.get(), last_day=today, by=second_administrator, now=now)
        assert administrator.grants.get().last_day == today

    @pytest.mark.django_db(transaction=True)
    def test_two_administrators_cannot_end_each_other(self, administrator, second_administrator, today, now):
        gate, ended = Barrier(2), []

        def end(user, by):
            gate.wait()
            try:
                grants.end(grant=user.grants.get(), last_day=today, by=by, now=now)
                ended.append(user)
            except ValidationError:
                pass
            connection.close()

        pairs = [(administrator, second_administrator), (second_administrator, administrator)]
        threads = [Thread(target=end, args=pair) for pair in pairs]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(ended) == 1


class TestWithALink:
    def days(self, user):
        return sorted((g.first_day, g.last_day) for g in user.grants.filter(withdrawn_at=None))

    def test_a_link_brings_its_role(self, person, today):
        grants.for_link(user=person, role=Role.CADRE, first_day=today)
        assert fresh(person).roles == {Role.CADRE}

    def test_a_second_link_on_the_same_days_brings_nothing_more(self, person, today):
        for _ in range(2):
            grants.for_link(user=person, role=Role.CADRE, first_day=today, last_day=today + 9 * DAY)
        assert self.days(person) == [(today, today + 9 * DAY)]

    def test_only_the_days_between_are_filled(self, person, today):
        grants.for_link(user=person, role=Role.CADRE, first_day=today + 5 * DAY, last_day=today + 6 * DAY)
        grants.for_link(user=person, role=Role.CADRE, first_day=today, last_day=today + 9 * DAY)
        assert self.days(person) == [
            (today, today + 4 * DAY),
            (today + 5 * DAY, today + 6 * DAY),
            (today + 7 * DAY, today + 9 * DAY),
        ]

    def test_the_end_of_the_last_link_ends_the_role(self, person, today, now):
        grants.for_link(user=person, role=Role.CADRE, first_day=today - 9 * DAY)
        grants.end_for_link(user=person, role=Role.CADRE, last_day=today - DAY, now=now)
        assert fresh(person).roles == frozenset()

    def test_but_not_a_role_that_a_person_gave(self, cadre_account, today, now):
        grants.end_for_link(user=cadre_account, role=Role.CADRE, last_day=today - DAY, now=now)
        assert fresh(cadre_account).roles == {Role.CADRE}

    @pytest.mark.parametrize("role", sorted(STAFF))
    def test_staff_roles_come_with_no_link(self, person, role, today):
        with pytest.raises(ValueError, match="administrator"):
            grants.for_link(user=person, role=role, first_day=today)


class TestTheDatabaseRefuses:
    """The constraints of accounts_rolegrant and the seal of its history."""

    def refused(self, name, **columns):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            RoleGrant.objects.create(role=Role.TOWN_CLERK, **columns)

    def test_one_checking_their_own_grant(self, person, administrator, today, now):
        self.refused(
            "role_grant_two_people",
            user=person,
            first_day=today,
            granted_by=administrator,
            checked_by=administrator,
            checked_at=now,
        )

    def test_a_check_by_nobody(self, person, administrator, today, now):
        self.refused(
            "role_grant_checked_by_somebody", user=person, first_day=today, granted_by=administrator, checked_at=now
        )

    def test_a_grant_by_nobody(self, person, today):
        self.refused("role_grant_by_somebody", user=person, first_day=today)

    def test_days_the_wrong_way_round(self, person, today):
        self.refused("role_grant_days", user=person, first_day=today, last_day=today - DAY, origin="setup")

    def test_the_same_role_twice(self, person, today):
        RoleGrant.objects.create(user=person, role=Role.TOWN_CLERK, first_day=today, origin="setup")
        self.refused("role_grant_once", user=person, first_day=today + DAY, origin="setup")

    def test_withdrawn_after_the_check(self, person, administrator, town_head, today, now):
        self.refused(
            "role_grant_withdrawn_unchecked",
            user=person,
            first_day=today,
            granted_by=administrator,
            checked_by=town_head,
            checked_at=now,
            withdrawn_at=now,
        )

    def test_a_rewritten_history(self, cadre_account):
        history = apps.get_model("accounts", "RoleGrantEvent")
        assert history.objects.filter(pgh_obj=cadre_account.grants.get()).exists()
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            history.objects.update(role=Role.LEADER)


def test_every_act_has_somebody_who_may_do_it():
    assert set(WHO_MAY) == set(Act) and all(who.make for who in WHO_MAY.values())


def test_acts_are_asked_of_todays_roles(cadre_account, days_ago):
    assert roles.may(cadre_account, Act.PATROL)
    cadre_account.grants.update(last_day=days_ago(1))
    assert not roles.may(fresh(cadre_account), Act.PATROL)
    with pytest.raises(PermissionDenied):
        roles.demand(fresh(cadre_account), Act.PATROL)
