"""The admin: the same rows as the site, acts instead of permissions, slips instead of typed passwords."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin

from accounts import admin_rows, notifications
from accounts.models import Address, Message, PasswordReset, RoleGrant, User
from accounts.roles import Role

INLINE = {f"grants-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
LONG = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.cn"  # well formed, longer than a column holds
USERS, GRANTS = "/admin/accounts/user/", "/admin/accounts/rolegrant/"


@pytest.fixture
def boss(as_, administrator):
    return as_(administrator)


def grant_form(user, role, first_day, **others):
    return {"user": user.pk, "role": role, "first_day": first_day.isoformat(), "last_day": "", "reason": "", **others}


class TestTheDoor:
    def test_nobody_is_led_to_the_portals_own_door(self, stranger, db):
        answer = stranger.get("/admin/", follow=True)
        assert answer.redirect_chain[-1][0] == "/account/sign-in/?next=%2Fadmin%2F"

    def test_people_without_a_desk_do_not_come_in(self, as_, cadre_account, leader):
        for user in (cadre_account, leader):
            assert as_(user).get("/admin/", follow=True).status_code == 403

    def test_the_index_lists_only_what_one_may_see(self, as_, boss, station_head_account):
        assert "角色授予" in boss.get("/admin/").content.decode()
        assert "角色授予" not in as_(station_head_account).get("/admin/").content.decode()

    def test_passwords_are_changed_in_one_place(self, boss):
        assert boss.get("/admin/password_change/")["Location"] == "/account/password/"

    def test_every_page_is_ours(self):
        assert all(isinstance(page, admin_rows.Rows) for page in admin.site._registry.values())

    def test_djangos_permissions_are_never_enough(self, administrator):
        assert not administrator.has_perm("accounts.change_user") and not administrator.is_superuser

    @pytest.mark.parametrize(
        "bent",
        [
            f"{USERS}?role=%00",
            f"{GRANTS}?role__exact=a%00b",
            "/admin/accounts/message/?state=%00",
            "/admin/autocomplete/?app_label=accounts&model_name=rolegrant&field_name=user&term=%00",
        ],
    )
    def test_a_zero_byte_in_an_address_is_explained(self, boss, bent):
        answer = boss.get(bent)
        assert answer.status_code == 400 and "不完整" in answer.content.decode()


class TestUsers:
    def test_adding_gives_a_slip_and_the_account_opens_with_it(self, boss, stranger):
        given = {"name": "单新人", "username": "shan", "mobile_number": "139 0013 9000", "email_address": "Shan@x.cn"}
        page = boss.post(f"{USERS}add/", given).content.decode()
        (password,) = re.findall(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", page)
        user = User.objects.get(username="shan")
        assert (user.mobile.value, user.email.value, user.email.confirmed_at) == ("13900139000", "shan@x.cn", None)
        assert user.must_change_password and user.pinyin == "danxinren dxr"
        assert stranger.post("/account/sign-in/", {"username": "shan", "password": password}).status_code == 302

    @pytest.mark.parametrize("typed", ["139-0013-9000", "+86 13900139000", "１３９００１３９０００"])
    def test_a_number_is_kept_as_it_is_looked_for(self, boss, typed):
        boss.post(f"{USERS}add/", {"name": "单新人", "username": "shan", "mobile_number": typed, "email_address": ""})
        assert User.objects.get(username="shan").mobile.value == "13900139000"

    def test_an_address_too_long_is_explained(self, boss):
        given = {"name": "单新人", "username": "shan", "mobile_number": "", "email_address": LONG}
        assert boss.post(f"{USERS}add/", given).status_code == 200
        assert not User.objects.filter(username="shan").exists()

    def test_no_password_is_typed_by_anybody(self, boss, cadre_account):
        for url in (f"{USERS}add/", f"{USERS}{cadre_account.pk}/change/"):
            assert 'type="password"' not in boss.get(url).content.decode()

    def test_somebody_elses_number_gets_a_sentence_and_keeps_the_rest(self, boss, cadre_account):
        cadre_account.mobile = Address.objects.create(kind="phone", value="13800138000")
        cadre_account.save()
        page = boss.post(f"{USERS}add/", {"name": "新人", "username": "xin", "mobile_number": "13800138000"})
        assert "已经登记给另一个账号" in page.content.decode() and 'value="xin"' in page.content.decode()
        assert not User.objects.filter(username="xin").exists()

    def test_a_number_that_is_none_gets_a_sentence(self, boss):
        page = boss.post(f"{USERS}add/", {"name": "新人", "username": "xin", "mobile_number": "没有"})
        assert "电话只写数字" in page.content.decode()

    def test_a_taken_user_name_gets_a_sentence(self, boss, cadre_account):
        page = boss.post(f"{USERS}add/", {"name": "新人", "username": "chen"})
        assert "已经有人用了" in page.content.decode()

    def test_a_change_keeps_a_corrected_pinyin(self, boss, cadre_account):
        given = {"name": "单国平", "username": "chen", "pinyin": "shanguoping sgp", "is_active": "on", **INLINE}
        assert boss.post(f"{USERS}{cadre_account.pk}/change/", given).status_code == 302
        cadre_account.refresh_from_db()
        assert (cadre_account.name, cadre_account.pinyin) == ("单国平", "shanguoping sgp")

    def test_putting_out_of_use_ends_the_sign_ins(self, boss, stranger, cadre_account):
        stranger.post("/account/sign-in/", {"username": "chen", "password": "yigewanmeidemima"})
        boss.post(f"{USERS}{cadre_account.pk}/change/", {"name": "陈国平", "username": "chen", **INLINE})
        cadre_account.refresh_from_db()
        assert not cadre_account.is_active and stranger.get("/account/").status_code == 302

    def test_the_last_administrator_stays_in_use(self, boss, administrator):
        page = boss.post(f"{USERS}{administrator.pk}/change/", {"name": "孙管理", "username": "guanli", **INLINE})
        assert "最后一位系统管理员" in page.content.decode()
        administrator.refresh_from_db()
        assert administrator.is_active

    def test_the_clerk_sees_numbers_masked_and_changes_nothing(self, as_, clerk, cadre_account):
        cadre_account.mobile = Address.objects.create(kind="phone", value="13800138000")
        cadre_account.save()
        client = as_(clerk)
        for url in (USERS, f"{USERS}{cadre_account.pk}/change/"):
            page = client.get(url).content.decode()
            assert "138****8000" in page and "13800138000" not in page
        assert client.post(f"{USERS}{cadre_account.pk}/change/", {"name": "x"}).status_code == 403
        assert client.get(f"{USERS}add/").status_code == 403

    def test_nobody_deletes(self, boss, cadre_account):
        assert boss.post(f"{USERS}{cadre_account.pk}/delete/", {"post": "yes"}).status_code == 403
        assert "delete_selected" not in boss.get(USERS).content.decode()

    def test_the_list_costs_the_same_however_long(self, boss, make_user, django_assert_max_num_queries):
        for n in range(40):
            make_user(f"u{n}", f"人{n}", Role.CADRE)
        boss.get(USERS)
        with django_assert_max_num_queries(12):
            boss.get(USERS)

    def test_people_are_found_by_role(self, boss, cadre_account, clerk):
        page = boss.get(USERS, {"role": "cadre"}).content.decode()
        assert "陈国平" in page and "李敏" not in page


class TestGrants:
    @pytest.mark.parametrize("bent", ["x", "\0", "9" * 30, "-1", "٣"])
    def test_a_person_who_is_none_is_explained(self, boss, administrator, today, bent):
        form = grant_form(administrator, Role.LEADER, today) | {"user": bent}
        answer = boss.post(f"{GRANTS}add/", form)
        assert answer.status_code == 200 and answer.context["adminform"].form.errors["user"]

    @pytest.fixture
    def proposed(self, boss, cadre_account, town_head, today):
        boss.post(f"{GRANTS}add/", grant_form(cadre_account, "station_clerk", today))
        return RoleGrant.objects.get(role="station_clerk")

    def test_one_makes_and_another_checks(self, as_, proposed, administrator, town_head):
        assert proposed.granted_by == administrator and not proposed.checked_at
        client = as_(town_head)
        assert "等复核" in client.get(GRANTS, {"state": "waiting"}).content.decode()
        client.post(GRANTS, {"action": "check_selected", "_selected_action": [proposed.pk]})
        proposed.refresh_from_db()
        assert proposed.checked_by == town_head

    def test_the_maker_is_not_offered_the_check(self, boss, proposed):
        assert "check_selected" not in boss.get(GRANTS).content.decode()
        boss.post(GRANTS, {"action": "check_selected", "_selected_action": [proposed.pk]})
        proposed.refresh_from_db()
        assert proposed.checked_at is None

    def test_ones_own_role_is_refused_with_a_sentence(self, boss, as_, town_head, today):
        boss.post(f"{GRANTS}add/", grant_form(town_head, "leader", today))
        grant = RoleGrant.objects.get(role="leader")
        page = as_(town_head).post(GRANTS, {"action": "check_selected", "_selected_action": [grant.pk]}, follow=True)
        assert "另一个人" in page.content.decode()

    def test_a_proposal_is_withdrawn(self, boss, proposed):
        boss.post(GRANTS, {"action": "withdraw_selected", "_selected_action": [proposed.pk]})
        proposed.refresh_from_db()
        assert proposed.withdrawn_at

    def test_only_the_last_day_can_be_changed(self, boss, cadre_account, today):
        grant = cadre_account.grants.get()
        url = f"{GRANTS}{grant.pk}/change/"
        assert boss.post(url, {**grant_form(cadre_account, "leader", today), "last_day": today}).status_code == 302
        grant.refresh_from_db()
        assert (grant.role, grant.last_day) == ("cadre", today)

    @pytest.mark.parametrize(("day", "sentence"), [(-1, "从今天起"), (None, "写上最后一天")])
    def test_a_wrong_last_day_gets_a_sentence(self, boss, cadre_account, today, day, sentence):
        grant = cadre_account.grants.get()
        RoleGrant.objects.filter(pk=grant.pk).update(last_day=today + timedelta(days=9))
        given = "" if day is None else (today + timedelta(days=day)).isoformat()
        page = boss.post(f"{GRANTS}{grant.pk}/change/", {"last_day": given})
        assert sentence in page.content.decode()

    def test_the_last_administrator_gets_a_sentence(self, boss, administrator, today):
        page = boss.post(f"{GRANTS}{administrator.grants.get().pk}/change/", {"last_day": today})
        assert "最后一位系统管理员" in page.content.decode()

    def test_the_same_role_twice_gets_a_sentence(self, boss, cadre_account, today):
        page = boss.post(f"{GRANTS}add/", grant_form(cadre_account, "cadre", today))
        assert "已经有这个角色" in page.content.decode()

    def test_the_town_head_makes_and_ends_nothing(self, as_, town_head, cadre_account, today):
        client, grant = as_(town_head), cadre_account.grants.get()
        assert client.get(f"{GRANTS}add/").status_code == 403
        assert client.post(f"{GRANTS}{grant.pk}/change/", {"last_day": today}).status_code == 403

    def test_what_changed_stands_on_its_page(self, boss, cadre_account, administrator, today):
        grant = cadre_account.grants.get()
        boss.post(f"{GRANTS}{grant.pk}/change/", {"last_day": today})
        page = boss.get(f"{GRANTS}{grant.pk}/history/").content.decode()
        assert "数据库记下的变更" in page and "结束日期：（空） →" in page and "孙管理" in page


class TestWhatIsOnlyRead:
    @pytest.fixture
    def rows(self, cadre_account, administrator, now):
        reset = PasswordReset.objects.create(
            user=cadre_account, asked_by=administrator, reason="忘了密码", issued_at=now
        )
        notifications.tell(cadre_account, "password-reset", about=reset, now=now)
        return {"passwordreset": reset, "message": Message.objects.get()}

    @pytest.mark.parametrize("table", ["passwordreset", "message"])
    def test_records_are_read_and_never_changed(self, boss, rows, table):
        url = f"/admin/accounts/{table}/"
        assert "陈国平" in boss.get(url).content.decode()
        assert boss.get(f"{url}{rows[table].pk}/change/").status_code == 200
        assert boss.post(f"{url}{rows[table].pk}/change/", {"reason": "x"}).status_code == 403
        assert boss.get(f"{url}add/").status_code == 403
        assert boss.post(f"{url}{rows[table].pk}/delete/", {"post": "yes"}).status_code == 403

    def test_who_read_what_is_shown_to_nobody(self, as_, boss, rows, town_head, clerk, now):
        Message.objects.update(read_at=datetime(2031, 5, 17, 13, 57, tzinfo=UTC))
        for client in (boss, as_(town_head), as_(clerk)):
            for url in ("", "?o=1", f"{rows['message'].pk}/change/", f"{rows['message'].pk}/history/"):
                page = client.get(f"/admin/accounts/message/{url}").content.decode()
                assert "2031" not in page and "看过" not in page

    def test_the_record_of_delivery_does_not_say_what_was_said(self, boss, rows):
        page = boss.get(f"/admin/accounts/message/{rows['message'].pk}/change/").content.decode()
        assert "密码重置" in page and "忘了密码" not in page
