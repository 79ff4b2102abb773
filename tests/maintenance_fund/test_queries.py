"""Lists ask the database as often for many rows as for few."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maintenance_fund import passing_on, receipts
from maintenance_fund.models import Assessment, ConstructionCost, Investment, Objection

DAY = date(2026, 3, 2)


@pytest.fixture
def asked(as_clerk):
    def count(name, *args):
        with CaptureQueriesContext(connection) as caught:
            assert as_clerk.get(reverse(name, args=args)).status_code == 200
        return len(caught)

    return count


def same(asked, make, name, *args):
    """Asks after one row and after five more."""
    make(1)
    asked(name, *args)
    before = asked(name, *args)
    for number in range(2, 7):
        make(number)
    assert asked(name, *args) == before <= 30


def test_collections(asked, opened, community, units, fund_clerk, now):
    say = {"collector": "firm", "name": "x", "amount_fen": 5, "received_on": DAY, "by": fund_clerk, "now": now}
    same(asked, lambda n: passing_on.take(unit=units[0], **say), "maintenance_fund:collections", community.pk)


def test_receipts(asked, opened, units, series, fund_clerk):
    say = {"unit": units[0], "amount_fen": 5, "code": "ZJ", "day": DAY, "by": fund_clerk, "payer": "OWNER"}
    same(asked, lambda n: receipts.issue(number=n, **say), "maintenance_fund:receipts", series.pk)


def test_objections(asked, opened, community, units, fund_clerk, now):
    say = {"community": community, "unit": units[0], "made_by": fund_clerk, "made_at": now, "text": "x", "due_on": DAY}
    same(asked, lambda n: Objection.objects.create(**say), "maintenance_fund:objections")


def test_investments(asked, opened, community, propose, money_in):
    say = {"community": community, "kind": "bond", "name": "x", "principal_fen": 5, "rate_bp": 1, "bought_on": DAY}
    say |= {"matures_on": date(2027, 1, 1), "decision": "x"}
    make = lambda n: Investment.objects.create(**say, bought=propose(money_in(n)))  # noqa: E731
    same(asked, make, "maintenance_fund:investments", community.pk)


def test_assessments_and_their_units(asked, opened, community, building, units, fund_clerk, now):
    say = {"community": community, "building": building, "kind": "commodity", "developer": "x", "assessed_on": DAY}
    say |= {"has_clause": True, "fund_class": "high_rise", "cost_fen": 5, "rate_bp": 600, "made_by": fund_clerk}
    same(asked, lambda n: Assessment.objects.create(**say, made_at=now), "maintenance_fund:assessments", community.pk)
    row = Assessment.objects.first()
    row.units.create(unit=units[0], area_centi=5, developer_fen=5, owner_fen=0)
    before = asked("maintenance_fund:assessment", row.pk)
    for unit in units[1:]:
        row.units.create(unit=unit, area_centi=5, developer_fen=5, owner_fen=0)
    assert asked("maintenance_fund:assessment", row.pk) == before


def test_costs(asked, opened, fund_clerk, now):
    say = {"fen_per_m2": 5, "basis": "x", "entered_by": fund_clerk, "entered_at": now}
    same(asked, lambda n: ConstructionCost.objects.create(first_day=date(2026, 1, n), **say), "maintenance_fund:costs")
