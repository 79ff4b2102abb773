"""Dissuade, record, transfer: the journal of what was done where the office has no power of its own. DOMAIN 0.6a

What inspections know already (a firm's dissuasion, a transfer of a finding) stands in the same list, read from there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.urls import reverse

from accounts.models import User
from accounts.roles import Act, demand, may
from communities.models import Community
from inspections.models import Department, Dissuasion, Transfer
from lib.periods import beijing_date
from lib.states import move
from lib.typed_days import demand_come

from . import planning
from .models import Campaign, CampaignFinding, CampaignPlace, JournalEntry

Kind = JournalEntry.Kind


def may_write(user: User, place: CampaignPlace) -> bool:
    """Staff of the community who patrol it or keep its registry."""
    acts = may(user, Act.PATROL) or may(user, Act.REGISTRY)
    return acts and Community.objects.overseen_by(user).filter(pk=place.community_id).exists()


def demand_writer(user: User, place: CampaignPlace) -> None:
    """Raises PermissionDenied for whoever is not staff of the community."""
    if not may_write(user, place):
        raise PermissionDenied("由这个小区的包区干部、物管站或者镇物业办来记。")


@transaction.atomic
def write(
    *,
    place: CampaignPlace,
    kind: str,
    day: date,
    text: str,
    person: str,
    department: Department | None = None,
    document: str = "",
    by: User,
    now: datetime,
) -> JournalEntry:
    """Somebody was dissuaded, it was recorded, or it was handed to the body with power under a number.

    Raises:
        PermissionDenied: not staff of the community; a transfer by somebody outside the office.
        WrongState: the campaign does not run.
        ValidationError: a day to come, nothing written, a transfer without department or number; by field.
    """
    demand_writer(by, place)
    planning.demand_running(place.campaign)
    demand_come(day, beijing_date(now), field="day")
    document = document.strip()
    if kind == Kind.TRANSFERRED:
        demand(by, Act.TRANSFER)
        _demand_addressee(department, document)
    elif department or document:
        raise ValidationError({"kind": "写了部门或文号的，选“移交”；没有移交的不写部门和文号。"})
    said = {"text": text.strip(), "person": person.strip(), "department": department, "document": document}
    row = JournalEntry(place=place, kind=kind, day=day, by=by, at=now, **said)
    row.full_clean()
    row.save()
    return row


def _demand_addressee(department: Department | None, document: str) -> None:
    if department is None:
        raise ValidationError({"department": "选移交给哪个部门。"})
    if not document:
        raise ValidationError({"document": "写上移交的文号。"})


@transaction.atomic
def answer(*, entry: JournalEntry, result: str, result_document: str, result_on: date, by: User, now: datetime) -> None:
    """What the body with power did stands as its result, with its document's number.

    Raises:
        PermissionDenied: not of the town's office.
        ValidationError: nothing written, no number, a day to come or before the transfer; by field.
        WrongState: nothing was handed over, or it was answered before.
    """
    demand(by, Act.TRANSFER)
    for name, typed, needs in (
        ("result", result, "写部门怎么处理的。"),
        ("result_document", result_document, "写上处理的文号。"),
    ):
        if not typed.strip():
            raise ValidationError({name: needs})
    demand_come(result_on, beijing_date(now), field="result_on")
    if result_on < entry.day:
        raise ValidationError({"result_on": f"不能早于移交那天（{entry.day}）。"})
    to = {"result": result.strip(), "result_document": result_document.strip(), "result_on": result_on}
    move(entry, kind=Kind.TRANSFERRED, result="", to=to, else_="已经登记过处理结果，或者没有移交。")


# ---------------------------------------------------------------- read


@dataclass(frozen=True)
class Line:
    """One line of the journal, wherever it was written."""

    day: date
    community: str
    kind: str
    label: str
    text: str
    person: str
    department: str = ""
    document: str = ""
    result: str = ""
    result_document: str = ""
    result_on: date | None = None
    waits: bool = False
    url: str = ""
    entry: JournalEntry | None = None


OWN, TOLD, HANDED = "entry", "dissuasion", "transfer"
SENT = (Transfer.State.SENT, Transfer.State.ANSWERED)
SAID = {Kind.DISSUADED: Dissuasion.Kind.DISSUADED, Kind.RECORDED: Dissuasion.Kind.REPORTED}


def keys(user: User, *, campaign: Campaign | None = None, kind: str = "", waiting: bool = False) -> QuerySet:
    """The lines that somebody sees, newest first, as source, key and day; `lines` reads them.

    Args:
        kind: of `JournalEntry.Kind`, all where it is empty.
        waiting: only what was handed over and has no answer.
    """
    places = CampaignPlace.objects.visible_to(user)
    if campaign:
        places = places.filter(campaign=campaign)
    entries = JournalEntry.objects.visible_to(user).filter(place__in=places)
    told, handed = (
        rows.objects.visible_to(user).filter(Exists(_found(places, OuterRef("finding"))))
        for rows in (Dissuasion, Transfer)
    )
    told = told.filter(community__in=Community.objects.overseen_by(user))
    handed = handed.filter(finding__community__in=Community.objects.overseen_by(user), state__in=SENT)
    if kind:
        entries, told = entries.filter(kind=kind), told.filter(kind=SAID.get(kind, ""))
        handed = handed if kind == Kind.TRANSFERRED else handed.none()
    if waiting:
        entries, told, handed = entries.unanswered(), told.none(), handed.unanswered()
    parts = [_part(entries, OWN, "day"), _part(told, TOLD, "day"), _part(handed, HANDED, "sent_on")]
    return parts[0].union(*parts[1:], all=True).order_by("-on", "source", "-pk")


def _found(places: QuerySet, finding) -> QuerySet:
    return CampaignFinding.objects.filter(place__in=places, finding=finding)


def _part(rows: QuerySet, source: str, day: str) -> QuerySet:
    named = rows.order_by().annotate(source=Value(source, CharField()), on=F(day))
    return named.values_list("source", "pk", "on")


def lines(found: Sequence[tuple[str, int, date]]) -> list[Line]:
    """The lines behind some keys, in their order; three queries whatever their number."""
    wanted = {source: [pk for of, pk, _ in found if of == source] for source in READ}
    rows = {source: READ[source](wanted[source]) for source in READ}
    return [rows[source][pk] for source, pk, _ in found if pk in rows[source]]


def all_lines(found: QuerySet, at_once: int = 500) -> Iterator[Line]:
    """Every line, for a sheet."""
    known = list(found)
    for start in range(0, len(known), at_once):
        yield from lines(known[start : start + at_once])


def _entries(pks: Iterable[int]) -> dict[int, Line]:
    rows = JournalEntry.objects.filter(pk__in=pks).select_related("place__community", "department")
    return {row.pk: _of_entry(row) for row in rows}


def _of_entry(row: JournalEntry) -> Line:
    return Line(
        day=row.day,
        community=row.place.community.name,
        kind=row.kind,
        label=row.get_kind_display(),
        text=row.text,
        person=row.person,
        department=str(row.department or ""),
        document=row.document,
        result=row.result,
        result_document=row.result_document,
        result_on=row.result_on,
        waits=row.waits,
        entry=row,
    )


def _dissuasions(pks: Iterable[int]) -> dict[int, Line]:
    rows = Dissuasion.objects.filter(pk__in=pks).select_related("community", "finding", "firm")
    return {
        row.pk: Line(
            day=row.day,
            community=row.community.name,
            kind=Kind.DISSUADED if row.kind == Dissuasion.Kind.DISSUADED else Kind.RECORDED,
            label=f"物业{row.get_kind_display()}",
            text=row.text,
            person=f"{row.firm}，{row.person}",
            url=row.finding.get_absolute_url(),
        )
        for row in rows
    }


def _transfers(pks: Iterable[int]) -> dict[int, Line]:
    rows = Transfer.objects.filter(pk__in=pks).select_related("finding__community", "department", "sent_by")
    return {
        row.pk: Line(
            day=row.sent_on,
            community=row.finding.community.name,
            kind=Kind.TRANSFERRED,
            label=Kind.TRANSFERRED.label,
            text=row.finding.text,
            person=str(row.sent_by),
            department=str(row.department),
            document=row.document_no,
            result=row.answer,
            result_document=row.answer_no,
            result_on=row.settled_on,
            waits=row.state == Transfer.State.SENT,
            url=reverse("inspections:transfer", args=[row.pk]),
        )
        for row in rows
    }


READ = {OWN: _entries, TOLD: _dissuasions, HANDED: _transfers}
