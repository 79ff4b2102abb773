"""Checking, approving, sending back and reversing, by the buttons of their pages."""

import pytest
from django.urls import reverse

from maintenance_fund.models import PostingProposal, Receipt, Transaction


def page(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def proposal(propose, money_in):
    return propose(money_in(12_345), memo="电梯广告")


def test_the_checker_sees_every_line_and_seals(as_fund_checker, proposal):
    url = page("maintenance_fund:proposal", proposal.pk)
    shown = as_fund_checker.get(url).content.decode()
    assert "123.45" in shown and "复核通过，入账" in shown
    answer = as_fund_checker.post(page("maintenance_fund:proposal-seal", proposal.pk), {"revision": proposal.revision})
    voucher = Transaction.objects.get()
    assert answer["Location"] == page("maintenance_fund:voucher", voucher.pk)
    assert "已经入账" in as_fund_checker.get(url).content.decode()


def test_the_maker_has_no_button_and_may_not(as_fund_clerk, proposal):
    assert "复核通过" not in as_fund_clerk.get(page("maintenance_fund:proposal", proposal.pk)).content.decode()
    assert as_fund_clerk.post(page("maintenance_fund:proposal-seal", proposal.pk), {"revision": 2}).status_code == 403


def test_an_old_draft_is_not_sealed(as_fund_checker, proposal):
    answer = as_fund_checker.post(page("maintenance_fund:proposal-seal", proposal.pk), {"revision": 1}, follow=True)
    assert "先看新的再复核" in answer.content.decode() and not Transaction.objects.exists()


def test_what_the_ledger_refuses_is_told(as_fund_checker, propose, out, opened, units):
    made = propose(out(30_001), kind="use")
    url = page("maintenance_fund:proposal-seal", made.pk)
    answer = as_fund_checker.post(url, {"revision": made.revision}, follow=True)
    assert "余额不够" in answer.content.decode()


def test_a_large_payment_goes_by_the_approver(as_fund_checker, as_fund_approver, propose, seal, money_in, out, units):
    seal(propose(money_in(9_000_000, units[0]), kind="opening"))
    made = propose(out(5_000_000), kind="payment", memo="付工程款")
    url = page("maintenance_fund:proposal", made.pk)
    assert "复核通过" not in as_fund_checker.get(url).content.decode()
    assert "同意付款" in as_fund_approver.get(url).content.decode()
    approve = page("maintenance_fund:proposal-approve", made.pk)
    assert as_fund_checker.post(approve, {"revision": made.revision}).status_code == 403
    as_fund_approver.post(approve, {"revision": made.revision})
    assert "复核通过" in as_fund_checker.get(url).content.decode()


def test_it_is_sent_back_with_a_reason(as_fund_checker, as_clerk, proposal):
    url = page("maintenance_fund:proposal-withdraw", proposal.pk)
    assert as_clerk.get(url).status_code == 403
    assert as_fund_checker.post(url, {}).status_code == 422
    as_fund_checker.post(url, {"reason": "没附合同"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.withdrawn_because) == ("withdrawn", "没附合同")
    assert "没附合同" in as_fund_checker.get(page("maintenance_fund:proposal", proposal.pk)).content.decode()


def test_a_voucher_shows_who_and_its_value(as_clerk, opened):
    shown = as_clerk.get(page("maintenance_fund:voucher", opened.pk)).content.decode()
    assert "方经办" in shown and "许复核" in shown and bytes(opened.hash).hex() in shown


def test_it_is_reversed_by_two_people_and_its_receipt_with_it(as_fund_clerk, opened, units, bank, series, seal, now):
    from maintenance_fund import receipts

    by = PostingProposal.objects.first().made_by
    say = {"bank_account": bank, "paid_on": bank.opened_on, "code": "ZJ", "number": 1, "by": by, "now": now}
    renewal = seal(receipts.record(unit=units[1], kind="renewal", amount_fen=1000, **say))
    url = page("maintenance_fund:voucher-reverse", renewal.pk)
    key = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
    assert as_fund_clerk.get(url).status_code == 200
    assert as_fund_clerk.post(url, {"reason": "录错户", "key": key}).status_code == 302
    seal(PostingProposal.objects.open().get())
    assert Receipt.objects.get().state == "reversed"
    again = as_fund_clerk.post(url, {"reason": "再冲", "key": "7f9619ff-8b86-d011-b42d-00cf4fc964ff"})
    assert again.status_code == 422 and "冲销过" in again.content.decode()


@pytest.mark.parametrize("name", ["proposal", "voucher"])
def test_strangers_see_nothing(name, as_cadre, as_resident, proposal, opened):
    row = proposal if name == "proposal" else opened
    assert as_cadre.get(page(f"maintenance_fund:{name}", row.pk)).status_code == 403
    assert as_resident.get(page(f"maintenance_fund:{name}", row.pk)).status_code == 403
