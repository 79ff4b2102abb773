"""Rules of the tables around the ledger, by name: what breaks one is refused by the database."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import CodeSheet, SheetCode
from maintenance_fund.models import (
    AreaCorrection,
    Assessment,
    BankStatement,
    BankTender,
    Collection,
    ConstructionCost,
    Investment,
    Objection,
    RenewalBatch,
    RenewalNotice,
    RenewalPlan,
    RenewalStep,
    YearStatement,
)
from tests.maintenance_fund.test_constraints import name_of

DAY = date(2026, 3, 2)
LATER = DAY + timedelta(days=30)


def refused(rule, make):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        make()
    assert name_of(error.value) == rule


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"fen_per_m2": 0}, "construction_cost_positive"),
        ({"state": "checked", "checked_by": None}, "construction_cost_checked"),
        ({"own_check": True}, "construction_cost_by_two"),
    ],
)
def test_costs(fund_clerk, now, more, rule):
    if more.pop("own_check", False):
        more = {"checked_by": fund_clerk}
    say = {"first_day": DAY, "fen_per_m2": 5, "basis": "x", "entered_by": fund_clerk, "entered_at": now}
    refused(rule, lambda: ConstructionCost.objects.create(**say | more))


def test_one_cost_a_day(fund_clerk, now):
    say = {"first_day": DAY, "fen_per_m2": 5, "basis": "x", "entered_by": fund_clerk, "entered_at": now}
    ConstructionCost.objects.create(**say)
    refused("construction_cost_once", lambda: ConstructionCost.objects.create(**say))


def test_tenders_in_order(fund_clerk, now):
    say = {"bank": "x", "notice": "x", "bidders": "x", "noticed_on": LATER, "awarded_on": DAY}
    say |= {"contract_first_day": DAY, "contract_last_day": LATER, "entered_by": fund_clerk, "entered_at": now}
    refused("bank_tender_in_order", lambda: BankTender.objects.create(**say))


@pytest.fixture
def assessment(community, building, fund_clerk, now):
    def make(**more):
        say = {"community": community, "building": building, "kind": "commodity", "developer": "x", "assessed_on": DAY}
        say |= {"has_clause": True, "fund_class": "high_rise", "cost_fen": 5, "rate_bp": 600, "made_by": fund_clerk}
        return Assessment.objects.create(**say | {"made_at": now} | more)

    return make


def test_assessments(assessment, neighbour_community):
    refused("assessment_residual_not_negative", lambda: assessment(residual_fen=-1))
    refused("assessment_settlement_permit", lambda: assessment(kind="settlement"))
    refused("assessment_building_here", lambda: assessment(community=neighbour_community))


def test_assessed_units(assessment, units, propose, money_in):
    row = assessment()
    say = {"unit": units[0], "area_centi": 5, "developer_fen": 5, "owner_fen": 0}
    refused("assessed_unit_not_negative", lambda: row.units.create(**say | {"owner_fen": -1}))
    made = row.units.create(**say)
    refused("assessed_unit_once", lambda: row.units.create(**say))
    area = {"assessed": made, "area_centi": 0, "document": "x", "proposal": propose(money_in(5))}
    refused("area_correction_positive", lambda: AreaCorrection.objects.create(**area))


def test_lines_of_the_bank(bank, community, neighbour_community, fund_clerk, now):
    file = {"bank_account": bank, "file_name": "x", "sha256": "x", "brought_by": fund_clerk, "brought_at": now}
    statement = BankStatement.objects.create(**file)
    refused("bank_statement_once", lambda: BankStatement.objects.create(**file))
    say = {"community": community, "bank_account": bank, "row": 1, "fingerprint": "x", "day": DAY, "amount_fen": 5}
    refused("bank_line_amount", lambda: statement.lines.create(**say | {"amount_fen": 0}))
    refused("bank_line_account_here", lambda: statement.lines.create(**say | {"community": neighbour_community}))
    statement.lines.create(**say)
    refused("bank_line_once", lambda: statement.lines.create(**say))


def test_plans_and_batches(book, fund_clerk, now):
    say = {"community": book.community, "decided_on": DAY, "document": "x", "entered_by": fund_clerk, "entered_at": now}
    refused("renewal_plan_target", lambda: RenewalPlan.objects.create(**say, target_bp=0))
    for wrong in ({"instalments": 2}, {"months_apart": 1}, {"instalments": 61, "months_apart": 1}):
        refused("renewal_plan_instalments", lambda wrong=wrong: RenewalPlan.objects.create(**say, **wrong))
    batch = {"community": book.community, "issued_on": DAY, "issued_by": fund_clerk, "count": 1, "done": 2}
    refused("renewal_batch_done", lambda: RenewalBatch.objects.create(**batch, stored="x"))


def test_steps_and_collections(book, units, neighbour_community, fund_clerk, now):
    say = {"unit": units[0], "community": book.community, "number": "x", "agency": "x", "as_of": DAY, "amount_fen": 5}
    say |= {"balance_fen": 5, "first_deposit_fen": 5, "issued_on": DAY, "issued_by": fund_clerk}
    step = {"notice": RenewalNotice.objects.create(**say), "kind": "note", "on": DAY, "by": fund_clerk, "at": now}
    refused("renewal_step_note", lambda: RenewalStep.objects.create(**step))
    taken = {"community": book.community, "unit": units[0], "collector": "firm", "name": "x", "received_on": DAY}
    taken |= {"amount_fen": 5, "entered_by": fund_clerk, "entered_at": now}
    refused("collection_positive", lambda: Collection.objects.create(**taken | {"amount_fen": 0}))
    refused("collection_unit_here", lambda: Collection.objects.create(**taken | {"community": neighbour_community}))


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"principal_fen": 0}, "investment_sound"),
        ({"matures_on": DAY}, "investment_sound"),
        ({"kind": "deposit"}, "investment_account"),
    ],
)
def test_investments(book, propose, money_in, more, rule):
    say = {"community": book.community, "kind": "bond", "name": "x", "principal_fen": 5, "rate_bp": 0, "bought_on": DAY}
    say |= {"matures_on": LATER, "decision": "x", "bought": propose(money_in(5))}
    refused(rule, lambda: Investment.objects.create(**say | more))


def test_years_and_objections(book, units, fund_clerk, now):
    say = {"community": book.community, "year": 2025, "opening_fen": 0, "closing_fen": 0, "lines": []}
    say |= {"published_by": fund_clerk, "published_at": now}
    YearStatement.objects.create(**say)
    refused("year_statement_once", lambda: YearStatement.objects.create(**say))
    doubt = {"community": book.community, "unit": units[0], "made_by": fund_clerk, "made_at": now, "text": "x"}
    refused("objection_answered_whole", lambda: Objection.objects.create(**doubt, answer="x"))


def test_sheets_of_codes(fund_clerk, now):
    say = {"user": fund_clerk, "issued_by": fund_clerk, "issued_at": now}
    sheet = CodeSheet.objects.create(**say)
    refused("code_sheet_one_in_use", lambda: CodeSheet.objects.create(**say))
    refused("sheet_code_hashed", lambda: SheetCode.objects.create(sheet=sheet, n=1, code_hash="12345678"))
    SheetCode.objects.create(sheet=sheet, n=1, code_hash="0" * 64)
    refused("sheet_code_n", lambda: SheetCode.objects.create(sheet=sheet, n=1, code_hash="1" * 64))
