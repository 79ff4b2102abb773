"""A published sheet never changes: what turns out otherwise makes the next version beside it. 更正, DOMAIN D.5"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.models import User
from accounts.roles import Act, demand
from lib.states import WrongState, first_come

from .kinds import SheetState
from .models import ScoreSheet, SheetEvent

FACTS_CHANGED = "公布后有新的事实，或者原来的事实更正了"
KEPT = (
    *("contract", "community", "firm", "kind", "period_kind", "first_day", "last_day", "table", "service_days"),
    *("patrols_asked", "patrols_done", "is_inspected", "visited_on", "score_deci", "band"),
    *("major_overdue", "major_failed", "major_late", "veto_reason", "veto_document", "veto_by"),
)
COPY = """
INSERT INTO assessments_charge (sheet_id, evidence_id, kind, item_id, base_deci, factor, size_bp, exempt, proposed_deci,
                                decision, accepted_deci, reason, decided_by_id, decided_at)
SELECT %s, evidence_id, kind, item_id, base_deci, factor, size_bp, exempt, proposed_deci,
       decision, accepted_deci, reason, decided_by_id, decided_at
FROM assessments_charge WHERE sheet_id = %s
"""


@transaction.atomic
def open_next(*, sheet: ScoreSheet, why: str, by: User | None, now: datetime) -> ScoreSheet:
    """The next version, a draft with the same charges and decisions. The older one stays readable.

    Raises:
        WrongState: somebody opened it just now.
    """
    row = ScoreSheet(**{name: getattr(sheet, name) for name in KEPT}, version=sheet.version + 1, why=why[:200])
    with first_come("这一版之后刚才已经另立了一版，先看新的。"):
        row.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(COPY, [row.pk, sheet.pk])
    note(row, SheetEvent.Kind.REVISED, by=by, now=now, text=why)
    return row


def revise(*, sheet: ScoreSheet, why: str, by: User, now: datetime) -> ScoreSheet:
    """The town puts a published month right: a draft beside it, assessed, checked and published like any. D.1, D.7

    Raises:
        PermissionDenied: not the town's clerk.
        ValidationError: no reason.
        WrongState: not published, or a later version is there already.
    """
    demand(by, Act.SCORE_SETTLEMENT)
    if not why.strip():
        raise ValidationError({"reason": "写一句为什么要更正。"})
    if not is_revisable(sheet):
        raise WrongState("只有公布了的、最新的一版能更正。")
    return open_next(sheet=sheet, why=why.strip(), by=by, now=now)


def is_revisable(sheet: ScoreSheet) -> bool:
    """It is published, and no later version is there."""
    return sheet.state == SheetState.PUBLISHED and ScoreSheet.objects.versions_of(sheet).first() == sheet


def open_where_facts_changed(keys: Iterable[int], *, now: datetime) -> int:
    """A next version of each of these published sheets."""
    if not (keys := list(keys)):
        return 0
    rows = ScoreSheet.objects.filter(pk__in=keys, state=SheetState.PUBLISHED).order_by("pk")
    return len([open_next(sheet=row, why=FACTS_CHANGED, by=None, now=now) for row in rows])


def note(sheet: ScoreSheet, kind: str, *, by: User | None, now: datetime, text: str = "") -> None:
    """A line of the sheet's time line."""
    SheetEvent.objects.create(sheet=sheet, kind=kind, by=by, at=now, text=text[:500])
