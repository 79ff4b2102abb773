"""Books, openings, deposits and receipts as pages: what the clerk does, what is refused in words, who sees what."""

import io
from uuid import uuid4

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from maintenance_fund import verification
from maintenance_fund.models import Fund, OpeningDeposit, PostingProposal, Receipt, ReceiptSeries


def page(name, *args):
    return reverse(name, args=args)


def workbook(*rows):
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("分户清单.xlsx", data.getvalue())


# ---------------------------------------------------------------- all books


def test_the_office_sees_every_book_and_what_waits(as_fund_checker, as_clerk, opened, propose, money_in):
    propose(money_in(700))
    shown = as_fund_checker.get(page("maintenance_fund:books")).content.decode()
    assert "演示·松苑小区" in shown and "1,404.99" in shown and "有凭证等您复核" in shown
    assert "等您复核" not in as_clerk.get(page("maintenance_fund:books")).content.decode()


def test_no_book_yet_is_said(as_fund_clerk, community):
    shown = as_fund_clerk.get(page("maintenance_fund:books")).content.decode()
    assert "还没有小区建账" in shown and "给演示·松苑小区建账" in shown


def test_a_book_is_opened_once_with_its_account(as_fund_clerk, community):
    url = page("maintenance_fund:book-new", community.pk)
    sent = {
        "agency": "管理中心",
        "first_month": "2026-01-15",
        "keeper": "agency",
        "bank": "农商银行",
        "number": "6200-1",
    }
    assert as_fund_clerk.post(url, sent).status_code == 302
    book = Fund.objects.get(community=community)
    assert (str(book.first_month), book.keeper, book.seq) == ("2026-01-01", "agency", 0)
    assert as_fund_clerk.get(url).status_code == 302  # there is one: on to it


def test_what_is_missing_is_said_and_what_was_typed_stays(as_fund_clerk, community):
    answer = as_fund_clerk.post(page("maintenance_fund:book-new", community.pk), {"agency": "管理中心", "number": "x"})
    assert answer.status_code == 422
    assert "账号只写数字" in answer.content.decode() and 'value="管理中心"' in answer.content.decode()


def test_only_the_clerk_opens_books(as_fund_checker, as_clerk, as_cadre, community):
    url = page("maintenance_fund:book-new", community.pk)
    assert [client.get(url).status_code for client in (as_fund_checker, as_clerk, as_cadre)] == [403, 403, 403]


# ---------------------------------------------------------------- one book


def test_the_book_shows_that_households_and_bank_agree(as_clerk, opened, community, propose, seal, out):
    seal(propose(out(10_000), kind="use", memo="3幢屋面防水，按面积分摊"))
    shown = as_clerk.get(page("maintenance_fund:ledger", community.pk)).content.decode()
    assert "分户和专户对得上" in shown and "1,304.99" in shown and "3幢屋面防水" in shown
    assert "−100.00" in shown


def test_a_reversed_voucher_stays_struck_through(as_clerk, opened, community, fund_clerk, seal, now):
    from maintenance_fund import ledger

    seal(ledger.reverse(transaction=opened, reason="清单错了", by=fund_clerk, now=now))
    shown = as_clerk.get(page("maintenance_fund:ledger", community.pk)).content.decode()
    assert "<s>期初余额</s>" in shown and "清单错了" in shown


