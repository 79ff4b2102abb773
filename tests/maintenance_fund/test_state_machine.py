"""Any order of proposing, changing, sealing, reversing and withdrawing, against a book kept in a Python dictionary."""

from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from maintenance_fund import ledger, verification
from maintenance_fund.ledger import Entry, LedgerRefused
from maintenance_fund.models import Balance, Fund, Transaction

AMOUNTS = st.integers(1, 9_000_000)
HOUSES = st.integers(0, 3)


class Book(RuleBasedStateMachine):
    """The model: each account's balance, the vouchers in order, the proposals that are open."""

    cast: SimpleNamespace

    def __init__(self):
        super().__init__()
        self.balances, self.open, self.sealed, self.reversed = Counter(), [], [], set()
        for line_of in Balance.objects.select_related("account"):
            self.balances[line_of.account.code, line_of.named] += line_of.amount
        self.before = Transaction.objects.count()

    @rule(fen=AMOUNTS, house=HOUSES)
    def deposit(self, fen, house):
        self._propose([("100101", self.cast.bank.pk, fen), ("3001", self.cast.units[house].pk, fen)], fen)

    @rule(fen=AMOUNTS, house=HOUSES)
    def spend(self, fen, house):
        self._propose([("3001", self.cast.units[house].pk, -fen), ("100101", self.cast.bank.pk, -fen)], -fen)

    @rule(fen=AMOUNTS, other=AMOUNTS, house=HOUSES)
    def out_of_balance(self, fen, other, house):
        self._propose(
            [("100101", self.cast.bank.pk, fen), ("3001", self.cast.units[house].pk, other)], fen, balanced=fen == other
        )

    def _propose(self, moves, paid_in, balanced=True):
        lines = []
        for code, named, fen in moves:
            debit = (fen > 0) == (code == "100101")
            side = {"debit" if debit else "credit": abs(fen)}
            what = {"bank_account" if code == "100101" else "unit": named}
            lines.append(Entry(code, **side, **what))
        kind = "opening" if paid_in > 0 else "payment"
        say = {"memo": "x", "lines": lines, "by": self.cast.fund_clerk, "now": self.cast.now}
        made = ledger.propose(community=self.cast.book.community, kind=kind, **say)
        self.open.append((made, moves, balanced, -paid_in >= 5_000_000, None))

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def seal(self, data):
        made, moves, balanced, large, reverses = self.open.pop(self._one(data, self.open))
        if made.state == "open" and large and data.draw(st.booleans()):
            ledger.approve(proposal=made, by=self.cast.fund_approver)
            large = False
        after = self.balances.copy()
        for code, named, fen in moves:
            after[code, named] += fen
        enough = all(fen >= 0 for fen in after.values())
        may = balanced and enough and not large and reverses not in self.reversed
        try:
            voucher = ledger.seal(proposal=made, by=self.cast.fund_checker, now=self.cast.now)
        except LedgerRefused:
            assert not may
            return
        assert may
        self.balances = after
        self.sealed.append((voucher, moves))
        if reverses:
            self.reversed.add(reverses)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def withdraw(self, data):
        made, *_ = self.open.pop(self._one(data, self.open))
        ledger.withdraw(proposal=made, reason="x", by=self.cast.fund_clerk)
        with pytest.raises(LedgerRefused):
            ledger.seal(proposal=made, by=self.cast.fund_checker, now=self.cast.now)

    @precondition(lambda self: self.sealed)
    @rule(data=st.data())
    def reverse(self, data):
        voucher, moves = self.sealed[self._one(data, self.sealed)]
        try:
            made = ledger.reverse(transaction=voucher, reason="错", by=self.cast.fund_clerk, now=self.cast.now)
        except LedgerRefused:
            assert voucher.reverses_id or voucher.pk in self.reversed
            return
        mirrored = [(code, named, -fen) for code, named, fen in moves]
        out = sum(fen for code, _, fen in moves if code == "100101")
        self.open.append((made, mirrored, True, out >= 5_000_000, voucher.pk))

    def _one(self, data, rows):
        return data.draw(st.integers(0, len(rows) - 1))

    @invariant()
    def balances_are_those_of_the_model(self):
        kept = {(row.account.code, row.named): row.amount for row in Balance.objects.select_related("account")}
        assert {key: fen for key, fen in kept.items() if fen} == {k: fen for k, fen in self.balances.items() if fen}

    @invariant()
    def the_chain_is_whole(self):
        assert Fund.objects.get(pk=self.cast.book.pk).seq == self.before + len(self.sealed)

    def teardown(self):
        assert verification.verify(self.cast.book.community_id).wrong == []


@pytest.mark.django_db
def test_whatever_happens_the_ledger_is_right(book, bank, units, fund_clerk, fund_checker, fund_approver, now):
    people = {"fund_clerk": fund_clerk, "fund_checker": fund_checker, "fund_approver": fund_approver}
    Book.cast = SimpleNamespace(book=book, bank=bank, units=units, now=now, **people)
    run_state_machine_as_test(
        Book,
        settings=settings(
            max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
