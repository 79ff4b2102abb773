"""Sending in a patrol, correcting it within its day, adding remarks, voiding it. DOMAIN B.4, issue 3 §5"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import Act, demand
from communities.models import Building, Community
from communities.responsibility import responsible_on
from lib.periods import beijing_date, week_of

from . import record_sheet, weeks
from .models import (
    ASKED,
    MOST_PHOTOS,
    Category,
    CheckItem,
    DayNumber,
    Finding,
    FindingEvent,
    Patrol,
    PatrolAnswer,
    PatrolPhoto,
    PatrolRemark,
    PatrolVersion,
    Severity,
)

CLOCK_SKEW = timedelta(minutes=10)  # a phone's clock may be ahead of ours by so much
Result = PatrolAnswer.Result


class Refused(Exception):
    """The record cannot be taken as it is. ``problems``: field name → sentence that says how to mend it."""

    def __init__(self, problems: dict[str, str]):
        super().__init__("；".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class FindingEntry:
    """One finding as typed on the phone."""

    client_id: UUID
    item: CheckItem
    severity: str
    text: str
    handling: str
    severity_reason: str = ""
    building: Building | None = None
    place: str = ""
    dissuaded: bool = False
    photos: Sequence[UUID] = ()
    after: Sequence[UUID] = ()
    field: str = "findings"  # where its errors are shown


@dataclass(frozen=True)
class Entry:
    """A patrol as typed on the phone; nothing in it is preset."""

    client_id: UUID
    community: Community
    occurred_at: datetime
    answers: dict[str, str]  # category → result
    findings: Sequence[FindingEntry] = ()
    kind: str = Patrol.Kind.DAILY
    places: str = ""
    note: str = ""
    photos: Sequence[UUID] = ()


# ---------------------------------------------------------------- sending in


def submit(*, entry: Entry, by: User, now: datetime) -> Patrol:
    """Takes a patrol in and gives it its number; sent twice under one client id, it is one record.

    Raises:
        PermissionDenied: not this person's act or community.
        Refused: something is missing or contradictory; nothing is written.
    """
    if known := _sent_before(entry, by):
        return known
    demand(by, Act.COVERT_PATROL if entry.kind == Patrol.Kind.COVERT else Act.PATROL)
    if not Community.objects.visible_to(by).filter(pk=entry.community.pk).exists():
        raise PermissionDenied("这个小区今天不归您联系。")
    check(entry, now=now)
    try:
        with transaction.atomic():
            patrol = _create(entry, by, now)
            _write(patrol, entry, by, now)
    except IntegrityError as error:
        if "client_id" in str(error) and (known := _sent_before(entry, by)):  # the other tap was quicker
            return known
        raise
    return patrol


def _sent_before(entry: Entry, by: User) -> Patrol | None:
    known = Patrol.objects.filter(client_id=entry.client_id).first()
    if known and known.user_id != by.pk:
        raise PermissionDenied("这份记录是另一个账号写的，请用那个账号提交。")
    return known


def _create(entry: Entry, by: User, now: datetime) -> Patrol:
    occurred = min(entry.occurred_at, now)
    day = beijing_date(occurred)
    return Patrol.objects.create(
        client_id=entry.client_id,
        number=next_number(now),
        community=entry.community,
        user=by,
        kind=_kind(entry, by, day),
        occurred_at=occurred,
        occurred_on=day,
        submitted_at=now,
        submitted_on=beijing_date(now),
        submit_by=weeks.terms_of(week_of(day)).submit_by.date,
        places=entry.places,
        note=entry.note,
    )


def _kind(entry: Entry, by: User, day) -> str:
    """A second daily patrol of the same day is kept as 加查. DOMAIN B.2"""
    if entry.kind != Patrol.Kind.DAILY:
        return entry.kind
    earlier = Patrol.objects.countable().filter(user=by, community=entry.community, occurred_on=day)
    return Patrol.Kind.EXTRA if earlier.exists() else Patrol.Kind.DAILY


def next_number(now: datetime) -> str:
    """巡20261104-0003: one sequence a Beijing day for the town; taken in the transaction that uses it."""
    day = beijing_date(now)
    DayNumber.objects.bulk_create([DayNumber(day=day, last=0)], ignore_conflicts=True)
    row = DayNumber.objects.select_for_update().get(day=day)
    row.last += 1
    row.save(update_fields=["last"])
    return f"巡{day:%Y%m%d}-{row.last:04}"


# ---------------------------------------------------------------- what a record must say


def check(entry: Entry, *, now: datetime) -> None:
    """Raises Refused with a sentence for each thing that is missing or contradictory. DOMAIN B.4"""
    problems = _answer_problems(entry) | _time_problems(entry, now)
    for number, finding in enumerate(entry.findings, start=1):
        problems |= _finding_problems(finding, f"第 {number} 个问题")
    if len(entry.photos) > MOST_PHOTOS:
        problems["photos"] = f"照片最多 {MOST_PHOTOS} 张，请删掉几张。"
    if problems:
        raise Refused(problems)


def _answer_problems(entry: Entry) -> dict[str, str]:
    problems = {}
    found = {finding.item.category for finding in entry.findings}
    for category in Category:
        result = entry.answers.get(category)
        if category in ASKED and result not in Result.values:
            problems[category] = f"“{category.label}”还没选：没问题、有问题，或者这次没看。"
        elif result == Result.FINDING and category not in found:
            problems[category] = f"“{category.label}”选了有问题，请写一句是什么问题，在哪里。"
        elif result != Result.FINDING and category in found:
            problems[category] = f"“{category.label}”写了问题，请选“有问题”，或者把写的问题删掉。"
    if not problems and set(entry.answers.values()) <= {Result.NOT_SEEN}:
        problems["answers"] = "每一项都是“这次没看”，这次就不算巡查。至少看一项再提交。"
    return problems


def _time_problems(entry: Entry, now: datetime) -> dict[str, str]:
    if entry.occurred_at > now + CLOCK_SKEW:
        return {"occurred_at": "巡查时间在现在之后，看看这部手机的日期和时间对不对。"}
    return {}


def _finding_problems(finding: FindingEntry, which: str) -> dict[str, str]:
    problems = {}
    default = Severity(finding.item.severity)
    if not finding.text.strip():
        problems[f"{finding.field}-text"] = f"{which}：写一句是什么问题，在哪里，比如“3幢1单元楼道堆纸箱”。"
    if Severity(finding.severity).rank < default.rank:
        problems[f"{finding.field}-severity"] = (
            f"{which}：“{finding.item}”定为{default.label}，要降低请物管站站长来办。"
        )
    if Severity(finding.severity).rank > default.rank and not finding.severity_reason.strip():
        problems[f"{finding.field}-severity_reason"] = f"{which}：等级提高了，写一句为什么。"
    if finding.handling == Finding.Handling.ON_THE_SPOT and not finding.after:
        problems[f"{finding.field}-after"] = f"{which}：当场处理好的，再拍一张处理后的照片。"
    if finding.dissuaded and not finding.photos:
        problems[f"{finding.field}-photos"] = f"{which}：勾了“物业已劝阻、已报告”，要有照片。"
    if len(finding.photos) + len(finding.after) > MOST_PHOTOS:
        problems[f"{finding.field}-photos"] = f"{which}：照片最多 {MOST_PHOTOS} 张，请删掉几张。"
    return problems


# ---------------------------------------------------------------- writing


def _write(patrol: Patrol, entry: Entry, by: User, now: datetime) -> None:
    """Answers, findings and photos of the present version; findings no longer in the entry are withdrawn."""
    patrol.answers.all().delete()
    PatrolAnswer.objects.bulk_create(
        PatrolAnswer(patrol=patrol, category=c, result=entry.answers.get(c, Result.NOT_SEEN)) for c in Category
    )
    known = {finding.client_id: finding for finding in patrol.findings.standing()}
    for typed in entry.findings:
        _write_finding(patrol, typed, known.pop(typed.client_id, None), by, now)
    for finding in known.values():
        _withdraw(finding, "更正时删去", by, now)
    _attach(PatrolPhoto.Kind.PROBLEM, entry.photos, by, field="photos", patrol=patrol)


def _write_finding(patrol: Patrol, typed: FindingEntry, finding: Finding | None, by: User, now: datetime) -> None:
    is_new = finding is None
    finding = finding or Finding(client_id=typed.client_id, patrol=patrol, community=patrol.community, found_by=by)
    day = patrol.occurred_on
    on_the_spot = typed.handling == Finding.Handling.ON_THE_SPOT
    columns = {
        "item": typed.item,
        "severity": typed.severity,
        "severity_reason": typed.severity_reason,
        "building": typed.building,
        "place": typed.place,
        "text": typed.text.strip(),
        "handling": typed.handling,
        "dissuaded": typed.dissuaded,
        "firm": responsible_on(patrol.community, day).firm,
        "found_on": day,
        "state": Finding.State.CLOSED if on_the_spot else Finding.State.OPEN,
        "closed_on": day if on_the_spot else None,
    }
    changed = is_new or any(getattr(finding, name) != value for name, value in columns.items())
    for name, value in columns.items():
        setattr(finding, name, value)
    finding.save()
    if changed:
        _note(finding, FindingEvent.Kind.FOUND if is_new else FindingEvent.Kind.CORRECTED, by, now)
    wanted = [*typed.photos, *typed.after]
    finding.photos.exclude(client_id__in=wanted).update(dropped=True)
    _attach(PatrolPhoto.Kind.PROBLEM, typed.photos, by, field=f"{typed.field}-photos", finding=finding)
    _attach(PatrolPhoto.Kind.AFTER, typed.after, by, len(typed.photos), field=f"{typed.field}-after", finding=finding)


def _attach(kind: str, client_ids: Sequence[UUID], by: User, start: int = 0, *, field: str, **owner) -> None:
    """Binds uploaded photos to what they show, in order. A photo is bound once and only by its sender."""
    if not client_ids:
        return
    free = PatrolPhoto.objects.filter(uploaded_by=by, client_id__in=client_ids)
    mine = {photo.client_id: photo for photo in free}
    target_id = next(iter(owner.values())).pk
    for client_id in client_ids:
        photo = mine.get(client_id)
        taken = photo and (photo.finding_id or photo.patrol_id) not in (None, target_id)
        if photo is None or taken:
            raise Refused({field: "有照片还没传完，等它传好，或者删掉它再提交。"})
        if photo.state == PatrolPhoto.State.REFUSED:
            raise Refused({field: photo.refusal})
    PatrolPhoto.objects.filter(**owner, client_id__in=client_ids).update(dropped=True)  # frees the places
    for position, client_id in enumerate(client_ids, start=start):
        PatrolPhoto.objects.filter(pk=mine[client_id].pk).update(kind=kind, position=position, dropped=False, **owner)


def _note(finding: Finding, kind: str, by: User, now: datetime, text: str = "") -> None:
    FindingEvent.objects.create(finding=finding, kind=kind, by=by, at=now, text=text)


def _withdraw(finding: Finding, reason: str, by: User, now: datetime) -> None:
    Finding.objects.filter(pk=finding.pk).update(state=Finding.State.WITHDRAWN, withdrawn_reason=reason, closed_on=None)
    _note(finding, FindingEvent.Kind.WITHDRAWN, by, now, reason)


# ---------------------------------------------------------------- afterwards


@transaction.atomic
def correct(*, patrol: Patrol, entry: Entry, reason: str, by: User, now: datetime) -> None:
    """Replaces what a patrol says, by its author and on the day it was sent in; the old version stays readable.

    Raises:
        PermissionDenied: another person, or another day: then only a remark can be added.
        Refused: something is missing or contradictory; nothing is written.
    """
    patrol = Patrol.objects.select_for_update().get(pk=patrol.pk)
    if not patrol.is_correctable(by=by, now=now):
        raise PermissionDenied("只有巡查人当天可以更正。现在可以写一条补充说明。")
    if not reason.strip():
        raise Refused({"reason": "写一句为什么更正。"})
    check(entry, now=now)
    PatrolVersion.objects.create(
        patrol=patrol,
        number=patrol.version,
        content=record_sheet.content(patrol),
        replaced_at=now,
        replaced_by=by,
        reason=reason.strip(),
    )
    patrol.version += 1
    patrol.places, patrol.note = entry.places, entry.note
    patrol.save(update_fields=["version", "places", "note"])
    patrol.photos.exclude(client_id__in=entry.photos).update(dropped=True)
    _write(patrol, entry, by, now)


def remark(*, patrol: Patrol, text: str, by: User, now: datetime) -> PatrolRemark:
    """Adds a remark; the record itself stays as it is.

    Raises:
        PermissionDenied: somebody other than the author.
        Refused: empty.
    """
    if patrol.user_id != by.pk:
        raise PermissionDenied("补充说明由巡查人自己写。")
    if not text.strip():
        raise Refused({"text": "写一句要补充什么。"})
    return PatrolRemark.objects.create(patrol=patrol, by=by, at=now, text=text.strip())


@transaction.atomic
def void(*, patrol: Patrol, reason: str, by: User, now: datetime) -> None:
    """Voids a record that should not be: by its author on the same day, or by the station's head. Its findings go too.

    Raises:
        PermissionDenied: neither of them.
        Refused: no reason.
    """
    if not patrol.is_correctable(by=by, now=now):
        demand(by, Act.SEVERITY_LOWER)
    if not reason.strip():
        raise Refused({"reason": "写一句为什么作废。"})
    stands = Patrol.objects.submitted().filter(pk=patrol.pk)
    if stands.update(state=Patrol.State.VOIDED, void_reason=reason.strip()):
        for finding in patrol.findings.standing():
            _withdraw(finding, f"巡查记录作废：{reason.strip()}"[:200], by, now)


@transaction.atomic
def lower_severity(*, finding: Finding, severity: str, reason: str, by: User, now: datetime) -> None:
    """The station's head lowers a finding's severity with a reason. DOMAIN B.5

    Raises:
        PermissionDenied: not the station's head.
        Refused: no reason, or not lower than it is.
    """
    demand(by, Act.SEVERITY_LOWER)
    if not reason.strip():
        raise Refused({"reason": "写一句为什么降低。"})
    if Severity(severity).rank >= Severity(finding.severity).rank:
        raise Refused({"severity": "选一个更低的等级。"})
    old = Severity(finding.severity).label
    if Finding.objects.open().filter(pk=finding.pk, severity=finding.severity).update(severity=severity):
        _note(
            finding, FindingEvent.Kind.LOWERED, by, now, f"{old} → {Severity(severity).label}：{reason.strip()}"[:300]
        )
