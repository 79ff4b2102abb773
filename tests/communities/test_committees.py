"""Owners' committees: terms, filing, members and their roles, what is wrong, the party branch. R04–R06"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Address, RoleGrant, User
from accounts.roles import Role
from communities import committees, exits
from communities.models import CommitteeMember, ExitHandover, OwnersCommittee, PartyBranch, Person
from lib.states import WrongState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def years_on(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


@pytest.fixture
def term(days_ago):
    """A term of four years that began some months ago."""
    first = days_ago(200)
    return {"number": 1, "seats": 5, "elected_on": first, "first_day": first, "last_day": years_on(first, 4)}


@pytest.fixture
def committee(community, term, station_head, now):
    return committees.begin(community=community, by=station_head, now=now, **term)


@pytest.fixture
def member(committee, station_head, now):
    return committees.seat(
        committee=committee, name="王桂兰", number="13900000001", post="chair", first_day=committee.first_day,
        by=station_head, now=now,
    )  # fmt: skip


# ---------------------------------------------------------------- terms


@pytest.mark.parametrize(("years", "days", "taken"), [(3, -2, False), (3, -1, True), (5, 0, True), (5, 1, False)])
def test_a_term_is_three_to_five_years(community, term, station_head, now, years, days, taken):
    term["elected_on"] = term["first_day"] = date(2026, 3, 1)
    term["last_day"] = date(2026 + years, 3, 1) + days * DAY
    say = {"community": community, "by": station_head, "now": now, **term}
    if taken:
        assert committees.begin(**say).pk
    else:
        with pytest.raises(ValidationError, match="3 至 5 年"):
            committees.begin(**say)


def test_not_elected_tomorrow(community, term, station_head, today, now):
    term |= {"elected_on": today + DAY, "first_day": today + DAY, "last_day": years_on(today, 4)}
    with pytest.raises(ValidationError, match="不能晚于今天"):
        committees.begin(community=community, by=station_head, now=now, **term)


def test_the_next_committee_ends_the_one_before(committee, member, community, term, station_head, today, now):
    term |= {"number": 2, "elected_on": today, "first_day": today, "last_day": years_on(today, 3)}
    second = committees.begin(community=community, by=station_head, now=now, **term)
    committee.refresh_from_db()
    assert committee.last_day == today - DAY and OwnersCommittee.objects.on(today).get() == second
    assert not CommitteeMember.objects.on(today).exists()
    listed = ExitHandover.objects.get(committee=committee)
    assert listed.due_on == today - DAY + 10 * DAY and listed.items.filter(kind="seal").exists()


def test_another_station_registers_nothing(community, term, other_station_head, cadre, leader, now):
    for by in (other_station_head, cadre, leader):
        with pytest.raises(PermissionDenied):
            committees.begin(community=community, by=by, now=now, **term)


@pytest.mark.parametrize(("passed", "late"), [(30, False), (31, True)])
def test_filing_within_thirty_days(committee, days_ago, today, passed, late):
    OwnersCommittee.objects.update(elected_on=days_ago(passed), first_day=days_ago(passed))
    found = OwnersCommittee.objects.unfiled(today=today, days=30)
    assert found.exists() is late
    committee.refresh_from_db()
    assert (committees.filing_due(committee) < today) is late


def test_filed_before_it_was_elected(committee, station_head, now):
    day = committee.elected_on - DAY
    with pytest.raises(ValidationError, match="备案要在选出之后"):
        committees.amend(committee=committee, filed_on=day, filing_number="1", by=station_head, now=now)


def test_filed_and_certified(committee, station_head, now):
    assert committees.certificate_due(committee) is None
    day = date(2026, 9, 30)
    OwnersCommittee.objects.update(elected_on=date(2026, 9, 1), first_day=date(2026, 9, 1))
    committee.refresh_from_db()
    committees.amend(committee=committee, filed_on=day, filing_number="备〔2026〕1号", by=station_head, now=now)
    assert committees.certificate_due(committee).date == date(2026, 10, 10)  # 8, 9 and Saturday 10 October


@pytest.mark.parametrize(("left", "warned"), [(60, True), (61, False)])
def test_terms_that_end_within_sixty_days(committee, today, left, warned):
    OwnersCommittee.objects.update(last_day=today + left * DAY)
    assert OwnersCommittee.objects.ending(today=today, within=60).exists() is warned


def test_more_party_members_than_seats(committee, station_head, now):
    with pytest.raises(ValidationError, match="不能多于委员人数"):
        committees.amend(committee=committee, party_members=6, by=station_head, now=now)


# ---------------------------------------------------------------- members


@pytest.fixture
def account(member, make_user):
    user = make_user("weiyuan", "王桂兰")
    Person.objects.filter(pk=member.person_id).update(user=user)
    member.person.refresh_from_db()
    return user


def roles_of(user) -> set:
    return set(User.objects.get(pk=user.pk).roles)


def test_the_same_name_and_number_is_the_same_person(committee, station_head, now):
    known = Person.objects.create(name="何桂香", phone=Address.objects.create(kind="phone", value="13900000002"))
    say = {"committee": committee, "post": "member", "first_day": committee.first_day, "by": station_head, "now": now}
    assert committees.seat(name="何桂香", number="139 0000 0002", **say).person == known
    assert committees.seat(name="何桂香", number="13900000003", **say).person != known


def test_without_a_number_the_only_one_of_that_name_here(committee, building, today, station_head, now):
    from communities.models import BuildingHead

    say = {"committee": committee, "post": "member", "first_day": committee.first_day, "by": station_head, "now": now}
    head = Person.objects.create(name="何桂香")
    Person.objects.create(name="何桂香")
    BuildingHead.objects.create(
        community=building.community, building=building, person=head, origin="self", appointed_on=today, first_day=today
    )
    assert committees.seat(name="何桂香", **say).person == head


def test_a_number_that_is_none(committee, station_head, now):
    say = {"committee": committee, "post": "member", "first_day": committee.first_day, "by": station_head, "now": now}
    with pytest.raises(ValidationError) as error:
        committees.seat(name="何桂香", number="没有", **say)
    assert "number" in error.value.message_dict and not Person.objects.filter(name="何桂香").exists()


def test_two_chairs(committee, member, station_head, now):
    with pytest.raises(ValidationError, match="已经有主任"):
        committees.seat(
            committee=committee, name="何桂香", post="chair", first_day=committee.first_day, by=station_head, now=now
        )


def test_outside_the_term(committee, station_head, now):
    with pytest.raises(ValidationError, match="任期里"):
        committees.seat(
            committee=committee, name="何桂香", post="member", first_day=committee.first_day - DAY,
            by=station_head, now=now,
        )  # fmt: skip


def test_the_role_comes_and_goes_with_the_seat(member, account, station_head, today, now):
    from communities import person_roles

    person_roles.follow(member.person, now=now)
    assert roles_of(account) == {Role.COMMITTEE_MEMBER}
    grant = RoleGrant.objects.get(user=account)
    assert grant.last_day == member.committee.last_day
    committees.unseat(member=member, last_day=today - DAY, end_reason="辞职", by=station_head, now=now)
    assert roles_of(account) == set()


def test_a_committee_that_ends_takes_its_members_roles(member, account, committee, station_head, today, now):
    from communities import person_roles

    person_roles.follow(member.person, now=now)
    committees.end(committee=committee, last_day=today - DAY, by=station_head, now=now)
    assert roles_of(account) == set()


def test_a_number_is_shown_only_with_consent(member, account, station_head, other_cadre, now):
    assert member.open_number == ""
    committees.consent(member=member, agrees=True, by=account, now=now)
    assert member.open_number == "13900000001"
    with pytest.raises(PermissionDenied):
        committees.consent(member=member, agrees=False, by=other_cadre, now=now)
    committees.consent(member=member, agrees=False, by=station_head, now=now)
    assert member.open_number == ""


def test_consent_without_a_number(committee, station_head, now):
    row = committees.seat(
        committee=committee, name="何桂香", post="member", first_day=committee.first_day, by=station_head, now=now
    )
    with pytest.raises(ValidationError, match="还没有登记"):
        committees.consent(member=row, agrees=True, by=station_head, now=now)


# ---------------------------------------------------------------- concerns, branch


def test_a_concern_is_noted_and_settled_once(committee, station_head, today, now):
    say = {"committee": committee, "by": station_head, "now": now}
    row = committees.note_concern(kind="idle", reason="一年没开会", first_day=today, **say)
    assert list(OwnersCommittee.objects.troubled(today)) == [committee]
    with pytest.raises(ValidationError, match="已经记着"):
        committees.note_concern(kind="idle", reason="还是没开会", first_day=today, **say)
    committees.settle_concern(concern=row, settled="改选了", by=station_head, now=now)
    assert row.last_day == today and row.settled == "改选了"
    with pytest.raises(WrongState):
        committees.settle_concern(concern=row, settled="又", by=station_head, now=now)


def test_an_order_has_its_document(committee, station_head, today, now):
    with pytest.raises(ValidationError, match="文书号"):
        committees.note_concern(
            committee=committee, kind="unlawful", reason="越权", first_day=today, by=station_head, now=now
        )


def test_the_linked_cadre_is_secretary(community, cadre, other_cadre, station_head, today, now):
    from communities import duties

    say = {"community": community, "by": station_head, "now": now}
    first = committees.found_branch(name="松苑党支部", first_day=today, **say)
    assert first.secretary == cadre
    duties.hand_over(community=community, to=other_cadre, first_day=today + DAY, by=station_head, now=now)
    second = committees.found_branch(name="松苑党支部", first_day=today + DAY, **say)
    assert second.secretary == other_cadre
    assert PartyBranch.objects.get(pk=first.pk).last_day == today


def test_no_secretary_without_cadre(community, station_head, today, now):
    with pytest.raises(ValidationError, match="没有联系干部"):
        committees.found_branch(community=community, name="党支部", first_day=today, by=station_head, now=now)


# ---------------------------------------------------------------- hand-over lists


@pytest.fixture
def listed(committee, station_head, now):
    return exits.open_list(committee=committee, by=station_head, now=now)


def test_a_list_is_opened_once(listed, committee, station_head, now):
    assert exits.open_list(committee=committee, by=station_head, now=now) == listed


def test_each_thing_is_answered_before_it_is_closed(listed, station_head, today, now):
    say = {"by": station_head, "now": now}
    with pytest.raises(ValidationError, match="还有 6 样"):
        exits.close(exit=listed, witness="社区", **say)
    first, *others = listed.items.all()
    exits.answer(item=first, handed_on=today, **say)
    for item in others:
        exits.answer(item=item, missing_why="没有", **say)
    exits.close(exit=listed, witness="社区", **say)
    assert listed.closed_on == today
    with pytest.raises(WrongState):
        exits.answer(item=first, missing_why="又没有了", **say)
    with pytest.raises(WrongState):
        exits.add(exit=listed, kind="papers", name="再一样", **say)


@pytest.mark.parametrize("typed", [{}, {"handed_on": date(2026, 1, 1), "missing_why": "没有"}])
def test_both_or_neither(listed, station_head, now, typed):
    with pytest.raises(ValidationError):
        exits.answer(item=listed.items.first(), by=station_head, now=now, **typed)


def test_the_list_of_a_contract(community, firm_row, firm, other_firm, station_head, today, now):
    contract = community.contracts.get()
    with pytest.raises(ValidationError, match="还没有结束日期"):
        exits.open_list(contract=contract, by=station_head, now=now)
    contract.last_day = today
    contract.save()
    row = exits.open_list(contract=contract, by=station_head, now=now)
    assert row.items.filter(kind="rooms").exists()
    assert ExitHandover.objects.visible_to(firm).exists() and not ExitHandover.objects.visible_to(other_firm).exists()
