"""Looking again: passed settles the notice, failed opens the next round. 复查, DOMAIN B.7"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from communities.models import Community
from lib.periods import beijing_date
from lib.states import WrongState
from rulebook import rules

from . import findings, notices
from . import notice_messages as messages
from . import notice_people as people
from .entries import Refused
from .models import Notice, NoticeEvent, NoticeRound, PatrolPhoto, Recheck, Severity

State, Kind, Outcome = Notice.State, NoticeEvent.Kind, NoticeRound.Outcome
ALREADY = "刚才已经有人复查过了，看看结果。"


@transaction.atomic
def recheck(
    *,
    notice: Notice,
    passed: bool,
    note: str = "",
    photos: Sequence[UUID] = (),
    by: User,
    now: datetime,
    client_id: UUID | None = None,
) -> Recheck:
    """Records what somebody saw on the spot. Passed: the notice and its finding are settled. Failed: the next round.

    Args:
        note: what is still wrong; needed when it failed.
        photos: client ids of photos that were sent ahead; none are needed.
        client_id: what the phone called it; sent twice under one id, it is one recheck.

    Raises:
        PermissionDenied: the firm itself, somebody from elsewhere, or a major one by its issuer alone.
        Refused: neither passed nor failed, or failed without a word why.
        WrongState: there is no reply to look at, or somebody was quicker; nothing is written.
    """
    client_id = client_id or uuid4()
    if known := Recheck.objects.filter(client_id=client_id, by=by).first():
        return known
    _demand_rechecker(notice, by)
    if passed not in (True, False):
        raise Refused({"passed": "选合格或者不合格。"})
    if not passed and not note.strip():
        raise Refused({"note": "不合格要写一句哪里没好。"})
    to = {"state": State.CLOSED, "closed_on": beijing_date(now)} if passed else {"state": State.ISSUED}
    turn = _replied_round(notice)
    notices.shift(notice, State.REPLIED, to=to, round_no=turn.no)
    seen = Recheck.objects.create(
        round=turn, passed=passed, note=note.strip()[:500], by=by, at=now, client_id=client_id
    )
    notices.bind_photos(turn, PatrolPhoto.Kind.RECHECK, photos, by=by)
    turn.outcome = Outcome.PASSED if passed else Outcome.FAILED
    turn.save(update_fields=["outcome"])
    _settle(notice, note, by, now) if passed else _once_more(notice, turn, note, by, now)
    return seen


def waiting_here(community: Community, user: User):
    """What the user may look at again while patrolling a community."""
    rows = Notice.objects.to_recheck().filter(community=community, community__in=Community.objects.overseen_by(user))
    return rows.exclude(issued_by=user, finding__severity=Severity.MAJOR).with_row_parts().most_pressing_first()


def _demand_rechecker(notice: Notice, by: User) -> None:
    if people.may_recheck(by, notice):
        return
    if notice.is_major and notice.issued_by_id == by.pk:
        raise PermissionDenied("重大问题不能只由发出抄告的人复查，请物管站站长或镇物业办来复查。")
    raise PermissionDenied("复查由联系这个小区的干部、物管站站长或镇物业办做，物业不能自己复查。")


def _replied_round(notice: Notice) -> NoticeRound:
    turn = notice.rounds.open().exclude(replied_at=None).first()
    if turn is None:
        state = Notice.objects.values_list("state", flat=True).get(pk=notice.pk)
        raise WrongState(ALREADY if state == State.CLOSED else "还没有整改回复，现在不用复查。")
    return turn


def _settle(notice: Notice, note: str, by: User, now: datetime) -> None:
    notices.note(notice, Kind.PASSED, by, now, note)
    findings.close(finding=notice.finding, by=by, now=now, text=f"{notice}复查合格，销号")
    messages.closed(notice, now=now)


def _once_more(notice: Notice, turn: NoticeRound, note: str, by: User, now: datetime) -> None:
    notices.note(notice, Kind.FAILED, by, now, note)
    issued, late_since = beijing_date(now), _late_since(turn)
    notices.open_round(notice, no=turn.no + 1, issued=issued, late_since=late_since)
    notice.refresh_from_db()
    messages.failed(notice, now=now)
    _report(notice, turn.no, now)


def _report(notice: Notice, failed: int, now: datetime) -> None:
    """So many failed rechecks make a big problem: told to the town's office the same day. DOMAIN B.8

    Each round but the present one has failed, so their number is that of the last one.
    """
    if failed >= rules.on(beijing_date(now), "escalate.failed_rechecks"):
        notices.note(notice, Kind.ESCALATED, None, now, f"复查 {failed} 次不合格，大问题。")
        messages.big(notice, now=now)


def _late_since(turn: NoticeRound) -> date | None:
    """The due day of the first round that was late: from it the days of a later overdue round are counted. B.7"""
    return turn.late_since or (None if turn.is_on_time else turn.due_on)


@transaction.atomic
def say_whether_fixed(*, notice: Notice, fixed: bool, text: str, by: User, now: datetime) -> None:
    """Whoever reported it answers 修好了吗; 没好 stands beside the recheck and decides nothing by itself.

    Raises:
        PermissionDenied: somebody else.
        Refused: 没好 without a word where.
        WrongState: nothing waits for a recheck.
    """
    if notice.finding.found_by_id != by.pk:
        raise PermissionDenied("“修好了吗”由上报的人来答。")
    if not fixed and not text.strip():
        raise Refused({"text": "写一句哪里没好。"})
    if not Notice.objects.select_for_update().filter(pk=notice.pk, state=State.REPLIED).exists():
        raise WrongState("现在不等复查，不用再答。")
    notices.note(notice, Kind.SAID_FIXED if fixed else Kind.SAID_NOT, by, now, text)
