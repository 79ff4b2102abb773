"""求助函: what a firm cannot do alone goes in writing to the department that can. Plan 6 ⑵, DOMAIN B.8"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand, may
from inspections.models import Department
from lib.periods import beijing_date
from lib.states import move
from lib.typed_days import demand_come

from . import messages, planning
from .models import CampaignPlace, HelpRequest

State = HelpRequest.State
CHANGED = "刚才有人办过这份求助函，看看现在是哪一步。"


def may_ask(user: User, place: CampaignPlace) -> bool:
    """Whether the user's firm serves the community today, or the user keeps its registry."""
    return (may(user, Act.REPLY) and place.is_served_by(user)) or place.is_kept_by(user)


def demand_asker(user: User, place: CampaignPlace) -> None:
    """Raises PermissionDenied for whoever neither serves the community nor keeps its registry."""
    if not may_ask(user, place):
        raise PermissionDenied("求助函由这个小区现在的物业企业、物管站或者镇物业办来提。")


@transaction.atomic
def ask(*, place: CampaignPlace, text: str, asks: str, by: User, now: datetime) -> HelpRequest:
    """Says what cannot be done alone, and what a department should do; the office's clerks are told.

    Raises:
        PermissionDenied: neither of the firm that serves the community, nor of its station, nor of the office.
        WrongState: the campaign does not run.
        ValidationError: nothing written; by field.
    """
    demand_asker(by, place)
    planning.demand_running(place.campaign)
    row = HelpRequest(place=place, text=text.strip(), asks=asks.strip(), asked_by=by, asked_at=now)
    row.full_clean()
    row.save()
    messages.help_asked(row, now=now)
    return row


@transaction.atomic
def send(
    *, request: HelpRequest, department: Department, document: str, sent_on: date, by: User, now: datetime
) -> None:
    """The letter went out under a number of the town's document system; whoever asked is told.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: no number, a day to come or before it was asked; by field.
        WrongState: sent or dropped before.
    """
    demand(by, Act.CAMPAIGN)
    _demand_day("sent_on", sent_on, since=beijing_date(request.asked_at), now=now)
    if not document.strip():
        raise ValidationError({"document": "写上文号，公文系统里给的。"})
    to = {"state": State.SENT, "department": department, "document": document.strip()}
    move(request, state=State.ASKED, to=to | {"sent_on": sent_on, "sent_by": by}, else_=CHANGED)
    messages.help_sent(request, now=now)


@transaction.atomic
def drop(*, request: HelpRequest, reason: str, by: User, now: datetime) -> None:
    """It is not sent, and why; whoever asked is told.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: no reason; by field.
        WrongState: sent or dropped before.
    """
    demand(by, Act.CAMPAIGN)
    if not reason.strip():
        raise ValidationError({"reason": "写为什么不发，该怎么办。"})
    to = {"state": State.DROPPED, "answer": reason.strip(), "settled_on": beijing_date(now)}
    move(request, state=State.ASKED, to=to, else_=CHANGED)
    messages.help_settled(request, now=now)


@transaction.atomic
def answer(
    *, request: HelpRequest, answer: str, answer_document: str, settled_on: date, by: User, now: datetime
) -> None:
    """What the department wrote back, under its number; whoever asked is told.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: nothing written, no number, a day to come or before it was sent; by field.
        WrongState: not sent, or answered before.
    """
    demand(by, Act.CAMPAIGN)
    if request.sent_on:
        _demand_day("settled_on", settled_on, since=request.sent_on, now=now)
    for name, typed, needs in (
        ("answer", answer, "写部门怎么答复的。"),
        ("answer_document", answer_document, "写上答复的文号；口头答复的写“口头”和谁说的。"),
    ):
        if not typed.strip():
            raise ValidationError({name: needs})
    to = {"state": State.ANSWERED, "answer": answer.strip(), "answer_document": answer_document.strip()}
    move(request, state=State.SENT, to=to | {"settled_on": settled_on}, else_=CHANGED)
    messages.help_settled(request, now=now)


def _demand_day(field: str, day: date, *, since: date, now: datetime) -> None:
    demand_come(day, beijing_date(now), field=field)
    if day < since:
        raise ValidationError({field: f"不能早于 {since}。"})
