"""What becomes of a patrol's findings when the patrol is sent in, corrected or voided: each goes somewhere.

Settled on the spot, handed to a department, sent as a notice, or part of a task about the cause; nothing is forgotten.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState

from . import notices, root_causes, transfers
from .models import Finding, Notice, Patrol, Transfer

SIGNED = "“{}”的抄告已经签收，不能删也不能改处理办法；发错了由物业提异议，镇物业办决定。"


@transaction.atomic
def follow(*, patrol: Patrol, by: User, now: datetime) -> None:
    """Brings notices and drafts in line with the findings as they stand now.

    What an unannounced patrol found is the office's alone until the office sends it (`notices.issue`).

    Raises:
        WrongState: a notice would have to go that somebody has signed for.
    """
    rows = patrol.findings.select_related("item", "building", "community__village_committee").order_by("pk")
    announced = patrol.kind != Patrol.Kind.COVERT
    for finding in rows:
        _take_back(finding, by, now)
        if announced and finding.state == Finding.State.OPEN:
            go_on(finding, by=by, now=now)


def _take_back(finding: Finding, by: User, now: datetime) -> None:
    """What is no more to be put right by notice, or no more to be handed on."""
    if finding.state != Finding.State.OPEN or finding.handling != Finding.Handling.NOTICE:
        for notice in finding.notices.open():
            _end(notice, finding, by, now)
    if finding.state != Finding.State.OPEN or finding.handling != Finding.Handling.TRANSFER:
        drafts = finding.transfers.drafts()
        settled = {"answer": "记录更正", "settled_by": by, "settled_on": beijing_date(now)}
        drafts.update(state=Transfer.State.DROPPED, **settled)


def _end(notice: Notice, finding: Finding, by: User, now: datetime) -> None:
    fresh = notice.state == Notice.State.ISSUED and beijing_date(now) <= notice.round.deemed_on
    if not fresh or notice.round_no > 1:
        raise WrongState(SIGNED.format(finding))
    reason = finding.withdrawn_reason or "巡查记录更正"
    to = {"state": Notice.State.WITHDRAWN, "withdrawn_reason": reason}
    notices.shift(notice, Notice.State.ISSUED, to=to)
    notices.end_round(notice)
    notices.note(notice, notices.Kind.WITHDRAWN, by, now, reason)
    notices.messages.withdrawn(notice, now=now)


def go_on(finding: Finding, *, by: User, now: datetime) -> None:
    """An open finding goes to a department, into a task about its cause, or out as a notice, unless it has."""
    if finding.handling == Finding.Handling.TRANSFER:
        if not finding.transfers.exclude(state=Transfer.State.DROPPED).exists():
            transfers.draft(finding=finding, by=by, now=now)
    elif not (finding.root_cause_id or finding.notices.standing().exists()):
        if root_causes.is_due(finding):
            root_causes.propose(finding=finding, now=now)
        else:
            notices.send(finding=finding, by=by, now=now)
