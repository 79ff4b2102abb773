"""Renewal: who is low, one open notice a household, the ninety days, what closes it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lib.states import WrongState
from maintenance_fund import receipts, renewals
from maintenance_fund.models import Fund, RenewalNotice


def page(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def notice(opened, book, fund_clerk, now):
    return renewals.issue(book=book, by=fund_clerk, now=now).notices.get()


def test_the_scan_knows_the_edge_and_the_unknown(opened, community, units, today):
    """Exactly 30 % is enough, one fen less is not, without a first deposit it is undecided. F.10"""
    found = {row.code: row.need for row in renewals.scan(community, today=today)}
    assert [found[unit.code].is_needed for unit in units] == [False, True, False, None]
    assert found[units[1].code].top_up == 70_001


def test_a_scan_is_four_statements(opened, community, today, django_assert_num_queries):
    with django_assert_num_queries(4):
        renewals.scan(community, today=today)


def test_notices_are_issued_once(as_fund_clerk, opened, community, units, today):
    url = page("maintenance_fund:renewals-issue", community.pk)
    as_fund_clerk.post(url)
    as_fund_clerk.post(url)
    row = RenewalNotice.objects.get()
    assert (row.unit, row.amount_fen, row.agency) == (units[1], 70_001, "演示·县维修资金管理中心")
    assert row.number == f"续交〔{today.year}〕000001"


def test_a_committees_own_book_issues_none_without_a_plan(opened, book, fund_clerk, now):
    book.keeper = Fund.Keeper.COMMITTEE
    with pytest.raises(WrongState, match="业主自主管理"):
        renewals.issue(book=book, by=fund_clerk, now=now)


def test_the_page_lists_who_is_low_and_what_became_of_notices(as_clerk, as_fund_clerk, opened, community, units):
    url = page("maintenance_fund:renewals", community.pk)
    shown = as_clerk.get(url).content.decode()
    assert units[1].code in shown and "700.01" in shown and "给这 1 户发续交通知书" not in shown
    assert "给这 1 户发续交通知书" in as_fund_clerk.get(url).content.decode()
    as_fund_clerk.post(page("maintenance_fund:renewals-issue", community.pk))
    assert "都发过通知了" in as_clerk.get(url).content.decode()


def test_the_day_of_receipt_starts_the_term(as_fund_clerk, as_clerk, notice, today):
    url = page("maintenance_fund:renewal-received", notice.pk)
    assert as_clerk.get(url).status_code == 403
    assert as_fund_clerk.post(url, {"received_on": "昨天"}).status_code == 422
    ahead = {"received_on": today + timedelta(days=1), "delivery": "hand"}
    assert "今天之间" in as_fund_clerk.post(url, ahead).content.decode()
    assert as_fund_clerk.post(url, {"received_on": today, "delivery": "hand"}).status_code == 302
    notice.refresh_from_db()
    assert notice.due_on >= today + timedelta(days=90)
    again = as_fund_clerk.post(url, {"received_on": today, "delivery": "hand"})
    assert again.status_code == 422 and "登记过" in again.content.decode()


def test_overdue_begins_the_day_after(notice, fund_clerk, now, today):
    renewals.receive(notice=notice, on=today, delivery="hand", by=fund_clerk, now=now)
    rows = RenewalNotice.objects
    assert not rows.overdue(today=notice.due_on).exists() and not notice.is_overdue(notice.due_on)
    assert rows.overdue(today=notice.due_on + timedelta(days=1)).exists()


def test_renewing_the_whole_amount_closes_it(notice, units, bank, series, fund_clerk, seal, now, today):
    say = {"bank_account": bank, "paid_on": today, "code": "ZJ", "by": fund_clerk, "now": now, "kind": "renewal"}
    seal(receipts.record(unit=units[1], amount_fen=70_000, number=1, **say))
    assert renewals.settle(now=now) == 0  # a fen is missing
    seal(receipts.record(unit=units[1], amount_fen=1, number=2, **say))
    assert (renewals.settle(now=now), renewals.settle(now=now)) == (1, 0)
    notice.refresh_from_db()
    assert (notice.state, notice.closed_on) == ("paid", today)


def test_papers(as_clerk, as_resident, notice):
    assert as_clerk.get(page("maintenance_fund:renewal-paper", notice.pk)).content[:5] == b"%PDF-"
    assert as_clerk.get(page("maintenance_fund:renewal-urging", notice.pk)).content[:5] == b"%PDF-"
    for name in ("renewal", "renewal-paper"):
        assert as_resident.get(page(f"maintenance_fund:{name}", notice.pk)).status_code == 404  # the neighbour's
    assert as_resident.get(page("maintenance_fund:renewal-urging", notice.pk)).status_code == 403


def test_a_withdrawn_notice_leaves_room_for_another(notice, book, fund_clerk, now):
    """renewal_open_once"""
    renewals.withdraw(notice=notice, reason="首期写错", by=fund_clerk, now=now)
    second = renewals.issue(book=book, by=fund_clerk, now=now).notices.get()
    assert second.number.endswith("000002")
    with pytest.raises(WrongState):
        renewals.withdraw(notice=notice, reason="再撤", by=fund_clerk, now=now)
