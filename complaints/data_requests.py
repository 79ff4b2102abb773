"""A person's request for their data or its erasure: taken with the person verified, answered, kept. DOMAIN 0.5"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Address, User
from accounts.roles import Act, demand
from lib.periods import beijing_date
from lib.states import WrongState, move

from . import contacts
from .entries import phone_number
from .events import Kind, note
from .models import Complainant, ContactReading, DataRequest

State = DataRequest.State
GONE = "这份申请刚才已经办过了。"


@transaction.atomic
def ask(*, kind: str, phone: str, verified: str, by: User, now: datetime) -> DataRequest:
    """Takes a request for what is held under a number, after somebody made sure who asks.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: no number that anybody complained with, or nothing said of the verification.
    """
    demand(by, Act.COMPLAINT)
    address = Address.objects.filter(kind=Address.Kind.PHONE, value=phone_number(phone) or "-").first()
    if address is None or not held_under(address).exists():
        raise ValidationError({"phone": "这个号码没有登记过投诉，或者已经隐去了。"})
    row = DataRequest(kind=kind, phone=address, verified=verified.strip(), asked_at=now, taken_by=by)
    row.full_clean(exclude=["phone", "ended_by", "ended_at"])
    row.save()
    return row


def held_under(address: Address | None):
    """Who complained with the number: what the person is told and what an erasure takes; nothing of an erased one."""
    theirs = Complainant.objects.filter(contact__phone=address) if address else Complainant.objects.none()
    rows = theirs.select_related("complaint__community", "contact__phone")
    return rows.order_by("-complaint__registered_at", "-pk")


@transaction.atomic
def read(*, request: DataRequest, by: User, now: datetime) -> list[Complainant]:
    """Everything held under the number, in full, for the person's own copy; that it was read is on record.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: what was held is erased.
    """
    demand(by, Act.COMPLAINT)
    if request.phone is None or request.state == State.REFUSED:
        raise WrongState("这个号码名下没有资料可以给。")
    parts = ("ratings", "complaint__photos", "complaint__answers", "complaint__merged_into__answers")
    rows = list(held_under(request.phone).prefetch_related(*parts))
    why = f"本人资料申请 {request.pk}"
    ContactReading.objects.bulk_create(ContactReading(contact=row.contact, by=by, at=now, why=why) for row in rows)
    return rows


@transaction.atomic
def give(*, request: DataRequest, by: User, now: datetime) -> None:
    """The person got a copy of what is held.

    Raises:
        PermissionDenied, WrongState: not the office's clerk; ended before.
    """
    demand(by, Act.COMPLAINT)
    number = held_under(request.phone).count()
    _end(request, State.DONE, f"给了本人一份，{number} 件投诉的联系方式", by, now)


@transaction.atomic
def erase(*, request: DataRequest, by: User, now: datetime) -> int:
    """Erases what is held of cases that are over; of those under way it is needed until they end. Returns how many.

    Raises:
        PermissionDenied, WrongState: not the office's clerk; ended before.
    """
    demand(by, Act.COMPLAINT)
    rows, day = list(held_under(request.phone)), beijing_date(now)
    over = [row for row in rows if row.complaint.is_over]
    kept = len(rows) - len(over)
    more = f"，{kept} 件还在办，办结以后到期隐去" if kept else ""
    _end(request, State.DONE, f"删掉了 {len(over)} 件投诉的联系方式{more}", by, now)
    for row in over:
        contacts.erase(row.contact, day=day)
        Complainant.objects.filter(pk=row.pk).update(link_digest=None, user=None)
        note(row.complaint, Kind.ERASED, by=by, now=now, text="本人要求，姓名和电话已隐去")
    return len(over)


@transaction.atomic
def refuse(*, request: DataRequest, outcome: str, by: User, now: datetime) -> None:
    """It cannot be done, for a reason that the person is told.

    Raises:
        PermissionDenied, WrongState: not the office's clerk; ended before.
        ValidationError: no reason.
    """
    demand(by, Act.COMPLAINT)
    if not outcome.strip():
        raise ValidationError({"outcome": "写一句为什么不能办。"})
    _end(request, State.REFUSED, outcome.strip(), by, now)


def _end(request: DataRequest, state: str, outcome: str, by: User, now: datetime) -> None:
    to = {"state": state, "outcome": outcome[:300], "ended_at": now, "ended_by": by}
    move(request, state=State.OPEN, to=to, else_=GONE)
