"""A check list that gets a new row of a code while a campaign runs is still its list. Issue 10 §3, DOMAIN B.5"""

from datetime import timedelta

import pytest

from campaigns import copies, found, self_checks
from inspections import checklist
from inspections.models import CheckItem, Finding
from tests.campaigns.conftest import CHECKING, MONDAY, day
from tests.campaigns.test_acceptance import accept, checked  # noqa: F401
from tests.campaigns.test_steps import finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(campaign, administrator, town_head) -> CheckItem:
    """The row of today about piled up things; the campaign's list has another one of the same code."""
    row = CheckItem.objects.get(code="PIL1", last_day=None)
    other = CheckItem(code="PIL1", category=row.category, text="楼道、楼梯间堆放杂物", severity=row.severity)
    other.first_day = day("2040-01-01")
    checklist.enter(item=other, by=administrator, now=MONDAY)
    checklist.check(item=other, by=town_head, now=MONDAY)
    campaign.items.remove(row)
    campaign.items.add(other)
    return CheckItem.objects.get(pk=row.pk)


def seen_by(row: CheckItem, finding: Finding) -> None:
    Finding.objects.filter(pk=finding.pk).update(item=row)


def test_what_is_found_by_another_row_of_the_code_belongs_to_the_campaign(place, cadre, row):
    seen_by(row, finding(place, cadre))
    assert found.pull(now=CHECKING) == 1


def test_what_a_firm_reports_by_another_row_is_reported(place, firm, row):
    more = {"source": Finding.Source.SELF_REPORT, "finish_on": day("2026-11-27")}
    seen_by(row, finding(place, firm, **more))
    (line,) = [line for line in self_checks.lines(place) if line.item.code == "PIL1"]
    assert line.reported == 1


def test_the_next_campaign_has_the_rows_of_its_own_day(campaign, clerk, row):
    new = copies.copy(campaign=campaign, title="再来", starts_on=day("2027-01-11"), by=clerk, now=MONDAY)
    assert row in new.items.all() and new.items.count() == campaign.items.count()


def test_a_community_that_passed_is_not_left_over(checked, town_head, clerk, community, neighbour_community):  # noqa: F811
    accept(checked, town_head)
    rows = [place.community for place in copies.unfinished(checked.campaign)]
    assert rows == [neighbour_community]
    assert checked.place_steps.get(step__code="LOOK_BACK").planned_on - timedelta(weeks=4) == day("2026-11-28")
