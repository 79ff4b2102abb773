"""A complaint comes in: one number, one record however often it is sent, its terms, who is told. DOMAIN E.1"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts import people
from accounts.models import Address, User
from accounts.roles import Act, may
from communities.models import Building, Community
from communities.responsibility import responsible_on
from lib.periods import beijing_date
from lib.states import WrongState
from rulebook import rules

from . import links, messages, photos, terms
from .entries import Entry, Who, check, phone_number
from .events import Kind, note
from .kinds import Category, Level, Source, Urgency, suggested, urgency_of
from .models import Complainant, Complaint, ComplaintDay, Contact

NOT_ONLINE = frozenset(Source) - {Source.ONLINE, Source.REPORT_BOX, Source.MAILBOX}


def register(
    *,
    community: Community,
    text: str,
    now: datetime,
    by: User | None = None,
    phone: str = "",
    name: str = "",
    room: str = "",
    for_whom: str = "",
    relation: str = "",
    firm_may_call: bool = False,
    wants_no_answer: bool = False,
    category: str = "",
    urgency: str = "",
    place: str = "",
    building: Building | None = None,
    source: str = Source.ONLINE,
    level: str = "",
    photos: Sequence[UUID] = (),
    client_id: UUID | None = None,
    platform_number: str = "",
    platform_due: date | None = None,
    from_ledger: bool = False,
) -> Complaint:
    """Takes a complaint in; sent again with the same ``client_id`` it is the same record. DOMAIN E.1, E.3

    Args:
        by: who is signed in; staff register for others, everybody else complains themself.
        category, urgency, level: decided by the words where they are not given.
        for_whom: on whose behalf it is written (代报); ``name`` and ``phone`` are then the writer's.
        photos: client ids of photos that have come before.
        platform_number, platform_due: the hotline's own number and term.
        from_ledger: it was open before this system, ``now`` is when it came in then.

    Raises:
        ValidationError: by field, with what is to be mended.
        PermissionDenied: registered as by telephone or the like, by somebody who is not staff of the place.
    """
    who = Who(name, phone, room, for_whom, relation, firm_may_call, wants_no_answer)
    kind = category or suggested(text)[0]
    entry = Entry(
        community=community,
        text=text.strip(),
        category=kind,
        place=place.strip(),
        building=building,
        source=source,
        urgency=urgency or urgency_in(text, kind, beijing_date(now)),
        who=who,
        photos=photos,
        client_id=client_id or uuid4(),
        platform_number=platform_number.strip(),
        platform_due=platform_due,
        from_ledger=from_ledger,
    )
    return take_in(entry=entry, level=level, by=by, now=now)


def urgency_in(text: str, category: str, day: date) -> Urgency:
    """How urgent the words sound, by the rule of what is mended on the same day."""
    return urgency_of(text, category, repairs=tuple(rules.on(day, "complaint.repair_same_day")))


def take_in(*, entry: Entry, by: User | None, now: datetime, level: str = "") -> Complaint:
    """`register` for an entry that is written already.

    Raises:
        ValidationError, PermissionDenied: as `register`.
    """
    if known := sent_before(entry.client_id):
        return known
    demand_staff(entry, by)
    check(entry)
    try:
        return _write(entry, level or Category(entry.category).level, by, now)
    except IntegrityError:
        if known := sent_before(entry.client_id):  # the same one, at the turn of a day
            return known
        check(entry)  # an order of the hotline that somebody has just registered
        raise


def sent_before(client_id: UUID) -> Complaint | None:
    """The complaint that was taken in under this number of a phone."""
    return Complaint.objects.filter(client_id=client_id).first()


def demand_staff(entry: Entry, by: User | None) -> None:
    """Raises PermissionDenied for what only staff can have heard, and staff of another place."""
    if entry.source not in NOT_ONLINE:
        return
    places = Community.objects.overseen_by(by) if by else Community.objects.none()
    if by is None or not may(by, Act.COMPLAINT) or not places.filter(pk=entry.community.pk).exists():
        raise PermissionDenied("替人登记投诉，要由这个小区的物管站或者镇物业办来做。")


@transaction.atomic
def _write(entry: Entry, level: str, by: User | None, now: datetime) -> Complaint:
    day = beijing_date(now)
    last = _hold(day)
    if known := sent_before(entry.client_id):  # the other one of two at once has just let the day go
        return known
    complaint = _new(entry, Level(level), by, now)
    complaint.number = number(day, _next(last))
    complaint.save(force_insert=True)
    photos.bind(complaint, entry.photos)
    complainant = _complainant(
        complaint, entry.who, entry.client_id, by if entry.source not in NOT_ONLINE else None, now
    )
    note(complaint, Kind.REGISTERED, by=by, now=now, text=complaint.get_source_display())
    messages.registered(complainant, now=now)
    if not entry.from_ledger:
        messages.new(complaint, now=now)
    return complaint


def _hold(day: date) -> ComplaintDay:
    """The day's row, held until the transaction ends: whoever comes meanwhile waits."""
    ComplaintDay.objects.bulk_create([ComplaintDay(day=day, last=0)], ignore_conflicts=True)
    return ComplaintDay.objects.select_for_update().get(day=day)