def test_the_journal_is_filtered_and_exported(as_clerk, opened, community, propose, seal, money_in):
    seal(propose(money_in(700), memo="电梯广告"))
    shown = as_clerk.get(page("maintenance_fund:ledger", community.pk) + "?kind=income").content.decode()
    assert "电梯广告" in shown and "PZ-202601-0001" not in shown
    answer = as_clerk.get(page("maintenance_fund:ledger-export", community.pk))
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_a_page_of_a_book_is_a_constant_number_of_queries(as_clerk, opened, community, propose, seal, money_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        with CaptureQueriesContext(connection) as caught:
            as_clerk.get(page("maintenance_fund:ledger", community.pk))
        return len(caught)

    asked()
    before = asked()
    for fen in range(1, 6):
        seal(propose(money_in(fen)))
    assert asked() == before <= 30


def test_households_by_building_and_the_low_ones(as_clerk, opened, community, units):
    url = page("maintenance_fund:households", community.pk)
    shown = as_clerk.get(url).content.decode()
    assert all(unit.code in shown for unit in units) and "首期没登记" in shown and "3幢，4 户" in shown
    low = as_clerk.get(url + "?only=low").content.decode()
    assert units[1].code in low and units[0].code not in low  # 299.99 is low, exactly 300.00 is not
    assert "没有找到" in as_clerk.get(url + "?q=xyz").content.decode()


def test_a_committee_sees_its_book_in_totals(as_, make_user, opened, community, neighbour_community, fund_clerk, now):
    from communities.models import OwnersCommittee, Person
    from maintenance_fund import ledger

    user = make_user("weiyuan", "委员", "committee_member")
    days = {"elected_on": "2025-01-01", "first_day": "2025-01-01", "last_day": "2027-12-31"}
    committee = OwnersCommittee.objects.create(community=community, number=1, seats=5, **days)
    committee.members.create(person=Person.objects.create(name="委员", user=user), post="chair", first_day="2025-01-01")
    ledger.open_book(community=neighbour_community, agency="x", first_month=now.date(), by=fund_clerk, now=now)
    client = as_(user)
    shown = client.get(page("maintenance_fund:ledger", community.pk)).content.decode()
    assert "1,404.99" in shown and "03-1-0101" not in shown
    assert client.get(page("maintenance_fund:ledger", neighbour_community.pk)).status_code == 404
    assert client.get(page("maintenance_fund:households", community.pk)).status_code == 200
    assert client.get(page("maintenance_fund:households", neighbour_community.pk)).status_code == 404


# ---------------------------------------------------------------- the opening list


@pytest.fixture
def url(community, book, bank):
    return page("maintenance_fund:opening", community.pk)


HEADER = ["房号", "首期交存", "交存日期", "余额"]


def test_a_sound_list_becomes_one_proposal_with_the_difference_in_1901(as_fund_clerk, url, units, seal, balance):
    rows = [[unit.code, "1,000.00", "2016-06-12", 300] for unit in units]
    sent = {"file": workbook(HEADER, *rows), "bank_total": "1,195.00", "as_of": "2026-01-01", "key": uuid4()}
    assert as_fund_clerk.post(url, sent).status_code == 302
    proposal = PostingProposal.objects.get()
    assert OpeningDeposit.objects.filter(proposal=proposal).count() == 4
    seal(proposal)
    assert (balance("3001"), balance("100101"), balance("1901")) == (120_000, 119_500, 500)
    assert verification.verify().wrong == []


def test_every_bad_row_is_named_and_nothing_is_written(as_fund_clerk, url, units):
    rows = [
        [units[0].code, "1,000.00", "2016-06-12", 300],
        [units[0].code, "", "", 1],
        ["99-9-9999", "", "", 1],
        [units[1].code, "", "", "三百"],
        [units[2].code, "", "去年", 1],
        [units[3].code, "", "", -5],
    ]
    sent = {"file": workbook(HEADER, *rows), "bank_total": "0", "as_of": "2026-01-01", "key": uuid4()}
    answer = as_fund_clerk.post(url, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422 and not PostingProposal.objects.exists()
    for words in ("第 3 行", "出现了两次", "第 4 行", "99-9-9999", "第 5 行", "三百", "第 6 行", "第 7 行", "负数"):
        assert words in shown


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("x.xlsx", b"PK\x03\x04 broken"), "不是 Excel 表"),
        (SimpleUploadedFile("x.xlsx", b"\xd6\xd0\xce\xc4"), "没找到表头"),
        (SimpleUploadedFile("x.xlsx", b""), "空"),
    ],
)
def test_what_is_no_workbook_is_said(as_fund_clerk, url, file, words):
    answer = as_fund_clerk.post(url, {"file": file, "bank_total": "1", "as_of": "2026-01-01", "key": uuid4()})
    assert answer.status_code == 422 and words in answer.content.decode()


