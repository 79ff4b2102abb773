"""Orders of 12345 and the old ledger as sheets: merged cells, days as text, numbers that come twice. Issue 7 §1"""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.urls import reverse

from accounts.models import Message
from communities import imports
from communities.models import SheetImport
from communities.sheets import KINDS
from complaints import handling, hotline
from complaints.models import Complaint, State
from tests.communities.sheet_files import xlsx
from tests.complaints.conftest import MONDAY, TUESDAY, at

pytestmark = pytest.mark.django_db
ORDERS = ["工单编号", "所属小区", "诉求内容", "事发地址", "来电人", "联系电话", "办结时限"]
LEDGER = ["小区名称", "登记时间", "反映问题", "地点", "投诉人", "联系电话", "投诉方式", "承办单位", "处理情况"]


@pytest.fixture
def bring(clerk):
    """``bring("hotline", rows…)``: reads and, where nothing is wrong, writes; returns the import."""

    def bring(kind: str, *rows, by=None, now=TUESDAY, merged=()) -> SheetImport:
        data = xlsx(*rows, merged=merged)
        row = imports.take_in(kind=KINDS[kind], file_name="表.xlsx", data=data, by=by or clerk, now=now)
        imports.work(row, now=now)
        row.refresh_from_db()
        if row.state == "ready" and not row.wrong:
            imports.confirm(row=row, by=row.by, now=now)
            imports.work(row, now=now)
            row.refresh_from_db()
        return row

    return bring


def sentences(row: SheetImport) -> str:
    if row.state == "refused":
        return row.says
    return "；".join(sentence for line in imports.preview_of(row)["wrong"] for _, sentence in line["what"])


def order(number="GD20261123001", *, place="松苑小区", text="垃圾没人收", due="2026年11月26日", phone="13800001234"):
    return [number, place, text, "北门", "王女士", phone, due]


# ---------------------------------------------------------------- 12345


def test_an_order_keeps_its_number_and_term(bring, community):
    assert bring("hotline", ORDERS, order()).state == "done"
    row = Complaint.objects.get()
    assert (row.source, row.platform_number, row.platform_due) == ("hotline", "GD20261123001", date(2026, 11, 26))
    assert (row.reply_by, row.place, row.category) == (date(2026, 11, 26), "北门", "hygiene")
    assert row.complainants.get().contact.phone.value == "13800001234"


def test_whoever_knows_the_number_of_an_order_is_not_shown_its_link(bring, community, stranger):
    """Sent again, a complaint is answered with its link: nobody may work out what it was sent as."""
    bring("hotline", ORDERS, order())
    guess = uuid5(NAMESPACE_URL, "12345:GD20261123001")
    sent = {"c": community.code, "client_id": guess, "text": "路灯不亮", "phone": "13800009999", "manifest": "{}"}
    shown = stranger.get(stranger.post(reverse("complaints:receive"), sent).json()["url"]).content.decode()
    assert Complaint.objects.get(source="hotline").spaced_number not in shown and Complaint.objects.count() == 2


@pytest.mark.parametrize("due", ["2026/11/26", "2026.11.26", "20261126", date(2026, 11, 26), "2026-11-26 17:00"])
def test_days_as_people_write_them(bring, community, due):
    bring("hotline", ORDERS, order(due=due))
    assert Complaint.objects.get().platform_due == date(2026, 11, 26)


def test_merged_cells_stand_in_each_row(bring, community):
    """The community and the term are written once over two orders, below a title over the whole sheet."""
    title = ["12345 工单交办表"] + [""] * 6
    second = ["GD2", "", "路灯不亮", "西门", "", "13800005678", ""]
    row = bring("hotline", title, ORDERS, order("GD1"), second, merged=["A1:G1", "B3:B4", "G3:G4"])
    assert (row.state, row.new) == ("done", 2)
    other = Complaint.objects.get(platform_number="GD2")
    assert (other.community, other.platform_due, other.category) == (community, date(2026, 11, 26), "facility")


def test_a_number_twice_in_the_sheet_is_said_and_nothing_is_written(bring, community):
    row = bring("hotline", ORDERS, order("GD1"), order("GD1", text="电梯坏了"))
    assert "和第 2 行重复" in sentences(row) and not Complaint.objects.exists()


def test_brought_in_again_only_the_term_changes(bring, community):
    bring("hotline", ORDERS, order())
    assert bring("hotline", ORDERS, order(text="写得不一样")).same == 1
    again = bring("hotline", ORDERS, order(due="2026-11-30"))
    assert (again.state, again.changed, Complaint.objects.count()) == ("done", 1, 1)
    row = Complaint.objects.get()
    assert (row.text, row.platform_due) == ("垃圾没人收", date(2026, 11, 30))
    assert row.events.filter(kind="changed", text__contains="11月30日").exists()