def _next(last: ComplaintDay) -> int:
    last.last += 1
    last.save(update_fields=["last"])
    return last.last


def number(day: date, count: int) -> str:
    """TS20261105-0007. DOMAIN E.1"""
    return f"TS{day:%Y%m%d}-{count:04}"


def _new(entry: Entry, level: Level, by: User | None, now: datetime) -> Complaint:
    day = beijing_date(now)
    accept = terms.accept_term(day)
    complaint = Complaint(
        client_id=entry.client_id,
        source=entry.source,
        community=entry.community,
        building=entry.building,
        firm=responsible_on(entry.community, day).firm,
        place=entry.place,
        text=entry.text,
        category=entry.category,
        urgency=entry.urgency,
        level=level,
        registered_by=by,
        registered_at=now,
        registered_on=day,
        accept_by=accept.date,
        accept_provisional=accept.provisional,
        platform_number=entry.platform_number,
        platform_due=entry.platform_due,
        on_site_by=terms.on_site_by(now, entry.urgency),
        hidden_from_neighbours=entry.hidden,
    )
    if level == Level.FIRM and complaint.firm is None:  # nobody is there to be asked
        complaint.level = Level.STATION
    complaint.start_term(day, terms.days_of(complaint.level, day))
    return complaint


# ---------------------------------------------------------------- people


def _complainant(complaint: Complaint, who: Who, client_id: UUID, user: User | None, now: datetime, joined=False):
    phone = people.address(Address.Kind.PHONE, phone_number(who.phone))
    contact = Contact.objects.create(
        name=who.name.strip(),
        phone=phone,
        room=who.room.strip(),
        for_whom=who.for_whom.strip(),
        relation=who.relation.strip(),
    )
    complainant = Complainant.objects.create(
        complaint=complaint,
        contact=contact,
        user=user,
        client_id=client_id,
        joined=joined,
        firm_may_call=who.firm_may_call,
        wants_no_answer=who.wants_no_answer or phone is None,
        since=now,
    )
    links.seal(complainant)
    return complainant


@transaction.atomic
def join(*, complaint: Complaint, who: Who, client_id: UUID, by: User | None, now: datetime) -> Complainant:
    """Somebody met the same thing and joins (我也遇到): told and asked like the first, and nothing is written twice.

    Raises:
        ValidationError: no number, or none that can be called.
        WrongState: the case is over.
    """
    held = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if known := Complainant.objects.filter(client_id=client_id).first():
        return known
    if held.is_over:
        raise WrongState("这件事刚才办结了。还没好的话，请单独登记一件。")
    if not phone_number(who.phone):
        raise ValidationError({"phone": "写上电话，办好了告诉您。"})
    complainant = _complainant(held, who, client_id, by, now, joined=True)
    note(held, Kind.JOINED, by=None, now=now)
    messages.joined(complainant, now=now)
    return complainant
