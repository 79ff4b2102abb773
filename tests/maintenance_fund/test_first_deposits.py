"""First deposits: dated costs, classes, settlement housing, the developer's advance, area corrections, receipts."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from communities.models import Unit
from maintenance_fund import costs, first_deposits, households, ledger, receipts, renewals, verification
from maintenance_fund.deposits import DepositRefused, liable
from maintenance_fund.ledger import LedgerRefused
from maintenance_fund.models import AssessedUnit, Assessment, BankTender, ConstructionCost, PostingProposal, Receipt

DAY = date(2026, 3, 2)


@pytest.fixture
def cost(fund_clerk, fund_checker, now):
    """2,000.00 yuan a m² from 2025 on, checked."""
    say = {"first_day": date(2025, 1, 1), "fen_per_m2": 200_000, "basis": "温建〔2025〕1号"}
    row = first_deposits.enter_cost(**say, by=fund_clerk, now=now)
    first_deposits.check_cost(cost=row, by=fund_checker)
    return row


@pytest.fixture
def classed(building):
    type(building).objects.filter(pk=building.pk).update(fund_class="", floors=6)
    building.refresh_from_db()
    return building


@pytest.fixture
def assess(classed, units, book, fund_clerk, now):
    def make(**more):
        say = {"building": classed, "kind": "commodity", "developer": "演示建设", "assessed_on": DAY}
        return first_deposits.assess(**say | {"has_clause": True, "by": fund_clerk, "now": now} | more)

    return make


@pytest.fixture
def pay(bank, series, fund_clerk, now):
    def make(assessment, payer="DEVELOPER", number=1, **more):
        say = {"bank_account": bank, "paid_on": DAY, "code": "ZJ", "first_number": number}
        return first_deposits.pay(assessment=assessment, payer=payer, **say, by=fund_clerk, now=now, **more)

    return make


# ---------------------------------------------------------------- costs and classes


def test_a_cost_counts_when_another_has_checked_it(fund_clerk, fund_checker, cost, now):
    say = {"first_day": date(2026, 2, 1), "fen_per_m2": 210_000, "basis": "新", "by": fund_clerk, "now": now}
    newer = first_deposits.enter_cost(**say)
    assert ConstructionCost.objects.on(DAY) == cost
    first_deposits.check_cost(cost=newer, by=fund_checker)
    assert ConstructionCost.objects.on(DAY) == newer
    assert ConstructionCost.objects.on(date(2026, 1, 31)) == cost
    with pytest.raises(LedgerRefused, match="已经录过"):
        first_deposits.enter_cost(**say)


def test_a_cost_in_use_is_never_changed(cost):
    with pytest.raises(DatabaseError), transaction.atomic():
        ConstructionCost.objects.update(fen_per_m2=1)


@pytest.mark.parametrize(
    ("floors", "stored", "fund_class"),
    [(1, "", "multi_storey"), (6, "", "multi_storey"), (7, "", "high_rise"), (30, "multi_storey", "multi_storey")],
)
def test_floors_decide_the_class_unless_it_is_stored(classed, assess, cost, floors, stored, fund_class):
    classed.floors, classed.fund_class = floors, stored
    classed.save()
    assert assess().fund_class == fund_class


@pytest.mark.parametrize(
    ("facts", "is_liable"),
    [
        ({"is_dwelling": True}, True),
        ({"is_dwelling": True, "sole_owner": True}, False),
        ({"inside_area": True}, True),
        ({"joined": True}, True),
        ({"for_sale": True}, True),
        ({}, False),
    ],
)
def test_who_takes_part(facts, is_liable):
    none = dict.fromkeys(["is_dwelling", "inside_area", "joined", "sole_owner", "for_sale"], False)
    assert liable(**none | facts).is_liable is is_liable


# ---------------------------------------------------------------- refusals, with their codes


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"assessed_on": date(2024, 12, 31)}, "COST_NOT_SET"),
        ({"total_centi": 39_999}, "TOTAL_AREA_LESS_THAN_UNITS"),
        ({"kind": "settlement", "permit": "permit", "permit_on": DAY}, "CUTOFF_NOT_SET"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(assess, cost, more, code):
    with pytest.raises(DepositRefused, match=code) as refused:
        assess(**more)
    assert refused.value.code == code and not Assessment.objects.exists()


def test_a_building_without_floors_has_no_class(assess, cost, classed):
    type(classed).objects.update(floors=None)
    classed.refresh_from_db()
    with pytest.raises(DepositRefused, match="CLASS_NOT_SET"):
        assess()


@pytest.fixture
def cutoff(a_rule):
    return a_rule("settlement.permit_cutoff", "2008-09-01", first_day=date(2004, 1, 2))


def test_settlement_housing_by_its_permit(assess, cost, cutoff):
    say = {"kind": "settlement", "permit": "permit", "legal": {"03-1-0101": 9000, "03-1-0102": 99999}}
    with pytest.raises(DepositRefused, match="PERMIT_DATE_MISSING"):
        assess(**say)
    with pytest.raises(DepositRefused, match="PERMIT_TYPE_MISSING"):
        assess(**say | {"permit": ""}, permit_on=DAY)
    before = assess(**say, permit_on=date(2008, 8, 31))
    assert set(before.units.values_list("owner_fen", flat=True)) == {0}
    AssessedUnit.objects.update(is_live=False)
    after = assess(**say, permit_on=date(2008, 9, 1))  # on the day itself: after
    parts = dict(after.units.values_list("unit__code", "developer_fen"))
    assert parts["03-1-0101"] == 900_000 and parts["03-1-0102"] == 1_000_000  # legal beyond the area is capped
    assert parts["03-1-0201"] == 0 and after.units.get(unit__code="03-1-0201").owner_fen == 1_000_000


# ---------------------------------------------------------------- the advance


def test_the_advance_is_paid_once_with_a_receipt_a_household(assess, cost, pay, seal, balance, units):
    made = assess(total_centi=41_001)
    seal(pay(made))
    assert balance("3001", units[0]) == 1_000_000 and balance("3001", units[3]) == 1_000_100
    assert balance("3003") == 100_000 and balance("100101") == 4_100_100
    assert set(Receipt.objects.values_list("number", "payer")) == {(n, "DEVELOPER") for n in (1, 2, 3, 4)}
    with pytest.raises(LedgerRefused, match="没有要交的了"):
        pay(made, number=5)
    assert households.first_deposits(made.community_id)[units[0].pk] == 1_000_000
    assert verification.verify().wrong == []


def test_the_residual_is_paid_with_the_first_part_only(assess, cost, pay, seal, balance, units):
    made = assess(total_centi=41_001)
    seal(pay(made, units=["03-1-0101"]))
    seal(pay(made, number=2))
    assert balance("3003") == 100_000 and balance("3001") == 4_000_100


def test_two_payers_have_a_receipt_each(assess, cost, cutoff, pay, seal, balance, units):
    say = {"kind": "settlement", "permit": "decision", "legal": {"03-1-0101": 9000}}
    made = assess(**say, permit_on=date(2012, 1, 1))
    seal(pay(made, units=["03-1-0101"]))
    seal(pay(made, payer="OWNER", number=2))
    assert balance("3001", units[0]) == 1_000_000
    assert list(Receipt.objects.filter(unit=units[0]).order_by("number").values_list("payer", "amount_fen")) == [
        ("DEVELOPER", 900_000),
        ("OWNER", 100_000),
    ]


def test_a_withdrawn_or_reversed_payment_is_to_be_paid_again(assess, cost, pay, seal, fund_clerk, now):
    made = assess()
    ledger.withdraw(proposal=pay(made), reason="错", by=fund_clerk)
    voucher = seal(pay(made, number=10))
    seal(ledger.reverse(transaction=voucher, reason="错", by=fund_clerk, now=now))
    assert made.units.unpaid_by("DEVELOPER").count() == 4
    seal(pay(made, number=20))
    assert not made.units.unpaid_by("DEVELOPER").exists()


def test_the_same_form_twice_is_one_proposal(assess, cost, pay):
    made, key = assess(), uuid4()
    assert pay(made, key=key) == pay(made, key=key, number=50)
    assert Receipt.objects.count() == 4


def test_what_is_paid_is_not_withdrawn_and_one_live_assessment_a_unit(assess, cost, pay, fund_clerk):
    made = assess()
    with pytest.raises(LedgerRefused, match="已经核定过"):
        assess()
    pay(made, units=["03-1-0101"])
    with pytest.raises(Exception, match="已经交过钱"):
        first_deposits.withdraw(assessment=made, by=fund_clerk)


def test_what_nobody_paid_is_withdrawn_and_assessed_anew(assess, cost, fund_clerk):
    first_deposits.withdraw(assessment=assess(), by=fund_clerk)
    assert assess().units.live().count() == 4


def test_a_repayment_at_delivery_is_a_fact_and_no_posting(assess, cost, pay, seal, fund_clerk):
    made = assess()
    seal(pay(made))
    row = made.units.first()
    first_deposits.reimburse(assessed=row, on=DAY, by=fund_clerk)
    with pytest.raises(Exception, match="登记过"):
        first_deposits.reimburse(assessed=row, on=DAY, by=fund_clerk)
    assert PostingProposal.objects.count() == 1


def test_what_was_sent_back_is_not_repaid(assess, cost, pay, fund_clerk):
    made = assess()
    ledger.withdraw(proposal=pay(made), reason="错", by=fund_clerk)
    with pytest.raises(Exception, match="还没有代交"):
        first_deposits.reimburse(assessed=made.units.first(), on=DAY, by=fund_clerk)


def test_a_reversed_correction_counts_no_more(assess, cost, pay, seal, bank, balance, units, fund_clerk, now):
    made = assess()
    seal(pay(made))
    say = {"assessed": made.units.get(unit=units[0]), "bank_account": bank, "paid_on": DAY, "document": "证1"}
    say |= {"by": fund_clerk, "now": now}
    with pytest.raises(LedgerRefused, match="大于零"):
        first_deposits.correct_area(area_centi=0, **say)
    wrong = seal(first_deposits.correct_area(area_centi=9_000, **say))
    seal(ledger.reverse(transaction=wrong, reason="错", by=fund_clerk, now=now))
    seal(first_deposits.correct_area(area_centi=9_900, **say))
    assert balance("3001", units[0]) == 990_000


def test_a_later_area_posts_the_difference_alone(assess, cost, pay, seal, bank, balance, units, fund_clerk, now):
    made = assess()
    seal(pay(made))
    row = made.units.get(unit=units[0])
    say = {"assessed": row, "bank_account": bank, "paid_on": DAY, "by": fund_clerk, "now": now, "document": "证1"}
    with pytest.raises(LedgerRefused, match="票据"):
        first_deposits.correct_area(area_centi=10_100, **say)
    seal(first_deposits.correct_area(area_centi=10_100, code="ZJ", number=9, **say))
    assert balance("3001", units[0]) == 1_010_000
    seal(first_deposits.correct_area(area_centi=10_050, **say))
    assert households.first_deposits(made.community_id)[units[0].pk] == balance("3001", units[0]) == 1_005_000
    with pytest.raises(LedgerRefused, match="没有变"):
        first_deposits.correct_area(area_centi=10_050, **say)


# ---------------------------------------------------------------- liability


def test_who_takes_no_part_is_in_no_scope(assess, cost, units, opened, bank, fund_clerk, now, community):
    say = {"reason": "独立住宅", "document": "证2", "by": fund_clerk, "now": now}
    first_deposits.change_liability(unit=units[1], is_liable=False, **say)
    assert assess().units.count() == 3
    assert units[1].pk not in {row.unit for row in renewals.scan(community, today=DAY)}
    lines = list(costs.shared(community=community, cost_fen=300, bank_account=bank))
    assert units[1].pk not in {line.unit for line in lines} and len(lines) == 4
    first_deposits.change_liability(unit=units[1], is_liable=True, **say)
    assert first_deposits.not_liable(community.pk) == set()


# ---------------------------------------------------------------- pages


def page(name, *args):
    return reverse(name, args=args)


def test_costs_on_their_page(as_fund_clerk, as_fund_checker, as_cadre):
    url = page("maintenance_fund:costs")
    assert "还没有录过造价" in as_fund_clerk.get(url).content.decode()
    sent = {"first_day": "2026-01-01", "fen_per_m2": "1,850.00", "basis": "温建〔2026〕1号"}
    wrong = as_fund_clerk.post(url, sent | {"fen_per_m2": "-5"})
    assert wrong.status_code == 422 and "金额要大于零" in wrong.content.decode()
    assert as_fund_clerk.post(url, sent).status_code == 302
    row = ConstructionCost.objects.get()
    assert as_fund_clerk.post(page("maintenance_fund:cost-check", row.pk)).status_code == 403
    assert as_fund_checker.post(page("maintenance_fund:cost-check", row.pk)).status_code == 302
    assert "1,850.00" in as_fund_clerk.get(url).content.decode() and as_cadre.get(url).status_code == 403
    row.refresh_from_db()
    assert row.state == "checked"


def test_a_cost_is_sent_back(as_fund_clerk, as_fund_checker):
    sent = {"first_day": "2026-01-01", "fen_per_m2": "1,850.00", "basis": "x"}
    as_fund_clerk.post(page("maintenance_fund:costs"), sent)
    as_fund_checker.post(page("maintenance_fund:cost-check", ConstructionCost.objects.get().pk), {"back": "1"})
    assert ConstructionCost.objects.get().state == "withdrawn"


def test_tenders_on_their_page(as_fund_clerk, as_clerk, bank):
    url = page("maintenance_fund:tenders")
    assert "演示·农商银行" in as_fund_clerk.get(url).content.decode()
    days = {"noticed_on": "2025-01-01", "awarded_on": "2025-02-01", "contract_first_day": "2025-03-01"}
    sent = {
        "bank": bank.bank,
        "notice": "招〔2025〕1号",
        "bidders": "甲、乙",
        "contract_last_day": "2025-06-01",
        **days,
    }
    assert as_fund_clerk.post(url, sent | {"contract_last_day": "2024-01-01"}).status_code == 422
    assert as_fund_clerk.post(url, sent).status_code == 302
    shown = as_clerk.get(url).content.decode()
    assert BankTender.objects.count() == 1 and "已到期" in shown and "还没登记招标" not in shown


def test_a_building_is_assessed_and_paid_on_its_pages(
    as_fund_clerk, as_fund_checker, classed, units, bank, series, community, cost, seal
):
    Unit.objects.filter(pk=units[3].pk).update(sale_state="unsold")
    url = page("maintenance_fund:assessment-new", community.pk)
    sent = {"building": classed.pk, "kind": "commodity", "developer": "演示建设", "assessed_on": "2024-01-01"}
    refused = as_fund_clerk.post(url, sent)
    assert refused.status_code == 422 and "COST_NOT_SET" in refused.content.decode()
    assert 'value="演示建设"' in refused.content.decode()
    made = as_fund_clerk.post(url, sent | {"assessed_on": "2026-03-02", "total_centi": "410.01"})
    assert made.status_code == 302
    row = Assessment.objects.get()
    shown = as_fund_checker.get(page("maintenance_fund:assessment", row.pk)).content.decode()
    assert "没卖掉，建设单位的" in shown and "10,000.00" in shown and "购房合同没有写明" in shown
    url = page("maintenance_fund:assessment-pay", row.pk)
    sent = {"payer": "DEVELOPER", "bank_account": bank.pk, "paid_on": "2026-03-02", "code": "ZJ", "first_number": 1}
    assert as_fund_checker.post(url, sent).status_code == 403
    wrong = as_fund_clerk.post(url, sent | {"units": "9-9", "key": uuid4()})
    assert wrong.status_code == 422 and "9-9" in wrong.content.decode()
    assert as_fund_clerk.post(url, sent | {"key": uuid4()}).status_code == 302
    seal(PostingProposal.objects.open().get())
    assert "建设单位已交" in as_fund_clerk.get(row.get_absolute_url()).content.decode()
    assert "交齐了" in as_fund_clerk.get(page("maintenance_fund:assessments", community.pk)).content.decode()


def test_settlement_areas_are_typed_line_by_line(as_fund_clerk, classed, units, community, book, cost, cutoff):
    url = page("maintenance_fund:assessment-new", community.pk)
    sent = {"building": classed.pk, "kind": "settlement", "developer": "镇", "assessed_on": "2026-03-02"}
    sent |= {"permit": "permit", "permit_on": "2012-01-01"}
    for text, words in [("03-1-0101", "中间空一格"), ("9-9 90", "没有房号 9-9"), ("03-1-0101 x", "面积写成数字")]:
        answer = as_fund_clerk.post(url, sent | {"legal": text})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert as_fund_clerk.post(url, sent | {"legal": "03-1-0101 90.00\n"}).status_code == 302
    assert AssessedUnit.objects.get(unit=units[0]).developer_fen == 900_000


def test_an_assessment_is_withdrawn_on_its_page(as_fund_clerk, as_fund_checker, assess, cost):
    row = assess()
    url = page("maintenance_fund:assessment-withdraw", row.pk)
    assert as_fund_checker.post(url).status_code == 403
    assert as_fund_clerk.post(url).status_code == 302
    assert "已撤回" in as_fund_clerk.get(row.get_absolute_url()).content.decode()


def test_repayment_and_area_on_their_pages(as_fund_clerk, assess, cost, pay, seal, bank):
    seal(pay(assess()))
    row = AssessedUnit.objects.first()
    url = page("maintenance_fund:assessed-reimbursed", row.pk)
    assert as_fund_clerk.post(url, {"on": ""}).status_code == 422
    assert as_fund_clerk.post(url, {"on": "2026-03-02"}).status_code == 302
    url = page("maintenance_fund:assessed-area", row.pk)
    sent = {"area_centi": "101", "document": "证", "bank_account": bank.pk, "paid_on": "2026-03-02", "key": uuid4()}
    assert "票据" in as_fund_clerk.post(url, sent).content.decode()
    assert as_fund_clerk.post(url, sent | {"code": "ZJ", "number": 9}).status_code == 302


def test_liability_on_its_page(as_fund_clerk, as_clerk, units, book):
    url = page("maintenance_fund:liability-new", units[0].pk)
    assert as_clerk.get(url).status_code == 403
    assert as_fund_clerk.post(url, {"is_liable": "0", "reason": "", "document": "x"}).status_code == 422
    assert as_fund_clerk.post(url, {"is_liable": "0", "reason": "独立", "document": "证"}).status_code == 302
    assert "现在：03-1-0101不用交存" in as_fund_clerk.get(url).content.decode()
    assert "03-1-0101" not in as_fund_clerk.get(page("maintenance_fund:households", book.community_id)).content.decode()


# ---------------------------------------------------------------- receipts


@pytest.fixture
def receipt(units, series, fund_clerk):
    say = {"code": "ZJ", "number": 7, "day": DAY, "by": fund_clerk, "payer": "OWNER"}
    return receipts.issue(unit=units[0], amount_fen=500, **say)


def test_receipts_of_a_series_are_listed_and_found(as_clerk, receipt, series, units):
    url = page("maintenance_fund:receipts", series.pk)
    assert "ZJ-00000007" in as_clerk.get(url + "?q=7").content.decode()
    assert "没有找到" in as_clerk.get(url + "?q=8").content.decode()
    assert "ZJ-00000007" in as_clerk.get(url + f"?q={units[0].code}").content.decode()


def test_a_spoiled_receipt_is_voided_on_its_page(as_fund_clerk, as_fund_checker, receipt):
    url = page("maintenance_fund:receipt-void", receipt.pk)
    assert as_fund_checker.get(url).status_code == 403
    assert as_fund_clerk.post(url, {"reason": ""}).status_code == 422
    assert as_fund_clerk.post(url, {"reason": "写坏了"}).status_code == 302
    again = as_fund_clerk.post(url, {"reason": "写坏了"})
    assert again.status_code == 422 and "刚才已经作废" in again.content.decode()


def test_a_posted_receipt_is_not_voided(as_fund_clerk, opened, units, bank, series, fund_clerk, now, seal):
    say = {"unit": units[1], "kind": "renewal", "amount_fen": 500, "bank_account": bank, "paid_on": DAY}
    seal(receipts.record(**say, code="ZJ", number=8, by=fund_clerk, now=now))
    answer = as_fund_clerk.post(page("maintenance_fund:receipt-void", Receipt.objects.get().pk), {"reason": "x"})
    assert answer.status_code == 422 and "先红字冲销" in answer.content.decode()


def test_a_receipt_is_handed_in_on_its_page(as_fund_clerk, receipt):
    url = page("maintenance_fund:receipt-handed-in", receipt.pk)
    early = as_fund_clerk.post(url, {"on": "2026-03-01"})
    assert early.status_code == 422 and "早于开具" in early.content.decode()
    assert as_fund_clerk.post(url, {"on": "2026-03-05"}).status_code == 302
    receipt.refresh_from_db()
    assert receipt.handed_in_on == date(2026, 3, 5)


def test_another_role_does_not_see_them(as_resident, receipt, series):
    assert as_resident.get(page("maintenance_fund:receipts", series.pk)).status_code == 403
