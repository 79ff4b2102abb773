"""How an answer is judged: rated by link, by telephone where no answer came online, and then closed. DOMAIN E.5"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move

from . import findings, reopening, staffing, terms
from .events import Kind, note
from .models import Complainant, Complaint, Rating, State


@transaction.atomic
def rate(
    *,
    complainant: Complainant,
    score: int,
    now: datetime,
    reason: str = "",
    is_fixed: bool | None = None,
    called_by: User | None = None,
) -> Rating:
    """Somebody who complained judges the answer, once; 1 or 2 with a reason sends the case back one level higher.

    Args:
        called_by: who asked by telephone (回访); never the one who answered. None: the complainant, through the link.

    Raises:
        PermissionDenied: the caller handles no complaints of this place, or gave the answer.
        ValidationError: no score, dissatisfied without a reason.
        WrongState: nothing to judge, or judged already.
    """
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complainant.complaint.main.pk)
    if called_by is not None:
        _demand_caller(called_by, complaint)
    if complaint.state not in staffing.ANSWERED:
        raise WrongState("现在没有在等评价的答复。")
    row = Rating(complainant=complainant, round=complaint.reopened, score=score, at=now)
    row.reason, row.is_fixed, row.called_by = reason.strip(), is_fixed, called_by
    _demand_whole(row)
    with first_come("这次答复您已经评价过了。"):
        row.save()
    kind = Kind.CALLED if called_by else Kind.RATED
    note(complaint, kind, by=called_by, now=now, text=f"{row.get_score_display()}。{row.reason}".rstrip("。"))
    if is_fixed is not None and findings.waits_for_look(complainant):  # answered before the recheck of its notice
        findings.look(complainant=complainant, fixed=is_fixed, now=now)
    _follow(complaint, complainant, row, now)
    return row


def _demand_whole(row: Rating) -> None:
    if row.score not in Rating.Score.values:
        raise ValidationError({"score": "选一档。"})
    if row.is_dissatisfied and not row.reason:
        raise ValidationError({"reason": "写一句哪里不满意，好按您说的去办。"})


def _demand_caller(by: User, complaint: Complaint) -> None:
    staffing.demand_staff(by, complaint)
    last = complaint.answers.order_by("-at", "-pk").first()
    if by.pk in (complaint.handler_id, last and last.by_id):
        raise PermissionDenied("回访要由别人来做，不能是办这件事、答复的人自己。")


def _follow(complaint: Complaint, complainant: Complainant, row: Rating, now: datetime) -> None:
    """Back to the next level when it did not satisfy; over when everybody has said that it did."""
    if row.is_dissatisfied and beijing_date(now) <= terms.reopen_until(complaint.replied_on):
        reopening.reopen(complaint=complaint, reason=row.reason, complainant=complainant, by=row.called_by, now=now)
        return
    if complaint.state == State.REPLIED:
        move(complaint, state=State.REPLIED, to={"state": State.RATED}, else_=staffing.CHANGED)
    waits = Complaint.objects.with_open_petition().filter(pk=complaint.pk).exists()
    if not waits and not Complainant.objects.of_case(complaint).unrated().exists():
        close(complaint, now=now)


@transaction.atomic
def close(complaint: Complaint, *, now: datetime, by: User | None = None) -> bool:
    """Ends an answered case; run twice, or by two workers, it is done once."""
    day = beijing_date(now)
    to = {"state": State.CLOSED, **staffing.over(day)}
    try:
        move(complaint, state__in=staffing.ANSWERED, to=to, else_=staffing.CHANGED)
    except WrongState:
        return False
    note(complaint, Kind.CLOSED, by=by, now=now)
    return True


def close_unrated(*, now: datetime) -> int:
    """Closes what was answered and not rated within its days; shown as 未评价, not as satisfied. DOMAIN E.2"""
    rows = Complaint.objects.to_close(beijing_date(now)).order_by("close_on", "pk")
    return sum(close(complaint, now=now) for complaint in rows.iterator(chunk_size=200))
