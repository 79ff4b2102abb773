"""The firm appeals against a score; somebody without part in it decides; granted, the next version follows. D.5"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move
from rulebook import rules
from rulebook.workdays import add_working_days

from . import messages, people, revisions, scoring
from .kinds import Decision, SheetState
from .models import Appeal, AppealPoint, Charge, ScoreSheet, SheetEvent
from .photos import bind
from .points import written
from .revisions import note

State, Kind = Appeal.State, SheetEvent.Kind


@transaction.atomic
def file(
    *,
    sheet: ScoreSheet,
    text: str,
    by: User,
    now: datetime,
    charges: Iterable[Charge] = (),
    photos: Sequence[UUID] = (),
) -> Appeal:
    """The firm says what is wrong with a checked sheet, once, until 24:00 of the last day of the window.

    Args:
        charges: those that it is about; none: the sheet as a whole.
        photos: client ids of photos that were sent ahead.

    Raises:
        PermissionDenied: not the firm of the sheet.
        ValidationError: no word why, or a charge of another sheet.
        WrongState: too late, not checked yet, or appealed before.
    """
    people.demand(people.may_appeal(by, sheet), "申诉由被考核的物业企业提。")
    if not text.strip():
        raise ValidationError({"text": "写一句申诉什么、为什么。"})
    scoring.hold(sheet)
    today = beijing_date(now)
    if not sheet.may_be_appealed(today):
        raise WrongState(_too_late(sheet))
    charges = list(charges)
    if any(charge.sheet_id != sheet.pk or charge.exempt for charge in charges):
        raise ValidationError({"charges": "只能选这一份里扣了分的条目。"})
    appeal = Appeal(sheet=sheet, text=text.strip()[:1000], by=by, at=now)
    appeal.start_term(today, rules.on(today, "appeal.decide_wd"))
    with first_come("这一份已经申诉过了，等决定。"):
        appeal.save(force_insert=True)
    AppealPoint.objects.bulk_create(AppealPoint(appeal=appeal, charge=charge) for charge in charges)
    bind(photos, by=by, appeal=appeal)
    note(sheet, Kind.APPEALED, by=by, now=now, text=text.strip())
    messages.appealed(appeal, now=now)
    return appeal


def _too_late(sheet: ScoreSheet) -> str:
    if sheet.state == SheetState.CHECKED:
        return f"申诉到 {sheet.appeal_until} 为止，已经过了。"
    return f"这一份现在是“{sheet.get_state_display()}”，复核通过、通知企业以后才能申诉。"


@transaction.atomic
def decide(
    *,
    appeal: Appeal,
    upheld: bool,
    answer: str,
    by: User,
    now: datetime,
    points: Mapping[int, int] | None = None,
) -> ScoreSheet | None:
    """Somebody without part in the sheet decides. Upheld, a next version takes its place, checked by the decider.

    Args:
        points: key of a charge → what it costs from now on (0.1 point), less than before; without, the contested
            charges cost nothing.

    Returns:
        The next version, or None.

    Raises:
        PermissionDenied: whoever assessed or checked the sheet, or has no part in appeals.
        ValidationError: no reason, or nothing that would change.
        WrongState: decided before.
    """
    sheet = appeal.sheet
    scoring.hold(sheet)
    people.demand(people.may_decide_appeal(by, sheet), "申诉由没经手这一份的镇物业办人员或分管领导决定。")
    if not answer.strip():
        raise ValidationError({"answer": "写上决定的理由，企业看得到。"})
    if upheld not in (True, False):
        raise ValidationError({"upheld": "选成立或者不成立。"})
    changes = _changes(appeal, points) if upheld else {}
    made = _put_right(sheet, changes, answer, by, now) if upheld else None
    to = {"state": State.UPHELD if upheld else State.REJECTED, "decided_by": by, "decided_at": now}
    to |= {"answer": answer.strip()[:1000], "led_to": made}
    move(appeal, state=State.OPEN, to=to, else_="这个申诉刚才已经决定了。")
    for charge, deci in changes.items():
        AppealPoint.objects.update_or_create(appeal=appeal, charge=charge, defaults={"decided_deci": deci})
    words = f"成立，{written(sheet.score_deci)} 分改为 {written(made.score_deci)} 分" if made else "不成立"
    note(sheet, Kind.APPEAL_DECIDED, by=by, now=now, text=f"{words}：{answer.strip()}")
    messages.appeal_decided(appeal, now=now)
    return made


def _changes(appeal: Appeal, points: Mapping[int, int] | None) -> dict[Charge, int]:
    charges = {charge.pk: charge for charge in appeal.sheet.charges.exclude(accepted_deci=None)}
    if points is None:
        points = dict.fromkeys(appeal.points.values_list("charge", flat=True), 0)
    wrong = [pk for pk, deci in points.items() if pk not in charges or not 0 <= deci <= charges[pk].accepted_deci]
    changes = {charges[pk]: deci for pk, deci in points.items() if pk not in wrong and deci < charges[pk].accepted_deci}
    if wrong or not changes:
        raise ValidationError({"points": "写明哪几条改成扣几分，要比原来少；都不改就选“不成立”。"})
    return changes


def _put_right(sheet: ScoreSheet, changes: dict[Charge, int], answer: str, by: User, now: datetime) -> ScoreSheet:
    """The next version with the changed charges, checked at once; the older one gives way to it."""
    move(sheet, state=SheetState.CHECKED, to={"state": SheetState.REPLACED}, else_="这一份刚才已经变了，先看新的。")
    made = revisions.open_next(sheet=sheet, why=f"申诉成立：{answer.strip()}", by=by, now=now)
    for charge, deci in changes.items():
        made.charges.filter(evidence=charge.evidence_id).update(
            accepted_deci=deci,
            decision=Decision.REDUCED if deci else Decision.REFUSED,
            reason=f"申诉成立：{answer.strip()}"[:300],
            decided_by=by,
            decided_at=now,
        )
    scoring.add_up_again(made, now=now)
    today = beijing_date(now)
    until = add_working_days(today, rules.on(today, "appeal.window_wd")).date
    done = {"assessed_by": sheet.assessed_by, "assessed_at": sheet.assessed_at, "notified_on": today}
    done |= {"checked_by": by, "checked_at": now, "appeal_until": min(sheet.appeal_until, until)}
    move(made, state=SheetState.DRAFT, to={"state": SheetState.CHECKED, **done}, else_="这一版刚才已经变了。")
    return made
