"""How a finding ended, and what people outside say meanwhile: for rooms to the right that wait for it.

Nothing here calls to the right (ARCHITECTURE). A room whose rows hold a finding asks in its own sweep:

    asked = Own.objects.filter(finding__in=Finding.objects.said_to_be_fixed())  # to be asked 修好了吗, once a round
    ended = Own.objects.filter(finding__in=Finding.objects.ended())             # to be told how it ended, once
    end = outcomes.of(row.finding)

and passes on each answer to 修好了吗 by `hear`. It stands beside the recheck and moves nothing.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState

from . import notices
from .models import Finding, Notice, NoticeEvent, Recheck, Transfer

Kind = NoticeEvent.Kind


class How(StrEnum):
    """Ways in which a finding ends, in words that everybody may read."""

    FIXED = "整改好了，经复查合格"
    HANDED_ON = "有权的部门办理、答复了"
    CAUSE = "作为一件治本的事办好了"
    ON_THE_SPOT = "已经处理好"
    WITHDRAWN = "经核实不成立，撤销了"


class End(NamedTuple):
    """How it ended, on which day, who settled it, and the office's own words, which are for staff only."""

    how: How
    on: date
    by: User
    words: str


def of(finding: Finding) -> End | None:
    """How a finding ended; None while it is open."""
    if finding.state == Finding.State.OPEN:
        return None
    last = finding.events.order_by("-at", "-pk").select_related("by").first()
    day = finding.closed_on or (beijing_date(last.at) if last else finding.found_on)
    return End(_how(finding), day, last.by if last else finding.found_by, last.text if last else "")


def _how(finding: Finding) -> How:
    if finding.state == Finding.State.WITHDRAWN:
        return How.WITHDRAWN
    if Recheck.objects.filter(round__notice__finding=finding, passed=True).exists():
        return How.FIXED
    if finding.transfers.exclude(sent_on=None).exclude(state=Transfer.State.SENT).exists():
        return How.HANDED_ON
    return How.CAUSE if finding.root_cause_id else How.ON_THE_SPOT


@transaction.atomic
def hear(*, finding: Finding, fixed: bool, now: datetime) -> Notice:
    """Somebody without an account who had complained of it has looked: 修好了 or 没好. DOMAIN B, issue 6 §4, 7 §7

    The line in the notice's time line names nobody and repeats no word, because the firm reads it too. The caller sees
    to it that each person answers once a round (`Notice.round_no`).

    Raises:
        WrongState: nothing waits for a recheck: not replied yet, or settled; then the caller's own row is reopened.
    """
    notice = Notice.objects.to_recheck().select_for_update().filter(finding=finding).first()
    if notice is None:
        raise WrongState("现在不等复查：还没有整改回复，或者已经办结。")
    notices.note(notice, Kind.HEARD_FIXED if fixed else Kind.HEARD_NOT, None, now)
    return notice
