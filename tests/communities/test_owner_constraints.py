"""Each rule about who owns what by its name: what would break it is refused by the database itself."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from communities.models import Ownership, Person, PersonReading, Unit
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
D1, D2, D3 = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
DAY = timedelta(days=1)
CITIZEN = "110101194912311238"


@pytest.fixture
def unit(building, community) -> Unit:
    return Unit.objects.create(community=community, building=building, code="03-1-0101", area_centi=8956)


@pytest.fixture
def wang(db) -> Person:
    return Person.objects.create(name="王桂兰")


@pytest.fixture
def li(db) -> Person:
    return Person.objects.create(name="李建国")


def owns(unit, person, share=(1, 1), first=D1, last=None, **more) -> Ownership:
    numerator, denominator = share
    return Ownership(
        unit=unit,
        person=person,
        share_numerator=numerator,
        share_denominator=denominator,
        first_day=first,
        last_day=last,
        **more,
    )


def refused_by(name: str, *rows) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        for row in rows:
            row.save()
        connection.check_constraints()
    assert error.value.__cause__.diag.constraint_name == name


def stands(*rows) -> None:
    with transaction.atomic():
        for row in rows:
            row.save()
        connection.check_constraints()


# ---------------------------------------------------------------- ownership_whole


@pytest.mark.parametrize("share", [(1, 2), (2, 3), (999_999, 1_000_000)])
def test_less_than_the_whole_is_refused(unit, wang, share):
    refused_by("ownership_whole", owns(unit, wang, share))


def test_150_percent_is_refused(unit, wang, li):
    refused_by("ownership_whole", owns(unit, wang), owns(unit, li, (1, 2)))


def test_thirds_are_exact(unit, wang, li):
    third = Person.objects.create(name="陈平")
    stands(owns(unit, wang, (1, 3)), owns(unit, li, (1, 3)), owns(unit, third, (1, 3)))


def test_sixths_and_sevenths_that_miss_the_whole_by_a_hair(unit, wang, li):
    refused_by("ownership_whole", owns(unit, wang, (1, 999_983)), owns(unit, li, (999_978, 999_979)))


def test_one_person_is_written_once(unit, wang):
    refused_by("ownership_whole", owns(unit, wang, (1, 2)), owns(unit, wang, (1, 2)))


def test_a_new_owner_begins_the_day_after(unit, wang, li):
    stands(owns(unit, wang, last=D2), owns(unit, li, first=D2 + DAY))


def test_two_owners_on_the_day_of_the_sale_are_refused(unit, wang, li):
    refused_by("ownership_whole", owns(unit, wang, last=D2), owns(unit, li, first=D2))


def test_days_without_a_known_owner_may_be(unit, wang, li):
    stands(owns(unit, wang, last=D2), owns(unit, li, first=D3))


def test_half_of_a_couple_cannot_go_alone(unit, wang, li):
    stands(half := owns(unit, wang, (1, 2)), owns(unit, li, (1, 2)))
    half.last_day = D2
    refused_by("ownership_whole", half)
    with pytest.raises(IntegrityError), transaction.atomic():
        half.delete()
        connection.check_constraints()


# ---------------------------------------------------------------- ownership_of_developer


def test_an_unsold_unit_is_its_developers(unit, wang):
    Unit.objects.filter(pk=unit.pk).update(sale_state="unsold")
    refused_by("ownership_of_developer", owns(unit, wang))
    stands(owns(unit, Person.objects.create(name="演示·建设公司", kind="body"), how="developer"))


def test_a_sold_unit_is_not_its_developers(unit, wang):
    refused_by("ownership_of_developer", owns(unit, wang, how="developer"))


def test_the_state_of_sale_does_not_change_alone(unit, wang):
    stands(owns(unit, wang))
    with pytest.raises(IntegrityError, match="对不上"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(sale_state="undelivered")
        connection.check_constraints()


# ---------------------------------------------------------------- the row


def test_ownership_days(unit, wang):
    refused_by("ownership_days", owns(unit, wang, first=D2, last=D1))


@pytest.mark.parametrize("share", [(0, 1), (2, 1), (1, 1_000_001)])
def test_ownership_share(unit, wang, share):
    refused_by("ownership_share", owns(unit, wang, share))


def test_ownership_paper(unit, wang):
    refused_by("ownership_paper", owns(unit, wang, how="purchase"))
    stands(owns(unit, wang, how="purchase", paper="演示不动产权第0001号"))


# ---------------------------------------------------------------- people


def with_number(number=CITIZEN, document="citizen", **more) -> Person:
    person = Person(name="王桂兰", **more)
    person.set_number(document, number)
    return person


def test_person_document_once(db):
    with_number().save()
    refused_by("person_document_once", with_number())


def test_person_document_whole(db):
    person = with_number()
    person.number_hash = ""
    refused_by("person_document_whole", person)


def test_person_document_kind(db):
    refused_by("person_document_kind", with_number(kind="body"))


def test_the_number_stands_nowhere_in_the_database(db):
    with_number().save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM communities_person t")
        row = cursor.fetchone()[0]
    assert CITIZEN not in row and CITIZEN.encode().hex() not in row
    assert Person.objects.get().number == CITIZEN
    assert Person.objects.get().number_masked == "110101********1238"


def test_with_another_key_it_cannot_be_read(db, settings):
    person = with_number()
    person.save()
    settings.IDENTITY_KEY = "another key, fifty characters long, of some other town"
    assert Person.objects.get().number == "读不出"


def test_person_reading_says_why(db, wang, clerk, now):
    refused_by("person_reading_says_why", PersonReading(person=wang, by=clerk, at=now, why=""))


def test_who_read_stays(db, wang, clerk, now):
    """Sealed: communities_personreading."""
    PersonReading.objects.create(person=wang, by=clerk, at=now, why="核对选票")
    for change in (lambda rows: rows.update(why="别的"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(PersonReading.objects.all())


def test_the_history_of_ownerships_stays(unit, wang):
    """Sealed: communities_ownershipevent."""
    stands(owns(unit, wang))
    events = Ownership.pgh_event_model.objects.all()
    assert events.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        events.delete()


# ---------------------------------------------------------------- at once


@pytest.mark.django_db(transaction=True)
def test_two_owners_of_the_whole_at_once(building, community):
    unit = Unit.objects.create(community=community, building=building, code="03-1-0101", area_centi=8956)
    people = [Person.objects.create(name=f"业主{number}") for number in range(4)]
    acts = [owns(unit, person).save for person in people]
    assert sum(isinstance(end, IntegrityError) for end in at_once(*acts)) == len(people) - 1
    assert Ownership.objects.count() == 1
