"""Open problems of the ledger of before come in as a sheet and go the way of every finding. Issue 6 §5"""

import io
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Message
from communities import imports
from communities.models import PatrolDuty, SheetImport
from communities.sheets import KINDS, files
from inspections.models import Finding, Notice, Transfer
from tests.communities.sheet_files import xlsx
from tests.inspections.phone import NOW, beijing, day

pytestmark = pytest.mark.django_db
NAME = "open-findings"
LEDGER = ["序号", "小区名称", "检查日期", "存在问题", "问题类别", "隐患等级", "楼号", "具体位置", "检查人", "整改情况"]


def row(where="演示·松苑小区", found="2026年10月12日", text="楼道堆着纸箱", item="PIL1", **more) -> list:
    kept = {"severity": "", "building": "3幢", "place": "1单元", "finder": "", "so_far": ""} | more
    return [1, where, found, text, item, *kept.values()]


@pytest.fixture
def bring(station_clerk, firm_row):
    """``bring(row(), …)``: reads and, where nothing is wrong, writes; returns the import."""

    def bring(*rows, head=LEDGER, by=None, now=NOW) -> SheetImport:
        data = xlsx(["问题台账"], head, *rows)
        it = imports.take_in(kind=KINDS[NAME], file_name="台账.xlsx", data=data, by=by or station_clerk, now=now)
        imports.work(it, now=now)
        it.refresh_from_db()
        if it.state == "ready" and not it.wrong:
            imports.confirm(row=it, by=it.by, now=now)
            imports.work(it, now=now)
            it.refresh_from_db()
        return it

    return bring


def sentences(it: SheetImport) -> str:
    if it.state == "refused":
        return it.says
    return "；".join(sentence for line in imports.preview_of(it)["wrong"] for _, sentence in line["what"])


# ---------------------------------------------------------------- it works


def test_an_open_problem_becomes_a_finding_with_its_notice(bring, station_clerk, firm_row, building):
    it = bring(row(so_far="催过一次"))
    assert (it.state, it.new) == ("done", 1)
    finding = Finding.objects.get()
    assert (finding.source, finding.found_on, finding.building) == ("ledger", date(2026, 10, 12), building)
    assert (finding.item.code, finding.severity, finding.firm) == ("PIL1", "serious", firm_row)
    assert finding.events.get().text == "从原台账转入，催过一次"
    notice = finding.notices.get()
    assert (notice.issued_on, notice.due_on, notice.issued_by) == (NOW.date(), day("2026-11-27"), station_clerk)


def test_the_firm_is_told_and_its_term_begins_now(bring, firm):
    bring(row())
    assert Message.objects.get(kind="notice-issued", channel="inbox").user == firm
    assert not Notice.objects.overdue(today=NOW.date()).exists()


def test_the_same_sheet_again_changes_nothing(bring):
    bring(row(), row(text="灯不亮", item="FAC2"))
    again = bring(row(), row(text="灯不亮", item="FAC2"), row(text="水管漏", item="FAC3"))
    assert (again.new, again.changed, again.same) == (1, 0, 2)
    assert Finding.objects.count() == Notice.objects.count() == 3


def test_what_was_withdrawn_or_settled_meanwhile_does_not_come_back(bring):
    bring(row())
    notice = Notice.objects.get()
    from inspections import findings, notices

    notices.withdraw(notice=notice, reason="写错了", by=notice.issued_by, now=NOW)
    findings.withdraw(finding=notice.finding, reason="写错了", by=notice.issued_by, now=NOW)
    assert bring(row()).same == 1
    assert Finding.objects.count() == 1


def test_what_a_department_must_do_becomes_a_draft(bring):
    head = [*LEDGER, "怎么处理"]
    bring([*row(text="新搭了棚", item="BLD1"), "移交"], head=head)
    assert Transfer.objects.get().state == "draft" and not Notice.objects.exists()


def test_the_fourth_time_at_one_place_is_a_task_about_the_cause(bring):
    bring(*(row(found=f"2026-10-{n + 10}") for n in range(4)))
    assert Notice.objects.count() == 3
    assert Finding.objects.get(notices=None).root_cause.state == "proposed"


