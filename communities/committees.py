"""Owners' committees: terms and their filing, who sits in them, what is wrong with one, the party branch. R04–R06"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts import people
from accounts.models import Address, User
from lib.periods import DAY, beijing_date
from lib.states import move
from rulebook import rules
from rulebook.deadlines import Term, due_after
from rulebook.workdays import WorkingDay

from . import days, exits, person_roles
from .models import (
    CommitteeConcern,
    CommitteeElection,
    CommitteeMember,
    Community,
    OwnersCommittee,
    PartyBranch,
    PatrolDuty,
    Person,
)

# ---------------------------------------------------------------- terms


@transaction.atomic
def begin(
    *, community: Community, first_day: date, last_day: date, by: User, now: datetime, **columns
) -> OwnersCommittee:
    """A committee begins its term. The one before ends on the day before and gets its hand-over list; a running
    election of the community is done.

    Args:
        columns: number, seats, elected_on, and what else the table has.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: elected in the future, a term shorter or longer than the rule allows, a number twice; by field.
    """
    days.locked(community)
    row = OwnersCommittee(community=community, first_day=first_day, last_day=last_day, **columns)
    before = OwnersCommittee.objects.on(first_day).filter(community=community, first_day__lt=first_day).first()
    check(row, by=by, today=beijing_date(now))
    if before:
        end(committee=before, last_day=first_day - DAY, by=by, now=now)
    row.full_clean()
    row.save()
    _close_election(row)
    return row


def check(row: OwnersCommittee, *, by: User, today: date) -> None:
    """Raises what `begin` raises, and writes nothing."""
    days.demand_registry(by, row.community)
    row.full_clean(validate_constraints=False)
    if row.elected_on > today:
        raise ValidationError({"elected_on": "选出日期不能晚于今天，选出来以后再登记。"})
    _demand_term(row)


def _demand_term(row: OwnersCommittee) -> None:
    years = rules.on(row.first_day, "committee.term_years")
    if not _years_on(row.first_day, years.least) - DAY <= row.last_day <= _years_on(row.first_day, years.most):
        raise ValidationError({"last_day": f"任期是 {years.least} 至 {years.most} 年，看看最后一天对不对。"})


def _years_on(day: date, years: int) -> date:
    """The same day so many years on; the 28th for a 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _close_election(row: OwnersCommittee) -> None:
    running = CommitteeElection.objects.running().filter(community=row.community)
    running.exclude(kind=CommitteeElection.Kind.BY_ELECTION).update(state=CommitteeElection.State.DONE, committee=row)


@transaction.atomic
def amend(*, committee: OwnersCommittee, by: User, now: datetime, **columns) -> None:
    """Corrects or completes what is known of a committee: its number of seats, its telephone, its filing.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: filed before it was elected or in the future, more party members than seats; by field.
    """
    days.demand_registry(by, committee.community)
    for name, value in columns.items():
        setattr(committee, name, value)
    for name in ("filed_on", "certificate_on"):
        if (day := getattr(committee, name)) and day > beijing_date(now):
            raise ValidationError({name: "日期不能晚于今天。"})
    committee.full_clean()
    committee.save()


@transaction.atomic
def end(*, committee: OwnersCommittee, last_day: date, by: User, now: datetime) -> None:
    """The term ends earlier than planned, or the committee is followed by another: roles end, the list is opened.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: outside the term; by field.
    """
    days.demand_registry(by, committee.community)
    if not committee.first_day <= last_day <= committee.last_day:
        raise ValidationError({"last_day": "最后一天要在任期之内。"})
    OwnersCommittee.objects.filter(pk=committee.pk).update(last_day=last_day)
    committee.last_day = last_day
    committee.members.filter(last_day__gt=last_day).update(last_day=last_day)
    for member in committee.members.select_related("person__user"):
        person_roles.follow(member.person, now=now)
    exits.open_list(committee=committee, by=by, now=now)


def filing_due(committee: OwnersCommittee) -> date:
    """The last day for filing, by the rule of the day of the election."""
    return committee.elected_on + rules.on(committee.elected_on, "committee.filing_days") * DAY


def certificate_due(committee: OwnersCommittee) -> WorkingDay | None:
    """The last day for the certificate, once the committee is filed. R22"""
    if not committee.filed_on:
        return None
    wait = rules.on(committee.filed_on, "committee.certificate_wd")
    return due_after(committee.filed_on, wait, Term.Counting.WORKING_DAYS)


# ---------------------------------------------------------------- members


@transaction.atomic
def seat(
    *, committee: OwnersCommittee, name: str, post: str, first_day: date, number: str = "", origin: str = "elected",
    by: User, now: datetime,
) -> CommitteeMember:  # fmt: skip
    """Somebody becomes a member. The same name with the same number is the same person, known as owner or head.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: outside the term, already a member, a second chair, a number that is none; by field.
    """
    days.demand_registry(by, committee.community)
    days.locked(committee)
    if not committee.first_day <= first_day <= committee.last_day:
        raise ValidationError({"first_day": "委员的日子要在这一届的任期里。"})
    person = person_called(name, number, community=committee.community)
    row = CommitteeMember(committee=committee, person=person, post=post, origin=origin, first_day=first_day)
    row.full_clean()
    row.save()
    person_roles.follow(person, now=now)
    return row


