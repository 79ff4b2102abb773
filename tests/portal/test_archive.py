"""迎检: an archive per community and period in the superior's order, with what is missing. Issue 5 §9"""

import io
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from python_calamine import CalamineWorkbook

from communities import records
from communities.models import ArchiveHeading, Record
from portal import archive
from tests.communities.test_constraints import refused_by

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def at(community, name="portal:community-archive") -> str:
    return reverse(name, args=[community.pk])


@pytest.fixture
def minutes(community, station_head, today, now):
    return records.enter(
        kind="minutes", community=community, happened_on=today - 10 * DAY, title="秋季例会", by=station_head, now=now
    )


def test_in_the_superiors_order(minutes, firm_row, community, as_station_head):
    ArchiveHeading.objects.exclude(source__in=["minutes", "contracts"]).delete()
    ArchiveHeading.objects.filter(source="minutes").update(position=90, title="会议纪要（三年）")
    chapters = as_station_head.get(at(community)).context["chapters"]
    assert [str(chapter.heading) for chapter in chapters] == ["2. 物业服务合同", "90. 会议纪要（三年）"]
    assert chapters[1].lines[0].text == "秋季例会" and "补记" in chapters[1].lines[0].note


def test_what_is_missing(community, as_station_head):
    page = as_station_head.get(at(community))
    missing = {chapter.heading.source for chapter in page.context["missing"]}
    assert {"contracts", "minutes", "committee"} <= missing and "elections" not in missing
    assert "缺项单" in page.content.decode()


def test_of_the_days_asked_for(minutes, community, as_station_head, today):
    def found(first, last):
        chapters = as_station_head.get(at(community), {"first": first, "last": last}).context["chapters"]
        return next(c for c in chapters if c.heading.source == "minutes").lines

    day = today - 10 * DAY
    assert found(day, day) and not found(day + DAY, today) and not found(day - 20 * DAY, day - DAY)


@pytest.mark.parametrize("typed", [{"first": "x", "last": "x"}, {"first": "2999-01-01"}, {"last": "0001-01-01"}])
def test_bent_days(community, as_station_head, typed):
    assert as_station_head.get(at(community), typed).status_code == 200


def test_the_days_that_are_shown_stand_in_the_form(community, as_station_head, today):
    page = as_station_head.get(at(community))
    assert f'value="{today.year}-01-01"' in page.content.decode()
    assert f'value="{today:%Y-%m-%d}"' in page.content.decode()


def test_a_struck_entry_fills_no_gap(minutes, community, station_head, as_station_head, now):
    records.strike(record=minutes, struck_why="记错", by=station_head, now=now)
    missing = as_station_head.get(at(community)).context["missing"]
    assert "minutes" in {chapter.heading.source for chapter in missing}


def test_nothing_can_be_written_here(community, as_station_head):
    assert as_station_head.post(at(community)).status_code == 405
    assert not Record.objects.exists()


def test_every_source_is_gathered(community, station_head, today):
    assert set(archive.GATHER) == set(ArchiveHeading.Source.values)
    asked = archive.Asked(community, today, today, station_head)
    for gather in archive.GATHER.values():
        list(gather(asked))


def test_as_a_workbook(minutes, community, as_clerk):
    book = b"".join(as_clerk.get(at(community, "portal:community-archive-export")))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert any(row[3] == "秋季例会" for row in rows) and any(row[3] == "缺项" for row in rows)
    assert LogEntry.objects.filter(object_repr__contains="迎检档案").exists()


def test_whose(community, as_, other_station_head, cadre, leader, clerk):
    for name in ("portal:community-archive", "portal:community-archive-export"):
        assert as_(other_station_head).get(at(community, name)).status_code == 404
        for user in (cadre, leader):
            assert as_(user).get(at(community, name)).status_code == 403


def test_headings(db):
    refused_by("archive_heading_place", ArchiveHeading(position=1, title="又一项", source="seal"))
    refused_by("archive_heading_title", ArchiveHeading(position=99, title="", source="seal"))
