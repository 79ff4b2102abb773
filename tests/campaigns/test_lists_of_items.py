"""A check list that gets a new row of a code while a campaign runs is still its list. Issue 10 §3, DOMAIN B.5"""

from datetime import timedelta

import pytest

from campaigns import copies, found, self_checks
from inspections.models import CheckItem, Finding
from lib.periods import DAY
from tests.campaigns.conftest import CHECKING, MONDAY, day
from tests.campaigns.test_acceptance import accept, checked  # noqa: F401
from tests.campaigns.test_steps import finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_row(campaign) -> CheckItem:
    """The item about piled up things as it stands; the campaign's list has the row that was before it."""
    row = CheckItem.objects.get(code="PIL1", last_day=None)
    old = CheckItem.objects.get(pk=row.pk)
    old.pk, old.first_day, old.last_day = None, day("2000-01-01"), row.first_day - DAY
    old.save(force_insert=True)
    campaign.items.remove(row)
    campaign.items.add(old)
    return row


def test_what_is_found_by_the_new_row_belongs_to_the_campaign(place, cadre, new_row):
    inside = finding(place, cadre, found_on=day("2026-11-25"))
    assert inside.item == new_row
    assert found.pull(now=CHECKING) == 1


def test_what_a_firm_reports_by_the_new_row_is_reported(place, firm, new_row):
    finding(place, firm, source=Finding.Source.SELF_REPORT, found_on=day("2026-11-25"), finish_on=day("2026-11-27"))
    (line,) = [line for line in self_checks.lines(place) if line.item.code == "PIL1"]
    assert line.reported == 1


def test_the_next_campaign_has_the_rows_of_its_own_day(campaign, clerk, new_row):
    new = copies.copy(campaign=campaign, title="再来", starts_on=day("2027-01-11"), by=clerk, now=MONDAY)
    assert new_row in new.items.all() and new.items.count() == campaign.items.count()


def test_a_community_that_passed_is_not_left_over(checked, town_head, clerk, community, neighbour_community):  # noqa: F811
    accept(checked, town_head)
    rows = [place.community for place in copies.unfinished(checked.campaign)]
    assert rows == [neighbour_community]
    assert checked.place_steps.get(step__code="LOOK_BACK").planned_on - timedelta(weeks=4) == day("2026-11-28")