def person_called(name: str, number: str, *, community: Community) -> Person:
    """The person of that name and number, or a new one; without a number, the only one of that name who is known in
    the community as owner, head of a building or member.

    Raises:
        ValidationError: the number is none; by field.
    """
    try:
        phone = address_of(number)
    except ValidationError as error:
        raise ValidationError({"number": error.messages}) from error
    known = Person.objects.filter(name=name)
    here = Q(memberships__committee__community=community) | Q(headships__community=community)
    here |= Q(ownerships__unit__community=community)
    found = list(known.filter(phone=phone) if phone else known.filter(here).order_by("pk").distinct()[:2])
    if found and (phone or len(found) == 1):
        return found[0]
    return Person.objects.create(name=name, phone=phone)


def address_of(number: str) -> Address | None:
    """The row of a telephone number as it was typed; None for nothing.

    Raises:
        ValidationError: no telephone number.
    """
    plain = people.plain_number(number)
    row = Address(kind=Address.Kind.PHONE, value=plain)
    if plain and not Address.objects.filter(kind=row.kind, value=plain).exists():
        row.full_clean()
    return people.address(Address.Kind.PHONE, plain)


@transaction.atomic
def unseat(*, member: CommitteeMember, last_day: date, end_reason: str, by: User, now: datetime) -> None:
    """A member leaves before the term ends, with the reason; the role ends with them.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: before they began or after the term; by field.
    """
    days.demand_registry(by, member.committee.community)
    if not member.first_day <= last_day <= member.committee.last_day:
        raise ValidationError({"last_day": "最后一天要在担任委员的日子里。"})
    member.last_day, member.end_reason = last_day, end_reason
    member.full_clean()
    member.save()
    person_roles.follow(member.person, now=now)


def consent(*, member: CommitteeMember, agrees: bool, by: User, now: datetime) -> None:
    """The member agreed, in writing or at the desk, that their own number is shown to everybody; or no longer does.

    Raises:
        PermissionDenied: neither the registry of ``by`` nor the member themselves.
        ValidationError: there is no number to show.
    """
    if member.person.user_id != by.pk:
        days.demand_registry(by, member.committee.community)
    if agrees and not member.person.phone:
        raise ValidationError("还没有登记这位委员的电话。")
    member.consented_on = beijing_date(now) if agrees else None
    member.save(update_fields=["consented_on"])


# ---------------------------------------------------------------- what is wrong


def note_concern(
    *, committee: OwnersCommittee, kind: str, reason: str, first_day: date, document: str = "", by: User, now: datetime
) -> CommitteeConcern:
    """Notes that a committee is weak, idle, incomplete or decided against the law, with the facts. 方案一, 方案四

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: already noted, a day to come, an order without the number of its document; by field.
    """
    days.demand_registry(by, committee.community)
    row = CommitteeConcern(committee=committee, kind=kind, reason=reason, document=document, first_day=first_day)
    if first_day > beijing_date(now):
        raise ValidationError({"first_day": "日期不能晚于今天。"})
    row.full_clean()
    row.save()
    return row


def settle_concern(*, concern: CommitteeConcern, settled: str, by: User, now: datetime) -> None:
    """Says what was done about it, which ends it today.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: somebody settled it before.
    """
    days.demand_registry(by, concern.committee.community)
    done = {"last_day": max(beijing_date(now), concern.first_day), "settled": settled}
    move(concern, last_day=None, to=done, else_="刚才已经有人办结了。")


# ---------------------------------------------------------------- the party branch


@transaction.atomic
def found_branch(
    *, community: Community, name: str, first_day: date, party_members: int | None = None, by: User, now: datetime
) -> PartyBranch:
    """A party branch begins, or its next secretary: the cadre who is linked on the day. The one before ends. 方案一

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: nobody is linked on the day, or the day has one already; by field.
    """
    days.demand_registry(by, community)
    days.locked(community)
    linked = linked_cadre(community, first_day)
    if linked is None:
        raise ValidationError({"first_day": "这一天小区没有联系干部，先定联系干部，再定书记。"})
    PartyBranch.objects.on(first_day).filter(community=community, first_day__lt=first_day).update(
        last_day=first_day - DAY
    )
    row = PartyBranch(community=community, name=name, first_day=first_day, secretary=linked)
    row.party_members = party_members
    row.full_clean()
    row.save()
    return row


def linked_cadre(community: Community, day: date) -> User | None:
    """The cadre to whom the community is linked on the day."""
    links = PatrolDuty.objects.on(day).filter(community=community, kind=PatrolDuty.Kind.LINKED)
    duty = links.select_related("user").first()
    return duty.user if duty else None
