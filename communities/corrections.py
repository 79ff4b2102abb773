"""What was registered wrongly about the owners of a unit is put right; another owner is a transfer, not a correction.

Of an ownership the history keeps from what to what; of a person, whose data no history may hold, that it was put
right, by whom and why. DOMAIN 0.5
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import people
from accounts.models import Address, User
from lib.periods import beijing_date
from lib.text import day_words
from lib.typed_days import demand_come

from . import days, person_roles
from .models import Ownership, Person, PersonCorrection, Unit
from .owners import Owner, demand_whole, document_of

ANOTHER = "姓名和证件号码都不一样，就是另一个人了，请用“登记过户”。"
ONCE = "这个证件号码已经登记在另一个人名下。是同一个人的，请用“登记过户”改到那个人名下。"
OF_DEVELOPER = "没售出、没交付的户归开发建设单位，交付了用“登记过户”。"
CHANGED = "刚才这一户登记了过户，现在的业主已经换了。返回看看再改。"
NAMES = {"name": "姓名", "number": "证件号码", "phone": "电话", "address": "通信地址"}
Typed = dict[str, Any]


@transaction.atomic
def correct(*, unit: Unit, rows: Sequence[tuple[Ownership, Typed]], why: str, by: User, now: datetime) -> None:
    """The present owners of a unit stand as they should have stood.

    Args:
        rows: each present ownership with what was typed: name, number, phone, address (empty ones stay as they are),
            share, how, paper and first day.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: no reason, another person, shares that do not make one, a day in others' time; by field; or
            other owners than stand there now.
    """
    unit = days.locked(unit)
    days.demand_registry(by, unit.community)
    if not why.strip():
        raise ValidationError({"why": "写一句为什么更正。"})
    if {row.pk for row, _ in rows} != set(unit.ownerships.filter(last_day=None).values_list("pk", flat=True)):
        raise ValidationError(CHANGED)
    for row, typed in rows:
        what = _correct_person(row.person, typed)
        if what:
            PersonCorrection.objects.create(person=row.person, by=by, at=now, what="、".join(what), why=why.strip())
        _correct_ownership(row, typed, by=by, now=now)
    demand_whole([Owner(row.person, row.share) for row, _ in rows])
    for row, _ in rows:
        person_roles.follow(row.person, now=now)


def _correct_person(person: Person, typed: Typed) -> list[str]:
    """Sets what was typed and is another; gives the names of it."""
    what = [NAMES[name] for name in NAMES if typed.get(name) and typed[name] != _stands(person, name)]
    if NAMES["name"] in what and NAMES["number"] in what and person.document:
        raise ValidationError(ANOTHER)
    if NAMES["number"] in what:
        _set_number(person, typed["number"])
    if NAMES["name"] in what:
        person.name, person.pinyin = typed["name"], ""
    if NAMES["phone"] in what:
        person.phone = people.address(Address.Kind.PHONE, typed["phone"])
    person.address = typed.get("address") or person.address
    if what:
        person.full_clean(exclude=["number_hash"])
        person.save()
    return what


def _stands(person: Person, name: str) -> str:
    return (person.phone.value if person.phone else "") if name == "phone" else getattr(person, name)


def _set_number(person: Person, number: str) -> None:
    document = document_of(number)
    if Person.objects.filter(number_hash=Person.hash_of(document, number)).exclude(pk=person.pk).exists():
        raise ValidationError(ONCE)
    person.set_number(document, number)
    if document != Person.Document.OTHER:
        person.kind = Person.Kind.BODY if document == Person.Document.USCC else Person.Kind.PERSON


def _correct_ownership(row: Ownership, typed: Typed, *, by: User, now: datetime) -> None:
    """Share, way, paper and first day; the history notes from what to what."""
    share, first_day = typed.get("share") or row.share, typed["first_day"]
    wanted = {
        "share_numerator": share.numerator,
        "share_denominator": share.denominator,
        "how": typed["how"],
        "paper": typed["paper"].strip(),
        "first_day": first_day,
    }
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    if not changed:
        return
    if row.how == Ownership.How.DEVELOPER:
        raise ValidationError(OF_DEVELOPER)
    if "first_day" in changed:
        _demand_day(row, first_day, by=by, now=now)
    for name in changed:
        setattr(row, name, wanted[name])
    row.full_clean(exclude=["unit", "person"])
    row.save(update_fields=changed)


def _demand_day(row: Ownership, first_day, *, by: User, now: datetime) -> None:
    today = beijing_date(now)
    days.demand_days(by, changed_from=min(row.first_day, first_day), today=today)
    demand_come(first_day, today, field="first_day")
    before = row.unit.ownerships.filter(last_day__isnull=False).order_by("-last_day").first()
    if before and first_day <= before.last_day:
        raise ValidationError({"first_day": f"以前的业主到{day_words(before.last_day)}，要在这之后。"})
