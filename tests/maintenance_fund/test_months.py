"""Reconciling and closing months, and sharing out interest: two people, in order, for good."""

from datetime import date

import pytest
from django.urls import reverse

from maintenance_fund import interest, ledger, months
from maintenance_fund.ledger import Entry, LedgerRefused
from maintenance_fund.models import Month, MonthClosing, PostingProposal

JANUARY = date(2026, 1, 1)


def page(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def propose_close(book, fund_clerk, now):
    def make(bank_fen=140_499, items=(), month=JANUARY, **more):
        return months.propose(book=book, month=month, bank_fen=bank_fen, items=items, by=fund_clerk, now=now, **more)

    return make


def test_the_book_at_the_end_of_a_month_leaves_out_what_came_later(opened, book, propose, seal, money_in):
    seal(propose(money_in(700), dated_on=date(2026, 2, 1)))
    assert months.book_balance(book, JANUARY) == 140_499
    assert months.book_balance(book, date(2026, 2, 1)) == 141_199


@pytest.mark.parametrize(
    ("statement", "items", "rule"),
    [
        (140_498, [], "month_difference"),
        (140_999, [("BANK_IN_NOT_BOOK", 500)], "month_not_booked"),
        (140_500, [("BOOK_IN_NOT_BANK", 1)], "month_difference"),
    ],
)
def test_what_is_not_explained_is_not_closed(opened, propose_close, statement, items, rule):
    with pytest.raises(LedgerRefused) as refused:
        propose_close(statement, items)
    assert refused.value.code == rule


def test_money_in_transit_explains_a_difference(opened, propose_close):
    assert propose_close(140_398, [("BOOK_IN_NOT_BANK", 101)]).book_fen == 140_499


def test_months_in_order_and_only_when_they_are_over(opened, propose_close, today):
    """month_in_order, month_is_over"""
    for month in (date(2026, 2, 1), today.replace(day=1)):
        with pytest.raises(LedgerRefused):
            propose_close(month=month)


def test_a_skipped_receipt_needs_a_word(opened, units, series, fund_clerk, propose_close, bank):
    from maintenance_fund import receipts

    say = {"amount_fen": 5, "code": "ZJ", "day": JANUARY, "by": fund_clerk, "payer": "OWNER"}
    receipts.issue(unit=units[0], number=3, **say)
    with pytest.raises(LedgerRefused, match="跳过了"):
        propose_close()
    assert propose_close(note="1、2 号作废，两联都在")


def test_a_closed_month_takes_nothing(opened, propose, propose_close, seal, money_in, fund_checker, now):
    """month_closed"""
    late = propose(money_in(5))
    months.close(closing=propose_close(), by=fund_checker, now=now)
    PostingProposal.objects.filter(pk=late.pk).update(dated_on=date(2026, 1, 31))
    late.refresh_from_db()
    with pytest.raises(LedgerRefused, match="已经结账") as refused:
        seal(late)
    assert refused.value.code == "month_closed"
    assert Month.objects.get(first_day=JANUARY).closed_at


def test_an_unchecked_voucher_keeps_the_month_open(opened, propose, propose_close, money_in, fund_checker, now):
    """month_all_checked"""
    closing = propose_close()
    propose(money_in(5), dated_on=date(2026, 1, 31))
    with pytest.raises(LedgerRefused, match="没复核的凭证"):
        months.close(closing=closing, by=fund_checker, now=now)
    assert not Month.objects.filter(closed_at__isnull=False).exists()


def test_a_book_that_moved_since_is_reconciled_anew(opened, propose, seal, propose_close, money_in, fund_checker, now):
    closing = propose_close()
    seal(propose(money_in(5), dated_on=date(2026, 1, 31)))
    with pytest.raises(LedgerRefused, match="重新对账"):
        months.close(closing=closing, by=fund_checker, now=now)
    assert not Month.objects.filter(closed_at__isnull=False).exists()


def test_by_their_pages(as_fund_clerk, as_fund_checker, as_clerk, opened, community):
    url = page("maintenance_fund:month-close", community.pk)
    wrong = as_fund_clerk.post(url, {"bank_fen": "1,404.98"})
    assert wrong.status_code == 422 and "还差 0.01 元" in wrong.content.decode()
    assert as_fund_clerk.post(url, {"bank_fen": "1,404.99"}).status_code == 302
    closing = MonthClosing.objects.get()
    assert (
        "复核通过，结账" not in as_fund_clerk.get(page("maintenance_fund:months-list", community.pk)).content.decode()
    )
    assert "复核通过，结账" in as_fund_checker.get(page("maintenance_fund:months-list", community.pk)).content.decode()
    check = page("maintenance_fund:month-check", closing.pk)
    assert as_fund_clerk.post(check).status_code == 403
    as_fund_checker.post(check, {"back": "1"})
    assert as_fund_clerk.post(url, {"bank_fen": "1404.99"}).status_code == 302
    as_fund_checker.post(page("maintenance_fund:month-check", MonthClosing.objects.get(state="open").pk))
    assert "2026年1月" in as_clerk.get(page("maintenance_fund:months-list", community.pk)).content.decode()
    assert Month.objects.get(closed_at__isnull=False).first_day == JANUARY


# ---------------------------------------------------------------- interest


@pytest.fixture
def interest_in(bank):
    def lines(fen):
        return [Entry("100101", debit=fen, bank_account=bank.pk, flow="4101"), Entry("3101", credit=fen, flow="4101")]

    return lines


def test_interest_goes_by_balance_days_to_the_fen(
    opened, book, units, propose, seal, interest_in, out, fund_clerk, now
):
    """The first household has 300.00 for 31 days and 200.00 for 28; the others keep what they have. F.11"""
    seal(propose(out(10_000), kind="use", dated_on=date(2026, 2, 1)))
    days = interest.balance_days(book, first=JANUARY, last=date(2026, 2, 28))
    assert days[units[0].pk] == 30_000 * 31 + 20_000 * 28
    assert days[units[1].pk] == 29_999 * 59
    seal(propose(interest_in(1_001), kind="interest_in", memo="银行结息", dated_on=date(2026, 2, 28)))
    made = interest.propose(book=book, until=date(2026, 2, 28), memo="利息", by=fund_clerk, now=now)
    lines = {line.unit_id: line.credit for line in made.lines.filter(unit__isnull=False)}
    assert sum(lines.values()) == 1_001
    assert lines == {u: part for u, part in _shares(1_001, days, units).items() if part}
    seal(made)
    assert interest.last_distributed(book) == date(2026, 3, 1)
    with pytest.raises(LedgerRefused, match="没有可以分配"):
        interest.propose(book=book, until=date(2026, 3, 31), memo="利息", by=fund_clerk, now=now)


def _shares(fen, days, units):
    parts, _ = interest.shares(fen, {unit.code: days[unit.pk] for unit in units})
    return {unit.pk: parts[unit.code] for unit in units}


def test_a_reversed_distribution_is_made_anew(opened, book, propose, seal, interest_in, fund_clerk, now):
    seal(propose(interest_in(1_001), kind="interest_in", dated_on=date(2026, 2, 28)))
    made = seal(interest.propose(book=book, until=date(2026, 2, 28), memo="利息", by=fund_clerk, now=now))
    seal(ledger.reverse(transaction=made, reason="算错", by=fund_clerk, now=now))
    assert interest.last_distributed(book) == JANUARY


def test_interest_by_its_page(as_fund_clerk, as_clerk, opened, community, propose, seal, interest_in):
    url = page("maintenance_fund:interest-new", community.pk)
    assert as_clerk.get(url).status_code == 403
    sent = {"until": "2026-02-28", "memo": "上半年利息", "key": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}
    nothing = as_fund_clerk.post(url, sent)
    assert nothing.status_code == 422 and "没有可以分配" in nothing.content.decode()
    seal(propose(interest_in(1_001), kind="interest_in", dated_on=date(2026, 2, 28)))
    assert as_fund_clerk.post(url, sent).status_code == 302
