"""The answer to everybody who complained; the town's last one waits for its head. DOMAIN D.7, E.2, E.5"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand_check, demand_other
from lib.periods import beijing_date
from lib.states import WrongState, move

from . import clock, messages, photos, terms
from .events import Kind, note
from .models import Answer, Complaint, ComplaintPhoto, State
from .staffing import CHANGED, WORKED_ON, demand_answerer, demand_words, over


@transaction.atomic
def answer(
    *,
    complaint: Complaint,
    text: str,
    by: User,
    now: datetime,
    photos_after: Sequence[UUID] = (),
    seen: int | None = None,
) -> Answer:
    """The answer to everybody who complained; of two at once the first one stands. DOMAIN E.2, D.7

    Where the town's final answer is due, this drafts it: its head passes it (`check_final`).

    Args:
        seen: the round that the writer saw; an answer to an earlier round is refused.

    Raises:
        PermissionDenied: it is for another level.
        ValidationError: nothing said.
        WrongState: answered, or changed, in the meantime.
    """
    demand_answerer(by, complaint)
    demand_words(text=(text, "写上怎么办的、结果是什么。"))
    if complaint.state not in WORKED_ON or seen not in (None, complaint.reopened):
        raise WrongState(CHANGED)
    row = Answer(complaint=complaint, level=complaint.level, text=text.strip(), by=by, at=now)
    row.round, row.is_final = complaint.reopened + complaint.is_final, complaint.is_final
    if not complaint.is_final:
        settle_answered(complaint, now=now)
    else:
        _hold_draft(complaint)
    row.save()
    photos.bind(complaint, photos_after, kind=ComplaintPhoto.Kind.AFTER)
    note(complaint, Kind.FINAL_DRAFTED if row.is_final else Kind.ANSWERED, by=by, now=now, text=text.strip())
    (messages.final_drafted if row.is_final else messages.answered)(complaint, now=now)
    return row


def settle_answered(complaint: Complaint, *, now: datetime) -> None:
    """The case waits for what its people say. The caller writes the answer.

    Raises:
        WrongState: somebody was quicker.
    """
    day = beijing_date(now)
    clock.end_pause(complaint, day)
    to = {"state": State.REPLIED, "replied_on": day, "close_on": terms.close_on(day).date}
    move(complaint, state=complaint.state, reopened=complaint.reopened, to=to, else_=CHANGED)


def _hold_draft(complaint: Complaint) -> None:
    held = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if held.state != complaint.state or complaint.answers.filter(is_final=True, checked_by=None, sent_back="").exists():
        raise WrongState("已经有一份最终答复在等负责人复核。")


@transaction.atomic
def check_final(*, answer: Answer, by: User, now: datetime) -> None:
    """The town's head passes the final answer: it is given, and the case is over. DOMAIN D.7, E.5

    Raises:
        PermissionDenied: not the head, or the head wrote it.
        WrongState: passed or sent back before.
    """
    demand_check(by, Act.COMPLAINT_FINAL)
    demand_other(by, answer.by_id)
    gone = "这份最终答复刚才已经有人复核过了。"
    move(answer, is_final=True, checked_by=None, sent_back="", to={"checked_by": by, "checked_at": now}, else_=gone)
    complaint, day = answer.complaint, beijing_date(now)
    clock.end_pause(complaint, day)
    to = {"state": State.CLOSED, "replied_on": day, **over(day)}
    move(complaint, state__in=WORKED_ON, is_final=True, to=to, else_=CHANGED)
    note(complaint, Kind.ANSWERED, by=answer.by, now=now, text=f"最终书面答复：{answer.text}")
    note(complaint, Kind.CLOSED, by=by, now=now)
    messages.answered(complaint, now=now)


@transaction.atomic
def send_back_final(*, answer: Answer, reason: str, by: User, now: datetime) -> None:
    """The town's head sends the draft back with a reason; another one is written.

    Raises:
        PermissionDenied, WrongState: as `check_final`.
        ValidationError: no reason.
    """
    demand_check(by, Act.COMPLAINT_FINAL)
    demand_other(by, answer.by_id)
    demand_words(reason=(reason, "写一句要改什么。"))
    gone = "这份最终答复刚才已经有人复核过了。"
    move(answer, is_final=True, checked_by=None, sent_back="", to={"sent_back": reason.strip()[:200]}, else_=gone)
    note(answer.complaint, Kind.FINAL_SENT_BACK, by=by, now=now, text=reason.strip())