def test_a_new_term_of_an_answered_order_is_told(bring, community, clerk):
    bring("hotline", ORDERS, order())
    row = Complaint.objects.get()
    handling.accept(complaint=row, by=clerk, now=TUESDAY)
    handling.assign(complaint=row, level="town", by=clerk, now=TUESDAY)
    handling.answer(complaint=row, text="清了", by=clerk, now=TUESDAY)
    assert bring("hotline", ORDERS, order()).same == 1
    assert bring("hotline", ORDERS, order(due="2026-12-30")).state != "done"
    assert Complaint.objects.get().platform_due == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": 20261123000123456.0}, "后几位"),
        ({"number": "2.02611E+16"}, "后几位"),
        ({"number": ""}, "没有写工单号"),
        ({"place": "月亮小区"}, "没有叫“月亮小区”的小区"),
        ({"text": "长" * 1001}, "最多 1000 个字"),
        ({"text": ""}, "要写诉求内容"),
        ({"due": "下周五"}, "日期写成"),
        ({"phone": "1380000123"}, "电话只写一个号码"),
        ({"phone": "12345"}, "手机号是 11 位"),
    ],
)
def test_what_cannot_be_read_is_said_row_by_row(bring, community, wrong, words):
    row = bring("hotline", ORDERS, order("GD9"), order(**wrong))
    assert words in sentences(row) and not Complaint.objects.exists()


def test_a_place_that_could_be_two_is_asked_about(bring, community, village):
    type(community).objects.create(name="演示·松苑小区二期", village_committee=village, code="SY2222")
    assert "有几个像的" in sentences(bring("hotline", ORDERS, order(place="松苑")))


def test_a_station_brings_in_its_own_only(bring, community, neighbour_community, station_clerk, other_station_head):
    assert "不归您管" in sentences(bring("hotline", ORDERS, order(place=neighbour_community.name), by=station_clerk))
    assert bring("hotline", ORDERS, order(), by=station_clerk).state == "done"


def test_what_goes_out_is_masked(bring, community, clerk):
    bring("hotline", ORDERS, order())
    (values,) = imports.take_out(kind=KINDS["hotline"], wanted={}, why="核对", by=clerk, now=TUESDAY)
    assert (values["number"], values["name"], values["phone"]) == ("GD20261123001", "王**", "138****1234")


# ---------------------------------------------------------------- filled back


def test_to_be_filled_back_until_noted(bring, community, clerk):
    bring("hotline", ORDERS, order())
    row = Complaint.objects.get()
    assert not hotline.to_fill_back(clerk).exists()
    handling.accept(complaint=row, by=clerk, now=TUESDAY)
    handling.assign(complaint=row, level="town", by=clerk, now=TUESDAY)
    handling.answer(complaint=row, text="清了", by=clerk, now=TUESDAY)
    assert list(hotline.to_fill_back(clerk)) == [row]
    hotline.fill_back(complaint=row, by=clerk, now=TUESDAY)
    assert not hotline.to_fill_back(clerk).exists()


# ---------------------------------------------------------------- the ledger of before


def entry(*, day="2026.11.20", text="楼道灯坏了", phone="", source="来电", level="", so_far="已联系物业"):
    return ["松苑小区", day, text, "二单元", "李先生", phone, source, level, so_far]


def test_what_was_open_goes_on_from_its_own_day(bring, community, firm_row):
    assert bring("open-complaints", LEDGER, entry(), now=at("2026-11-24 09:00")).state == "done"
    row = Complaint.objects.get()
    assert (row.number, row.registered_on) == ("TS20261120-0001", date(2026, 11, 20))
    assert (row.state, row.reply_by) == (State.ACCEPTED, date(2026, 11, 25))  # three working days from then
    assert row.events.filter(kind="note", text="原台账：已联系物业").exists()
    assert not Message.objects.filter(kind="complaint-new").exists()  # nobody is told as of something new


def test_again_it_is_the_same(bring, community):
    bring("open-complaints", LEDGER, entry())
    row = bring("open-complaints", LEDGER, entry(), entry(text="路灯不亮"))
    assert (row.same, row.new, Complaint.objects.count()) == (1, 1, 2)


def test_a_level_and_a_source_as_the_ledger_names_them(bring, community):
    bring("open-complaints", LEDGER, entry(level="镇里", source="信件"))
    row = Complaint.objects.get()
    assert (row.level, row.source) == ("town", "letter")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"day": "2027-01-01"}, "今天以后"), ({"source": "热线"}, "12345 工单"), ({"day": ""}, "没有写登记日期")],
)
def test_what_the_ledger_cannot_bring(bring, community, wrong, words):
    assert words in sentences(bring("open-complaints", LEDGER, entry(**wrong)))


def test_numbers_of_a_day_go_on(bring, community, make_complaint):
    make_complaint(now=at("2026-11-20 08:00"))
    bring("open-complaints", LEDGER, entry(), entry(text="另一件"), now=MONDAY)
    assert sorted(Complaint.objects.values_list("number", flat=True)) == [
        "TS20261120-0001",
        "TS20261120-0002",
        "TS20261120-0003",
    ]
