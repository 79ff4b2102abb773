"""Proposing, approving, sealing, reversing: what balances do, who may, and what is refused in words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from lib.money import allocate
from maintenance_fund import ledger, verification
from maintenance_fund.ledger import Entry, LedgerRefused
from maintenance_fund.models import Fund, Line, PostingProposal, Transaction


def test_a_posting_moves_balances_only_when_somebody_else_has_sealed_it(propose, seal, money_in, units, balance):
    proposal = propose(money_in(828430, units[0]), kind="opening", memo="期初余额")
    assert balance("3001", units[0]) == 0
    voucher = seal(proposal)
    assert (balance("3001", units[0]), balance("3001"), balance("100101")) == (828430, 828430, 828430)
    assert voucher.number.startswith("PZ-") and voucher.number.endswith("-0001")
    assert (voucher.seq, voucher.month_no, voucher.line_count) == (1, 1, 2)
    assert [line.debit - line.credit for line in voucher.lines.order_by("n")] == [828430, -828430]


def test_numbers_and_chain_follow_each_other(propose, seal, money_in, book):
    made = [seal(propose(money_in(fen))) for fen in (100, 200, 300)]
    assert [voucher.month_no for voucher in made] == [1, 2, 3]
    assert [bytes(v.previous_hash) for v in made[1:]] == [bytes(v.hash) for v in made[:-1]]
    book.refresh_from_db()
    assert (book.seq, bytes(book.head_hash)) == (3, bytes(made[-1].hash))
    assert verification.verify().wrong == []


def test_a_refused_seal_leaves_no_gap(propose, seal, money_in, units, bank):
    seal(propose(money_in(100)))
    overdrawn = propose([Entry("3101", debit=5), Entry("100101", credit=500, bank_account=bank.pk)])
    with pytest.raises(LedgerRefused):
        seal(overdrawn)
    assert seal(propose(money_in(100))).month_no == 2


def test_a_cost_is_shared_over_the_households_to_the_fen(propose, seal, money_in, units, bank, balance):
    for unit in units:
        seal(propose(money_in(50_000, unit), kind="opening"))
    shares = allocate(100_001, {unit.code: unit.area_centi for unit in units})
    of = {unit.code: unit.pk for unit in units}
    lines = [Entry("3001", debit=fen, unit=of[code], flow="5001") for code, fen in shares.items()]
    seal(
        propose(
            [*lines, Entry("100101", credit=100_001, bank_account=bank.pk)], kind="use", memo="3幢屋面防水，按面积分摊"
        )
    )
    assert sum(shares.values()) == 100_001
    assert [balance("3001", unit) for unit in units] == [50_000 - shares[unit.code] for unit in units]
    assert balance("3001") == balance("100101") == 99_999


# ---------------------------------------------------------------- who


def test_the_maker_never_checks(propose, money_in, fund_clerk, fund_checker, make_user, now):
    both = make_user("both", "两头", "fund_clerk", "fund_checker")
    proposal = ledger.propose(
        community=Fund.objects.get().community, kind="income", memo="x", lines=money_in(1), by=both, now=now
    )
    with pytest.raises(PermissionDenied):
        ledger.seal(proposal=proposal, by=both, now=now)
    with pytest.raises(PermissionDenied):
        ledger.seal(proposal=proposal, by=fund_clerk, now=now)
    assert ledger.seal(proposal=proposal, by=fund_checker, now=now)


@pytest.mark.parametrize("who", ["clerk", "town_head", "leader", "administrator", "station_head", "firm", "resident"])
def test_nobody_else_makes_or_seals(who, request, propose, money_in, book, now):
    stranger, proposal = request.getfixturevalue(who), propose(money_in(1))
    with pytest.raises(PermissionDenied):
        ledger.propose(community=book.community, kind="income", memo="x", lines=money_in(1), by=stranger, now=now)
    with pytest.raises(PermissionDenied):
        ledger.seal(proposal=proposal, by=stranger, now=now)
    with pytest.raises(PermissionDenied):
        ledger.approve(proposal=proposal, by=stranger)


def test_a_second_click_gets_the_same_voucher(propose, seal, money_in, fund_approver, now, balance):
    proposal = propose(money_in(7))
    assert seal(proposal) == seal(proposal)
    with pytest.raises(LedgerRefused, match="已经有人复核"):
        ledger.seal(proposal=proposal, by=fund_approver, now=now)
    assert balance("3101") == 7


def test_the_same_form_twice_makes_one_proposal(propose, money_in, make_user, book, now):
    key = uuid4()
    assert propose(money_in(7), key=key) == propose(money_in(7), key=key)
    assert PostingProposal.objects.get().lines.count() == 2
    other = make_user("jingban2", "另一位经办", "fund_clerk")
    with pytest.raises(LedgerRefused, match="提交码"):
        ledger.propose(community=book.community, kind="income", memo="x", lines=[], by=other, now=now, key=key)


def test_who_reads_an_old_draft_is_told(propose, seal, money_in, fund_clerk):
    proposal = propose(money_in(7))
    read = proposal.revision
    ledger.rewrite(proposal=proposal, memo="改过", lines=money_in(8), by=fund_clerk)
    with pytest.raises(LedgerRefused, match="改过") as refused:
        seal(proposal, revision=read)
    assert refused.value.code == "proposal_as_read"
    assert seal(proposal).lines.first().debit == 8


# ---------------------------------------------------------------- large payments


@pytest.fixture
def large(propose, seal, money_in, units, out):
    """A payment of exactly the limit (fund.third_approver_from_fen: 5,000,000 fen)."""
    seal(propose(money_in(9_000_000, units[0]), kind="opening"))

    def make(fen=5_000_000):
        return propose(out(fen), kind="payment", memo="付工程款")

    return make


def test_a_large_payment_needs_a_third_person(large, seal, fund_approver, fund_checker, now):
    proposal = large()
    assert ledger.needs_approval(proposal)
    with pytest.raises(LedgerRefused, match="第三个人") as refused:
        seal(proposal)
    assert refused.value.code == "transaction_approved"
    ledger.approve(proposal=proposal, by=fund_approver)
    with pytest.raises(PermissionDenied):  # an approver may check, but not what they approved
        ledger.seal(proposal=proposal, by=fund_approver, now=now)
    assert seal(proposal).approved_by == fund_approver


def test_one_fen_below_the_limit_does_not(large, seal):
    proposal = large(4_999_999)
    assert not ledger.needs_approval(proposal)
    assert seal(proposal).approved_by is None


def test_a_change_wipes_the_approval(large, seal, fund_approver, fund_clerk, out):
    proposal = large()
    ledger.approve(proposal=proposal, by=fund_approver)
    ledger.rewrite(proposal=proposal, memo="多付一点", lines=out(6_000_000), by=fund_clerk)
    with pytest.raises(LedgerRefused, match="第三个人"):
        seal(proposal)


def test_moving_money_between_two_bank_accounts_is_no_payment(propose, seal, money_in, units, bank, book, balance):
    from maintenance_fund.models import Account, BankAccount

    fixed = BankAccount.objects.create(
        community=book.community, account=Account.objects.get(code="100102"), bank="演示·农商银行", number="6200009999",
        opened_on=bank.opened_on,
    )  # fmt: skip
    seal(propose(money_in(9_000_000, units[0]), kind="opening"))
    lines = [
        Entry("100102", debit=8_000_000, bank_account=fixed.pk),
        Entry("100101", credit=8_000_000, bank_account=bank.pk),
    ]
    seal(propose(lines, kind="transfer", memo="转定期"))
    assert (balance("100101"), balance("100102")) == (1_000_000, 8_000_000)


# ---------------------------------------------------------------- days and months


def test_a_posting_may_have_an_earlier_day_of_an_open_month(propose, seal, money_in, today):
    day = today - timedelta(days=40)
    voucher = seal(propose(money_in(1), dated_on=day))
    assert (voucher.dated_on, voucher.month) == (day, day.replace(day=1))


def test_no_day_to_come_and_none_before_the_book(propose, seal, money_in, today):
    with pytest.raises(LedgerRefused, match="还没到") as ahead:
        seal(propose(money_in(1), dated_on=today + timedelta(days=1)))
    assert ahead.value.code == "transaction_not_ahead"
    with pytest.raises(LedgerRefused, match="建账") as before:
        seal(propose(money_in(1), dated_on=today.replace(year=2025, month=12, day=31)))
    assert before.value.code == "transaction_since_first_month"


# ---------------------------------------------------------------- reversing


def test_a_reversal_mirrors_and_is_dated_today(propose, seal, money_in, units, fund_clerk, now, today, balance):
    wrong = seal(propose(money_in(500, units[0]), kind="opening", dated_on=today - timedelta(days=35)))
    right = seal(ledger.reverse(transaction=wrong, reason="录错户", by=fund_clerk, now=now))
    assert (right.dated_on, right.reverses, right.kind) == (today, wrong, "reversal")
    assert "录错户" in right.memo and wrong.number in right.memo
    assert (balance("3001", units[0]), balance("100101")) == (0, 0)
    with pytest.raises(LedgerRefused, match="冲销过"):
        ledger.reverse(transaction=wrong, reason="再冲", by=fund_clerk, now=now)
    with pytest.raises(LedgerRefused, match="不能再冲销"):
        ledger.reverse(transaction=right, reason="再冲", by=fund_clerk, now=now)


def test_two_reversals_proposed_at_once_seal_once(propose, seal, money_in, fund_clerk, now):
    wrong = seal(propose(money_in(500)))
    first, second = (ledger.reverse(transaction=wrong, reason="错", by=fund_clerk, now=now) for _ in range(2))
    seal(first)
    with pytest.raises(LedgerRefused, match="冲销过") as refused:
        seal(second)
    assert refused.value.code == "transaction_reversed_once"
    assert Transaction.objects.filter(reverses=wrong).count() == 1


def test_a_reversal_that_would_overdraw_a_household_is_refused(propose, seal, money_in, units, out, fund_clerk, now):
    deposit = seal(propose(money_in(500, units[0]), kind="opening"))
    seal(propose(out(400), kind="use"))
    with pytest.raises(LedgerRefused, match="余额不够"):
        seal(ledger.reverse(transaction=deposit, reason="错", by=fund_clerk, now=now))


def test_withdrawn_is_over(propose, seal, money_in, fund_clerk, fund_checker):
    proposal = propose(money_in(5))
    ledger.withdraw(proposal=proposal, reason="重了", by=fund_checker)
    with pytest.raises(LedgerRefused, match="撤回"):
        seal(proposal)
    assert Line.objects.count() == 0


# ---------------------------------------------------------------- how much it asks


def test_a_posting_is_at_most_ten_statements(propose, seal, money_in, units, bank, django_assert_max_num_queries):
    lines = [Entry("3001", credit=1, unit=unit.pk, flow="4001") for unit in units * 50]
    ledger.accounts()
    with django_assert_max_num_queries(10):
        seal(propose([Entry("100101", debit=200, bank_account=bank.pk), *lines], kind="opening"))


def test_what_is_refused_while_lines_are_copied_is_said_in_words(propose, seal, money_in, units):
    """COPY raises the driver's own error, which nobody would turn into a sentence."""
    sealed = seal(propose(money_in(5, units[0]), kind="opening"))
    with pytest.raises(LedgerRefused) as refused, ledger.in_words():
        ledger._copy(sealed.proposal_id, money_in(5))
    assert refused.value.code == "proposal_line_n"
