"""Who may reset whom, what a reset does, two administrators."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import password_resets, passwords
from accounts.models import Message, PasswordReset, RoleGrant, User
from accounts.roles import Role
from lib.states import WrongState


@pytest.fixture(autouse=True)
def scope(monkeypatch):
    """The station head's own people are those whose user name begins with ``own``."""
    own = [lambda user, today: User.objects.filter(username__startswith="own")]
    monkeypatch.setattr(password_resets, "_scopes", own)


@pytest.fixture
def own_cadre(make_user):
    return make_user("own-chen", "陈国平", Role.CADRE)


@pytest.fixture
def foreign_cadre(make_user):
    return make_user("chen", "陈外村", Role.CADRE)


def names(user, today) -> set[str]:
    return set(password_resets.resettable_by(user, today=today).values_list("username", flat=True))


class TestWhoMayResetWhom:
    def test_the_station_head_resets_own_people_only(self, station_head_account, own_cadre, foreign_cadre, today):
        assert names(station_head_account, today) == {"own-chen"}

    @pytest.mark.parametrize("role", [Role.STATION_CLERK, Role.TOWN_CLERK, Role.ADMINISTRATOR, Role.LEADER])
    def test_but_nobody_with_a_stronger_role(self, station_head_account, make_user, role, today):
        make_user("own-strong", "强", Role.CADRE, role)
        assert names(station_head_account, today) == set()

    def test_nor_with_a_stronger_role_that_waits_or_begins_later(
        self, station_head_account, own_cadre, administrator, today
    ):
        RoleGrant.objects.create(user=own_cadre, role=Role.TOWN_CLERK, first_day=today, granted_by=administrator)
        assert names(station_head_account, today) == set()

    def test_a_stronger_role_that_ended_counts_no_more(self, station_head_account, own_cadre, days_ago, today):
        RoleGrant.objects.create(
            user=own_cadre, role=Role.TOWN_CLERK, first_day=days_ago(9), last_day=days_ago(1), origin="setup"
        )
        assert names(station_head_account, today) == {"own-chen"}

    def test_the_town_head_resets_stations_and_office(self, town_head, clerk, station_head_account, own_cadre, today):
        assert names(town_head, today) == {"limin", "wangzhan"}

    def test_but_no_guarded_role(self, town_head, make_user, administrator, leader, today):
        make_user("qian", "钱", Role.TOWN_CLERK, Role.FUND_CLERK)
        assert names(town_head, today) == set()

    def test_administrators_ask_for_guarded_roles_the_town_head_and_the_new(
        self, administrator, second_administrator, leader, town_head, clerk, make_user, today
    ):
        make_user("xin", "新人")
        make_user("fund", "资金", Role.FUND_CHECKER)
        assert names(administrator, today) == {"guanli2", "wu", "zhao", "xin", "fund"}

    @pytest.mark.parametrize("role", [Role.CADRE, Role.TOWN_CLERK, Role.STATION_CLERK, Role.LEADER, Role.FUND_CHECKER])
    def test_others_reset_nobody(self, make_user, own_cadre, role, today):
        assert names(make_user("other", "别人", role), today) == set()

    def test_nobody_resets_themselves(self, administrator, today):
        assert "guanli" not in names(administrator, today)

    def test_accounts_out_of_use_stay_out(self, station_head_account, own_cadre, today):
        User.objects.filter(pk=own_cadre.pk).update(is_active=False)
        assert names(station_head_account, today) == set()


class TestAReset:
    @pytest.fixture
    def done(self, station_head_account, own_cadre, now):
        return password_resets.reset(user=own_cadre, by=station_head_account, reason="忘了", now=now)

    def test_gives_a_password_for_a_day_that_must_be_changed(self, done, own_cadre, now):
        own_cadre.refresh_from_db()
        assert own_cadre.check_password(done[1]) and own_cadre.must_change_password
        assert own_cadre.password_expires_at == now + passwords.WORTH

    def test_makes_online_voting_wait_for_the_phone(self, done, own_cadre):
        own_cadre.refresh_from_db()
        assert own_cadre.confirm_phone

    def test_ends_all_sign_ins(self, own_cadre, station_head_account, now):
        client = Client()
        client.post("/account/sign-in/", {"username": "own-chen", "password": "yigewanmeidemima"})
        assert own_cadre.sign_ins.count() == 1
        password_resets.reset(user=own_cadre, by=station_head_account, reason="忘了", now=now)
        assert client.get("/account/").status_code == 302 and own_cadre.sign_ins.count() == 0

    def test_is_told_to_the_person_and_noted(self, done, own_cadre, station_head_account):
        assert Message.objects.get(user=own_cadre).kind == "password-reset"
        assert (done[0].asked_by, done[0].reason, done[0].guarded) == (station_head_account, "忘了", False)

    def test_leaves_the_password_nowhere(self, done, own_cadre):
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{done[1]}%"])
                assert cursor.fetchone()[0] == 0, table

    def test_a_second_slip_makes_the_first_worthless(self, done, own_cadre, station_head_account, now):
        password_resets.reset(user=own_cadre, by=station_head_account, reason="纸条丢了", now=now)
        own_cadre.refresh_from_db()
        assert not own_cadre.check_password(done[1])

    def test_of_somebody_elses_person_is_refused(self, station_head_account, foreign_cadre, now):
        with pytest.raises(PermissionDenied):
            password_resets.reset(user=foreign_cadre, by=station_head_account, reason="x", now=now)
        assert not PasswordReset.objects.exists()


