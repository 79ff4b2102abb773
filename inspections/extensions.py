"""More time for a notice: asked once before it is due, granted by the station's head or the town. 延期, DOMAIN B.6"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move

from . import notice_messages as messages
from . import notice_people as people
from . import notice_terms as terms
from . import notices
from .entries import Refused
from .models import Extension, Notice, NoticeEvent

Kind, State = NoticeEvent.Kind, Extension.State


def most_days(notice: Notice) -> int:
    """As many working days as the round gave without an extension."""
    turn = notice.round
    return terms.days_given(notice.finding.severity, turn.no, issued=turn.issued_on)


def is_possible(notice: Notice, by: User, *, now: datetime) -> bool:
    today = beijing_date(now)
    fresh = notice.is_unreplied and today <= notice.due_on and not hasattr(notice, "extension")
    return fresh and people.may_reply(by, notice, today=today)


@transaction.atomic
def ask(*, notice: Notice, days: int, reason: str, by: User, now: datetime) -> Extension:
    """The addressee asks for more working days, once, before the notice is due.

    Raises:
        PermissionDenied: not the addressee.
        Refused: no reason, or more days than the term had.
        WrongState: overdue, replied, settled, or asked before.
    """
    if not people.may_reply(by, notice, today=beijing_date(now)):
        raise PermissionDenied(f"延期由{notice.addressee}申请。")
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    most = most_days(notice)
    if not 1 <= days <= most:
        raise Refused({"days": f"最多延 {most} 个工作日，写 1 到 {most}。"})
    if not reason.strip():
        raise Refused({"reason": "写一句为什么要延期。"})
    if not is_possible(notice, by, now=now):
        raise WrongState("延期要在到期前申请，只能申请一次；这份现在不能延了。")
    with first_come("延期已经申请过了，等决定。"):
        row = Extension.objects.create(notice=notice, days=days, reason=reason.strip()[:200], asked_by=by, asked_at=now)
    notices.note(notice, Kind.EXTENSION_ASKED, by, now, f"{days} 个工作日：{reason.strip()}")
    messages.extension_asked(notice, now=now)
    return row


@transaction.atomic
def decide(*, extension: Extension, granted: bool, answer: str = "", by: User, now: datetime) -> None:
    """The station's head, for a major one the town's clerk, grants the days or does not.

    Raises:
        PermissionDenied: somebody else, or whoever asked.
        Refused: a refusal without a word why.
        WrongState: decided before, or the notice was replied or ended meanwhile.
    """
    notice = extension.notice
    if not people.may_extend(by, notice) or extension.asked_by_id == by.pk:
        raise PermissionDenied("延期由物管站站长决定，重大问题由镇物业办决定。")
    if not granted and not answer.strip():
        raise Refused({"answer": "不同意要写一句为什么。"})
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if granted and not locked.is_unreplied:
        raise WrongState("这份抄告已经回复或结束了，不用再延期。")
    to = {"state": State.GRANTED if granted else State.REFUSED, "decided_by": by, "decided_at": now}
    move(extension, state=State.ASKED, to=to | {"answer": answer.strip()[:200]}, else_="这个延期刚才已经决定了。")
    if granted:
        _lengthen(locked, extension.days)
    notice.refresh_from_db()
    words = f"延到 {notice.due_on}。{answer.strip()}" if granted else answer
    notices.note(notice, Kind.EXTENSION_GRANTED if granted else Kind.EXTENSION_REFUSED, by, now, words)
    messages.extension_decided(notice, now=now)


def _lengthen(notice: Notice, days: int) -> None:
    turn = notice.round
    turn.start_term(turn.term_start, turn.term_days + days)
    turn.escalation = 0
    turn.save(update_fields=["escalation", *notices.TERM])
