"""What else happens to records: second visits, unannounced ones, mistakes that are voided, corrections, remarks."""

from datetime import timedelta

from accounts.roles import Role
from inspections import record_sheet
from inspections.models import Patrol, PatrolRemark, PatrolVersion
from lib.periods import beijing_date
from portal.demo.draft import Draft
from portal.demo.words import REMARKS

EXTRA_ONE_IN, REMARK_ONE_IN = 90, 150
COVERT, VOIDED, CORRECTED = 10, 4, 6
WHY_VOIDED, WHY_CORRECTED = "选错了小区，另外记了一份。", "漏写了看过的地方。"


def others(draft: Draft, patrols: list[Patrol]) -> list[Patrol]:
    """Second visits of a day (加查), some of them mistakes that were voided, and unannounced visits of the office."""
    extra = [_again(draft, patrol) for patrol in patrols if draft.one_in(EXTRA_ONE_IN)]
    extra = [patrol for patrol in extra if patrol.submitted_at <= draft.now]
    for patrol in extra[:VOIDED]:
        patrol.state, patrol.void_reason = Patrol.State.VOIDED, WHY_VOIDED
    return extra + [_covert(draft, patrol) for patrol in draft.chance.sample(patrols, min(COVERT, len(patrols)))]


def _again(draft: Draft, patrol: Patrol) -> Patrol:
    seen = patrol.occurred_at + timedelta(minutes=draft.chance.randrange(60, 180))
    return _copy(draft, patrol, seen, kind=Patrol.Kind.EXTRA)


def _covert(draft: Draft, patrol: Patrol) -> Patrol:
    clerk = draft.cast[Role.TOWN_CLERK]
    return _copy(draft, patrol, patrol.occurred_at, kind=Patrol.Kind.COVERT, user=clerk)


def _copy(draft: Draft, patrol: Patrol, seen, **columns) -> Patrol:
    sent = min(seen + timedelta(minutes=6), draft.now)
    seen = min(seen, sent)
    same = {"community": patrol.community, "user": patrol.user, "submit_by": patrol.submit_by, "places": patrol.places}
    return Patrol(
        client_id=draft.uuid(),
        occurred_at=seen,
        occurred_on=beijing_date(seen),
        submitted_at=sent,
        submitted_on=beijing_date(sent),
        **(same | columns),
    )


def afterwards(draft: Draft, patrols: list[Patrol]) -> None:
    """Remarks of the authors, and corrections of which the version before stays readable."""
    PatrolRemark.objects.bulk_create(
        PatrolRemark(patrol=patrol, by=patrol.user, at=at, text=draft.chance.choice(REMARKS))
        for patrol in patrols
        if draft.one_in(REMARK_ONE_IN) and (at := patrol.submitted_at + timedelta(hours=20)) <= draft.now
    )
    standing = [patrol for patrol in patrols if patrol.state == Patrol.State.SUBMITTED and patrol.places]
    for patrol in draft.chance.sample(standing, min(CORRECTED, len(standing))):
        _correct(draft, patrol)


def _correct(draft: Draft, patrol: Patrol) -> None:
    """As `inspections.patrols.correct` leaves it behind."""
    at = min(patrol.submitted_at + timedelta(minutes=20), draft.now)
    content = record_sheet.content(patrol) | {"places": ""}
    by = patrol.user
    PatrolVersion.objects.create(
        patrol=patrol, number=1, content=content, replaced_at=at, replaced_by=by, reason=WHY_CORRECTED
    )
    Patrol.objects.filter(pk=patrol.pk).update(version=2)