class TestTwoAdministrators:
    @pytest.fixture
    def asked(self, administrator, second_administrator, leader, now):
        record, password = password_resets.reset(user=leader, by=administrator, reason="忘了", now=now)
        assert password == ""
        return record

    def test_asking_changes_nothing_yet(self, asked, leader):
        leader.refresh_from_db()
        assert leader.check_password("yigewanmeidemima") and not leader.must_change_password

    def test_the_other_administrators_and_the_person_are_told(self, asked, leader, second_administrator):
        told = Message.objects.filter(kind="password-reset-asked").values_list("user", flat=True)
        assert set(told) == {leader.pk, second_administrator.pk}

    def test_another_administrator_approves_and_gets_the_slip(self, asked, leader, second_administrator, now):
        password = password_resets.approve(reset=asked, by=second_administrator, now=now)
        leader.refresh_from_db()
        asked.refresh_from_db()
        assert leader.check_password(password) and asked.approved_by == second_administrator

    def test_whoever_asked_cannot_approve(self, asked, administrator, now):
        with pytest.raises(PermissionDenied, match="另一位"):
            password_resets.approve(reset=asked, by=administrator, now=now)

    def test_nor_can_the_person_themselves(self, administrator, second_administrator, now):
        record, _ = password_resets.reset(user=second_administrator, by=administrator, reason="忘了", now=now)
        with pytest.raises(PermissionDenied, match="另一位"):
            password_resets.approve(reset=record, by=second_administrator, now=now)

    def test_nor_can_anybody_else(self, asked, town_head, now):
        with pytest.raises(PermissionDenied):
            password_resets.approve(reset=asked, by=town_head, now=now)

    def test_approving_twice_gives_one_slip(self, asked, second_administrator, now):
        password_resets.approve(reset=asked, by=second_administrator, now=now)
        with pytest.raises(WrongState):
            password_resets.approve(reset=asked, by=second_administrator, now=now)

    def test_one_request_at_a_time(self, asked, leader, second_administrator, now):
        with pytest.raises(WrongState, match="已经有一份"):
            password_resets.reset(user=leader, by=second_administrator, reason="忘了", now=now)

    def test_what_was_withdrawn_cannot_be_approved(self, asked, administrator, second_administrator, now):
        password_resets.withdraw(reset=asked, by=administrator, now=now)
        with pytest.raises(WrongState):
            password_resets.approve(reset=asked, by=second_administrator, now=now)

    def test_only_administrators_withdraw(self, asked, clerk, now):
        with pytest.raises(PermissionDenied):
            password_resets.withdraw(reset=asked, by=clerk, now=now)

    def test_the_town_head_may_be_reset_by_two_administrators(
        self, administrator, second_administrator, town_head, now
    ):
        record, password = password_resets.reset(user=town_head, by=administrator, reason="忘了", now=now)
        assert not password and password_resets.approve(reset=record, by=second_administrator, now=now)

    def test_a_new_account_without_roles_needs_one(self, administrator, make_user, now):
        _, password = password_resets.reset(user=make_user("xin", "新人"), by=administrator, reason="纸条丢了", now=now)
        assert password


class TestTheDatabaseRefuses:
    """The constraints and the seal of accounts_passwordreset."""

    @pytest.fixture
    def row(self, administrator, leader):
        return {"user": leader, "asked_by": administrator, "reason": "x"}

    def refused(self, name, **columns):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PasswordReset.objects.create(**columns)

    def test_one_approving_their_own_request(self, row, administrator):
        self.refused("password_reset_two_people", **row, approved_by=administrator)

    def test_the_person_approving(self, row, leader):
        self.refused("password_reset_two_people", **row, approved_by=leader)

    def test_a_reset_of_ones_own(self, row, leader):
        self.refused("password_reset_not_own", **{**row, "asked_by": leader})

    def test_a_guarded_slip_without_a_second(self, row, now):
        self.refused("password_reset_guarded_by_two", **row, guarded=True, issued_at=now)

    def test_issued_and_withdrawn(self, row, now):
        self.refused("password_reset_one_end", **row, issued_at=now, withdrawn_at=now)

    def test_two_open_requests(self, row):
        PasswordReset.objects.create(**row)
        self.refused("password_reset_one_open", **row)

    @pytest.mark.parametrize("change", [{"reason": "y"}, {"asked_by_id": 1}])
    def test_a_changed_record(self, row, change):
        reset = PasswordReset.objects.create(**row)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            PasswordReset.objects.filter(pk=reset.pk).update(**change)

    def test_a_deleted_record(self, row):
        PasswordReset.objects.create(**row)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            PasswordReset.objects.all()._raw_delete("default")


def test_a_one_time_password_is_easy_to_read_and_hard_to_guess():
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    assert all(len(word) == 14 and not set(word) & set("01loiO") for word in made)
