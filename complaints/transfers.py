"""A complaint goes to the body with power by a numbered letter, and is chased until it answers. DOMAIN B.8, E.4"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import User
from lib.periods import beijing_date
from lib.states import move
from rulebook import rules
from rulebook.workdays import add_working_days

from . import messages
from .events import Kind, note
from .models import Complaint, ComplaintTransfer, State
from .staffing import CHANGED, WORKED_ON, demand_staff, demand_words


@transaction.atomic
def transfer(*, complaint: Complaint, department: str, document_number: str, by: User, now: datetime, text: str = ""):
    """Hands a complaint to the body with power, by a numbered letter; it is chased until it answers. DOMAIN E.4, 0.6a

    Returns:
        The transfer.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no department, no number.
        WrongState: answered, over or handed over already.
    """
    demand_staff(by, complaint)
    wanted = {
        "department": (department, "写上移交给哪个部门。"),
        "document_number": (document_number, "写上移交函的文号。"),
    }
    demand_words(**wanted)
    move(complaint, state__in=WORKED_ON, to={"state": State.TRANSFERRED}, else_=CHANGED)
    day = beijing_date(now)
    row = ComplaintTransfer.objects.create(
        complaint=complaint,
        department=department.strip(),
        letter=document_number.strip(),
        sent_on=day,
        chase_on=add_working_days(day, rules.on(day, "transfer.chase_wd")).date,
        by=by,
    )
    note(complaint, Kind.TRANSFERRED, by=by, now=now, text=f"移交{row.department}，文号 {row.letter}。{text.strip()}")
    messages.to_complainants(complaint, messages.TRANSFERRED, now=now)
    return row


@transaction.atomic
def answered(*, transfer: ComplaintTransfer, answer: str, letter: str, by: User, now: datetime) -> None:
    """The department's answer, with the number of its letter; the case goes on and is answered by us. DOMAIN 0.6a

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: nothing said.
        WrongState: entered before.
    """
    complaint = transfer.complaint
    demand_staff(by, complaint)
    if not answer.strip():
        raise ValidationError({"answer": "写上部门怎么说。"})
    to = {"answered_on": beijing_date(now), "answer": answer.strip(), "answer_letter": letter.strip()}
    move(transfer, answered_on=None, to=to, else_="部门的答复刚才已经记过了。")
    move(complaint, state=State.TRANSFERRED, to={"state": State.HANDLING}, else_=CHANGED)
    words = f"{transfer.department}：{answer.strip()}"
    note(complaint, Kind.DEPARTMENT, by=by, now=now, text=words)


@transaction.atomic
def chase(*, transfer: ComplaintTransfer, by: User, now: datetime) -> None:
    """The department was reminded; the next time is due as long again after today.

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: it has answered.
    """
    demand_staff(by, transfer.complaint)
    day = beijing_date(now)
    again = add_working_days(day, rules.on(day, "transfer.chase_wd")).date
    to = {"chased": F("chased") + 1, "chase_on": again}
    move(transfer, answered_on=None, to=to, else_="部门已经答复了。")
    note(transfer.complaint, Kind.CHASED, by=by, now=now, text=f"催了{transfer.department}")
