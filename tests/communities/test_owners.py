"""Owners: a sale with its paper, heads in a vote, reading in full."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.roles import Role
from communities import owners
from communities.models import Ownership, Person, PersonReading, Unit
from communities.owners import Owner

pytestmark = pytest.mark.django_db
D1 = date(2020, 1, 1)
DAY = timedelta(days=1)
HALF = Fraction(1, 2)


@pytest.fixture
def unit(building, community) -> Unit:
    return Unit.objects.create(community=community, building=building, code="03-1-0101", area_centi=8956)


@pytest.fixture
def wang(db):
    return Person.objects.create(name="王桂兰")


@pytest.fixture
def li(db):
    return Person.objects.create(name="李建国")


@pytest.fixture
def sold(unit, wang):
    return Ownership.objects.create(unit=unit, person=wang, first_day=D1)


def sell(unit, to, clerk, now, today, **other):
    typed = {"how": "purchase", "paper": "演示不动产权第0002号", "first_day": today, **other}
    return owners.transfer(unit=unit, to=to, by=clerk, now=now, **typed)


def test_a_sale_ends_one_and_begins_another(unit, sold, wang, li, clerk, now, today):
    sell(unit, [Owner(li)], clerk, now, today)
    connection.check_constraints()
    sold.refresh_from_db()
    assert sold.last_day == today - DAY
    assert [row.person for row in Ownership.objects.on(today)] == [li]
    assert [row.person for row in Ownership.objects.on(today - DAY)] == [wang]


def test_a_couple_buys_half_and_half(unit, sold, wang, li, clerk, now, today):
    sell(unit, [Owner(wang, HALF), Owner(li, HALF)], clerk, now, today)
    connection.check_constraints()
    assert Ownership.objects.on(today).count() == 2


def test_the_first_sale_takes_the_unit_from_its_developer(unit, li, clerk, now, today):
    firm = Person.objects.create(name="演示·建设公司", kind="body")
    Unit.objects.update(sale_state="unsold")
    Ownership.objects.create(unit=unit, person=firm, first_day=D1, how="developer")
    connection.check_constraints()
    sell(unit, [Owner(li)], clerk, now, today)
    connection.check_constraints()
    assert Unit.objects.get().sale_state == "sold"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"paper": " "}, "凭据"),
        ({"first_day": date(2099, 1, 1)}, "已经发生"),
        ({"first_day": D1}, "要在这之后"),
    ],
)
def test_what_a_sale_needs(unit, sold, li, clerk, now, today, change, says):
    with pytest.raises(ValidationError, match=says):
        sell(unit, [Owner(li)], clerk, now, today, **change)
    assert Ownership.objects.get() == sold


@pytest.mark.parametrize("shares", [[HALF], [HALF, Fraction(1)], [HALF, Fraction(1, 3)]])
def test_shares_that_do_not_make_one(unit, sold, wang, li, clerk, now, today, shares):
    to = [Owner(person, share) for person, share in zip([li, wang], shares, strict=False)]
    with pytest.raises(ValidationError, match="一整份"):
        sell(unit, to, clerk, now, today)


def test_the_same_person_twice(unit, sold, li, clerk, now, today):
    with pytest.raises(ValidationError, match="两次"):
        sell(unit, [Owner(li, HALF), Owner(li, HALF)], clerk, now, today)


def test_another_station_sells_nothing_here(unit, sold, li, other_station_head, now, today):
    with pytest.raises(PermissionDenied):
        sell(unit, [Owner(li)], other_station_head, now, today)


# ---------------------------------------------------------------- parties, G-V6


def test_parties_are_exact_sets_of_owners(community, building, wang, li):
    developer = Person.objects.create(name="演示·建设公司", kind="body")
    who = [[wang], [wang], [li], [wang, li], [developer], [developer]]
    for number, people in enumerate(who):
        state = "unsold" if people == [developer] else "sold"
        unit = Unit.objects.create(
            community=community, building=building, code=f"1-{number}", area_centi=10000, sale_state=state
        )
        for person in people:
            how = "developer" if person == developer else "recorded"
            row = Ownership(unit=unit, person=person, first_day=D1, how=how, share_denominator=len(people))
            row.save()
    Unit.objects.create(community=community, building=building, code="1-9", area_centi=10000)
    connection.check_constraints()
    found = owners.parties(Unit.objects.all(), day=date(2026, 1, 1))
    assert [party.persons for party in found] == [
        (wang.pk,),
        (li.pk,),
        tuple(sorted([wang.pk, li.pk])),
        (developer.pk,),
    ]
    assert [party.area_centi for party in found] == [20000, 10000, 10000, 20000]


def test_parties_of_a_day_before_anybody_owned(unit, sold):
    assert owners.parties(Unit.objects.all(), day=D1 - DAY) == []


# ---------------------------------------------------------------- who sees what


def test_owners_are_seen_by_office_and_their_station(
    sold, unit, clerk, station_head, other_station_head, cadre, firm, leader
):
    sees = {user.username: Ownership.objects.visible_to(user).exists() for user in (clerk, station_head)}
    assert all(sees.values())
    for user in (other_station_head, cadre, firm, leader):
        assert not Ownership.objects.visible_to(user).exists()
        assert not Person.objects.visible_to(user).exists()


def test_an_owner_sees_their_own_until_it_is_sold(sold, unit, wang, li, resident, clerk, now, today):
    wang.user = resident
    wang.save()
    assert Unit.objects.visible_to(resident).get() == unit
    assert Ownership.objects.visible_to(resident).get() == sold
    sell(unit, [Owner(li)], clerk, now, today)
    assert not Unit.objects.visible_to(resident).exists()


def test_reading_in_full_is_logged(sold, wang, clerk, now):
    owners.read(person=wang, why="核对选票", by=clerk, now=now)
    assert PersonReading.objects.get().by == clerk
    with pytest.raises(ValidationError, match="为什么"):
        owners.read(person=wang, why=" ", by=clerk, now=now)


def test_a_stranger_reads_nothing(sold, wang, make_user, now):
    with pytest.raises(PermissionDenied):
        owners.read(person=wang, why="好奇", by=make_user("x", "某人", Role.CADRE), now=now)


@pytest.mark.parametrize(
    ("number", "document"),
    [
        ("110101194912311238", "citizen"),
        ("320106195501010057", "citizen"),
        ("320106195501010055", None),
        ("91330000MA27XYC12A", "uscc"),
        ("E12345678", "other"),
        ("11010119491231123", None),
        ("??", None),
    ],
)
def test_documents(number, document):
    if document:
        assert owners.document_of(number) == document
    else:
        with pytest.raises(ValidationError):
            owners.document_of(number)
