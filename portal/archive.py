"""迎检: a community's archive of a period in the superior's order, with what is missing (缺项单).

It gathers what the rooms hold and writes nothing: a gap stays a gap, and what was entered late says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.http import FileResponse
from django.urls import reverse

from accounts.models import User
from communities import records, takings
from communities.models import ArchiveHeading, Community, Record
from inspections.models import Finding, Patrol
from lib import workbook
from lib.periods import beijing_date

MOST_LINES = 200  # under one heading of the page; the workbook has them all
Source = ArchiveHeading.Source


@dataclass(frozen=True)
class Line:
    """One entry: its day, what it is, where to read it, and what is to be known of it."""

    day: date | None
    text: str
    url: str = ""
    note: str = ""


@dataclass
class Chapter:
    heading: ArchiveHeading
    lines: list[Line] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        return self.heading.is_required and not self.lines

    @property
    def shown(self) -> list[Line]:
        return self.lines[:MOST_LINES]


@dataclass(frozen=True)
class Asked:
    """Whose archive, of which days, for whom."""

    community: Community
    first: date
    last: date
    user: User

    def dated(self, rows):
        """Rows with days that hold on at least one of the days."""
        return rows.visible_to(self.user).between(self.first, self.last)


def gather(asked: Asked) -> list[Chapter]:
    """The chapters in the superior's order."""
    return [Chapter(heading, list(GATHER[heading.source](asked))) for heading in ArchiveHeading.objects.all()]


# ---------------------------------------------------------------- what goes under a heading


def _community(asked: Asked):
    place = asked.community
    units = place.units.count()
    text = f"{place.get_kind_display()}，{place.village_committee}，{place.buildings.count()} 幢 {units} 户"
    yield Line(None, f"{text}，{place.address}" if place.address else text, place.get_absolute_url())


def _contracts(asked: Asked):
    for row in asked.dated(asked.community.contracts).select_related("firm"):
        note = f"到 {row.last_day}" if row.last_day else "没写结束日期"
        yield Line(row.first_day, f"{row.firm}，{row.get_kind_display()}", row.firm.get_absolute_url(), note)


def _committee(asked: Asked):
    for row in asked.dated(asked.community.committees):
        filed = f"{row.filed_on} 备案 {row.filing_number}" if row.filed_on else "没有备案"
        yield Line(row.first_day, f"第 {row.number} 届，到 {row.last_day}", row.get_absolute_url(), filed)


def _elections(asked: Asked):
    rows = asked.community.committee_elections.visible_to(asked.user)
    for row in rows.filter(ready_on__range=(asked.first, asked.last)):
        yield Line(row.ready_on, f"{row.get_kind_display()}：{row.basis}", "", row.get_state_display())


def _register(kind: str, asked: Asked):
    rows = Record.objects.visible_to(asked.user).standing().filter(community=asked.community, kind=kind)
    for row in rows.filter(happened_on__range=(asked.first, asked.last)).order_by("happened_on", "pk"):
        late = f"补记，{beijing_date(row.entered_at)} 才记" if records.is_late(row) else ""
        yield Line(row.happened_on, row.title, reverse("communities:record-detail", args=[row.pk]), late)


def _exits(asked: Asked):
    rows = asked.community.exits.visible_to(asked.user).with_parties()
    for row in rows.filter(ended_on__range=(asked.first, asked.last)):
        note = f"{row.closed_on} 完成" if row.closed_on else "没有完成"
        yield Line(row.ended_on, str(row), row.get_absolute_url(), note)


def _staff(asked: Asked):
    rows = asked.dated(asked.community.firm_staff).select_related("person", "firm").prefetch_related("certificates")
    for row in rows:
        held = "、".join(certificate.name for certificate in row.certificates.all())
        yield Line(row.first_day, f"{row}，{row.firm}", row.firm.get_absolute_url(), held)


def _equipment(asked: Asked):
    for row in asked.dated(asked.community.equipment):
        note = f"检验到 {row.inspect_by}" if row.inspect_by else "没写检验日期"
        yield Line(row.inspected_on, str(row), "", note)


def _patrols(asked: Asked):
    rows = Patrol.objects.visible_to(asked.user).submitted().filter(community=asked.community)
    for row in rows.filter(occurred_on__range=(asked.first, asked.last)).order_by("occurred_on", "pk"):
        late = "交晚了" if row.is_late else ""
        yield Line(row.occurred_on, f"{row.number} {row.get_kind_display()}", row.get_absolute_url(), late)


def _findings(asked: Asked):
    rows = Finding.objects.visible_to(asked.user).standing().filter(community=asked.community)
    for row in rows.filter(found_on__range=(asked.first, asked.last)).order_by("found_on", "pk"):
        note = f"{row.closed_on} 办结" if row.closed_on else "没有办结"
        yield Line(row.found_on, row.text[:80], row.get_absolute_url(), note)


GATHER: dict[str, Callable] = {
    Source.COMMUNITY: _community,
    Source.CONTRACTS: _contracts,
    Source.COMMITTEE: _committee,
    Source.ELECTIONS: _elections,
    Source.EXITS: _exits,
    Source.STAFF: _staff,
    Source.EQUIPMENT: _equipment,
    Source.PATROLS: _patrols,
    Source.FINDINGS: _findings,
    **{
        kind: partial(_register, kind)
        for kind in ("minutes", "rules", "supervision", "seal", "training", "activity", "archive")
    },
}

COLUMNS = [
    workbook.Column("第几项", 8, workbook.WHOLE),
    workbook.Column("标题", 24),
    workbook.Column("日期", 12, workbook.DAY),
    workbook.Column("内容", 60),
    workbook.Column("说明", 40),
]


def export(asked: Asked) -> FileResponse:
    """The archive as a workbook, missing headings too; who took it away is noted."""
    chapters = gather(asked)
    how = f"{asked.first} 至 {asked.last}"
    takings.note(asked.user, f"{asked.community}迎检档案", sum(len(chapter.lines) for chapter in chapters), how)
    name = f"迎检{asked.community}{asked.first:%Y%m%d}-{asked.last:%Y%m%d}.xlsx"
    return workbook.response(name, title="迎检档案", columns=COLUMNS, rows=_cells(chapters))


def _cells(chapters: list[Chapter]):
    for chapter in chapters:
        head = [chapter.heading.position, chapter.heading.title]
        for line in chapter.lines:
            yield [*head, line.day, line.text, line.note]
        if not chapter.lines:
            yield [*head, None, "缺项" if chapter.is_missing else "没有", ""]
