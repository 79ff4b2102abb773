"""From draft to publication: each proposal decided, the sheet checked by another, then published. DOMAIN D.4, D.5"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from lib.periods import beijing_date
from lib.states import WrongState, move
from rulebook import rules
from rulebook.workdays import add_working_days

from . import messages, people, scoring
from .kinds import Decision, SheetState
from .models import Appeal, Charge, ScoreSheet, SheetEvent
from .points import written
from .revisions import note

Kind = SheetEvent.Kind
CHANGED = "刚才有人动过这一份，先看新的。"


class Verdict(NamedTuple):
    """What the assessor makes of one proposal; ``deci`` is asked for when it is reduced."""

    decision: str
    deci: int | None = None
    reason: str = ""


# ---------------------------------------------------------------- the assessor


@transaction.atomic
def decide(*, sheet: ScoreSheet, verdicts: Mapping[int, Verdict], by: User, now: datetime) -> int:
    """Decides proposals of a draft: in full, less, or not at all, never more. DOMAIN D.4

    Args:
        verdicts: key of a charge → what is made of it; exempt ones are left alone.

    Returns:
        How many were decided.

    Raises:
        PermissionDenied: not the assessor of this kind of community.
        ValidationError: less without points or reason, by the charge's key; nothing is written.
        WrongState: no draft any more.
    """
    scoring.hold(sheet)
    people.demand(people.may_assess(by, sheet), "认定扣分由考核这个小区的经办做。")
    _demand_draft(sheet)
    charges = {row.pk: row for row in sheet.charges.select_for_update(of=("self",)).filter(pk__in=verdicts, exempt="")}
    wrong = {}
    for pk, charge in charges.items():
        try:
            _apply(charge, verdicts[pk], by, now)
        except ValidationError as error:
            wrong[str(pk)] = error.messages
    if wrong:
        raise ValidationError(wrong)
    Charge.objects.bulk_update(
        charges.values(), ["decision", "accepted_deci", "reason", "decided_by", "decided_at"], batch_size=500
    )
    scoring.add_up_again(sheet, now=now)
    return len(charges)


def _apply(charge: Charge, verdict: Verdict, by: User, now: datetime) -> None:
    if verdict.decision not in Decision.values:
        raise ValidationError("选照扣、减少或者不认定。")
    reason = verdict.reason.strip()[:300]
    points = {Decision.ACCEPTED: charge.proposed_deci, Decision.REFUSED: 0}.get(verdict.decision, verdict.deci)
    if verdict.decision == Decision.REDUCED and not (points and 0 < points < charge.proposed_deci):
        most = written(charge.proposed_deci - 1)
        raise ValidationError(
            f"写减到几分，0.1 到 {most}，不能比建议扣得多。"
            if most > "0.0"
            else "只建议扣 0.1 分，不能再减，可以不认定。"
        )
    if verdict.decision != Decision.ACCEPTED and not reason:
        raise ValidationError("写一句为什么减少或不认定，物业看得到。")
    charge.decision, charge.accepted_deci = verdict.decision, points
    charge.reason, charge.decided_by, charge.decided_at = reason, by, now


@transaction.atomic
def accept_the_rest(*, sheet: ScoreSheet, by: User, now: datetime) -> int:
    """All that nobody has decided yet costs what was proposed.

    Raises:
        PermissionDenied, WrongState: as `decide`.
    """
    keys = sheet.charges.undecided().values_list("pk", flat=True)
    return decide(sheet=sheet, verdicts=dict.fromkeys(keys, Verdict(Decision.ACCEPTED)), by=by, now=now)


@transaction.atomic
def set_veto(*, sheet: ScoreSheet, reason: str, document: str, by: User, now: datetime) -> None:
    """Death, fire, a group incident or embezzlement, with the competent body's paper: the month is not above its cap.
    Both empty takes it back. DOMAIN D.4

    Raises:
        PermissionDenied, WrongState: as `decide`.
        ValidationError: one without the other.
    """
    scoring.hold(sheet)
    people.demand(people.may_assess(by, sheet), "一票否决由考核这个小区的经办提出。")
    _demand_draft(sheet)
    sheet.veto_reason, sheet.veto_document = reason.strip(), document.strip()
    if bool(sheet.veto_reason) != bool(sheet.veto_document):
        raise ValidationError("一票否决要写原因，还要有主管部门认定责任的文件。")
    sheet.veto_by = by if sheet.veto_reason else None
    sheet.save(update_fields=["veto_reason", "veto_document", "veto_by"])
    note(sheet, Kind.DECIDED, by=by, now=now, text=f"一票否决：{reason}" if reason.strip() else "撤回一票否决")
    scoring.add_up_again(sheet, now=now)


@transaction.atomic
def submit(*, sheet: ScoreSheet, by: User, now: datetime) -> None:
    """The assessor has decided all and asks another to check.

    Raises:
        PermissionDenied: as `decide`.
        ValidationError: something is undecided.
        WrongState: the period runs on, or no draft any more.
    """
    scoring.hold(sheet)
    people.demand(people.may_assess(by, sheet), "送复核由考核这个小区的经办做。")
    if not scoring.is_over(sheet, now=now):
        raise WrongState(f"这一期到 {sheet.last_day} 才结束，结束后再送复核。")
    if left := sheet.charges.undecided().count():
        raise ValidationError(f"还有 {left} 条没定，定完再送复核。")
    to = {"state": SheetState.TO_CHECK, "assessed_by": by, "assessed_at": now}
    move(sheet, state=SheetState.DRAFT, to=to, else_=CHANGED)
    note(sheet, Kind.SUBMITTED, by=by, now=now, text=f"认定扣 {written(1000 - sheet.score_deci)} 分")
    messages.to_check(sheet, now=now)


# ---------------------------------------------------------------- the checker


@transaction.atomic
def approve(*, sheet: ScoreSheet, by: User, now: datetime, seen: datetime | None = None) -> None:
    """Another person lets the sheet pass; the firm is told and may appeal from now on. DOMAIN D.4, D.5

    Args:
        seen: when what the checker has before them was sent to be checked; sent anew meanwhile, it is read anew.

    Raises:
        PermissionDenied: not the head of the scoring body, or somebody who took part.
        WrongState: it does not wait for a check.
    """
    sheet.refresh_from_db()
    people.demand(
        people.may_check_sheet(by, sheet), "复核由没经手的负责人做：自己认定的、自己发的抄告在里面的，都不能复核。"
    )
    today = beijing_date(now)
    until = add_working_days(today, rules.on(today, "appeal.window_wd")).date
    to = {"state": SheetState.CHECKED, "checked_by": by, "checked_at": now, "notified_on": today, "appeal_until": until}
    same = {"assessed_at": seen} if seen else {}
    move(sheet, state=SheetState.TO_CHECK, **same, to=to, else_=CHANGED)
    note(sheet, Kind.CHECKED, by=by, now=now, text=f"{written(sheet.score_deci)} 分")
    messages.checked(sheet, now=now)


@transaction.atomic
def send_back(*, sheet: ScoreSheet, reason: str, by: User, now: datetime) -> None:
    """The checker does not agree; the assessor decides anew. The checker changes no points. DOMAIN D.4

    Raises:
        PermissionDenied: as `approve`.
        ValidationError: no reason.
        WrongState: it does not wait for a check.
    """
    sheet.refresh_from_db()
    people.demand(people.may_check_sheet(by, sheet), "退回由没经手的负责人做。")
    if not reason.strip():
        raise ValidationError({"reason": "写清楚哪一条不同意、为什么。"})
    to = {"state": SheetState.DRAFT, "assessed_by": None, "assessed_at": None}
    assessor = sheet.assessed_by_id
    move(sheet, state=SheetState.TO_CHECK, to=to, else_=CHANGED)
    note(sheet, Kind.SENT_BACK, by=by, now=now, text=reason.strip())
    messages.sent_back(sheet, assessor, now=now)


# ---------------------------------------------------------------- publication


@transaction.atomic
def publish(*, sheet: ScoreSheet, by: User, now: datetime) -> None:
    """Portal and board show it from now on; the deposit follows by itself. Once published it never changes. D.5

    Raises:
        PermissionDenied: not the head of the scoring body or of the town, or the assessor.
        WrongState: not checked, the window of appeal is open, or an appeal waits.
    """
    scoring.hold(sheet)  # nobody appeals meanwhile
    people.demand(people.may_publish(by, sheet), "公布由负责人做，不能由考核人自己公布。")
    _demand_publishable(sheet, beijing_date(now))
    to = {"state": SheetState.PUBLISHED, "published_by": by, "published_at": now, "published_on": beijing_date(now)}
    move(sheet, state=SheetState.CHECKED, to=to, else_=CHANGED)
    note(sheet, Kind.PUBLISHED, by=by, now=now)
    messages.published(sheet, now=now)


def _demand_publishable(sheet: ScoreSheet, today: date) -> None:
    if sheet.state != SheetState.CHECKED:
        raise WrongState(f"这一份现在是“{sheet.get_state_display()}”，复核过的才能公布。")
    if today <= sheet.appeal_until:
        raise WrongState(f"企业可以申诉到 {sheet.appeal_until}，过了这天再公布。")
    if Appeal.objects.open().filter(sheet=sheet).exists():
        raise WrongState("企业申诉还没决定，先标“申诉中”，决定后再公布。")


def each(sheets: Iterable[ScoreSheet], act, **more) -> tuple[int, list[str]]:
    """Does the same with several sheets, each by itself; returns how many were done, and why others were not."""
    from django.core.exceptions import PermissionDenied

    done, why = 0, []
    for sheet in sheets:
        try:
            act(sheet=sheet, **more)
            done += 1
        except (WrongState, PermissionDenied, ValidationError) as refused:
            words = refused.messages[0] if isinstance(refused, ValidationError) else str(refused)
            why.append(f"{sheet}：{words}")
    return done, why


def _demand_draft(sheet: ScoreSheet) -> None:
    if sheet.state != SheetState.DRAFT:
        raise WrongState(f"这一份现在是“{sheet.get_state_display()}”，不能再改。")
