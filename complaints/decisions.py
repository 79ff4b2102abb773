"""What the station finds out and writes down: how a mediation went, whether the firm was to blame. DOMAIN D.7, E.4"""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand_check
from lib.states import WrongState, first_come

from . import staffing
from .events import Kind, note
from .models import Complaint, Mediation, State, UpheldComplaint


@transaction.atomic
def mediate(
    *,
    complaint: Complaint,
    level: str,
    held_on: date,
    parties: str,
    proposals: str,
    outcome: str,
    by: User,
    now: datetime,
    agreement: str = "",
) -> Mediation:
    """One sitting of a mediation, by village committee or town: parties, proposals, agreement or 未达成. DOMAIN E.4

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: something is missing.
        WrongState: the case is over.
    """
    staffing.demand_staff(by, complaint)
    if complaint.is_over:
        raise WrongState(staffing.CHANGED)
    words = {"parties": parties.strip(), "proposals": proposals.strip(), "agreement": agreement.strip()}
    row = Mediation(complaint=complaint, level=level, held_on=held_on, outcome=outcome, by=by, at=now, **words)
    row.full_clean(exclude=["complaint"])
    row.save()
    said = f"{row.get_level_display()}主持调处，{row.get_outcome_display()}"
    note(complaint, Kind.MEDIATED, by=by, now=now, text=said)
    return row


@transaction.atomic
def uphold(*, complaint: Complaint, is_upheld: bool, reason: str, by: User, now: datetime) -> UpheldComplaint:
    """The station decides, once, whether the firm of that day was to blame; never the firm itself. DOMAIN D.7

    Raises:
        PermissionDenied: not the station of the place.
        ValidationError: no reason.
        WrongState: decided before, not answered yet, merged, or there was no firm.
    """
    demand_check(by, Act.COMPLAINT_ANSWER)
    staffing.demand_staff(by, complaint)
    if complaint.firm_id is None or complaint.state not in (State.REPLIED, State.RATED, State.CLOSED):
        raise WrongState("有物业企业、已经答复的投诉才认定责任；并案的在主案里认定。")
    what = {"community": complaint.community, "firm": complaint.firm, "category": complaint.category}
    row = UpheldComplaint(complaint=complaint, is_upheld=is_upheld, reason=reason.strip(), by=by, at=now, **what)
    row.day = complaint.registered_on
    row.full_clean(exclude=["complaint", "community", "firm"], validate_unique=False)
    with first_come("责任已经认定过了。"):
        row.save()
    note(complaint, Kind.UPHELD if is_upheld else Kind.NOT_UPHELD, by=by, now=now, text=row.reason)
    return row
