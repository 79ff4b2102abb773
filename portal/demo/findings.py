"""What the patrols found: a few hundred problems, most of them put right; some with photos."""

from datetime import date, timedelta

from inspections.models import CheckItem, Finding, FindingEvent, Patrol, PatrolPhoto
from portal.demo import notices, pictures
from portal.demo.draft import BATCH, Draft
from portal.demo.words import FINDINGS, WEIGHTS

ONE_IN = 20  # patrols with a finding
DAYS_TO_FIX = {"general": 4, "serious": 8, "major": 20}
WITH_PHOTOS = 24


def make(draft: Draft, patrols: list[Patrol]) -> dict[int, set[str]]:
    """Findings with their time line and photos; returns patrol → categories in which something was found."""
    items = {item.code: item for item in CheckItem.objects.all()}
    standing = [patrol for patrol in patrols if patrol.state == Patrol.State.SUBMITTED]
    found = [row for patrol in standing if draft.one_in(_rarity(draft, patrol)) for row in _of(draft, patrol, items)]
    shown = _choose_for_photos(draft, found)
    for finding in shown[::3]:
        _on_the_spot(finding)
    Finding.objects.bulk_create(found, batch_size=BATCH)
    _time_line(draft, found)
    photos = pictures.make(draft, shown)
    PatrolPhoto.objects.bulk_create(photos)
    notices.make(draft, found)
    categories: dict[int, set[str]] = {}
    for finding in found:
        categories.setdefault(finding.patrol_id, set()).add(finding.item.category)
    return categories


def _rarity(draft: Draft, patrol: Patrol) -> int:
    """More is found in the last three weeks, so that there is something to look at."""
    return 5 if (draft.today - patrol.occurred_on).days < 21 else ONE_IN


def _of(draft: Draft, patrol: Patrol, items: dict[str, CheckItem]) -> list[Finding]:
    count = 2 if draft.one_in(4) else 1
    return [_finding(draft, patrol, items[code]) for code in _codes(draft, count)]


def _codes(draft: Draft, count: int) -> list[str]:
    codes = list(FINDINGS)
    drawn = draft.chance.choices(codes, weights=[WEIGHTS[code[:3]] for code in codes], k=count)
    return list(dict.fromkeys(drawn))


def _finding(draft: Draft, patrol: Patrol, item: CheckItem) -> Finding:
    text, place = draft.chance.choice(FINDINGS[item.code])
    inside = any(word in place for word in ("楼", "单元", "门厅"))
    day = patrol.occurred_on
    closed_on = _closed_on(draft, day, item.severity)
    return Finding(
        client_id=draft.uuid(),
        community=patrol.community,
        patrol=patrol,
        item=item,
        severity=item.severity,
        building=draft.chance.choice(draft.buildings[patrol.community_id]) if inside else None,
        place=place,
        text=text,
        handling=Finding.Handling.TRANSFER if item.to_transfer else Finding.Handling.NOTICE,
        firm=draft.firm_on(patrol.community, day),
        found_by=patrol.user,
        found_on=day,
        state=Finding.State.CLOSED if closed_on else Finding.State.OPEN,
        closed_on=closed_on,
    )


def _closed_on(draft: Draft, day: date, severity: str) -> date | None:
    """The day on which it was put right; None while it is not, or for one of the few that drag on."""
    if draft.one_in(30):
        return None
    closed = day + timedelta(days=draft.chance.randrange(1, DAYS_TO_FIX[severity] * 2))
    return closed if closed < draft.today else None


def _choose_for_photos(draft: Draft, found: list[Finding]) -> list[Finding]:
    """The latest ones, for they are looked at."""
    count = max(4, round(WITH_PHOTOS * draft.scale))
    return sorted(found, key=lambda row: row.found_on)[-count:]


def _on_the_spot(finding: Finding) -> None:
    finding.handling, finding.state = Finding.Handling.ON_THE_SPOT, Finding.State.CLOSED
    finding.closed_on = finding.found_on


def _time_line(draft: Draft, found: list[Finding]) -> None:
    rows = []
    for row in found:
        at = row.patrol.submitted_at
        rows.append(FindingEvent(finding=row, kind=FindingEvent.Kind.FOUND, by=row.found_by, at=at))
        if row.state == Finding.State.CLOSED and row.handling != Finding.Handling.ON_THE_SPOT:
            at = min(max(at, draft.moment(row.closed_on)), draft.now)
            rows.append(
                FindingEvent(
                    finding=row, kind=FindingEvent.Kind.CLOSED, by=row.found_by, at=at, text="现场看过，改好了"
                )
            )
    FindingEvent.objects.bulk_create(rows, batch_size=BATCH)
