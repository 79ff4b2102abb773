"""A complaint is taken up, given to somebody, begun, seen on the spot. DOMAIN E.2, E.3"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState, move

from . import messages, terms
from .events import Kind, note
from .kinds import Level
from .models import Complaint, State
from .staffing import CHANGED, WORKED_ON, demand_answerer, demand_staff, demand_words, over


@transaction.atomic
def accept(*, complaint: Complaint, by: User, now: datetime) -> None:
    """Staff take a complaint up (受理), within one working day. DOMAIN E.2

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: somebody was quicker.
    """
    demand_staff(by, complaint)
    move(complaint, state=State.REGISTERED, to={"state": State.ACCEPTED}, else_=CHANGED)
    note(complaint, Kind.ACCEPTED, by=by, now=now)


@transaction.atomic
def refuse(*, complaint: Complaint, reason: str, go_to: str, by: User, now: datetime) -> None:
    """Not accepted, with the reason and where to go instead; the complainant is told. DOMAIN E.2

    Raises:
        PermissionDenied, WrongState: as `accept`.
        ValidationError: no reason, or nowhere to go.
    """
    demand_staff(by, complaint)
    demand_words(reason=(reason, "写一句为什么不受理。"), go_to=(go_to, "写上该找谁、电话多少。"))
    day = beijing_date(now)
    to = {"state": State.NOT_ACCEPTED, "refused_why": reason.strip(), "go_to": go_to.strip(), **over(day)}
    move(complaint, state__in=[State.REGISTERED, State.ACCEPTED], to=to, else_=CHANGED)
    note(complaint, Kind.REFUSED, by=by, now=now, text=f"{reason.strip()} 可以找：{go_to.strip()}")
    messages.to_complainants(complaint, messages.REFUSED, now=now)


@transaction.atomic
def assign(
    *, complaint: Complaint, level: str, by: User, now: datetime, handler: User | None = None, text: str = ""
) -> None:
    """Gives a complaint to a level, and there to somebody; a raise restarts the term, once. DOMAIN E.3

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no firm serves the place, or the handler is not of that level.
        WrongState: it is not in work any more, or somebody has changed it just now.
    """
    demand_staff(by, complaint)
    new, day = Level(level), beijing_date(now)
    if new == Level.FIRM and complaint.firm_id is None:
        raise ValidationError({"level": "登记那天这个小区没有物业企业，交给物管站办。"})
    if complaint.is_final and new != Level.TOWN:
        raise ValidationError({"level": "要镇物业办作最终书面答复，不能再往下交。"})
    if handler and handler.pk not in messages.people_of(complaint, new, now):
        raise ValidationError({"handler": f"{handler}不在{new.label}，请另选经办人，或者空着。"})
    to = {"state": State.ASSIGNED, "level": new, "handler": handler}
    if new == Level.FIRM:
        to["firm_was_asked"] = True
    to |= _term_of_level(complaint, new, day)
    then = {"level": complaint.level, "state": complaint.state}
    if complaint.state not in WORKED_ON:
        raise WrongState(CHANGED)
    move(complaint, **then, to=to, else_=CHANGED)
    complaint.refresh_from_db(fields=["reply_by"])
    whom = complaint.firm.name if new == Level.FIRM else new.label
    note(complaint, Kind.ASSIGNED, by=by, now=now, text=f"交给{whom}。{text.strip()}")
    messages.assigned(complaint, now=now)


def _term_of_level(complaint: Complaint, new: Level, day: date) -> dict:
    """The term's columns when the level changes: from the day of the first raise, else from where it began."""
    if new == complaint.level:
        return {}
    is_raise = new.rank > Level(complaint.level).rank and not complaint.was_raised
    start = day if is_raise else complaint.term_start
    more = complaint.term_days - terms.days_of(complaint.level, complaint.term_start) if not is_raise else 0
    complaint.start_term(start, terms.days_of(new, start) + max(more, 0))
    return {"was_raised": complaint.was_raised or is_raise} | terms.columns(complaint)


@transaction.atomic
def start(*, complaint: Complaint, by: User, now: datetime) -> None:
    """Whoever answers has begun (在办).

    Raises:
        PermissionDenied: it is for another level.
        WrongState: begun before, or past it.
    """
    demand_answerer(by, complaint)
    from_ = [State.ACCEPTED, State.ASSIGNED, State.REOPENED]
    move(complaint, state__in=from_, to={"state": State.HANDLING, "handler": by}, else_=CHANGED)
    note(complaint, Kind.STARTED, by=by, now=now)


@transaction.atomic
def arrive(*, complaint: Complaint, by: User, now: datetime, text: str = "") -> None:
    """Somebody has been on the spot; noted once. DOMAIN E.3

    Raises:
        PermissionDenied: it is for another level.
        WrongState: noted before, or over.
    """
    demand_answerer(by, complaint)
    move(complaint, on_site_at=None, closed_on=None, to={"on_site_at": now}, else_="到场时间已经记过了。")
    note(complaint, Kind.ON_SITE, by=by, now=now, text=text)


@transaction.atomic
def remark(*, complaint: Complaint, text: str, by: User, now: datetime) -> None:
    """A note among staff; neither firm nor complainant reads it.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: nothing said.
    """
    demand_staff(by, complaint)
    demand_words(text=(text, "写一句备注。"))
    note(complaint, Kind.NOTE, by=by, now=now, text=text.strip())
