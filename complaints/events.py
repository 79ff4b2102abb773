"""Writing the time line of a complaint."""

from datetime import datetime

from accounts.models import User

from .models import Complaint, ComplaintEvent

Kind = ComplaintEvent.Kind
# What the complainant does not read: notes among staff, and what is between the office and its head.
INTERNAL = (Kind.NOTE, Kind.FINAL_DRAFTED, Kind.FINAL_SENT_BACK, Kind.FILLED_BACK, Kind.UPHELD, Kind.NOT_UPHELD)


def note(complaint: Complaint, kind: str, *, by: User | None, now: datetime, text: str = "") -> ComplaintEvent:
    """One line of the time line; the transaction is that of its cause."""
    return ComplaintEvent.objects.create(complaint=complaint, kind=kind, by=by, at=now, text=text[:1000])


def told(complaint: Complaint):
    """The lines that the complainant reads, of the case that is worked on."""
    return complaint.main.events.exclude(kind__in=INTERNAL)
