"""Registers: who writes which, files, striking, what is written late."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from python_calamine import CalamineWorkbook

from accounts.models import RoleGrant
from communities import records
from communities.models import CommitteeMember, OwnersCommittee, Person, Record, RecordFile
from lib.states import WrongState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PDF = b"%PDF-1.7\n%%EOF"


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return out.getvalue()


def photo() -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    image.save(out, "JPEG", exif=Image.Exif())
    return out.getvalue()


@pytest.fixture
def committee(community, days_ago, today):
    day = days_ago(100)
    return OwnersCommittee.objects.create(
        community=community, number=1, seats=5, elected_on=day, first_day=day, last_day=today + 900 * DAY
    )


@pytest.fixture
def committee_chair(committee, make_user, days_ago):
    user = make_user("zhuren", "王桂兰")
    RoleGrant.objects.create(user=user, role="committee_member", first_day=days_ago(100), origin="link")
    person = Person.objects.create(name="王桂兰", user=user)
    CommitteeMember.objects.create(committee=committee, person=person, post="chair", first_day=days_ago(100))
    return user


@pytest.fixture
def minutes(community, committee_chair, today, now):
    return records.enter(
        kind="minutes", community=community, happened_on=today, title="秋季例会", text="换门禁", in_charge="王桂兰",
        number=5, by=committee_chair, now=now,
    )  # fmt: skip


def test_the_committee_writes_its_own_register(minutes, committee):
    assert minutes.committee == committee and not records.is_late(minutes)


def test_who_writes_which(
    community, neighbour_community, committee_chair, station_head, firm, firm_row, cadre, today, now
):
    say = {"kind": "minutes", "happened_on": today, "title": "会", "now": now}
    assert records.enter(community=community, by=station_head, **say)
    for by, place in ((committee_chair, neighbour_community), (firm, community), (cadre, community)):
        with pytest.raises(PermissionDenied):
            records.enter(community=place, by=by, **say)
    assert records.enter(firm=firm_row, by=firm, **{**say, "kind": "training"}).firm == firm_row
    with pytest.raises(PermissionDenied):
        records.enter(firm=firm_row, by=station_head, **{**say, "kind": "training"})


def test_a_meeting_to_come(community, committee_chair, today, now):
    say = {"community": community, "title": "会", "happened_on": today + DAY, "by": committee_chair, "now": now}
    with pytest.raises(ValidationError, match="不能晚于今天"):
        records.enter(kind="minutes", **say)
    assert records.enter(kind="training", **say)


@pytest.mark.parametrize(("passed", "late"), [(7, False), (8, True)])
def test_written_afterwards(community, committee_chair, today, now, passed, late):
    row = records.enter(
        kind="seal", community=community, happened_on=today - passed * DAY, title="盖章", by=committee_chair, now=now
    )
    assert records.is_late(row) is late


def test_struck_once(minutes, committee_chair, other_cadre, now):
    with pytest.raises(PermissionDenied):
        records.strike(record=minutes, struck_why="x", by=other_cadre, now=now)
    records.strike(record=minutes, struck_why="日期写错了", by=committee_chair, now=now)
    with pytest.raises(WrongState):
        records.strike(record=minutes, struck_why="又", by=committee_chair, now=now)
    assert not Record.objects.standing().exists()


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("name", "data", "extension"),
    [
        ("会议.pdf", PDF, "pdf"),
        ("名册.docx", zipped("word/document.xml"), "docx"),
        ("表.xlsx", zipped("xl/workbook.xml"), "xlsx"),
        ("照片.jpg", photo(), "jpg"),
        ("改了名的.exe", PDF, "pdf"),
    ],
)
def test_files_are_what_their_content_says(community, committee_chair, today, now, name, data, extension):
    row = records.enter(
        kind="minutes", community=community, happened_on=today, title="会", attached=[file(name, data)],
        by=committee_chair, now=now,
    )  # fmt: skip
    kept = row.files.get()
    assert kept.extension == extension and kept.title.endswith(f".{extension}") and kept.size > 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "是空的"),
        (b"MZ\x90\x00 program", "打不开"),
        (b"<html><script>alert(1)</script>", "打不开"),
        (zipped("whatever.txt"), "压缩包"),
        (zipped("xl/workbook.xml", "xl/vbaProject.bin"), "带宏"),
        (b"PK\x03\x04 broken", "坏了"),
    ],
)
def test_files_that_are_not_taken(community, committee_chair, today, now, data, words):
    with pytest.raises(ValidationError, match=words):
        records.enter(
            kind="minutes", community=community, happened_on=today, title="会", attached=[file("x.pdf", data)],
            by=committee_chair, now=now,
        )  # fmt: skip
    assert not Record.objects.exists()


# ---------------------------------------------------------------- pages

LIST = reverse("communities:record-list")


def new(community, kind="minutes") -> str:
    return reverse("communities:community-record-new", args=[community.pk, kind])


def test_the_form_speaks_the_words_of_the_register(as_, committee_chair, community):
    page = as_(committee_chair).get(new(community, "seal")).content.decode()
    assert "用章事由" in page and "批准人" in page and "份数" in page


def test_an_entry_with_two_files(as_, committee_chair, community, today):
    client = as_(committee_chair)
    data = {"happened_on": today, "title": "秋季例会", "attached": [file("a.pdf", PDF), file("b.pdf", PDF)]}
    answer = client.post(new(community), data)
    assert answer.status_code == 302, answer.content.decode()
    row = Record.objects.get()
    assert row.files.count() == 2
    page = client.get(reverse("communities:record-detail", args=[row.pk])).content.decode()
    assert "秋季例会" in page and "a.pdf" in page
    download = client.get(reverse("communities:record-file", args=[row.files.first().pk]))
    assert b"".join(download) == PDF and "attachment" in download["Content-Disposition"]


def test_bad_input_is_explained_and_kept(as_, committee_chair, community):
    answer = as_(committee_chair).post(new(community), {"happened_on": "昨天", "title": "秋季例会", "number": "五"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "秋季例会" in page and "写成日期" in page and "写成整数" in page


@pytest.mark.parametrize("kind", ["training_plan", "nothing"])
def test_no_such_register_of_a_community(as_, committee_chair, community, kind):
    assert as_(committee_chair).get(new(community, kind)).status_code == 404


def test_a_firms_training_plan(as_firm, firm_row, other_firm_row, today):
    where = reverse("communities:firm-record-new", args=[firm_row.pk, "training_plan"])
    assert as_firm.post(where, {"happened_on": today + 30 * DAY, "title": "消防培训"}).status_code == 302
    assert Record.objects.get().firm == firm_row
    assert as_firm.get(reverse("communities:firm-record-new", args=[other_firm_row.pk, "training"])).status_code == 404


@pytest.mark.parametrize("kind", ["pledge", "evaluation"])
def test_the_association_and_evaluations_by_others(as_clerk, as_firm, firm_row, community, today, kind):
    """R07: self-discipline code, members, training, third-party evaluation."""
    firm_row.association_since = today
    firm_row.save()
    where = reverse("communities:firm-record-new", args=[firm_row.pk, kind])
    answer = as_firm.post(where, {"happened_on": today, "title": "行业自律公约", "in_charge": "演示·协会"})
    assert (answer.status_code, Record.objects.filter(kind=kind, firm=firm_row).count()) == (302, 1)
    shown = as_firm.get(firm_row.get_absolute_url()).content.decode()
    assert "行业自律公约" in shown and "起是会员" in shown
    elsewhere = reverse("communities:community-record-new", args=[community.pk, kind])
    assert as_clerk.get(elsewhere).status_code in (403, 404)


def test_who_sees_an_entry(minutes, as_, station_head, other_cadre, firm, cadre):
    where = reverse("communities:record-detail", args=[minutes.pk])
    for user, status in ((station_head, 200), (cadre, 200), (other_cadre, 404), (firm, 404)):
        assert as_(user).get(where).status_code == status, user


def test_filters_and_export(minutes, as_, station_head):
    client = as_(station_head)
    assert list(client.get(LIST, {"q": "门禁", "kind": "minutes"}).context["page"]) == [minutes]
    assert not list(client.get(LIST, {"q": "没有"}).context["page"])
    for bent in ({"kind": "x", "first": "x", "community": "x", "page": "x"}, {"community": "9" * 30}):
        assert client.get(LIST, bent).status_code == 200
    book = b"".join(client.get(reverse("communities:record-list-export")))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[1][3] == "秋季例会"


def test_striking_on_the_page(minutes, as_, committee_chair):
    client, where = as_(committee_chair), reverse("communities:record-strike", args=[minutes.pk])
    assert client.post(where, {"struck_why": ""}).status_code == 422
    assert client.post(where, {"struck_why": "写错了"}).status_code == 302
    assert "写错了" in client.get(reverse("communities:record-detail", args=[minutes.pk])).content.decode()


def test_the_list_takes_the_same_queries(minutes, as_, station_head, community, now, today, django_assert_num_queries):
    from tests import queries

    client = as_(station_head)
    few = queries.of(client, LIST)
    for number in range(10):
        row = records.enter(
            kind="seal", community=community, happened_on=today, title=f"第{number}次", by=station_head, now=now
        )
        sent = {"uploaded_by": station_head, "uploaded_at": now}
        RecordFile.objects.create(record=row, title="a.pdf", extension="pdf", size=1, sha256="0" * 64, **sent)
    assert queries.of(client, LIST) == few
