"""Two people at one moment: one wins, the other is told, and the ledger is right afterwards."""

from uuid import uuid4

import pytest

from maintenance_fund import ledger, verification
from maintenance_fund.ledger import LedgerRefused
from maintenance_fund.models import PostingProposal, Transaction
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
