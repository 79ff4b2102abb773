"""Who complained: read in full with a reason, to the firm with consent alone, erased after its term. DOMAIN 0.5, E.6"""

from datetime import date, datetime
from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Address, User
from communities.models import Firm
from lib.periods import beijing_date

from .events import Kind, note
from .models import Complainant, Complaint, Contact, ContactReading
from .querysets import sees_contacts

GONE = {"name": "", "phone": None, "room": "", "for_whom": "", "relation": ""}


def shown_to(user: User, complaint: Complaint) -> list[Complainant]:
    """The complainants of a case that the user may know of: staff of the place all, the firm those who agreed."""
    rows = Complainant.objects.of_case(complaint).select_related("contact__phone")
    if sees_contacts(user) and Complaint.objects.handled_by(user).filter(pk=complaint.pk).exists():
        return list(rows)
    if Firm.objects.employing(user).filter(pk=complaint.firm_id).exists():
        return list(rows.filter(firm_may_call=True))
    return []


@transaction.atomic
def read(*, complainant: Complainant, why: str, by: User, now: datetime) -> Contact:
    """Somebody reads a complainant's data in full and says why; that they did stays on record. DOMAIN 0.5

    Raises:
        PermissionDenied: not among those that ``by`` may know of.
        ValidationError: no reason.
    """
    if complainant.pk not in [row.pk for row in shown_to(by, complainant.complaint.main)]:
        refuse_reading()
    row = ContactReading(contact=complainant.contact, by=by, at=now, why=why.strip())
    row.full_clean()
    row.save()
    return complainant.contact


@transaction.atomic
def erase(contact: Contact, *, day: date) -> None:
    """Takes name, number and rooms out; the record stays whole. An address nobody else holds goes with them."""
    address = contact.phone
    Contact.objects.filter(pk=contact.pk, erased_on=None).update(erased_on=day, **GONE)
    if address is not None and not is_held(address):
        address.delete()


def is_held(address: Address) -> bool:
    """Whether somebody else's row still leads to the address: an account, a person, another complaint.

    Messages and requests about the data hold nobody's number: they lose it with it.
    """
    loose = ("messages", "data_requests")
    links = [field for field in Address._meta.related_objects if field.related_name not in loose]
    return any(field.related_model._base_manager.filter(**{field.field.name: address}).exists() for field in links)


def anonymise(*, now: datetime) -> int:
    """Erases the contact data of cases whose term is over (``complaint.anonymise_days``); once each."""
    today, done = beijing_date(now), 0
    for complaint in Complaint.objects.to_anonymise(today).order_by("anonymise_on", "pk")[:500]:
        done += _anonymise_one(complaint, today, now)
    return done


@transaction.atomic
def _anonymise_one(complaint: Complaint, today: date, now: datetime) -> bool:
    if not Complaint.objects.filter(pk=complaint.pk, anonymise_on__lte=today).update(anonymise_on=None):
        return False
    for complainant in complaint.complainants.select_related("contact__phone"):
        erase(complainant.contact, day=today)
        Complainant.objects.filter(pk=complainant.pk).update(link_digest=None, user=None)
    note(complaint, Kind.ERASED, by=None, now=now, text="办结满期限，姓名和电话已隐去")
    return True


def refuse_reading() -> NoReturn:
    """Raises PermissionDenied: this complainant is not for the one who asks."""
    raise PermissionDenied("这位投诉人的资料不归您看。")