@pytest.mark.parametrize("typed", ["PIL1", "pil1", "楼道内堆放杂物", "PIL1 楼道内堆放杂物"])
def test_an_item_by_its_code_or_words(bring, typed):
    bring(row(item=typed))
    assert Finding.objects.get().item.code == "PIL1"


def test_whoever_found_it_keeps_it(bring, cadre):
    bring(row(finder="陈国平"))
    assert Finding.objects.get().found_by == cadre


def test_without_a_firm_the_station_has_it(village, station_clerk, community):
    data = xlsx(LEDGER, row())
    it = imports.take_in(kind=KINDS[NAME], file_name="台账.xlsx", data=data, by=station_clerk, now=NOW)
    for _ in range(2):
        imports.work(it, now=NOW)
        it.refresh_from_db()
        if it.state == "ready":
            imports.confirm(row=it, by=station_clerk, now=NOW)
            it.refresh_from_db()
    assert Notice.objects.get().addressee == "城东社区"


# ---------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"where": "没有的小区"}, "没有叫“没有的小区”的小区"),
        ({"found": "2027-01-01"}, "今天以后"),
        ({"found": "去年"}, "日期写成"),
        ({"text": ""}, "没有写什么问题"),
        ({"item": ""}, "要写检查项"),
        ({"item": "环境卫生"}, "认不出是哪一项"),
        ({"item": "消防"}, "有几项像的"),
        ({"severity": "一般"}, "不能写得更轻"),
        ({"severity": "要紧"}, "写其中一个"),
        ({"building": "99幢"}, "没有99幢"),
        ({"finder": "没这个人"}, "没有（或者不止一位）"),
        ({"text": "长" * 501}, "最多 500 个字"),
    ],
)
def test_each_fault_in_words_and_nothing_is_written(bring, more, says):
    it = bring(row(text="好的一行", item="HYG1"), row(**more))
    assert it.wrong == 1 and says in sentences(it)
    assert not Finding.objects.exists()


def test_two_people_of_one_name(bring, community, make_user):
    for name in ("a", "b"):
        PatrolDuty.objects.create(
            user=make_user(name, "陈国平"), community=community, kind="team", first_day=date(2020, 1, 1)
        )
    assert "不止一位" in sentences(bring(row(finder="陈国平")))


def test_only_ones_own_communities(bring, other_station_head):
    assert "不归您的物管站" in sentences(bring(row(), by=other_station_head))


def test_a_row_twice(bring):
    assert "重复" in sentences(bring(row(), row()))


def test_the_preview_says_what_would_come(bring, as_, station_clerk):
    data = xlsx(LEDGER, row(), row(text="坏的", item="x"))
    it = imports.take_in(kind=KINDS[NAME], file_name="台账.xlsx", data=data, by=station_clerk, now=NOW)
    imports.work(it, now=NOW)
    page = as_(station_clerk).get(reverse("communities:import-detail", args=[it.pk])).content.decode()
    assert "楼道堆着纸箱" in page and "认不出是哪一项" in page
    assert not Finding.objects.exists()


# ---------------------------------------------------------------- template and what stands


def test_the_template_names_every_column():
    from python_calamine import CalamineWorkbook

    file = io.BytesIO()
    files.template(file, KINDS[NAME])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[0] == [column.heading for column in KINDS[NAME].columns]


def test_what_stands_goes_out_and_in_again_without_change(bring, station_clerk, cadre):
    first = bring(row(finder="陈国平"), row(text="灯不亮", item="FAC2", building="", place=""))
    assert (first.state, sentences(first) if first.wrong else "") == ("done", "")
    kind = KINDS[NAME]
    rows = imports.take_out(kind=kind, wanted={}, why="", by=station_clerk, now=NOW)
    cells = list(files.cells(kind, rows))
    again = bring(*cells, head=[column.heading for column in kind.columns], now=beijing("2026-11-19 11:00"))
    assert (again.state, again.same, again.new, again.says) == ("done", 2, 0, "")
