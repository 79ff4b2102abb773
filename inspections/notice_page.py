"""What the page of one notice shows, and what its reader may do there."""

from datetime import datetime

from accounts.models import User
from accounts.roles import Act, may
from communities.models import Contract
from communities.responsibility import responsible_on
from lib.periods import beijing_date

from . import extensions, notices, objections, takeovers, turns
from . import notice_people as people
from .models import Finding, Notice, Patrol, PatrolPhoto, Transfer

Kind = PatrolPhoto.Kind
SAID = ("said_fixed", "said_not", "heard_fixed", "heard_not")


def gather(notice: Notice, user: User, *, now: datetime) -> dict:
    """The page's context. A firm whose contract has ended and left the notice to the next sees its own time."""
    today = beijing_date(now)
    if left := takeovers.left_at(notice, user):
        return _as_left(notice, left, today)
    return {
        "notice": notice,
        "finding": notice.finding,
        "today": today,
        "turn": turns.of_notice(notice, today=today),
        "rounds": list(notice.rounds.all()),
        "events": notice.events.select_related("by"),
        "transfers": notice.finding.transfers.exclude(state=Transfer.State.DROPPED).select_related("department"),
        "sees_patrol": Patrol.objects.visible_to(user).filter(pk=notice.finding.patrol_id).exists(),
        "sees_finding": Finding.objects.visible_to(user).filter(pk=notice.finding_id).exists(),
        "is_staff": people.is_staff(user) and people.oversees(user, notice),
        "present": _other_body(notice, today),
        "forget": [] if notice.is_unreplied else [f"notice-{notice.pk}-{n}" for n in range(1, notice.round_no + 1)],
        **before_and_after(notice),
        **_what_may(notice, user, now),
    }


def _as_left(notice: Notice, left: datetime, today) -> dict:
    """The page as it stood when the next firm took over, without anything to be done."""
    return {
        "notice": notice,
        "finding": notice.finding,
        "today": today,
        "turn": turns.of_the_firm_before(notice),
        "left": left,
        "rounds": takeovers.as_it_stood(notice, left),
        "events": notice.events.filter(at__lte=left).select_related("by"),
        **before_and_after(notice, until=left),
    }


def before_and_after(notice: Notice, *, until: datetime | None = None) -> dict:
    """The photos in three columns: the problem, the reply and the recheck of the latest round that has one."""
    shown = PatrolPhoto.objects.filter(round__notice=notice).select_related("round")
    replied = notice.rounds.exclude(replied_at=None)
    if until:
        shown, replied = shown.filter(received_at__lte=until), replied.filter(replied_at__lte=until)
    by_kind = {kind: [p for p in shown if p.kind == kind] for kind in (Kind.REPLY, Kind.RECHECK, Kind.PAPER)}
    by_kind[Kind.INTERIM] = [photo for photo in shown if photo.kind == Kind.INTERIM]
    return {
        "before": notice.finding.photos.shown(),
        "after": _latest(by_kind[Kind.REPLY]),
        "rechecked": _latest(by_kind[Kind.RECHECK]),
        "papers": [*by_kind[Kind.PAPER], *by_kind[Kind.INTERIM]],
        "reply": replied.select_related("replied_by").last(),
        "said": notice.events.filter(kind__in=SAID, round_no=notice.round_no).select_related("by"),
    }


def _latest(shown: list[PatrolPhoto]) -> list[PatrolPhoto]:
    last = max((photo.round.no for photo in shown), default=0)
    return [photo for photo in shown if photo.round.no == last]


def _other_body(notice: Notice, today) -> str:
    """Who answers for the community today, where that is another than the notice names and it is not answered yet."""
    serving = Contract.objects.on(today).filter(community=notice.community, firm=notice.answering_firm)
    if not notice.is_unreplied or serving:
        return ""
    present = responsible_on(notice.community, today).name
    return "" if present == notice.addressee else present


def _what_may(notice: Notice, user: User, now: datetime) -> dict:
    """Which buttons stand there for this reader."""
    today = beijing_date(now)
    replies = notice.is_unreplied and people.may_reply(user, notice, today=today)
    issued = notice.state == Notice.State.ISSUED
    return {
        "may_sign": issued and people.may_sign(user, notice),
        "may_sign_paper": issued and people.may_write_for_firm(user, notice, today=today),
        "may_plan": replies and notice.needs_plan,
        "may_interim": notice.is_open and notice.is_major and not notice.interim_at and replies,
        "may_reply": replies and (not issued or today > notice.round.deemed_on),
        "may_recheck": notice.state == Notice.State.REPLIED and people.may_recheck(user, notice),
        "may_ask_extension": replies and extensions.is_possible(notice, user, now=now),
        "may_object": objections.is_possible(notice, user, now=now),
        "may_dissuade": notice.is_open and not notice.finding.dissuaded and people.is_of_firm(user, notice),
        "may_withdraw": notices.is_withdrawable(notice, user, today=today),
        "may_transfer": notice.is_open and may(user, Act.TRANSFER),
        "may_hand_on": may(user, Act.ROOT_CAUSE) and people.oversees(user, notice),
        "may_extend": _waits(notice, "extension", "asked") and people.may_extend(user, notice),
        "may_decide": _waits(notice, "objection", "open") and people.may_decide_objection(user, notice),
        "may_publish": may(user, Act.RECHECK) and people.oversees(user, notice),
        "says_whether_fixed": notice.state == Notice.State.REPLIED and notice.finding.found_by_id == user.pk,
    }


def _waits(notice: Notice, what: str, state: str) -> bool:
    row = getattr(notice, what, None)
    return row is not None and row.state == state
