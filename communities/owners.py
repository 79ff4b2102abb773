"""Owners of units: who they are, what a sale changes, which units make one head in a vote. DOMAIN G.3, 0.5

Rows about owners are written with the unit held; what the database refuses at the end (`ownership_whole`) is asked
here first and told in words.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts import people
from accounts.models import Address, User
from lib import identity
from lib.periods import DAY, beijing_date
from lib.text import day_words

from . import days, person_roles
from .models import Ownership, Person, PersonReading, Unit

How = Ownership.How
NOT_ONE = "份额加起来要正好是一整份，现在是 {sum}。"
TWICE = "同一个人写了两次，把份额合在一起写。"


class Owner(NamedTuple):
    """One of the owners of a unit and their share of it."""

    person: Person
    share: Fraction = Fraction(1)


def demand_whole(owners: Sequence[Owner]) -> None:
    """Raises ValidationError when the shares do not make exactly one, or a person stands there twice."""
    total = sum((owner.share for owner in owners), Fraction(0))
    if total != 1:
        raise ValidationError(NOT_ONE.format(sum=total))
    if len({owner.person.pk for owner in owners}) != len(owners):
        raise ValidationError(TWICE)


@transaction.atomic
def transfer(
    *, unit: Unit, to: Sequence[Owner], how: str, paper: str, first_day: date, by: User, now: datetime
) -> list[Ownership]:
    """A unit goes to other owners, or to others beside the present ones: what has happened is recorded with its paper.

    Owners of the day before end on it. A unit that was not yet sold or handed over is sold from then on.

    Args:
        to: all who own the unit from the first day on, those who stay too; their shares make one.
        how: by purchase, inheritance, gift, judgment or otherwise.
        paper: the number of the certificate, contract or judgment.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: no paper, a day to come or one before the present owners began, shares that do not make one.
    """
    unit = days.locked(unit)
    days.demand_registry(by, unit.community)
    rows = _rows(unit, to, how=how, paper=paper.strip(), first_day=first_day)
    _demand_transfer(rows, first_day, today=beijing_date(now))
    demand_whole(to)
    before = list(Person.objects.filter(ownerships__unit=unit, ownerships__last_day=None, user__isnull=False))
    _end_present(unit, first_day - DAY)
    if unit.sale_state != Unit.SaleState.SOLD:
        unit.sale_state = Unit.SaleState.SOLD
        unit.save(update_fields=["sale_state"])
    made = Ownership.objects.bulk_create(rows)
    for person in {*before, *(owner.person for owner in to)}:
        person_roles.follow(person, now=now)
    return made


@transaction.atomic
def sell(
    *, unit: Unit, to: Sequence[dict], how: str, paper: str, first_day: date, by: User, now: datetime
) -> list[Ownership]:
    """As `transfer`, to owners as they are typed: name, number, phone, share. Known people are found again.

    Raises:
        PermissionDenied, ValidationError: as `transfer`; also when nobody is named, or a number is another person's.
    """
    if not to:
        raise ValidationError("写上新业主。")
    equal = Fraction(1, len(to)) if not any(typed["share"] for typed in to) else None
    if equal is None and not all(typed["share"] for typed in to):
        raise ValidationError("共有的每个人都要写份额，或者都不写（按等份算）。")
    days.demand_registry(by, unit.community)
    who = [person_named(name=typed["name"], number=typed["number"], phone=typed["phone"]) for typed in to]
    named = [Owner(person, equal or typed["share"]) for person, typed in zip(who, to, strict=True)]
    return transfer(unit=unit, to=named, how=how, paper=paper, first_day=first_day, by=by, now=now)


def person_named(*, name: str, number: str = "", phone: str = "") -> Person:
    """The person with that document, or with that name and phone; else a new one.

    Raises:
        ValidationError: the number is none, or is registered for somebody of another name.
    """
    document = document_of(number) if number else ""
    if document:
        found = Person.objects.filter(number_hash=Person.hash_of(document, number)).first()
        if found and found.name != name:
            raise ValidationError("这个证件号码登记在另一个名字下，照证件核对姓名和号码。")
    else:
        found = Person.objects.filter(name=name, phone__value=phone).first() if phone else None
    if found is None:
        kind = Person.Kind.BODY if document == Person.Document.USCC else Person.Kind.PERSON
        found = Person(name=name, kind=kind, phone=people.address(Address.Kind.PHONE, phone))
        found.set_number(document, number)
        found.save()
    return found


def _rows(unit: Unit, to: Sequence[Owner], **same) -> list[Ownership]:
    return [
        Ownership(
            unit=unit,
            person=owner.person,
            share_numerator=owner.share.numerator,
            share_denominator=owner.share.denominator,
            **same,
        )
        for owner in to
    ]


def _demand_transfer(rows: Sequence[Ownership], first_day: date, *, today: date) -> None:
    for row in rows:
        row.full_clean(exclude=["unit", "person"], validate_unique=False)
    if first_day > today:
        raise ValidationError({"first_day": "只登记已经发生的变更，办好手续那天再来登记。"})


def _end_present(unit: Unit, last_day: date) -> None:
    """Owners of today end on the day; one who begins later than it cannot have owned before the new ones."""
    present = unit.ownerships.filter(last_day=None)
    latest = max((row.first_day for row in present), default=None)
    if latest and latest > last_day:
        raise ValidationError({"first_day": f"现在的业主从{day_words(latest)}起，变更要在这之后。"})
    present.update(last_day=last_day)


# ---------------------------------------------------------------- heads in a vote


class Party(NamedTuple):
    """业主主体: the exact set of co-owners, with all units that they own together. One head. DOMAIN G.3"""

    persons: tuple[int, ...]
    units: list[Unit]

    @property
    def area_centi(self) -> int:
        return sum(unit.area_centi for unit in self.units)


def parties(units: QuerySet[Unit], *, day: date) -> list[Party]:
    """The parties of the units on a day, in the order of their first unit's code; one query.

    A developer's unsold and not handed over units are all its own, so that together they are one party. Units whose
    owner nobody registered are in no party.
    """
    found: dict[tuple[int, ...], list[Unit]] = defaultdict(list)
    for unit in units.with_party(day).order_by("code"):
        if unit.party:
            found[tuple(unit.party)].append(unit)
    return [Party(*pair) for pair in found.items()]


# ---------------------------------------------------------------- reading in full


@transaction.atomic
def read(*, person: Person, why: str, by: User, now: datetime) -> PersonReading:
    """Somebody reads a person's data in full and says why; that they did stays on record. DOMAIN 0.5

    Raises:
        PermissionDenied: the person is not among those that ``by`` sees.
        ValidationError: no reason.
    """
    if not Person.objects.visible_to(by).filter(pk=person.pk).exists():
        raise PermissionDenied("这个人的资料不归您看。")
    reading = PersonReading(person=person, by=by, at=now, why=why.strip())
    reading.full_clean()
    reading.save()
    return reading


def document_of(number: str) -> str:
    """Which document a number in plain form belongs to: of a citizen, a body, or another one.

    Raises:
        ValidationError: it is none; the sentence says what to look at.
    """
    if identity.is_citizen(number):
        return Person.Document.CITIZEN
    if identity.is_firm(number):
        return Person.Document.USCC
    if len(number) in (15, 17, 18, 19):
        raise ValidationError("身份证号、统一社会信用代码都是 18 位，最后一位是校验码，照证件再核对一遍。")
    if not identity.is_other(number):
        raise ValidationError("证件号码只有数字和字母，5 到 20 位，照证件再核对一遍。")
    return Person.Document.OTHER
