"""Two people at one moment: one wins, the other is told, and the ledger is right afterwards."""

from datetime import date
from uuid import uuid4

import pytest

from lib.states import WrongState
from maintenance_fund import (
    bank_lines,
    first_deposits,
    investments,
    ledger,
    matching,
    passing_on,
    receipts,
    verification,
)
from maintenance_fund.ledger import LedgerRefused
from maintenance_fund.models import BankLine, BankMatch, Investment, PostingProposal, Receipt, Transaction
from tests.at_once import at_once, the_refusal

pytestmark = pytest.mark.django_db(transaction=True)


def sealing(proposal, by, now):
    return lambda: ledger.seal(proposal=proposal, by=by, now=now)


def test_two_checkers_at_once(propose, money_in, fund_checker, fund_approver, now, balance):
    proposal = propose(money_in(100))
    ends = at_once(sealing(proposal, fund_checker, now), sealing(proposal, fund_approver, now))
    assert isinstance(the_refusal(ends), LedgerRefused)
    assert (Transaction.objects.count(), balance("3101")) == (1, 100)


def test_one_checker_many_clicks(propose, money_in, fund_checker, now, balance):
    proposal = propose(money_in(100))
    ends = at_once(*[sealing(proposal, fund_checker, now)] * 12)
    assert {end.pk for end in ends} == {Transaction.objects.get().pk}
    assert balance("3101") == 100


def test_one_form_many_clicks(propose, money_in):
    key = uuid4()
    ends = at_once(*[lambda: propose(money_in(100), key=key).pk] * 12)
    assert set(ends) == {PostingProposal.objects.get().pk}
    assert PostingProposal.objects.get().lines.count() == 2


def test_one_form_of_a_deposit_many_clicks(opened, units, bank, series, fund_clerk, now, today):
    say = {
        "unit": units[1],
        "kind": "renewal",
        "amount_fen": 500,
        "bank_account": bank,
        "paid_on": today,
        "key": uuid4(),
    }
    ends = at_once(*[lambda: receipts.record(**say, code="ZJ", number=3, by=fund_clerk, now=now).pk] * 12)
    assert set(ends) == {PostingProposal.objects.open().get().pk} and Receipt.objects.count() == 1


def test_two_who_book_one_line_of_the_bank(opened, bank, fund_clerk, now):
    data = "日期,金额,备注\n2026-03-02,5,续交\n".encode()
    bank_lines.bring_in(bank_account=bank, file_name="x", data=data, by=fund_clerk, now=now)
    line = BankLine.objects.select_related("community__fund", "bank_account__account").get()
    say = {"line": line, "what": "unknown", "memo": "x", "by": fund_clerk, "now": now}
    ends = at_once(*[lambda: matching.book(**say)] * 2)
    assert the_refusal(ends).code == "bank_line_matched_once"
    assert BankMatch.objects.count() == 1 and PostingProposal.objects.open().count() == 1


def test_two_who_bring_one_file_in(opened, bank, fund_clerk, now):
    say = {"bank_account": bank, "file_name": "x", "data": "日期,金额\n2026-03-02,5\n".encode(), "by": fund_clerk}
    ends = at_once(*[lambda: bank_lines.bring_in(**say, now=now)] * 2)
    assert the_refusal(ends).code == "bank_statement_once" and BankLine.objects.count() == 1


def test_two_files_with_lines_of_the_same_days(opened, bank, fund_clerk, now):
    rows = "".join(f"2026-03-02,{n},a{n}\n" for n in range(1, 301))
    files = [f"日期,金额,流水号\n{rows}{more}".encode() for more in ("", "2026-03-03,7,z\n")]
    say = {"bank_account": bank, "file_name": "x", "by": fund_clerk, "now": now}
    ends = at_once(*[lambda data=data: bank_lines.bring_in(data=data, **say) for data in files])
    assert sum(end.new for end in ends) == BankLine.objects.count() == 301


def test_two_who_book_what_a_developer_paid(building, units, book, bank, series, fund_clerk, fund_checker, now):
    day = date(2026, 3, 2)
    say = {"first_day": day, "fen_per_m2": 200_000, "basis": "x", "by": fund_clerk, "now": now}
    first_deposits.check_cost(cost=first_deposits.enter_cost(**say), by=fund_checker)
    building.fund_class = "multi_storey"
    say = {"kind": "commodity", "developer": "x", "assessed_on": day, "has_clause": True}
    made = first_deposits.assess(building=building, **say, by=fund_clerk, now=now)
    say = {"assessment": made, "payer": "DEVELOPER", "bank_account": bank, "paid_on": day, "code": "ZJ"}
    pay = lambda number: first_deposits.pay(first_number=number, **say, by=fund_clerk, now=now)  # noqa: E731
    ends = at_once(lambda: pay(1), lambda: pay(11))
    assert the_refusal(ends).code == "assessed_nothing_left"
    assert PostingProposal.objects.count() == 1 and Receipt.objects.count() == 4


def test_two_who_book_one_collection(opened, units, bank, series, fund_clerk, now, today):
    say = {"collector": "firm", "name": "x", "amount_fen": 500, "received_on": today}
    row = passing_on.take(unit=units[1], **say, by=fund_clerk, now=now)
    say = {"collection": row, "bank_account": bank, "paid_on": today, "code": "ZJ", "by": fund_clerk, "now": now}
    ends = at_once(lambda: passing_on.arrive(number=1, **say), lambda: passing_on.arrive(number=2, **say))
    assert isinstance(the_refusal(ends), WrongState)
    assert PostingProposal.objects.open().count() == Receipt.objects.count() == 1


def test_two_who_bring_one_bond_back(opened, book, bank, seal, fund_clerk, now):
    about = {"kind": "bond", "name": "1234", "principal_fen": 1000, "rate_bp": 1, "decision": "x"}
    about |= {"bought_on": date(2026, 3, 2), "matures_on": date(2026, 4, 2)}
    who = {"bank_account": bank, "by": fund_clerk, "now": now}
    seal(investments.buy(book=book, **about, **who))
    say = {"investment": Investment.objects.get(), "received_fen": 1000, "on": date(2026, 4, 2)}
    ends = at_once(*[lambda: investments.redeem(**say, **who)] * 2)
    assert isinstance(the_refusal(ends), WrongState) and PostingProposal.objects.open().count() == 1


def test_two_reversals_at_once(propose, seal, money_in, fund_clerk, fund_checker, now):
    wrong = seal(propose(money_in(100)))
    both = [ledger.reverse(transaction=wrong, reason="错", by=fund_clerk, now=now) for _ in range(2)]
    ends = at_once(*(sealing(proposal, fund_checker, now) for proposal in both))
    assert the_refusal(ends).code == "transaction_reversed_once"
    assert verification.verify().wrong == []


def test_two_who_take_the_last_fen(propose, seal, money_in, units, out, fund_checker, now, balance):
    seal(propose(money_in(100, units[0]), kind="opening"))
    both = [propose(out(60), kind="use") for _ in range(2)]
    ends = at_once(*(sealing(proposal, fund_checker, now) for proposal in both))
    assert the_refusal(ends).code in ("balance_not_below_zero", "total_not_below_zero")
    assert balance("3001", units[0]) == 40


def test_twelve_vouchers_of_one_community_follow_each_other(propose, money_in, fund_checker, now):
    proposals = [propose(money_in(fen)) for fen in range(1, 13)]
    at_once(*(sealing(proposal, fund_checker, now) for proposal in proposals))
    assert sorted(Transaction.objects.values_list("month_no", flat=True)) == list(range(1, 13))
    assert verification.verify().wrong == []
