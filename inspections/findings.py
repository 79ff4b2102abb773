"""Findings of a patrol: written, corrected, withdrawn, lowered by the station's head."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from communities.models import Firm
from communities.responsibility import responsible_on
from lib.periods import beijing_date
from lib.states import move

from . import photos
from .entries import Entry, FindingEntry, Refused
from .models import Finding, FindingEvent, Patrol, Severity

State, Kind = Finding.State, FindingEvent.Kind


def write(*, patrol: Patrol, entry: Entry, by: User, now: datetime) -> None:
    """The findings of a patrol are those of the entry; of earlier ones, those no longer in it are withdrawn.

    Raises:
        Refused: a photo has not come, or cannot be used.
    """
    firm = responsible_on(patrol.community, patrol.occurred_on).firm
    known = {finding.client_id: finding for finding in patrol.findings.select_related("item")}
    for typed in entry.findings:
        _write(patrol, typed, known.pop(typed.client_id, None), firm, by, now)
    for finding in known.values():
        if finding.notices.exclude(state__in=["issued", "withdrawn"]).exists():
            raise Refused({"findings": f"“{finding}”的抄告已经签收，不能删；发错了由物业提异议，镇物业办决定。"})
        if finding.state != State.WITHDRAWN:
            withdraw(finding=finding, reason="更正时删去", by=by, now=now)


def _write(patrol: Patrol, typed: FindingEntry, known: Finding | None, firm: Firm | None, by: User, now) -> None:
    columns = _columns(patrol, typed, firm)
    finding = _correct(known, columns, typed, by, now) if known else _found(patrol, columns, typed, by, now)
    photos.bind_to_finding(finding, photos=typed.photos, after=typed.after, by=by, field=typed.field)


def _found(patrol: Patrol, columns: dict, typed: FindingEntry, by: User, now: datetime) -> Finding:
    new = {"client_id": typed.client_id, "patrol": patrol, "community": patrol.community, "found_by": by}
    finding = Finding.objects.create(**new, **columns)
    _note(finding, Kind.FOUND, by, now)
    return finding


def _correct(finding: Finding, columns: dict, typed: FindingEntry, by: User, now: datetime) -> Finding:
    columns["severity"] = _severity(typed, finding)
    changed = [name for name, value in columns.items() if getattr(finding, name) != value]
    if changed:
        _demand_not_sent(finding, typed)
        for name in changed:
            setattr(finding, name, columns[name])
        finding.save(update_fields=changed)
        _note(finding, Kind.CORRECTED, by, now)
    return finding


def _demand_not_sent(finding: Finding, typed: FindingEntry) -> None:
    """What somebody has signed for stays as it was sent."""
    if finding.notices.exclude(state__in=["issued", "withdrawn"]).exists():
        raise Refused({f"{typed.field}-text": "这个问题的抄告已经签收，不能再改；要补充，写一条补充说明。"})


def _columns(patrol: Patrol, typed: FindingEntry, firm: Firm | None) -> dict:
    day = patrol.occurred_on
    return {
        "item": typed.item,
        "severity": typed.severity,
        "severity_reason": typed.severity_reason,
        "building": typed.building,
        "place": typed.place,
        "text": typed.text.strip(),
        "handling": typed.handling,
        "dissuaded": typed.dissuaded,
        "firm": firm,
        "found_on": day,
        "state": State.CLOSED if typed.is_on_the_spot else State.OPEN,
        "closed_on": day if typed.is_on_the_spot else None,
        "withdrawn_reason": "",
    }


def _severity(typed: FindingEntry, known: Finding) -> str:
    """What the station's head has lowered stays lowered, unless the finding becomes another or is raised again."""
    lowered = Severity(known.severity).rank < Severity(known.item.severity).rank
    same = typed.item.pk == known.item_id and typed.severity == known.item.severity
    return known.severity if lowered and same else typed.severity


def withdraw(*, finding: Finding, reason: str, by: User, now: datetime) -> None:
    """Takes a wrong entry back; it stays readable with the reason."""
    withdrawn = {"state": State.WITHDRAWN, "withdrawn_reason": reason[:200], "closed_on": None}
    Finding.objects.filter(pk=finding.pk).update(**withdrawn)
    _note(finding, Kind.WITHDRAWN, by, now, reason)


def is_awaited(finding: Finding) -> bool:
    """Whether a notice of it is still to be settled. Of two that are settled at once, the second sees the first."""
    Finding.objects.select_for_update(no_key=True).get(pk=finding.pk)
    return finding.notices.unsettled().exists()


def close(*, finding: Finding, by: User, now: datetime, text: str = "") -> None:
    """It was put right. One that was settled before, or still waits for another body, stays as it is."""
    to = {"state": State.CLOSED, "closed_on": max(beijing_date(now), finding.found_on)}
    if not is_awaited(finding) and Finding.objects.filter(pk=finding.pk, state=State.OPEN).update(**to):
        _note(finding, Kind.CLOSED, by, now, text)


@transaction.atomic
def lower_severity(*, finding: Finding, severity: str, reason: str, by: User, now: datetime) -> None:
    """The station's head lowers a finding's severity with a reason. DOMAIN B.5

    Raises:
        PermissionDenied: not the station's head.
        Refused: no reason, or not lower than it is.
        WrongState: it was closed, withdrawn or lowered in the meantime.
    """
    demand(by, Act.SEVERITY_LOWER)
    if not reason.strip():
        raise Refused({"reason": "写一句为什么降低。"})
    old, new = Severity(finding.severity), Severity(severity)
    if new.rank >= old.rank:
        raise Refused({"severity": "选一个更低的等级。"})
    gone = "这个问题刚才已经变了，看看现在的等级和状态。"
    move(finding, state=State.OPEN, severity=old, to={"severity": new}, else_=gone)
    _note(finding, Kind.LOWERED, by, now, f"{old.label} → {new.label}：{reason.strip()}")


def _note(finding: Finding, kind: str, by: User, now: datetime, text: str = "") -> None:
    FindingEvent.objects.create(finding=finding, kind=kind, by=by, at=now, text=text[:300])
