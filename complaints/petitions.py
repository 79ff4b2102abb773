"""Petitions (信访事项): a written notice, a decision, one extension, each with its letter, on a clock of their own.
信访工作条例 22 and 34, DOMAIN E.3
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from lib.periods import DAY, beijing_date
from lib.states import WrongState, first_come, move
from lib.text import day_words
from rulebook import rules

from .events import Kind, note
from .models import Complaint, Petition
from .staffing import demand_staff, demand_words

GONE = "这件信访事项刚才已经变了，看看现在到哪一步。"


@transaction.atomic
def begin(*, complaint: Complaint, by: User, now: datetime) -> Petition:
    """The complaint is handled as a petition, too: both terms are calendar days from its registration.

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: it is one already, or over.
    """
    demand_staff(by, complaint)
    if complaint.is_over:
        raise WrongState("已经办结了，不能再按信访事项办。")
    day = complaint.registered_on
    terms = {
        "notice_by": day + rules.on(day, "petition.notice_days") * DAY,
        "decide_by": day + rules.on(day, "petition.decide_days") * DAY,
    }
    with first_come("已经按信访事项在办。"):
        row = Petition.objects.create(complaint=complaint, received_on=day, by=by, **terms)
    said = f"{day_words(row.notice_by)}前书面告知是否受理，{day_words(row.decide_by)}前出具处理意见"
    note(complaint, Kind.PETITION, by=by, now=now, text=said)
    return row


@transaction.atomic
def give_notice(*, complaint: Complaint, letter: str, by: User, now: datetime) -> None:
    """The petitioner was told in writing whether it is taken up.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no number of the letter.
        WrongState: told before.
    """
    row = _own(complaint, by)
    demand_words(letter=(letter, "写上告知书的文号。"))
    to = {"noticed_on": beijing_date(now), "notice_letter": letter.strip()}
    move(row, noticed_on=None, to=to, else_=GONE)
    note(complaint, Kind.PETITION_NOTICE, by=by, now=now, text=f"告知书 {letter.strip()}")


@transaction.atomic
def extend(*, complaint: Complaint, reason: str, by: User, now: datetime) -> None:
    """The decision takes longer, once, by the days of the rule; said before its term ends.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no reason.
        WrongState: extended before, decided, or past its term.
    """
    row, day = _own(complaint, by), beijing_date(now)
    demand_words(reason=(reason, "写一句为什么延期，信访人看得到。"))
    if day > row.decide_by:
        raise WrongState("已经过了期限，不能再延期。请尽快出具处理意见。")
    longer = row.decide_by + rules.on(row.received_on, "petition.extend_days") * DAY
    to = {"decide_by": longer, "extended_on": day, "extended_why": reason.strip()}
    move(row, extended_on=None, decided_on=None, to=to, else_=GONE)
    note(complaint, Kind.PETITION_LONGER, by=by, now=now, text=f"延到{day_words(longer)}：{reason.strip()}")


@transaction.atomic
def decide(*, complaint: Complaint, letter: str, by: User, now: datetime) -> None:
    """The decision was given in writing; the petition is over, whatever the complaint still waits for.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no number of the letter.
        WrongState: no notice yet, or decided before.
    """
    row = _own(complaint, by)
    demand_words(letter=(letter, "写上处理意见书的文号。"))
    if row.noticed_on is None:
        raise WrongState("先书面告知是否受理，再出具处理意见。")
    move(row, decided_on=None, to={"decided_on": beijing_date(now), "decision_letter": letter.strip()}, else_=GONE)
    note(complaint, Kind.PETITION_ENDED, by=by, now=now, text=f"处理意见书 {letter.strip()}")


def _own(complaint: Complaint, by: User) -> Petition:
    demand_staff(by, complaint)
    row = Petition.objects.filter(complaint=complaint).first()
    if row is None:
        raise WrongState("这件不是信访事项。")
    return row
