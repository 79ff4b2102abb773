"""Income, fixed deposits and bonds, lost houses, what is made public of a year, objections, what a committee sees."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Message
from lib.states import WrongState
from maintenance_fund import (
    boards,
    costs,
    disclosure,
    incomes,
    interest,
    investments,
    ledger,
    losses,
    months,
    renewals,
    verification,
)
from maintenance_fund.ledger import Entry, LedgerRefused
from maintenance_fund.models import BankAccount, Fund, Investment, Objection, PostingProposal, YearStatement

MARCH = date(2026, 3, 2)


def page(name, *args):
    return reverse(name, args=args)


# ---------------------------------------------------------------- common income


def test_income_is_booked_net_and_shared_by_area(opened, book, bank, units, seal, balance, fund_clerk, now):
    say = {"source": "电梯广告", "gross_fen": 50_000, "cost_fen": 9_997, "bank_account": bank, "paid_on": MARCH}
    seal(incomes.record(book=book, **say, by=fund_clerk, now=now))
    assert interest.waiting(book) == interest.Waiting(0, 40_003)
    made = incomes.propose(book=book, until=MARCH, memo="公共收益", by=fund_clerk, now=now)
    parts = dict(made.lines.filter(unit__isnull=False).values_list("unit", "credit"))
    assert parts[units[0].pk] == 10_001 and parts[units[3].pk] == 10_002 and sum(parts.values()) == 40_003
    seal(made)
    assert interest.waiting(book) == interest.Waiting(0, 0) and balance("3101") == 0
    with pytest.raises(LedgerRefused, match="没有可以分配"):
        incomes.propose(book=book, until=MARCH, memo="x", by=fund_clerk, now=now)
    with pytest.raises(LedgerRefused, match="没有收益"):
        incomes.record(book=book, **say | {"cost_fen": 50_000}, by=fund_clerk, now=now)


def test_income_is_shared_alike_where_the_assembly_decided_so(
    opened, book, bank, units, seal, fund_clerk, as_fund_clerk, now
):
    say = {"source": "电梯广告", "gross_fen": 50_000, "cost_fen": 9_997, "bank_account": bank, "paid_on": MARCH}
    seal(incomes.record(book=book, **say, by=fund_clerk, now=now))
    typed = {"until": "2026-03-02", "memo": "公共收益", "key": str(uuid4()), "decision": "业主大会〔2026〕3号"}
    url = page("maintenance_fund:interest-new", book.community_id)
    wrong = as_fund_clerk.post(url, typed | {"what": "interest"})
    assert wrong.status_code == 422 and "不能每户一样" in wrong.content.decode()
    assert as_fund_clerk.post(url, typed | {"what": "income"}).status_code == 302
    made = PostingProposal.objects.latest("pk")
    parts = list(made.lines.filter(unit__isnull=False).values_list("credit", flat=True))
    assert sum(parts) == 40_003 and max(parts) - min(parts) <= 1 and "业主大会〔2026〕3号" in made.memo


def test_a_negative_interest_adjustment_is_taken_back_by_balance_days(
    opened, book, bank, units, propose, seal, balance, fund_clerk, now
):
    back = [Entry("3101", debit=1_000, flow="4101"), Entry("100101", credit=1_000, bank_account=bank.pk, flow="4101")]
    seal(propose(back, kind="interest_in", memo="多结的利息退回", dated_on=date(2026, 2, 27)))
    made = interest.propose(book=book, until=date(2026, 2, 28), memo="利息调整", by=fund_clerk, now=now)
    parts = dict(made.lines.filter(unit__isnull=False).values_list("unit", "debit"))
    assert sum(parts.values()) == 1_000 and parts[units[2].pk] > parts[units[0].pk]
    seal(made)
    assert balance("3101") == 0 and balance("3001") == 139_499


def test_what_waits_is_shared_out_once(opened, book, bank, money_in, propose, seal, fund_clerk, now):
    seal(propose(money_in(1_000)))
    come = [Entry("3101", credit=500, flow="4101"), Entry("100101", debit=500, bank_account=bank.pk, flow="4101")]
    seal(propose(come, kind="interest_in", dated_on=date(2026, 2, 27)))
    say = {"book": book, "until": date(2026, 2, 28), "memo": "x", "by": fund_clerk, "now": now}
    for part, left in ((interest, (0, 1_000)), (incomes, (0, 0))):
        made = part.propose(**say, key=(key := uuid4()))
        assert part.propose(**say, key=key) == made
        with pytest.raises(LedgerRefused, match="还没复核"):
            part.propose(**say, key=uuid4())
        seal(made)
        assert interest.waiting(book) == interest.Waiting(*left)


def test_income_on_its_pages(as_fund_clerk, as_clerk, opened, bank, community, seal):
    url = page("maintenance_fund:income-new", community.pk)
    assert as_clerk.get(url).status_code == 403
    sent = {"source": "停车", "gross_fen": "100", "cost_fen": "0", "bank_account": bank.pk, "paid_on": "2026-03-02"}
    assert as_fund_clerk.post(url, sent | {"gross_fen": "x", "key": uuid4()}).status_code == 422
    assert as_fund_clerk.post(url, sent | {"key": uuid4()}).status_code == 302
    seal(PostingProposal.objects.open().get())
    url = page("maintenance_fund:interest-new", community.pk)
    assert "公共收益 100.00 元" in as_fund_clerk.get(url).content.decode()
    sent = {"what": "income", "until": "2026-03-02", "memo": "公共收益", "key": uuid4()}
    assert as_fund_clerk.post(url, sent).status_code == 302
    assert PostingProposal.objects.open().get().kind == "income"


# ---------------------------------------------------------------- deposits and bonds


@pytest.fixture
def buy(opened, book, bank, fund_clerk, now):
    def make(kind="deposit", **more):
        say = {"kind": kind, "name": "90001234", "principal_fen": 100_000, "rate_bp": 275, "bought_on": MARCH}
        say |= {"matures_on": date(2026, 9, 2), "decision": "批复1号", "bank_account": bank}
        return investments.buy(book=book, **say | more, by=fund_clerk, now=now)

    return make


@pytest.fixture
def redeem(bank, fund_clerk, now):
    def make(fen=101_375, **more):
        say = {"investment": Investment.objects.get(), "received_fen": fen, "on": date(2026, 9, 2)}
        return investments.redeem(**say, bank_account=bank, by=fund_clerk, now=now, **more)

    return make


@pytest.mark.parametrize(("kind", "account"), [("deposit", "100102"), ("bond", "1101")])
def test_money_goes_out_and_comes_back_with_interest(buy, redeem, seal, balance, book, kind, account):
    seal(buy(kind))
    assert (balance(account), balance("100101")) == (100_000, 40_499)
    assert boards.year(book, 2026).lines == []  # moved, not spent
    seal(redeem())
    assert (balance(account), balance("100101"), balance("3101")) == (0, 141_874, 1_375)
    (line,) = boards.year(book, 2026).lines
    assert line[1:] == (1_375, 0) and interest.waiting(book).interest == 1_375
    assert verification.verify().wrong == []


def test_what_is_not_sealed_or_came_back_is_not_redeemed(buy, redeem, seal):
    proposal = buy()
    with pytest.raises(WrongState, match="还没复核"):
        redeem()
    seal(proposal)
    with pytest.raises(WrongState, match="比本金少"):
        redeem(99_999)
    seal(redeem())
    with pytest.raises(WrongState, match="已经收回"):
        redeem()


def test_a_deposit_has_an_account_of_its_own_once(buy):
    buy()
    assert BankAccount.objects.get(account__code="100102").number == "90001234"
    with pytest.raises(LedgerRefused, match="已经登记过这个账号"):
        buy()


def test_investments_on_their_pages(as_fund_clerk, as_clerk, opened, bank, community, seal):
    new = page("maintenance_fund:investment-new", community.pk)
    sent = {"kind": "bond", "name": "2026-01", "principal_fen": "1,000", "rate": "2.75", "bought_on": "2026-03-02"}
    sent |= {"matures_on": "2026-09-02", "decision": "批复", "bank_account": bank.pk, "key": uuid4()}
    assert as_clerk.get(new).status_code == 403
    wrong = as_fund_clerk.post(new, sent | {"matures_on": "2026-03-02"})
    assert wrong.status_code == 422 and "到期日要在买入之后" in wrong.content.decode()
    for _ in range(2):
        assert as_fund_clerk.post(new, sent).status_code == 302
    seal(PostingProposal.objects.open().get())
    shown = as_fund_clerk.get(page("maintenance_fund:investments", community.pk)).content.decode()
    assert "2.75%" in shown and "到期了" in shown and "记收回" in shown
    url = page("maintenance_fund:investment-redeem", Investment.objects.get().pk)
    sent = {"received_fen": "1013.75", "on": "2026-09-02", "bank_account": bank.pk, "key": uuid4()}
    assert as_fund_clerk.post(url, sent | {"received_fen": "1"}).status_code == 422
    assert as_fund_clerk.post(url, sent).status_code == 302


# ---------------------------------------------------------------- a house that is no more


def test_a_lost_house_is_paid_back_and_its_account_ends_at_zero(opened, bank, units, seal, balance, fund_clerk, now):
    say = {"unit": units[0], "on": MARCH, "by": fund_clerk, "now": now}
    with pytest.raises(LedgerRefused, match="没有要返还的"):
        losses.pay(bank_account=bank, payee="x", **say)
    seal(losses.propose(document="灭失证明", has_consent=False, **say))
    assert (balance("3001", units[0]), balance("2001", units[0])) == (0, 30_000)
    with pytest.raises(LedgerRefused, match="已经没有余额"):
        losses.propose(document="灭失证明", has_consent=False, **say)
    seal(losses.pay(bank_account=bank, payee="王桂兰", **say))
    assert (balance("2001"), balance("100101")) == (0, 110_499)


def test_a_lost_house_takes_no_part_any_more(opened, bank, units, community, seal, fund_clerk, now):
    voucher = seal(losses.propose(unit=units[1], document="证", on=MARCH, has_consent=False, by=fund_clerk, now=now))
    assert renewals.low(community, today=MARCH) == []
    bearers = {line.unit for line in costs.shared(community=community, cost_fen=400, bank_account=bank)}
    assert bearers - {None} == {unit.pk for unit in units} - {units[1].pk}
    seal(ledger.reverse(transaction=voucher, reason="错", by=fund_clerk, now=now))
    assert [row.unit for row in renewals.low(community, today=MARCH)] == [units[1].pk]


@pytest.fixture
def debt(opened, propose, seal, units, project):
    """The owner of the first household owes 100.00 of a work."""
    lines = [
        Entry("1401", debit=10_000, unit=units[0].pk, debtor="OWNER", flow="5001"),
        Entry("220101", credit=10_000, project=project.pk, flow="5001"),
    ]
    return seal(propose(lines, kind="use", memo="屋面"))


@pytest.mark.parametrize(("has_consent", "owed", "left"), [(True, 0, 20_000), (False, 10_000, 30_000)])
def test_a_debt_is_taken_off_only_with_consent(debt, units, seal, balance, fund_clerk, now, has_consent, owed, left):
    say = {"unit": units[0], "on": MARCH, "by": fund_clerk, "now": now}
    seal(losses.propose(document="证", has_consent=has_consent, **say))
    assert (balance("1401"), balance("2001", units[0])) == (owed, left)


def test_a_loss_on_its_page(as_fund_clerk, as_clerk, opened, bank, units, seal):
    url = page("maintenance_fund:household-loss", units[0].pk)
    assert as_clerk.get(url).status_code == 403
    assert as_fund_clerk.post(url, {"document": "", "on": "x", "key": uuid4()}).status_code == 422
    assert as_fund_clerk.post(url, {"document": "证", "on": "2026-03-02", "key": uuid4()}).status_code == 302
    seal(PostingProposal.objects.open().get())
    assert "付给谁" in as_fund_clerk.get(url).content.decode()
    sent = {"payee": "王", "on": "2026-03-02", "bank_account": bank.pk, "key": uuid4()}
    assert as_fund_clerk.post(url, sent).status_code == 302


def test_debts_are_shown_to_whoever_opens_the_account(as_resident, debt, units):
    shown = as_resident.get(page("maintenance_fund:household", units[0].pk)).content.decode()
    assert "还欠的维修分摊款" in shown and "100.00" in shown
    assert as_resident.get(page("maintenance_fund:household-paper", units[0].pk)).content[:5] == b"%PDF-"


# ---------------------------------------------------------------- a year made public


def test_a_year_is_public_when_its_months_are_closed(as_fund_clerk, stranger, community, fund_clerk, fund_checker, now):
    book = ledger.open_book(
        community=community, agency="管理中心", first_month=date(2025, 11, 1), by=fund_clerk, now=now
    )
    url = page("maintenance_fund:year-publish", community.pk)
    public = page("maintenance_fund:public-year", community.code, 2025)
    assert disclosure.to_publish(book, today=MARCH) == disclosure.Due(2025, date(2026, 3, 31))
    assert "2025 年的收支还没公布" in as_fund_clerk.get(page("maintenance_fund:ledger", community.pk)).content.decode()
    as_fund_clerk.post(url)
    assert not YearStatement.objects.exists() and stranger.get(public).status_code == 404
    for month in (date(2025, 11, 1), date(2025, 12, 1)):
        say = {"bank_fen": 0, "items": [], "by": fund_clerk, "now": now}
        months.close(closing=months.propose(book=book, month=month, **say), by=fund_checker, now=now)
    assert as_fund_clerk.post(url)["Location"] == public
    assert "2025 年收支" in stranger.get(public).content.decode()
    assert disclosure.to_publish(book, today=MARCH) is None
    with pytest.raises(LedgerRefused, match="已经公布过"):
        disclosure.publish(book=book, year=2025, by=fund_clerk, now=now)
    assert "2025 年</a>" in stranger.get(page("maintenance_fund:public", community.code)).content.decode()


# ---------------------------------------------------------------- objections


def test_an_objection_is_answered_in_ten_working_days(as_resident, as_fund_checker, as_clerk, opened, units, resident):
    url = page("maintenance_fund:objection-new", units[0].pk)
    assert as_resident.post(url, {"text": ""}).status_code == 422
    assert as_resident.post(url, {"text": "3月的分摊不对"}).status_code == 302
    row = Objection.objects.get()
    assert row.due_on >= row.term_start + timedelta(days=12)
    assert "3月的分摊不对" in as_resident.get(page("maintenance_fund:household", units[0].pk)).content.decode()
    assert "等答复" in as_clerk.get(page("maintenance_fund:objections")).content.decode()
    answer = page("maintenance_fund:objection-answer", row.pk)
    assert as_clerk.post(answer, {"text": "x"}).status_code == 403
    assert as_fund_checker.post(answer, {"text": ""}).status_code == 422
    assert as_fund_checker.post(answer, {"text": "核对过，面积没错"}).status_code == 302
    assert "刚才已经有人答复" in as_fund_checker.post(answer, {"text": "再来"}).content.decode()
    assert "核对过" in as_resident.get(page("maintenance_fund:household", units[0].pk)).content.decode()
    assert Message.objects.filter(user=resident, kind=disclosure.ANSWERED).exists()


def test_nobody_objects_for_somebody_else(as_resident, as_clerk, opened, units):
    assert as_resident.get(page("maintenance_fund:objection-new", units[1].pk)).status_code == 404
    assert as_clerk.get(page("maintenance_fund:objection-new", units[0].pk)).status_code == 404


# ---------------------------------------------------------------- what a committee sees


@pytest.fixture
def as_committee(as_, make_user, community):
    from communities.models import OwnersCommittee, Person

    user = make_user("weiyuan", "委员", "committee_member")
    days = {"elected_on": "2025-01-01", "first_day": "2025-01-01", "last_day": "2027-12-31"}
    committee = OwnersCommittee.objects.create(community=community, number=1, seats=5, **days)
    committee.members.create(person=Person.objects.create(name="委员", user=user), post="chair", first_day="2025-01-01")
    return as_(user)


def test_a_committee_reads_paid_and_unpaid_and_no_balance(as_committee, opened, community, units):
    url = page("maintenance_fund:households", community.pk)
    shown = as_committee.get(url + "?only=low").content.decode()
    assert all(unit.code in shown for unit in units) and "未交" in shown and "已交" in shown
    assert "299.99" not in shown and "1,404.99" not in shown and "1,000.00" not in shown


def test_a_committee_that_keeps_the_book_reads_balances(as_committee, community, units, bank, book, opened, owner):
    owner.execute("ALTER TABLE maintenance_fund_fund DISABLE TRIGGER USER")
    owner.execute("UPDATE maintenance_fund_fund SET keeper = 'committee'")
    owner.execute("ALTER TABLE maintenance_fund_fund ENABLE TRIGGER USER")
    assert Fund.objects.get().is_self_managed
    assert "299.99" in as_committee.get(page("maintenance_fund:households", community.pk)).content.decode()
