"""The bank's files: lines that stay, come once and have at most one voucher; whose money it may be; what is booked."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from lib.table_files import BadFile
from maintenance_fund import bank_lines, ledger, matching, months, verification
from maintenance_fund.ledger import Entry, LedgerRefused
from maintenance_fund.models import BankLine, BankMatch, PostingProposal
from tests.workbooks import xls

FILE = """账号：6200001234,户名：演示专户
交易日期,摘要,借方发生额,贷方发生额,余额,对方户名,交易流水号
20260302,续交3幢1单元102,,"1,000.00","2,404.99",李秀英,A1
2026-03-03,物业费,,200.00,"2,604.99",不认识的人,A2
2026-03-05,工程款,500.00,,"2,104.99",演示建筑公司,A3
合计,,500.00,"1,200.00",,,
"""


@pytest.fixture
def bring(bank, fund_clerk, now):
    def make(text=FILE, encoding="gb18030", **more):
        data = text if isinstance(text, bytes) else text.encode(encoding)
        say = {"bank_account": bank, "file_name": "对账单.csv", "by": fund_clerk, "now": now}
        return bank_lines.bring_in(data=data, **say | more)

    return make


@pytest.fixture
def lines(opened, bring):
    bring()
    return list(BankLine.objects.order_by("row").select_related("community__fund", "bank_account__account"))


@pytest.fixture
def deposit(fund_clerk, now, units, series):
    def make(line, **more):
        say = {"unit": units[1], "kind": "renewal", "code": "ZJ", "number": 7, "by": fund_clerk, "now": now}
        return matching.deposit(line=line, **say | more)

    return make


# ---------------------------------------------------------------- files


def test_lines_come_in_with_what_the_bank_wrote(lines):
    assert [line.amount_fen for line in lines] == [100_000, 20_000, -50_000]
    assert (lines[0].party, lines[0].remark, lines[0].balance_fen) == ("李秀英", "续交3幢1单元102", 240_499)


def test_the_same_file_twice_is_refused_and_the_same_lines_in_another_file_are_not_doubled(lines, bring):
    with pytest.raises(LedgerRefused, match="已经导入过"):
        bring()
    longer = FILE.replace("合计", "2026-03-06,利息,,5.00,2109.99,,A4\n合计")
    assert (bring(longer).new, bring(longer, "utf-8").known) == (1, 4)
    assert BankLine.objects.count() == 4


def test_lost_rows_show_in_the_balances_and_nothing_is_taken(opened, bring):
    without = "\n".join(row for row in FILE.splitlines() if "A2" not in row)
    found = bring(without)
    assert found.problems == ((4, "余额和上一行接不上，中间可能缺了几行。"),) and not BankLine.objects.exists()
    assert bring(without, is_whole=True).new == 2


def test_newest_first_is_no_break(opened, bring):
    head, rows = FILE.splitlines()[:2], FILE.splitlines()[2:5]
    assert bring("\n".join([*head, *reversed(rows)])).new == 3


def test_half_a_file_a_wrong_encoding_and_another_account_are_refused(opened, bring):
    cut = FILE.encode("gb18030")
    assert bring(cut[: cut.index(b"500.00") + 2]).problems
    with pytest.raises(BadFile):
        bring(FILE.encode("utf-16-be"))
    with pytest.raises(LedgerRefused, match="尾号是 9999"):
        bring(FILE.replace("6200001234", "6200009999"))
    assert not BankLine.objects.exists()


def test_a_day_still_to_come_is_refused(opened, bring):
    assert "还没到" in bring("日期,金额\n2099-01-01,5\n").problems[0][1]


@pytest.mark.parametrize("amount", ["１，０００．００", "'1000.00", "¥1,000.00", "1000", "1,000.00元"])
def test_amounts_as_text_with_commas_and_signs(opened, bring, amount):
    bring(f'日期,金额,备注\n2026-03-02,"{amount}",续交\n')
    assert BankLine.objects.get().amount_fen == 100_000


def test_an_old_workbook_as_banks_still_write_it(opened, bring):
    rows = [
        ["账号：6200001234"],
        ["交易日期", "收入金额", "支出金额", "余额", "摘要"],
        ["20260302", "1,000.00", "", "2404.99", "续交"],
    ]
    assert bring(xls(*rows)).new == 1 and BankLine.objects.get().amount_fen == 100_000


def test_negative_amounts_leave_the_bank(opened, bring):
    bring("日期,金额,备注\n2026-03-02,-20.50,手续费\n2026-03-02,－1,手续费\n")
    assert sorted(BankLine.objects.values_list("amount_fen", flat=True)) == [-2050, -100]


# ---------------------------------------------------------------- the database


@pytest.mark.parametrize("sql", ["UPDATE {} SET amount_fen = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_lines_are_never_changed(lines, owner, sql):
    with pytest.raises(DatabaseError, match="不能改也不能删"), transaction.atomic():
        owner.execute(sql.format("maintenance_fund_bankline"))


def test_a_match_is_not_ended_from_outside(lines, deposit, owner):
    deposit(lines[0])
    for sql in ("UPDATE maintenance_fund_bankmatch SET is_live = false", "DELETE FROM maintenance_fund_bankmatch"):
        with pytest.raises(DatabaseError), transaction.atomic():
            owner.execute(sql)


def test_amount_and_account_must_agree(lines, propose, money_in, fund_clerk, now):
    proposal = propose(money_in(99_999))
    with pytest.raises(LedgerRefused) as refused:
        matching.match(line=lines[0], proposal=proposal, by=fund_clerk, now=now)
    assert refused.value.code == "bank_match_amount"


def test_a_line_and_a_voucher_are_matched_once(lines, propose, money_in, fund_clerk, now, bring):
    bring(FILE.replace("A1", "B1"), is_whole=True)
    twin = BankLine.objects.get(reference="B1")
    first, second = propose(money_in(100_000)), propose(money_in(100_000))
    say = {"by": fund_clerk, "now": now}
    made = matching.match(line=lines[0], proposal=first, **say)
    assert matching.match(line=lines[0], proposal=first, **say) == made  # a second click
    for line, proposal, code in [
        (lines[0], second, "bank_line_matched_once"),
        (twin, first, "bank_voucher_matched_once"),
    ]:
        with pytest.raises(LedgerRefused) as refused:
            matching.match(line=line, proposal=proposal, **say)
        assert refused.value.code == code


def test_a_matched_proposal_keeps_its_lines(lines, deposit, fund_clerk, money_in):
    proposal = deposit(lines[0])
    with pytest.raises(LedgerRefused, match="对着银行流水"):
        ledger.rewrite(proposal=proposal, memo="x", lines=money_in(5), by=fund_clerk)


def test_a_withdrawn_proposal_is_not_matched(lines, propose, money_in, fund_clerk, now):
    proposal = propose(money_in(100_000))
    ledger.withdraw(proposal=proposal, reason="错", by=fund_clerk)
    with pytest.raises(LedgerRefused) as refused:
        matching.match(line=lines[0], proposal=proposal, by=fund_clerk, now=now)
    assert refused.value.code == "bank_match_stands"


# ---------------------------------------------------------------- guesses and bookings


def test_code_name_and_amount_point_to_the_household(lines, units, as_resident, community, today):
    (guess, *_) = matching.Guesser(community, today=today).guesses(lines[0])
    assert (guess.code, guess.reasons) == ("03-1-0102", ["附言里有房号"])
    line = BankLine(community=community, amount_fen=5, party="王桂兰", remark="03-1-0101 续交")
    assert matching.Guesser(community, today=today).guesses(line)[0].reasons == ["附言里有房号", "户名是业主"]


def test_the_amount_of_an_open_notice_points_to_its_household(opened, community, units, fund_clerk, now, today):
    from maintenance_fund import renewals

    notice = renewals.issue(book=community.fund, by=fund_clerk, now=now).notices.get()
    line = BankLine(community=community, amount_fen=notice.amount_fen, party="", remark="")
    (guess,) = matching.Guesser(community, today=today).guesses(line)
    assert (guess.unit, guess.reasons) == (notice.unit_id, ["金额等于续交通知书"])


def test_a_household_is_paid_from_the_line_and_undone_by_reversal(
    lines, deposit, units, seal, balance, fund_clerk, now
):
    voucher = seal(deposit(lines[0]))
    assert balance("3001", units[1]) == 129_999
    assert BankLine.objects.matched().get() == lines[0]
    seal(ledger.reverse(transaction=voucher, reason="录错户", by=fund_clerk, now=now))
    assert not BankLine.objects.matched().exists()
    seal(deposit(lines[0], number=8, unit=units[0]))  # and anew
    assert balance("3001", units[0]) == 130_000
    assert verification.verify().wrong == []


def test_a_withdrawn_booking_frees_the_line(lines, deposit, fund_clerk):
    ledger.withdraw(proposal=deposit(lines[0]), reason="看错了", by=fund_clerk)
    assert not BankMatch.objects.filter(is_live=True).exists()


def test_unknown_money_waits_in_2101_until_it_is_known(lines, seal, balance, fund_clerk, now, units, series, today):
    from maintenance_fund import boards, receipts

    seal(matching.book(line=lines[1], what="unknown", memo="待核", by=fund_clerk, now=now))
    assert balance("2101") == 20_000
    assert boards.year(lines[1].community.fund, 2026).lines == []
    say = {"unit": units[0], "kind": "renewal", "amount_fen": 20_000, "paid_on": today, "code": "ZJ", "number": 1}
    seal(receipts.record(bank_account=None, by=fund_clerk, now=now, **say))
    assert (balance("2101"), balance("3001", units[0])) == (0, 50_000)
    assert boards.year(lines[1].community.fund, 2026).lines == [("交存", 20_000, 0)]


def test_the_form_of_a_deposit_offers_unknown_money_only_while_there_is_some(
    as_fund_clerk, lines, seal, fund_clerk, now, community, bank
):
    url = page("maintenance_fund:deposit-new", community.pk)
    assert "待核收款" not in as_fund_clerk.get(url).content.decode()
    seal(matching.book(line=lines[1], what="unknown", memo="待核", by=fund_clerk, now=now))
    shown = as_fund_clerk.get(url).content.decode()
    assert "待核收款，现在查清了" in shown and f'<option value="{bank.pk}" selected' in shown


def test_what_left_and_nobody_knows_is_in_1901(lines, seal, balance, fund_clerk, now):
    seal(matching.book(line=lines[2], what="difference", memo="查", by=fund_clerk, now=now))
    assert (balance("1901"), balance("100101")) == (50_000, 90_499)


def test_the_side_must_fit(lines, fund_clerk, now, deposit):
    with pytest.raises(LedgerRefused, match="付出的钱"):
        matching.book(line=lines[2], what="interest", memo="x", by=fund_clerk, now=now)
    with pytest.raises(LedgerRefused, match="付出的钱"):
        deposit(lines[2])
    with pytest.raises(LedgerRefused, match="收到的钱"):
        matching.book(line=lines[0], what="returned", memo="x", by=fund_clerk, now=now)


def test_the_voucher_that_was_there_first_is_found(lines, propose, out, seal):
    seal(propose(out(50_000 - 20_001), kind="payment"))
    assert matching.candidates(lines[2]) == []
    proposal = propose([Entry("1901", debit=50_000), out(50_000)[1]], kind="payment")
    assert matching.candidates(lines[2]) == [proposal]


def test_a_month_is_not_closed_over_lines_without_voucher(lines, community, fund_clerk, fund_checker, now):
    say = {"items": [], "by": fund_clerk, "now": now}
    for month in (date(2026, 1, 1), date(2026, 2, 1)):
        closing = months.propose(book=community.fund, month=month, bank_fen=140_499, **say)
        months.close(closing=closing, by=fund_checker, now=now)
    with pytest.raises(LedgerRefused, match="还有 3 笔没对上"):
        months.propose(book=community.fund, month=date(2026, 3, 1), bank_fen=140_499, **say)


# ---------------------------------------------------------------- pages


def page(name, *args):
    return reverse(name, args=args)


def upload(text=FILE, **more):
    return {"file": SimpleUploadedFile("对账单.csv", text.encode("gb18030")), **more}


def test_a_file_is_brought_in_on_its_page(as_fund_clerk, opened, bank, community):
    url = page("maintenance_fund:bank-new", community.pk)
    assert as_fund_clerk.post(url, upload(bank_account=bank.pk)).status_code == 302
    again = as_fund_clerk.post(url, upload(bank_account=bank.pk))
    assert again.status_code == 422 and "已经导入过" in again.content.decode()
    bad = as_fund_clerk.post(url, upload("日期,金额\n昨天,五元\n", bank_account=bank.pk)).content.decode()
    assert "第 2 行" in bad and "什么都没有导入" in bad


def test_the_list_says_what_waits_and_whose_it_may_be(as_fund_clerk, as_clerk, lines, community):
    shown = as_clerk.get(page("maintenance_fund:bank", community.pk)).content.decode()
    assert "3 笔" in shown and "像是 03-1-0102" in shown and "导入银行对账单" not in shown
    found = as_fund_clerk.get(page("maintenance_fund:bank", community.pk) + "?state=open&q=200.00").content.decode()
    assert "不认识的人" in found and "李秀英" not in found
    assert "没有找到" in as_clerk.get(page("maintenance_fund:bank", community.pk) + "?q=xyz&since=x").content.decode()


def test_the_list_asks_the_same_however_long_it_is(as_clerk, lines, community, bring, django_assert_max_num_queries):
    bring("".join(["日期,金额,备注\n", *(f"2026-03-02,{n},03-1-0101\n" for n in range(1, 40))]))
    with django_assert_max_num_queries(24):
        as_clerk.get(page("maintenance_fund:bank", community.pk))


def test_the_list_is_exported(as_clerk, lines, community):
    answer = as_clerk.get(page("maintenance_fund:bank-export", community.pk))
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_a_line_is_booked_to_a_household_on_its_page(as_fund_clerk, lines, series, seal, units, balance):
    url = page("maintenance_fund:bank-line", lines[0].pk)
    assert 'value="03-1-0102"' in as_fund_clerk.get(url + "?unit=03-1-0102").content.decode()
    sent = {"kind": "renewal", "unit": "03-1-0102", "code": "ZJ", "number": 3, "payer": "OWNER", "key": uuid4()}
    wrong = as_fund_clerk.post(url, sent | {"unit": "9"})
    assert wrong.status_code == 422 and "没有房号 9" in wrong.content.decode()
    for _ in range(2):  # a double click
        assert as_fund_clerk.post(url, sent).status_code == 302
    seal(PostingProposal.objects.open().get())
    assert balance("3001", units[1]) == 129_999
    assert "对上了" in as_fund_clerk.get(url).content.decode()


def test_a_line_is_booked_elsewhere_on_its_page(as_fund_clerk, lines):
    url = page("maintenance_fund:bank-line", lines[1].pk)
    sent = {"what": "unknown", "memo": "待核", "key": uuid4()}
    assert as_fund_clerk.post(url, sent | {"what": "returned"}).status_code == 422
    assert as_fund_clerk.post(url, sent).status_code == 302
    assert PostingProposal.objects.open().get().kind == "unknown"


def test_a_line_is_matched_with_a_voucher_on_its_page(as_fund_clerk, as_fund_checker, lines, propose, money_in):
    proposal, url = propose(money_in(100_000)), page("maintenance_fund:bank-match", lines[0].pk)
    assert "金额一样的凭证" in as_fund_clerk.get(lines[0].get_absolute_url()).content.decode()
    assert as_fund_checker.post(url, {"proposal": proposal.pk}).status_code == 403
    assert as_fund_clerk.post(url, {"proposal": "x"}).status_code == 302 and not BankMatch.objects.exists()
    assert as_fund_clerk.post(url, {"proposal": "9" * 5000}).status_code == 302
    assert as_fund_clerk.post(url, {"proposal": 10**9}).status_code == 404
    assert as_fund_clerk.post(url, {"proposal": proposal.pk}).status_code == 302
    assert BankMatch.objects.get().proposal == proposal


def test_only_the_office_sees_what_the_bank_wrote(as_resident, as_cadre, lines, community):
    for url in (
        page("maintenance_fund:bank", community.pk),
        page("maintenance_fund:bank-line", lines[0].pk),
        page("maintenance_fund:bank-new", community.pk),
    ):
        assert [client.get(url).status_code for client in (as_resident, as_cadre)] == [403, 403]
