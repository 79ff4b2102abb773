"""The roles that go with what a person is: head of a building, member of a committee, of a partner unit, owner."""

from collections.abc import Iterable
from datetime import date, datetime

from accounts import grants
from accounts.models import User
from accounts.roles import Role
from lib.periods import DAY, beijing_date

from .models import Person


def _links(person: Person) -> Iterable[tuple[Role, list[tuple[date, date | None]]]]:
    """Each role with the days on which a link of the person gives it."""
    yield Role.BUILDING_HEAD, [(head.first_day, head.last_day) for head in person.headships.all()]
    seats = person.memberships.select_related("committee")
    yield Role.COMMITTEE_MEMBER, [(seat.first_day, seat.until) for seat in seats]
    partners = person.groups_led.filter(kind="partner")
    yield Role.PARTNER, [(group.first_day, group.last_day) for group in partners]
    yield Role.RESIDENT, [(owned.first_day, owned.last_day) for owned in person.ownerships.all()]


def follow(person: Person, *, now: datetime) -> None:
    """After a link of the person has changed: their account holds each role as long as a link lasts, and no longer."""
    if not person.user:
        return
    for role, links in _links(person):
        for first_day, last_day in links:
            grants.for_link(user=person.user, role=role, first_day=first_day, last_day=last_day)
        lasting = max((last or date.max for _, last in links), default=beijing_date(now) - DAY)
        if lasting < date.max:
            grants.end_for_link(user=person.user, role=role, last_day=lasting, now=now)


def leave(person: Person, *, now: datetime) -> None:
    """The account is no longer the person's: what came with their links ends today."""
    if person.user:
        for role, _ in _links(person):
            grants.end_for_link(user=person.user, role=role, last_day=beijing_date(now), now=now)


def give_account(*, person: Person, user: User | None, now: datetime) -> None:
    """A person gets an account, or another one, or none; the roles of their links go with it.

    Raises:
        ValidationError: the account is already another person's; by field.
    """
    if person.user != user:
        leave(person, now=now)
    person.user = user
    person.full_clean()
    person.save()
    follow(person, now=now)
