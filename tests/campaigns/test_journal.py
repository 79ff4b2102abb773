"""Dissuade, record, transfer: written by staff, answered by the department, inspections' own rows read beside them."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns import journal
from campaigns.models import CampaignFinding, JournalEntry
from inspections import transfers
from inspections.models import CheckItem, Department, Dissuasion, Finding
from lib.states import WrongState
from tests.campaigns.conftest import MONDAY, day

pytestmark = pytest.mark.django_db
LIST, EXPORT = reverse("campaigns:journal"), reverse("campaigns:journal-export")


@pytest.fixture
def department() -> Department:
    return Department.objects.order_by("pk").first()


@pytest.fixture
def handed(place, department, clerk) -> JournalEntry:
    said = {"kind": "transferred", "day": day("2026-11-16"), "text": "六楼搭阳光房", "person": "李敏"}
    return journal.write(place=place, department=department, document="荆物移〔2026〕3号", **said, by=clerk, now=MONDAY)


def typed(**said) -> dict:
    return {"kind": "dissuaded", "day": "2026-11-16", "text": "一楼围菜地", "person": "陈国平"} | said


def make_finding(place, cadre, text="楼道堆纸箱") -> Finding:
    """A finding of the campaign."""
    row = Finding.objects.create(
        community=place.community,
        item=CheckItem.objects.get(code="PIL1"),
        severity="general",
        text=text,
        handling="notice",
        found_by=cadre,
        found_on=day("2026-11-16"),
    )
    CampaignFinding.objects.create(place=place, finding=row)
    return row


def told(finding, firm, firm_row, **said) -> Dissuasion:
    known = {"kind": "dissuaded", "text": "物业劝了三回", "person": "林", "day": day("2026-11-15")}
    return Dissuasion.objects.create(
        community=finding.community, firm=firm_row, finding=finding, by=firm, at=MONDAY, **known | said
    )


def shown(client, **asked) -> str:
    return client.get(LIST, asked).content.decode()


def test_from_the_place_to_the_result(place, as_cadre, as_clerk, department):
    address = reverse("campaigns:journal-new", args=[place.pk])
    page = as_cadre.get(address).content.decode()
    assert "陈国平" in page and "移交文号" not in page  # handing over is the office's
    assert as_cadre.post(address, typed()).status_code == 302
    said = typed(kind="transferred", text="六楼搭阳光房", department=department.pk, document="荆物移〔2026〕3号")
    assert as_clerk.post(address, said).status_code == 302
    page = shown(as_clerk)
    for words in ("一楼围菜地", "六楼搭阳光房", "荆物移〔2026〕3号", "待答复", "登记结果"):
        assert words in page
    row = JournalEntry.objects.get(kind="transferred")
    said = {"result": "责令自行拆除", "result_document": "综执〔2026〕9号", "result_on": "2026-11-16"}
    assert as_clerk.post(reverse("campaigns:journal-answer", args=[row.pk]), said).status_code == 302
    page = shown(as_clerk)
    assert "责令自行拆除" in page and "综执〔2026〕9号" in page and "登记结果" not in page
    assert "六楼搭阳光房" not in shown(as_clerk, only="waiting")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": ""}, "选劝阻、记录或者移交"),
        ({"person": ""}, "写上谁去的"),
        ({"day": "2026-11-17"}, "还没到这一天"),
        ({"kind": "transferred"}, "选移交给哪个部门"),
        ({"kind": "transferred", "department": "1"}, "写上移交的文号"),
        ({"document": "荆物移〔2026〕3号"}, "没有移交的不写"),
    ],
)
def test_what_a_line_needs(place, as_clerk, department, said, words):
    said = said | ({"department": department.pk} if "department" in said else {})
    answer = as_clerk.post(reverse("campaigns:journal-new", args=[place.pk]), typed(**said))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "一楼围菜地" in page
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"result": ""}, "写部门怎么处理的"),
        ({"result_document": ""}, "写上处理的文号"),
        ({"result_on": "2026-11-15"}, "不能早于移交那天"),
        ({"result_on": "2026-11-17"}, "还没到这一天"),
    ],
)
def test_what_a_result_needs(handed, as_clerk, said, words):
    known = {"result": "责令拆除", "result_document": "综执〔2026〕9号", "result_on": "2026-11-16"}
    answer = as_clerk.post(reverse("campaigns:journal-answer", args=[handed.pk]), known | said)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_a_result_stands(handed, clerk, place, cadre):
    said = {"result": "责令拆除", "result_document": "综执〔2026〕9号", "result_on": day("2026-11-16")}
    journal.answer(entry=handed, **said, by=clerk, now=MONDAY)
    with pytest.raises(WrongState):
        journal.answer(entry=handed, **said, by=clerk, now=MONDAY)
    with pytest.raises(ValidationError):
        journal.answer(entry=handed, **said | {"result": " "}, by=clerk, now=MONDAY)
    told_ = {"kind": "recorded", "day": day("2026-11-16"), "text": "x", "person": "y"}
    row = journal.write(place=place, **told_, by=cadre, now=MONDAY)
    with pytest.raises(WrongState):
        journal.answer(entry=row, **said, by=clerk, now=MONDAY)


def test_what_inspections_know_is_not_typed_twice(place, cadre, firm, firm_row, clerk, as_clerk, department):
    finding = make_finding(place, cadre)
    told(finding, firm, firm_row)
    draft = transfers.draft(finding=finding, by=clerk, now=MONDAY)
    assert "楼道堆纸箱" not in shown(as_clerk)  # a draft was not handed over
    said = {"department": department, "document_no": "荆移〔2026〕8号", "expected_on": day("2026-11-30")}
    transfers.send(transfer=draft, **said, by=clerk, now=MONDAY)
    page = shown(as_clerk)
    for words in ("物业已劝阻", "物业劝了三回", "楼道堆纸箱", "荆移〔2026〕8号", "待答复"):
        assert words in page
    assert "登记结果" not in page  # its own page takes the answer
    assert "物业劝了三回" not in shown(as_clerk, only="waiting")
    transfers.settle(transfer=draft, answer="部门清了", answer_no="综〔2026〕1号", by=clerk, now=MONDAY)
    assert "部门清了" in shown(as_clerk) and "楼道堆纸箱" not in shown(as_clerk, only="waiting")


def test_a_finding_outside_the_campaign_is_not_listed(place, cadre, firm, firm_row, as_clerk):
    finding = make_finding(place, cadre)
    CampaignFinding.objects.all().delete()
    told(finding, firm, firm_row)
    assert "物业劝了三回" not in shown(as_clerk)


def test_narrowed(place, handed, cadre, firm, firm_row, as_clerk, campaign, clerk):
    told(make_finding(place, cadre), firm, firm_row, kind="reported", text="物业报告了社区")
    journal.write(
        place=place, kind="dissuaded", day=day("2026-11-14"), text="围菜地", person="陈", by=cadre, now=MONDAY
    )
    for asked, there in [
        ({"kind": "dissuaded"}, {"围菜地"}),
        ({"kind": "recorded"}, {"物业报告了社区"}),
        ({"kind": "transferred"}, {"六楼搭阳光房"}),
        ({"only": "waiting"}, {"六楼搭阳光房"}),
        ({"campaign": campaign.pk}, {"围菜地", "物业报告了社区", "六楼搭阳光房"}),
        ({"campaign": "x", "kind": "x"}, {"围菜地", "物业报告了社区", "六楼搭阳光房"}),
    ]:
        page = shown(as_clerk, **asked)
        assert {words for words in ("围菜地", "物业报告了社区", "六楼搭阳光房") if words in page} == there, asked
    assert (
        shown(as_clerk).index("六楼搭阳光房")
        < shown(as_clerk).index("物业报告了社区")
        < shown(as_clerk).index("围菜地")
    )


def test_the_workbook_holds_the_same_rows(handed, place, cadre, firm, firm_row, as_clerk):
    told(make_finding(place, cadre), firm, firm_row)
    answer = as_clerk.get(EXPORT)
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert [row[3] for row in rows[1:]] == ["六楼搭阳光房", "物业劝了三回"]
    assert rows[0][:3] == ("日期", "小区", "做了什么") and rows[1][6] == "荆物移〔2026〕3号"


def test_staff_only(handed, place, as_, leader, firm, other_station_head, station_head, cadre, other_firm):
    new, answer = (
        reverse("campaigns:journal-new", args=[place.pk]),
        reverse("campaigns:journal-answer", args=[handed.pk]),
    )
    assert as_(firm).get(LIST).status_code == as_(firm).get(new).status_code == 403
    assert "六楼搭阳光房" not in shown(as_(other_station_head))
    assert as_(other_station_head).get(new).status_code == 404
    for user in (leader, station_head, cadre):
        assert "六楼搭阳光房" in shown(as_(user)) and "登记结果" not in shown(as_(user))
        assert as_(user).post(answer, {}).status_code == 403
    assert as_(leader).get(new).status_code == 403
    assert as_(leader).post(LIST).status_code == 405
    with pytest.raises(PermissionDenied):
        journal.write(
            place=place, kind="recorded", day=day("2026-11-16"), text="x", person="y", by=other_firm, now=MONDAY
        )
    with pytest.raises(PermissionDenied):
        journal.write(
            place=place,
            kind="transferred",
            day=day("2026-11-16"),
            text="x",
            person="y",
            department=handed.department,
            document="1",
            by=cadre,
            now=MONDAY,
        )


def test_what_was_not_handed_over_takes_no_result(place, cadre, as_clerk):
    row = journal.write(place=place, kind="recorded", day=day("2026-11-16"), text="x", person="y", by=cadre, now=MONDAY)
    assert as_clerk.get(reverse("campaigns:journal-answer", args=[row.pk])).status_code == 404


def test_constraints(handed, department):
    """journal_says_what, journal_transferred_to, journal_result_whole"""
    rows = JournalEntry.objects.filter(pk=handed.pk)
    for name, change in [
        ("journal_says_what", {"person": ""}),
        ("journal_transferred_to", {"document": ""}),
        ("journal_transferred_to", {"kind": "recorded"}),
        ("journal_result_whole", {"result": "拆了"}),
        ("journal_result_whole", {"result": "拆了", "result_document": "1"}),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**change)


def test_the_list_is_a_constant_number_of_queries(
    handed, place, cadre, firm, firm_row, as_clerk, django_assert_num_queries
):
    today = day("2026-11-16")
    told(make_finding(place, cadre), firm, firm_row, day=today)
    with CaptureQueriesContext(connection) as few:
        as_clerk.get(LIST)
    said = {"kind": "recorded", "day": today, "person": "y", "by": cadre, "now": MONDAY}
    for number in range(20):
        journal.write(place=place, text=f"第{number}件", **said)
    for number in range(8):
        told(make_finding(place, cadre, f"{number}"), firm, firm_row, day=today)
    with django_assert_num_queries(len(few)):
        page = as_clerk.get(LIST)
    assert len(page.context["lines"]) == 25 and page.context["page"].paginator.count == 30
    assert len(as_clerk.get(LIST, {"page": "2"}).context["lines"]) == 5
