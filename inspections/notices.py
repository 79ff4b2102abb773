"""Notices on their way: issued, signed for, answered, withdrawn. DOMAIN B.6, B.7

Each act moves the notice first, by a conditional UPDATE; whoever comes second gets WrongState and nothing is written.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import User
from accounts.roles import Act, may
from communities.responsibility import Responsible, answering_on, responsible_on
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move

from . import notice_messages as messages
from . import notice_people as people
from . import notice_terms, photos
from .entries import Refused
from .models import Finding, Notice, NoticeEvent, NoticeRound, PatrolPhoto

State, Kind = Notice.State, NoticeEvent.Kind
TERM = ("term_start", "term_days", "due_on", "due_provisional")
AFTERWARDS = {
    State.ISSUED: "这份抄告还没签收，先签收再回复。",
    State.RECEIVED: "这份抄告刚才已经签收了，现在等整改回复。",
    State.REPLIED: "这份抄告刚才已经回复了，现在等复查。",
    State.CLOSED: "这份抄告刚才已经办结了，不用再办。",
    State.WITHDRAWN: "这份抄告刚才已经撤销了，不用再办。",
    State.TRANSFERRED: "这份抄告刚才已经移交给部门了，不用再办。",
}


def shift(notice: Notice, *states: str, to: dict, **where) -> None:
    """Moves a notice from one of these states; whoever comes second reads how it stands now.

    Raises:
        WrongState: it is in none of them any more.
    """
    try:
        move(notice, state__in=states, to=to, else_="", **where)
    except WrongState:
        now = Notice.objects.values_list("state", flat=True).get(pk=notice.pk)
        raise WrongState(AFTERWARDS[now]) from None


def note(notice: Notice, kind: str, by: User | None, now: datetime, text: str = "") -> None:
    """One line more in the time line."""
    NoticeEvent.objects.create(
        notice=notice, round_no=notice.round_no, kind=kind, by=by, at=now, text=text.strip()[:500]
    )


# ---------------------------------------------------------------- issuing


@transaction.atomic
def issue(*, finding: Finding, by: User, now: datetime) -> Notice:
    """Sends a finding to whoever answered for the community on the day it was found, or whoever has taken that over by
    the contract: 抄告. DOMAIN B.7, ARCHITECTURE

    Raises:
        PermissionDenied: neither a cadre of the community nor of the office.
        WrongState: the finding is settled or withdrawn, or this body has been sent it already.
    """
    demand_issuer(finding, by)
    return send(finding=finding, by=by, now=now)


def demand_issuer(finding: Finding, by: User) -> None:
    """Raises PermissionDenied for somebody who patrols neither this community nor the whole town."""
    if not (may(by, Act.PATROL) or may(by, Act.COVERT_PATROL) or may(by, Act.ROOT_CAUSE)):
        raise PermissionDenied("抄告由联系干部、物管站或镇物业办发。")
    own = finding.found_by_id == by.pk
    if not own and not people.Community.objects.overseen_by(by).filter(pk=finding.community_id).exists():
        raise PermissionDenied("这个小区不归您联系，抄告由它的联系干部发。")


def send(*, finding: Finding, by: User, now: datetime, body: Responsible | None = None) -> Notice:
    """As `issue`, by whoever the caller has asked for; to ``body`` where the caller knows better who answers."""
    if Finding.objects.select_for_update().get(pk=finding.pk).state != Finding.State.OPEN:
        raise WrongState("这个问题已经办结或撤销，不用抄告。")
    today = beijing_date(now)
    body = body or answering_on(finding.community, finding.found_on, today)
    addressee = {"firm": body.firm, "village": body.village, "body": "" if body.firm or body.village else body.name}
    with first_come("这个问题已经抄告过这一家，不用再发。"):
        notice = Notice.objects.create(
            number=next_number(today.year),
            finding=finding,
            community=finding.community,
            issued_by=by,
            issued_at=now,
            issued_on=today,
            **addressee,
        )
    turn = open_round(notice, no=1, issued=today)
    Notice.objects.filter(pk=notice.pk).update(plan_by=_plan_by(turn))
    notice.refresh_from_db(fields=["due_on", "due_provisional", "plan_by"])
    days = notice_terms.days_given(finding.severity, 1, issued=today)
    note(notice, Kind.ISSUED, by, now, f"发给{notice.addressee}。自签收之日起 {days} 个工作日，最迟 {notice.due_on}。")
    messages.issued(notice, now=now)
    return notice


NEXT = """
INSERT INTO inspections_yearnumber (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = inspections_yearnumber.last + 1 RETURNING last
"""


def next_number(year: int) -> str:
    """抄告〔2026〕0007: one sequence a year for the town, without gaps."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [year])
        (number,) = cursor.fetchone()
    return f"抄告〔{year}〕{number:04}"


def open_round(notice: Notice, *, no: int, issued: date, late_since: date | None = None) -> NoticeRound:
    """A further round whose term follows the deemed receipt until somebody signs."""
    deemed = notice_terms.deemed_receipt(issued)
    turn = NoticeRound(notice=notice, no=no, issued_on=issued, deemed_on=deemed.date, late_since=late_since)
    turn.start_term(deemed.date, notice_terms.days_given(notice.finding.severity, no, issued=issued))
    turn.due_provisional |= deemed.provisional
    turn.save()
    return turn


def _plan_by(turn: NoticeRound) -> date | None:
    """Until when the three fields are asked for."""
    if not turn.notice.needs_plan:
        return None
    return notice_terms.plan_until(turn.received_effective, issued=turn.issued_on)


# ---------------------------------------------------------------- signing


@transaction.atomic
def receive(*, notice: Notice, by: User, now: datetime) -> None:
    """The addressee signs for the notice (签收), which fixes the round's term. DOMAIN B.6

    Raises:
        PermissionDenied: not the addressee; for a group or village committee not the station's clerk.
        WrongState: somebody signed before, or it was withdrawn; nothing is written.
    """
    if not people.may_sign(by, notice):
        raise PermissionDenied(f"这份抄告由{notice.addressee}签收。")
    _receive(notice, by.name, by, now)


@transaction.atomic
def receive_on_paper(
    *, notice: Notice, signer: str, photos: Sequence[UUID], call: str = "", by: User, now: datetime
) -> None:
    """A firm without an account has signed on paper; the cadre records it with a photo of the signed form. B.7

    Args:
        signer: who signed.
        photos: client ids of photos of the form, at least one.
        call: who answered the telephone and what they said; a major one needs it.

    Raises:
        PermissionDenied: the firm signs by itself, or the community is another's.
        Refused: no photo, no name, or a major one without a call.
        WrongState: as `receive`.
    """
    if not people.may_write_for_firm(by, notice, today=beijing_date(now)):
        raise PermissionDenied("这家物业有账号，由它自己签收；没有账号的由联系干部记纸质签收。")
    called = bool(call.strip()) or notice.events.filter(kind=Kind.CALLED).exists()
    demand(
        signer=(signer.strip(), "写上谁签的字。"),
        photos=(photos, "拍一张签了字的抄告单。"),
        call=(called or not notice.is_major, "重大问题还要打一个电话：写上谁接的、怎么说。"),
    )
    _receive(notice, signer.strip(), by, now, on_paper=True)
    if call.strip():
        note(notice, Kind.CALLED, by, now, call)
    bind_photos(notice.round, PatrolPhoto.Kind.PAPER, photos, by=by)


def demand(**checks: tuple[object, str]) -> None:
    """Raises Refused with a sentence for each check whose first part is empty or false."""
    if problems := {name: words for name, (fine, words) in checks.items() if not fine}:
        raise Refused(problems)


def _receive(notice: Notice, signer: str, by: User, now: datetime, *, on_paper: bool = False) -> None:
    shift(notice, State.ISSUED, to={"state": State.RECEIVED})
    turn, today = notice.round, beijing_date(now)
    turn.received_on, turn.received_by, turn.signer = today, by, signer
    if today < turn.deemed_on:
        turn.start_term(today, turn.term_days)
    turn.save(update_fields=["received_on", "received_by", "signer", *TERM])
    Notice.objects.filter(pk=notice.pk).update(plan_by=_plan_by(turn))
    notice.refresh_from_db(fields=["due_on", "due_provisional", "plan_by"])
    note(notice, Kind.RECEIVED, by, now, f"{'纸质签收：' if on_paper else ''}{signer}。最迟 {notice.due_on} 回复。")
    messages.received(notice, now=now)


def deem(notice: Notice, *, now: datetime) -> None:
    """Nobody signed in time, so it counts as received; what the sweep does to many, for one that is acted on first."""
    turn = notice.round
    if notice.state != State.ISSUED or beijing_date(now) <= turn.deemed_on:
        return
    shift(notice, State.ISSUED, to={"state": State.RECEIVED})
    turn.received_on, turn.is_deemed = turn.deemed_on, True
    turn.save(update_fields=["received_on", "is_deemed"])
    note(notice, Kind.DEEMED, None, now)


# ---------------------------------------------------------------- answering


@transaction.atomic
def plan(*, notice: Notice, person: str, limit_on: date, measure: str, by: User, now: datetime) -> None:
    """Responsible person, limit and measure (三定) of a serious or major finding; they may be mended until the reply.

    A shorter limit does not move the due day. DOMAIN B.6

    Raises:
        PermissionDenied: not the addressee.
        Refused: something is missing, or the limit has passed or lies behind the term.
        WrongState: it is settled, replied or withdrawn.
    """
    today = beijing_date(now)
    if not people.may_reply(by, notice, today=today):
        raise PermissionDenied(f"责任人、期限、措施由{notice.addressee}填。")
    demand(person=(person.strip(), "写上责任人。"), measure=(measure.strip(), "写上怎么整改。"))
    if not notice.issued_on <= limit_on <= notice.due_on:
        raise Refused({"limit_on": f"期限写 {notice.issued_on} 到 {notice.due_on} 之间的一天。"})
    to = {"plan_person": person.strip(), "plan_limit_on": limit_on, "plan_measure": measure.strip(), "plan_at": now}
    shift(notice, State.ISSUED, State.RECEIVED, to=to)
    note(notice, Kind.PLANNED, by, now, f"{person.strip()}，{limit_on} 前，{measure.strip()}")


@transaction.atomic
def interim(*, notice: Notice, text: str, photos: Sequence[UUID] = (), by: User, now: datetime) -> None:
    """What was done at once so that a major finding hurts nobody meanwhile. DOMAIN B.6

    Raises:
        PermissionDenied: not the addressee.
        Refused: empty, or the finding is no major one.
        WrongState: it is settled or withdrawn, or was told before.
    """
    if not people.may_reply(by, notice, today=beijing_date(now)):
        raise PermissionDenied(f"临时安全措施由{notice.addressee}填。")
    demand(text=(text.strip(), "写一句先采取了什么安全措施。"), major=(notice.is_major, "只有重大问题要填临时措施。"))
    open_ = (State.ISSUED, State.RECEIVED, State.REPLIED)
    to = {"interim_text": text.strip(), "interim_at": now}
    if notice.interim_at:
        raise WrongState("临时安全措施已经填过了。")
    shift(notice, *open_, to=to)
    bind_photos(notice.round, PatrolPhoto.Kind.INTERIM, photos, by=by)
    note(notice, Kind.INTERIM, by, now, text)


@transaction.atomic
def reply(*, notice: Notice, text: str, photos: Sequence[UUID], by: User, now: datetime) -> None:
    """The addressee says how it was put right, with at least one photo taken since the notice. 整改回复, DOMAIN B.7

    Args:
        photos: client ids of photos that were sent ahead by the same person.

    Raises:
        PermissionDenied: not the addressee.
        Refused: no text, no photo, one that is older than the notice, or the plan (三定) is missing.
        WrongState: not signed yet, replied before, settled or withdrawn; nothing is written.
    """
    today = beijing_date(now)
    if not people.may_reply(by, notice, today=today):
        raise PermissionDenied(f"这份抄告由{notice.addressee}回复。")
    notice.refresh_from_db()
    if notice.is_unreplied:
        demand(
            text=(text.strip(), "写一句怎么整改的。"),
            photos=(len(photos), "至少要一张整改后的照片，单据也拍成照片。"),
            plan=(not notice.lacks_plan, "先填责任人、期限、措施，再回复。"),
        )
    deem(notice, now=now)
    shift(notice, State.RECEIVED, to={"state": State.REPLIED})
    turn = notice.round
    turn.reply_text, turn.replied_at, turn.replied_on, turn.replied_by = text.strip()[:1000], now, today, by
    turn.recheck_by = notice_terms.recheck_until(today)
    turn.save(update_fields=["reply_text", "replied_at", "replied_on", "replied_by", "recheck_by"])
    bind_photos(turn, PatrolPhoto.Kind.REPLY, photos, by=by, not_before=turn.issued_on)
    notice.refresh_from_db(fields=["recheck_by"])
    note(notice, Kind.REPLIED, by, now, text)
    messages.replied(notice, now=now)


def bind_photos(
    turn: NoticeRound, kind: str, client_ids: Sequence, *, by: User, not_before: date | None = None
) -> None:
    """Photos of a round. A photo itself will do in place of its client id."""
    keys = [getattr(one, "client_id", one) for one in client_ids]
    photos.bind_to_round(turn, kind=kind, photos=list(dict.fromkeys(keys)), by=by, not_before=not_before)


# ---------------------------------------------------------------- calling and withdrawing


@transaction.atomic
def call(*, notice: Notice, who: str, said: str, by: User, now: datetime) -> None:
    """打电话催: who answered and what they said, one line in the time line.

    Raises:
        PermissionDenied: not of the staff that looks after the community.
        Refused: who or what is missing.
    """
    if not (people.is_staff(by) and people.oversees(by, notice)):
        raise PermissionDenied("催办由联系干部、物管站或镇物业办记。")
    demand(who=(who.strip(), "写上谁接的。"), said=(said.strip(), "写一句对方怎么说。"))
    note(notice, Kind.CALLED, by, now, f"{who.strip()}接：{said.strip()}")


def is_withdrawable(notice: Notice, by: User, *, today: date) -> bool:
    """By its issuer, in the first round, before it is or counts as received. DOMAIN B.7"""
    fresh = notice.state == State.ISSUED and notice.round_no == 1
    return fresh and notice.issued_by_id == by.pk and today <= notice.round.deemed_on


@transaction.atomic
def withdraw(*, notice: Notice, reason: str, by: User, now: datetime) -> None:
    """The issuer takes a wrong entry back before it is, or counts as, received. The finding stays open. DOMAIN B.7

    Raises:
        PermissionDenied: not its issuer, or it counts as received: then only an objection that is upheld ends it.
        Refused: no reason.
        WrongState: it was signed in the meantime.
    """
    demand(reason=(reason.strip(), "写一句为什么撤销。"))
    if notice.issued_by_id != by.pk:
        raise PermissionDenied("抄告由发出的人撤销；签收以后，由镇物业办按异议决定。")
    if beijing_date(now) > notice.rounds.get(no=1).deemed_on and notice.state == State.ISSUED:
        raise WrongState("已经算签收了，不能撤销。发错了请物业提异议，由镇物业办决定。")
    shift(notice, State.ISSUED, round_no=1, to={"state": State.WITHDRAWN, "withdrawn_reason": reason.strip()[:200]})
    end_round(notice)
    note(notice, Kind.WITHDRAWN, by, now, reason)
    messages.withdrawn(notice, now=now)


def end_round(notice: Notice) -> None:
    """The present round ends with its notice."""
    notice.rounds.open().update(outcome=NoticeRound.Outcome.ENDED)


@transaction.atomic
def hand_on(*, notice: Notice, by: User, now: datetime) -> Notice:
    """The contract ended meanwhile: the old firm's notice ends and the body that answers today gets one. 改发

    Raises:
        PermissionDenied: neither of the office nor the station.
        WrongState: the same body still answers, or the notice is settled.
    """
    if not (may(by, Act.ROOT_CAUSE) and people.oversees(by, notice)):
        raise PermissionDenied("改发由物管站或镇物业办办。")
    today = beijing_date(now)
    present = responsible_on(notice.community, today)
    if present.firm == notice.answering_firm and present.name == notice.addressee:
        raise WrongState("现在还是这一家负责，不用改发。")
    to = {"state": State.WITHDRAWN, "withdrawn_reason": f"已不由{notice.addressee}负责，改发给{present.name}"[:200]}
    shift(notice, State.ISSUED, State.RECEIVED, to=to)
    end_round(notice)
    note(notice, Kind.WITHDRAWN, by, now, notice.withdrawn_reason)
    messages.withdrawn(notice, now=now)
    return send(finding=notice.finding, body=present, by=by, now=now)
