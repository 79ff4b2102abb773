"""The firm objects to a notice, once; the town's office decides, never the issuer. 异议, DOMAIN B.7"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, may
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move
from rulebook import rules

from . import findings, notices
from . import notice_messages as messages
from . import notice_people as people
from . import notice_terms as terms
from .entries import Refused
from .models import Notice, NoticeEvent, Objection

State, Kind = Notice.State, NoticeEvent.Kind


def window(notice: Notice):
    """The last day on which the firm may object; None while nobody has received it."""
    turn = notice.round
    return turn.received_on and terms.objection_until(turn.received_effective, issued=turn.issued_on)


def is_possible(notice: Notice, by: User, *, now: datetime) -> bool:
    """Received, still to be answered or looked at, in time, and not objected before."""
    until = window(notice) if notice.state in (State.RECEIVED, State.REPLIED) else None
    fresh = until is not None and beijing_date(now) <= until and not hasattr(notice, "objection")
    return fresh and may(by, Act.OBJECTION) and people.is_of_firm(by, notice)


@transaction.atomic
def raise_objection(*, notice: Notice, text: str, by: User, now: datetime) -> Objection:
    """The firm says why the notice is wrong; the term runs on.

    Raises:
        PermissionDenied: not the firm.
        Refused: empty.
        WrongState: not received yet, too late, settled, or objected before.
    """
    if not (may(by, Act.OBJECTION) and people.is_of_firm(by, notice)):
        raise PermissionDenied("异议由收到抄告的物业提。")
    if not text.strip():
        raise Refused({"text": "写一句有什么异议。"})
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    notices.deem(notice, now=now)
    if not is_possible(notice, by, now=now):
        within, _ = terms.objection_words(notice.round.issued_on)
        raise WrongState(f"签收后 {within}内可以提一次异议；现在不能提了。" if notice.is_open else "这份抄告已经结束。")
    row = Objection(notice=notice, text=text.strip()[:500], by=by, at=now)
    today = beijing_date(now)
    row.start_term(today, rules.on(today, "notice.objection_decide_wd"))
    with first_come("异议已经提过了，等镇物业办决定。"):
        row.save(force_insert=True)
    notices.note(notice, Kind.OBJECTED, by, now, text)
    messages.objected(notice, now=now)
    return row


@transaction.atomic
def decide(*, objection: Objection, upheld: bool, answer: str, by: User, now: datetime) -> None:
    """The town's office decides. Upheld: the notice is withdrawn, whatever its state, and its finding with it, unless
    the finding has been sent to another body as well.

    Raises:
        PermissionDenied: not the office's clerk, or the issuer.
        Refused: no reason.
        WrongState: decided before, or the notice ended meanwhile.
    """
    notice = objection.notice
    if not people.may_decide_objection(by, notice):
        raise PermissionDenied("异议由镇物业办经办决定，发出抄告的人不能决定。")
    if not answer.strip():
        raise Refused({"answer": "写一句决定的理由。"})
    state = Objection.State.UPHELD if upheld else Objection.State.REJECTED
    to = {"state": state, "decided_by": by, "decided_at": now, "answer": answer.strip()[:300]}
    move(objection, state=Objection.State.OPEN, to=to, else_="这个异议刚才已经决定了。")
    if upheld:
        _take_back(notice, f"异议成立：{answer.strip()}", by, now)
    notices.note(notice, Kind.OBJECTION_UPHELD if upheld else Kind.OBJECTION_REJECTED, by, now, answer)
    messages.objection_decided(notice, now=now)


def _take_back(notice: Notice, reason: str, by: User, now: datetime) -> None:
    to = {"state": State.WITHDRAWN, "withdrawn_reason": reason[:200]}
    notices.shift(notice, State.ISSUED, State.RECEIVED, State.REPLIED, to=to)
    notices.end_round(notice)
    if not findings.is_awaited(notice.finding):
        findings.withdraw(finding=notice.finding, reason=reason, by=by, now=now)
