"""Matters that need a body with power: drafted here, sent and answered by the town's office. DOMAIN B.8, 0.6"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.roles import Act, demand
from communities import contacts
from lib.periods import beijing_date
from lib.states import first_come, move

from . import findings, notices
from . import notice_messages as messages
from .models import CheckItem, Department, Finding, Notice, NoticeEvent, Transfer

State = Transfer.State


def department_of(item: CheckItem, *, today: date) -> Department:
    """The department whose codes fit the item best; the one without codes for everything else."""
    standing = Department.objects.filter(Q(ended_on=None) | Q(ended_on__gte=today))
    fits = [(len(code), one) for one in standing for code in one.codes.split() or [""] if item.code.startswith(code)]
    return max(fits, key=lambda pair: pair[0])[1]


@transaction.atomic
def draft(*, finding: Finding, by: User | None, now: datetime) -> Transfer:
    """A draft addressed by what was found; the office is told the same day, completes and sends it. DOMAIN B.8

    Raises:
        WrongState: there is one already.
    """
    department = department_of(finding.item, today=beijing_date(now))
    notice = finding.notices.open().first()
    with first_come("这个问题已经有移交的草稿，或者已经移交了。"):
        row = Transfer.objects.create(
            finding=finding, notice=notice, department=department, drafted_by=by, drafted_at=now
        )
    messages.drafted(row, now=now)
    return row


def draft_waiting(*, now: datetime) -> int:
    """Drafts for open findings that the cadre wants handed to a department; returns how many are new."""
    waiting = Finding.objects.open().filter(handling=Finding.Handling.TRANSFER).exclude(transfers__isnull=False)
    rows = list(waiting.select_related("item")[:500])
    for finding in rows:
        draft(finding=finding, by=None, now=now)
    return len(rows)


@transaction.atomic
def send(
    *, transfer: Transfer, department: Department, document_no: str, expected_on: date, by: User, now: datetime
) -> None:
    """The office has sent it under a number of the town's document system; an open notice becomes 已移交.

    Raises:
        PermissionDenied: not of the town's office.
        Refused: no number, or a day that has passed.
        WrongState: sent or dropped before.
    """
    demand(by, Act.TRANSFER)
    today = beijing_date(now)
    notices.demand(
        document_no=(document_no.strip(), "写上文号。"),
        expected_on=(expected_on > today, "要求回复的日期要在今天以后。"),
    )
    to = {"state": State.SENT, "department": department, "document_no": document_no.strip()}
    to |= {"sent_by": by, "sent_on": today, "expected_on": expected_on, "notice": _open_notice(transfer)}
    move(transfer, state=State.DRAFT, to=to, else_="这份移交刚才已经办了。")
    if transfer.notice:
        open_ = (Notice.State.ISSUED, Notice.State.RECEIVED, Notice.State.REPLIED)
        notices.shift(transfer.notice, *open_, to={"state": Notice.State.TRANSFERRED})
        notices.end_round(transfer.notice)
        notices.note(transfer.notice, NoticeEvent.Kind.TRANSFERRED, by, now, f"{department}，{document_no.strip()}")


def _open_notice(transfer: Transfer) -> Notice | None:
    return transfer.finding.notices.open().first()


@transaction.atomic
def settle(*, transfer: Transfer, answer: str, answer_no: str = "", by: User, now: datetime) -> None:
    """The department has answered, so the matter is closed. DOMAIN B.7

    Raises:
        PermissionDenied: not of the town's office.
        Refused: no answer.
        WrongState: not sent, or settled before.
    """
    demand(by, Act.TRANSFER)
    notices.demand(answer=(answer.strip(), "写上部门怎么答复的。"))
    to = {"state": State.ANSWERED, "answer_no": answer_no.strip(), **_settled(answer, by, now)}
    move(transfer, state=State.SENT, to=to, else_="这份移交还没发出，或者刚才已经办结了。")
    _close(transfer, f"{transfer.department}答复：{answer.strip()}", by, now)


@transaction.atomic
def drop(*, transfer: Transfer, reason: str, by: User, now: datetime) -> None:
    """A draft that is not sent: the finding stays open. One that was sent ends by the office's written reason.

    Raises:
        PermissionDenied: not of the town's office.
        Refused: no reason.
        WrongState: settled before.
    """
    demand(by, Act.TRANSFER)
    notices.demand(reason=(reason.strip(), "写一句为什么。"))
    was_sent = transfer.state == State.SENT
    to = {"state": State.DROPPED, **_settled(reason, by, now)}
    move(transfer, state=transfer.state, to=to, else_="这份移交刚才已经办了。")
    if was_sent:
        _close(transfer, f"镇物业办办结：{reason.strip()}", by, now)


def _settled(answer: str, by: User, now: datetime) -> dict:
    return {"answer": answer.strip()[:500], "settled_by": by, "settled_on": beijing_date(now)}


def _close(transfer: Transfer, words: str, by: User, now: datetime) -> None:
    if transfer.notice:
        closed = {"state": Notice.State.CLOSED, "closed_on": beijing_date(now)}
        notices.shift(transfer.notice, Notice.State.TRANSFERRED, to=closed)
        notices.note(transfer.notice, NoticeEvent.Kind.ANSWERED, by, now, words)
    findings.close(finding=transfer.finding, by=by, now=now, text=words)


def lines_to_call() -> list[contacts.Line]:
    """Departments with a telephone, for the public page of whom to call. R01"""
    rows = Department.objects.filter(ended_on=None).exclude(phone="")
    return [contacts.Line(row.name, row.phone) for row in rows]