def test_the_same_list_twice_is_one_proposal(as_fund_clerk, url, units):
    key = uuid4()
    for _ in range(2):
        rows = [[unit.code, 1000, "", 300] for unit in units]
        sent = {"file": workbook(HEADER, *rows), "bank_total": "1200", "as_of": "2026-01-01", "key": key}
        assert as_fund_clerk.post(url, sent).status_code == 302
    assert PostingProposal.objects.get().lines.count() == 5


# ---------------------------------------------------------------- deposits with receipts


def typed(home, bank, **more):
    return {
        "kind": "renewal",
        "unit": home.code,
        "amount": "１，000.00",
        "paid_on": "2026-03-02",
        "bank_account": bank.pk,
        "code": "ZJ",
        "number": 7,
        "payer": "OWNER",
        "key": uuid4(),
    } | more


def test_a_renewal_is_recorded_with_its_receipt(as_fund_clerk, opened, community, units, bank, series, seal, balance):
    answer = as_fund_clerk.post(page("maintenance_fund:deposit-new", community.pk), typed(units[1], bank))
    proposal = PostingProposal.objects.open().get()
    assert answer["Location"] == proposal.get_absolute_url()
    seal(proposal)
    receipt = Receipt.objects.get()
    assert (receipt.number, receipt.amount_fen, receipt.lines.get().unit) == (7, 100_000, units[1])
    assert balance("3001", units[1]) == 129_999


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"unit": "99-9-9999"}, "没有房号 99-9-9999"),
        ({"amount": "一千"}, "金额写成数字"),
        ({"amount": "0"}, "金额要大于零"),
        ({"number": 101}, "没有包含 101 的号段"),
        ({"code": "XX"}, "没有包含 7 的号段"),
    ],
)
def test_what_cannot_be_recorded_is_said(as_fund_clerk, opened, community, units, bank, series, more, words):
    answer = as_fund_clerk.post(page("maintenance_fund:deposit-new", community.pk), typed(units[1], bank, **more))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not PostingProposal.objects.open().exists() and not Receipt.objects.exists()


def test_a_number_is_used_once(as_fund_clerk, opened, community, units, bank, series):
    """receipt_used_once"""
    url = page("maintenance_fund:deposit-new", community.pk)
    assert as_fund_clerk.post(url, typed(units[1], bank)).status_code == 302
    answer = as_fund_clerk.post(url, typed(units[2], bank))
    assert answer.status_code == 422 and "已经用过" in answer.content.decode()


def test_two_clicks_record_once(as_fund_clerk, opened, community, units, bank, series):
    sent = typed(units[1], bank)
    ends = [as_fund_clerk.post(page("maintenance_fund:deposit-new", community.pk), sent)["Location"] for _ in range(2)]
    assert ends[0] == ends[1] and Receipt.objects.count() == 1


def test_series_are_entered_and_gaps_are_shown(as_fund_clerk, opened, community, units, bank):
    url = page("maintenance_fund:series")
    sent = {"code": "ZJ", "first_no": 1, "last_no": 100, "received_on": "2026-01-05"}
    assert as_fund_clerk.post(url, sent).status_code == 302
    overlapping = as_fund_clerk.post(url, sent | {"first_no": 100, "last_no": 200})
    assert overlapping.status_code == 422 and "登记过" in overlapping.content.decode()  # series_do_not_overlap
    backwards = as_fund_clerk.post(url, sent | {"first_no": 300, "last_no": 200})
    assert "止号不能小于起号" in backwards.content.decode()
    as_fund_clerk.post(page("maintenance_fund:deposit-new", community.pk), typed(units[1], bank, number=3))
    assert "1、2" in as_fund_clerk.get(url).content.decode()
    assert ReceiptSeries.objects.count() == 1
