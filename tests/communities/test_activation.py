"""Owners' accounts: letters, codes, the desk, the end. Issue 5 §3"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts import password_resets
from accounts.models import Address, Message, RoleGrant, User
from accounts.roles import Role
from communities import activation, owners
from communities.models import AccountLink, ActivationCode, Building, LetterBatch, Ownership, Person, Unit
from lib.states import WrongState

from .test_constraints import refused_by

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PASSWORD = "woyouyigehaomima"


@pytest.fixture
def unit(community, building):
    return Unit.objects.create(community=community, building=building, code="03-1-0101", area_centi=8956)


def own(unit, name, days_ago, share=(1, 1)) -> Person:
    person = Person.objects.create(name=name)
    Ownership.objects.create(
        unit=unit, person=person, first_day=days_ago(900), share_numerator=share[0], share_denominator=share[1]
    )
    return person


@pytest.fixture
def owner_person(unit, days_ago):
    return own(unit, "王桂兰", days_ago)


@pytest.fixture
def codes(monkeypatch):
    """Every code as it is drawn: what stands on the letters."""
    drawn, draw = [], activation.new_code

    def keep():
        drawn.append(draw())
        return drawn[-1]

    monkeypatch.setattr(activation, "new_code", keep)
    return drawn


@pytest.fixture
def batch(owner_person, community, station_head, codes, now):
    (row,) = activation.ask_for_letters(community=community, by=station_head, now=now)
    activation.make_letters(batch=row, now=now)
    row.refresh_from_db()
    return row


def use(code, now, mobile="13900000001", **more) -> User:
    return activation.activate(kept=activation.fingerprint(code), mobile=mobile, password=PASSWORD, now=now, **more)


# ---------------------------------------------------------------- codes and letters


def test_a_code_has_eighty_bits_and_no_letter_like_another():
    code = activation.new_code()
    plain = code.replace("-", "")
    assert len(plain) == 16 and set(plain) <= set(activation.LETTERS) and len(activation.LETTERS) == 32
    assert len({activation.new_code() for _ in range(200)}) == 200


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}．", "lower", "spaced", "wide"])
def test_however_it_is_typed(typed):
    code = "KQ7M-2XWA-9DVE-PTH4"
    said = {
        "lower": code.lower(),
        "spaced": code.replace("-", " "),
        "wide": "ＫＱ７Ｍ－２ＸＷＡ－９ＤＶＥ－ＰＴＨ４",
    }.get(typed, typed.format(code))
    assert activation.fingerprint(said) == activation.fingerprint(code)


def test_a_letter_an_owner_and_the_code_nowhere_else(batch, codes, station_head):
    assert batch.state == "ready" and batch.count == 1 and len(codes) == 1
    paper = default_storage.open(batch.file).read()
    assert paper.startswith(b"%PDF")
    kept = ActivationCode.objects.get()
    assert codes[0] not in str(vars(kept)) and kept.fingerprint == activation.fingerprint(codes[0])
    assert (kept.expires_at - kept.issued_at).days == 60
    assert Message.objects.filter(kind="letters-ready", user=station_head).exists()


def test_handed_out_once_and_gone(batch, station_head, other_station_head, now):
    with pytest.raises(PermissionDenied):
        activation.hand_out(batch=batch, by=other_station_head, now=now)
    file = batch.file
    assert activation.hand_out(batch=batch, by=station_head, now=now).startswith(b"%PDF")
    with pytest.raises(WrongState, match="已经取走"):
        activation.hand_out(batch=batch, by=station_head, now=now)
    activation.erase_old_papers(now=now)
    batch.refresh_from_db()
    assert (batch.handed_by, batch.handed_at, batch.file) == (station_head, now, "")
    assert batch.erased_at and not default_storage.exists(file)
    assert ActivationCode.objects.live(now).exists()


@pytest.mark.parametrize(("minutes", "there"), [(59, True), (60, False)])
def test_erased_within_the_hour_and_the_codes_void(batch, station_head, now, minutes, there):
    file, later = batch.file, now + minutes * MINUTE
    activation.erase_old_papers(now=later)
    batch.refresh_from_db()
    assert default_storage.exists(file) is there and ActivationCode.objects.live(later).exists() is there
    if not there:
        assert batch.state == "erased"
        with pytest.raises(WrongState, match="销毁"):
            activation.hand_out(batch=batch, by=station_head, now=later)


def test_after_the_hour_it_is_not_handed_out_even_before_the_sweep(batch, station_head, now):
    with pytest.raises(WrongState):
        activation.hand_out(batch=batch, by=station_head, now=now + 60 * MINUTE)


def test_what_a_killed_worker_left_is_erased(batch, now):
    from django.core.files.base import ContentFile

    default_storage.save(f"{activation.FOLDER}/left.pdf", ContentFile(b"%PDF"))
    activation.erase_old_papers(now=now)
    assert not default_storage.exists(f"{activation.FOLDER}/left.pdf") and default_storage.exists(batch.file)


def test_what_runs_by_itself(owner_person, community, station_head, codes, now):
    from communities import tasks

    (row,) = activation.ask_for_letters(community=community, by=station_head, now=now)
    for task in (tasks.make_letters, tasks.make_letters, tasks.erase_letters, tasks.settle_accounts):
        task()
    row.refresh_from_db()
    assert row.state == "ready" and len(codes) == 1 and default_storage.exists(row.file)


def test_made_twice_it_is_made_once(batch, codes, now):
    activation.make_letters(batch=batch, now=now)
    assert len(codes) == 1


def test_new_letters_void_the_old_ones(batch, codes, community, station_head, now):
    activation.hand_out(batch=batch, by=station_head, now=now)
    (row,) = activation.ask_for_letters(community=community, by=station_head, now=now)
    activation.make_letters(batch=row, now=now)
    with pytest.raises(WrongState):
        use(codes[0], now)
    assert use(codes[1], now).name == "王桂兰"


def test_not_while_letters_wait(batch, community, station_head, now):
    with pytest.raises(ValidationError, match="没取"):
        activation.ask_for_letters(community=community, by=station_head, now=now)


def test_nobody_to_write_to(community, station_head, unit, now):
    with pytest.raises(ValidationError, match="还没有登记业主"):
        activation.ask_for_letters(community=community, by=station_head, now=now)


def test_a_large_community_building_by_building(owner_person, community, station_head, monkeypatch, days_ago, now):
    other = Building.objects.create(community=community, code="04", name="4幢")
    own(Unit.objects.create(community=community, building=other, code="04-1-0101", area_centi=1), "何桂香", days_ago)
    monkeypatch.setattr(activation, "MOST_LETTERS", 1)
    rows = activation.ask_for_letters(community=community, by=station_head, now=now)
    assert [str(row.building) for row in rows] == ["3幢", "4幢"]


def test_a_developers_unsold_units_get_no_letter(unit, community, days_ago, station_head, today):
    developer = Person.objects.create(name="演示·开发公司", kind="body")
    Unit.objects.filter(pk=unit.pk).update(sale_state="unsold")
    Ownership.objects.create(unit=unit, person=developer, first_day=days_ago(9), how="developer")
    assert not activation.owners_without_account(community, today=today).exists()


# ---------------------------------------------------------------- activating


def test_a_code_makes_a_resident(batch, codes, owner_person, now):
    user = use(codes[0], now)
    owner_person.refresh_from_db()
    assert owner_person.user == user and user.roles == {Role.RESIDENT}
    assert user.mobile.value == "13900000001" and user.mobile.confirmed_at is None
    assert "王" not in user.username and "13900" not in user.username
    link = AccountLink.objects.get()
    assert (link.how, link.opened_by, link.user) == ("code", user, user)


def test_a_code_is_good_once(batch, codes, now):
    use(codes[0], now)
    with pytest.raises(WrongState):
        use(codes[0], now, mobile="13900000002")
    assert User.objects.filter(grants__role="resident").count() == 1


@pytest.mark.parametrize(("days", "good"), [(59, True), (60, False)])
def test_a_code_ends(batch, codes, now, days, good):
    assert bool(activation.find(activation.fingerprint(codes[0]), now=now + days * DAY)) is good


def test_refused_it_is_still_good(batch, codes, make_user, now):
    taken = make_user("bieren", "别人")
    taken.mobile = Address.objects.create(kind="phone", value="13900000009")
    taken.save()
    for mobile, password, words in (
        ("12345", PASSWORD, "11 位"),
        ("139 0000 0009", PASSWORD, "已经有账号"),
        ("13900000001", "12345678901", "数字"),
    ):
        with pytest.raises(ValidationError, match=words):
            activation.activate(kept=activation.fingerprint(codes[0]), mobile=mobile, password=password, now=now)
    assert use(codes[0], now)


def test_co_owners_each_their_own(unit, community, station_head, codes, days_ago, now):
    own(unit, "王桂兰", days_ago, (1, 2)), own(unit, "陈建国", days_ago, (1, 2))
    (row,) = activation.ask_for_letters(community=community, by=station_head, now=now)
    activation.make_letters(batch=row, now=now)
    first, second = use(codes[0], now), use(codes[1], now, mobile="13900000002")
    assert first != second and {first.name, second.name} == {"王桂兰", "陈建国"}


def test_somebody_who_has_an_account_keeps_it(batch, codes, committee_member_user, now):
    user = use(codes[0], now, user=committee_member_user)
    assert user == committee_member_user
    assert set(User.objects.get(pk=user.pk).roles) == {Role.RESIDENT, Role.COMMITTEE_MEMBER}


@pytest.fixture
def committee_member_user(make_user):
    return make_user("weiyuan", "王桂兰", Role.COMMITTEE_MEMBER)


def test_not_to_somebody_elses_account(batch, codes, station_head, now):
    """Whoever prints the letters does not open them into their own account."""
    with pytest.raises(ValidationError, match="不一样"):
        use(codes[0], now, user=station_head)
    assert not AccountLink.objects.exists()


def test_one_account_is_one_persons(batch, codes, committee_member_user, now):
    Person.objects.create(name="别人", user=committee_member_user)
    with pytest.raises(ValidationError, match="另一位业主"):
        use(codes[0], now, user=committee_member_user)


# ---------------------------------------------------------------- at the desk


def test_at_the_desk_with_the_document_seen(owner_person, batch, codes, station_head, now):
    user, password = activation.open_at_desk(
        person=owner_person, seen="certificate", mobile="13900000001", by=station_head, now=now
    )
    assert user.must_change_password and user.check_password(password)
    link = AccountLink.objects.get()
    assert (link.how, link.seen, link.opened_by) == ("desk", "certificate", station_head)
    with pytest.raises(WrongState):
        use(codes[0], now, mobile="13900000002")


def test_not_at_another_stations_desk(owner_person, other_station_head, cadre, leader, now):
    for by in (other_station_head, cadre, leader):
        with pytest.raises(PermissionDenied):
            activation.open_at_desk(person=owner_person, seen="citizen", mobile="13900000001", by=by, now=now)


def test_not_twice_and_not_for_others(owner_person, unit, station_head, days_ago, now):
    say = {"seen": "citizen", "by": station_head, "now": now}
    activation.open_at_desk(person=owner_person, mobile="13900000001", **say)
    with pytest.raises(ValidationError, match="已经有账号"):
        activation.open_at_desk(person=owner_person, mobile="13900000002", **say)


# ---------------------------------------------------------------- the end


@pytest.fixture
def account(batch, codes, now) -> User:
    return use(codes[0], now)


def test_ended_at_sale(account, unit, owner_person, station_head, today, now):
    buyer = Person.objects.create(name="陈建国")
    owners.transfer(
        unit=unit, to=[owners.Owner(buyer)], how="purchase", paper="浙2026第1号", first_day=today, by=station_head,
        now=now,
    )  # fmt: skip
    assert User.objects.get(pk=account.pk).roles == set()
    assert activation.settle(now=now) == 1 and activation.settle(now=now) == 0
    link, user = AccountLink.objects.get(), User.objects.get(pk=account.pk)
    assert (link.ended_why, link.ended_by) == ("sold", None) and not user.is_active and user.mobile is None
    owner_person.refresh_from_db()
    assert owner_person.user is None


def test_a_code_of_a_former_owner_opens_nothing(batch, codes, unit, station_head, today, now):
    buyer = Person.objects.create(name="陈建国")
    owners.transfer(
        unit=unit, to=[owners.Owner(buyer)], how="purchase", paper="浙2026第1号", first_day=today, by=station_head,
        now=now,
    )  # fmt: skip
    with pytest.raises(WrongState):
        use(codes[0], now)


def test_one_of_two_flats_sold(account, unit, owner_person, building, community, station_head, days_ago, today, now):
    second = Unit.objects.create(community=community, building=building, code="03-1-0102", area_centi=1)
    Ownership.objects.create(unit=second, person=owner_person, first_day=days_ago(10))
    buyer = Person.objects.create(name="陈建国")
    owners.transfer(
        unit=unit, to=[owners.Owner(buyer)], how="purchase", paper="浙2026第1号", first_day=today, by=station_head,
        now=now,
    )  # fmt: skip
    assert activation.settle(now=now) == 0 and User.objects.get(pk=account.pk).roles == {Role.RESIDENT}


def test_leaving_is_one_step_and_the_number_is_free(account, owner_person, now):
    activation.leave(user=account, now=now)
    account.refresh_from_db()
    assert not account.is_active and account.mobile is None and account.owner_links.get().ended_why == "left"
    assert User.objects.filter(pk=account.pk).exists() and RoleGrant.objects.filter(user=account).exists()
    with pytest.raises(WrongState):
        activation.leave(user=account, now=now)


def test_who_is_something_else_besides_stays_in_use(batch, codes, committee_member_user, now):
    user = use(codes[0], now, user=committee_member_user)
    activation.leave(user=user, now=now)
    assert User.objects.get(pk=user.pk).is_active


def test_the_desk_ends_an_account(account, owner_person, station_head, other_station_head, now):
    link = AccountLink.objects.get()
    with pytest.raises(PermissionDenied):
        activation.end_by_office(link=link, by=other_station_head, now=now)
    activation.end_by_office(link=link, by=station_head, now=now)
    assert link.ended_why == "office" and link.ended_by == station_head


def test_a_station_head_resets_owners_passwords(account, station_head, other_station_head, today):
    assert account in password_resets.resettable_by(station_head, today=today)
    assert account not in password_resets.resettable_by(other_station_head, today=today)


# ---------------------------------------------------------------- constraints


def changed(row, **columns):
    """A change of columns that the application may write, to be refused when it is saved."""
    return SimpleNamespace(save=lambda: type(row)._base_manager.filter(pk=row.pk).update(**columns))


def test_constraints(batch, owner_person, clerk, make_user, now):
    of = {"person": owner_person, "batch": batch, "issued_at": now, "expires_at": now + DAY}
    refused_by("activation_code_one_live", ActivationCode(fingerprint="a", **of))
    ends = {**of, "expires_at": now, "voided_at": now}
    refused_by("activation_code_ends", ActivationCode(fingerprint="b", **ends))
    refused_by("activation_code_one_end", ActivationCode(fingerprint="c", used_at=now, voided_at=now, **of))
    refused_by("letter_batch_handed_to_whom", changed(batch, handed_at=now))
    refused_by("letter_batch_erased", changed(batch, erased_at=now))
    code = ActivationCode.objects.get()
    changed(code, voided_at=now).save()
    refused_by("activation_code_ended", changed(code, voided_at=None))
    changed(batch, state="erased", file="").save()
    refused_by("letter_batch_handed_once", changed(batch, state="ready"))


def test_account_links(owner_person, clerk, make_user, now):
    of = {"how": "desk", "seen": "citizen", "opened_by": clerk, "opened_at": now}
    first, second, other = make_user("a", "甲"), make_user("b", "乙"), Person.objects.create(name="别人")
    refused_by(
        "account_link_one_open",
        AccountLink(person=owner_person, user=first, **of), AccountLink(person=owner_person, user=second, **of),
    )  # fmt: skip
    refused_by(
        "account_link_one_person",
        AccountLink(person=owner_person, user=first, **of), AccountLink(person=other, user=first, **of),
    )  # fmt: skip
    refused_by("account_link_document_seen", AccountLink(person=other, user=first, **{**of, "seen": ""}))
    refused_by("account_link_ended_why", AccountLink(person=other, user=first, ended_at=now, **of))
    link = AccountLink.objects.create(person=other, user=first, **of)
    changed(link, ended_at=now, ended_why="left").save()
    refused_by("account_link_ended", changed(link, ended_why="sold"))


# ---------------------------------------------------------------- pages

ACTIVATE, ACCOUNT = reverse("communities:activate"), reverse("communities:activate-account")
OWN, LEAVE = reverse("communities:own-units"), reverse("communities:account-leave")
LIST = reverse("communities:activation-list")


def text(answer) -> str:
    return answer.content.decode()


def test_from_the_letter_to_ones_own_flat(batch, codes, stranger, owner_person, monkeypatch):
    assert "开通码" in text(stranger.get(ACTIVATE))
    assert stranger.post(ACTIVATE, {"code": codes[0].lower()})["Location"] == ACCOUNT
    page = text(stranger.get(ACCOUNT))
    assert "王*兰" in page and "王桂兰" not in page and "03-1-0101" not in page
    data = {"mobile": "13900000001", "password": PASSWORD, "again": PASSWORD}
    wrong = stranger.post(ACCOUNT, {**data, "again": "x"})
    assert wrong.status_code == 422 and "13900000001" in text(wrong) and "两遍不一样" in text(wrong)
    assert stranger.post(ACCOUNT, data)["Location"] == reverse("accounts:phone")
    page = text(stranger.get(OWN))
    assert "03-1-0101" in page and "89.56" in page
    assert stranger.post(LEAVE).status_code == 302
    assert stranger.get(OWN).status_code == 302  # led to the door


@pytest.mark.parametrize("code", ["", "x", "KQ7M-2XWA-9DVE-PTH4", "\0", "九" * 40, "x" * 41])
def test_no_such_code(stranger, db, code):
    answer = stranger.post(ACTIVATE, {"code": code})
    assert answer.status_code == 422 and "p-errors" in text(answer)


def test_guessing_is_limited(stranger, db):
    for _ in range(20):
        stranger.post(ACTIVATE, {"code": "KQ7M-2XWA-9DVE-PTH4"})
    assert "试得太多了" in text(stranger.post(ACTIVATE, {"code": "KQ7M-2XWA-9DVE-PTH4"}))


def test_without_a_code_one_is_led_back(stranger, db):
    assert stranger.get(ACCOUNT)["Location"] == ACTIVATE
    assert stranger.post(ACCOUNT, {"mobile": "13900000001"})["Location"] == ACTIVATE


def test_signed_in_the_own_account_is_used(batch, codes, committee_member_user, as_):
    client = as_(committee_member_user)
    client.post(ACTIVATE, {"code": codes[0]})
    assert "用我现在的账号" in text(client.get(ACCOUNT))
    assert client.post(ACCOUNT).status_code == 302
    assert Person.objects.get(name="王桂兰").user == committee_member_user


def test_an_owner_sees_nobody_elses(account, unit, owner_person, community, building, days_ago, as_):
    neighbour = Unit.objects.create(community=community, building=building, code="03-1-0999", area_centi=1)
    own(neighbour, "金丝雀邻居", days_ago)
    page = text(as_(account).get(OWN))
    assert "0999" not in page and "金丝雀" not in page


def test_letters_on_the_page(owner_person, community, as_station_head, codes, now):
    where = reverse("communities:letters-new", args=[community.pk])
    assert as_station_head.post(where, {"building": "x"}).status_code == 422
    assert as_station_head.post(where).status_code == 302
    row = LetterBatch.objects.get()
    assert "在做" in text(as_station_head.get(LIST))
    activation.make_letters(batch=row, now=now)
    assert "取信" in text(as_station_head.get(LIST))
    take = reverse("communities:letters-take", args=[row.pk])
    assert as_station_head.get(take).status_code == 405
    paper = as_station_head.post(take)
    assert paper.content.startswith(b"%PDF") and "no-store" in paper["Cache-Control"]
    assert "已经取走" in text(as_station_head.post(take, follow=True))


def test_the_owners_of_a_community(owner_person, community, as_station_head, as_, other_station_head, administrator):
    where = reverse("communities:owner-list", args=[community.pk])
    page = text(as_station_head.get(where, {"q": "王", "only": "no"}))
    assert "王*兰" in page and "王桂兰" not in page and "当面开通" in page
    assert "没有这样的业主" in text(as_station_head.get(where, {"only": "yes"}))
    assert as_station_head.get(where, {"q": "\0", "only": "x", "page": "x"}).status_code == 200
    assert as_(other_station_head).get(where).status_code == 404
    assert as_(administrator).get(where).status_code == 403


def test_the_desk_on_the_page(owner_person, as_station_head):
    where = reverse("communities:desk-new", args=[owner_person.pk])
    assert as_station_head.post(where, {"mobile": "13900000001"}).status_code == 422
    answer = as_station_head.post(where, {"seen": "citizen", "mobile": "13900000001", "known": "on"})
    assert "一次性密码" in text(answer) and "no-store" in answer["Cache-Control"]
    end = reverse("communities:account-end", args=[owner_person.pk])
    assert "停用" in text(as_station_head.get(end))
    assert as_station_head.post(end).status_code == 302
    assert as_station_head.get(end).status_code == 404


def test_pages_take_the_same_queries(owner_person, unit, community, building, village, days_ago, as_station_head):
    from communities.models import Community
    from tests import queries

    where = reverse("communities:owner-list", args=[community.pk])
    few = queries.of(as_station_head, LIST), queries.of(as_station_head, where)
    for number in range(8):
        Community.objects.create(name=f"演示·{number}", village_committee=village, kind="other")
        place = Unit.objects.create(community=community, building=building, code=f"03-9-{number}", area_centi=1)
        own(place, f"业主{number}", days_ago)
    assert (queries.of(as_station_head, LIST), queries.of(as_station_head, where)) == few
