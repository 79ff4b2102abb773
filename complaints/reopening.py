"""An answer did not satisfy, or somebody takes the complaint back. DOMAIN E.5"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState, move
from rulebook import rules

from . import messages, terms
from .events import Kind, note
from .kinds import Level
from .models import Complainant, Complaint, State
from .staffing import ANSWERED, CHANGED, WORKED_ON, demand_staff, demand_words, over


@transaction.atomic
def reopen(
    *, complaint: Complaint, reason: str, now: datetime, by: User | None = None, complainant: Complainant | None = None
) -> None:
    """An answer did not satisfy: one level higher, with a new clock; after the last time the town answers finally.
    DOMAIN E.5

    Args:
        by: staff who reopen it; None when the complainant does, through the link.

    Raises:
        PermissionDenied: neither the complainant nor staff of the place.
        ValidationError: no reason.
        WrongState: not answered, or its days are past.
    """
    _demand_reopener(complaint, by, complainant)
    demand_words(reason=(reason, "写一句哪里没办好，好按您说的去办。"))
    day = beijing_date(now)
    if complaint.state not in ANSWERED:
        raise WrongState("这件投诉现在没有在等评价的答复，不能退回。")
    if day > terms.reopen_until(complaint.replied_on):
        raise WrongState("能退回重办的日子过了。还没好的话，请再登记一件。")
    most = rules.on(complaint.registered_on, "complaint.max_reopen")
    last = complaint.reopened >= most
    level = Level.TOWN if last else Level(complaint.level).above
    complaint.start_term(day, terms.days_of(level, day))
    to = {
        "state": State.REOPENED,
        "level": level,
        "is_final": last,
        "handler": None,
        "replied_on": None,
        "close_on": None,
    }
    to |= {"reopened": complaint.reopened + (not last), "extended_days": 0} | terms.columns(complaint)
    move(complaint, state__in=ANSWERED, reopened=complaint.reopened, to=to, else_=CHANGED)
    complaint.refresh_from_db(fields=["reply_by"])
    whose = "要镇物业办作最终书面答复" if last else f"升到{level.label}"
    note(complaint, Kind.REOPENED, by=by, now=now, text=f"{reason.strip()}（{whose}）")
    messages.reopened(complaint, now=now)


def _demand_reopener(complaint: Complaint, by: User | None, complainant: Complainant | None) -> None:
    if complainant is not None and complaint.pk in (complainant.complaint_id, complainant.complaint.merged_into_id):
        return
    if by is None:
        raise PermissionDenied("退回重办要由投诉人自己来，或者由工作人员替他办。")
    demand_staff(by, complaint)


@transaction.atomic
def withdraw(*, complaint: Complaint, reason: str, now: datetime, by: User | None = None) -> None:
    """The complainant takes it back; it stays readable. Several who joined cannot be taken back by one.

    Raises:
        PermissionDenied: staff of another place.
        ValidationError: no reason.
        WrongState: answered, or others have joined.
    """
    if by is not None and not complaint.complainants.filter(user=by).exists():
        demand_staff(by, complaint)
    demand_words(reason=(reason, "写一句为什么撤回。"))
    if Complainant.objects.of_case(complaint).count() > 1:
        raise WrongState("还有别人遇到同一件事，这件要接着办，不能撤回。")
    move(
        complaint,
        state__in=[State.REGISTERED, *WORKED_ON],
        to={"state": State.WITHDRAWN, **over(beijing_date(now))},
        else_=CHANGED,
    )
    note(complaint, Kind.WITHDRAWN, by=by, now=now, text=reason.strip())
