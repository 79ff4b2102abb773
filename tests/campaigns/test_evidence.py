"""A failed acceptance is evidence for the firm's score, a kind of its own mapped by a dated row. Issue 10 §9"""

import pytest

from assessments import evidence, explain, scoring
from assessments.models import Charge, Evidence, EvidenceRule, ScoreSheet
from inspections.models import CheckItem
from lib.periods import Month
from tests.campaigns.conftest import at
from tests.campaigns.test_acceptance import accept, checked  # noqa: F401

pytestmark = pytest.mark.django_db
NOVEMBER, LATER = Month(2026, 11), at("2026-12-02 09:00")


@pytest.fixture
def failed(checked, town_head):  # noqa: F811
    accept(checked, town_head, passed=False, text="垃圾桶满了", item=CheckItem.objects.get(code="HYG2", last_day=None))
    return checked


def test_each_failure_is_kept_once(failed, firm_row):
    assert evidence.collect(month=NOVEMBER, now=LATER) and not evidence.collect(month=NOVEMBER, now=LATER)
    row = Evidence.objects.get(kind="campaign")
    assert (row.contract.firm, row.day.isoformat(), row.failure.text) == (firm_row, "2026-11-28", "垃圾桶满了")


def test_it_costs_what_the_table_maps_it_to_and_is_explained(failed):
    scoring.compute(month=NOVEMBER, now=LATER)
    rule = EvidenceRule.objects.filter(source="campaign").first()
    charge = Charge.objects.get(kind="campaign")
    assert charge.item.code == rule.item.code and charge.proposed_deci == rule.item.base_deci
    sheet = ScoreSheet.objects.get(community=failed.community)
    leaves = [explain.leaf(row) for row in sheet.charges.with_page_parts() if row.kind == "campaign"]
    assert leaves[0].title == f"{failed.campaign}：垃圾桶满了" and leaves[0].url == failed.get_absolute_url()


def test_a_passed_acceptance_costs_nothing(checked, town_head):  # noqa: F811
    accept(checked, town_head)
    evidence.collect(month=NOVEMBER, now=LATER)
    assert not Evidence.objects.exists()
