"""Two people at the same moment: one wins, the other is told. RELIABILITY"""

import pytest

from campaigns import acceptance, extensions, planning
from campaigns.models import Campaign, CampaignPlace, Extension, Phase, StepEvent
from inspections.models import CheckItem, Finding
from lib.states import WrongState
from tests.at_once import at_once, the_refusal
from tests.campaigns.conftest import MONDAY, day
from tests.campaigns.test_acceptance import ACCEPTING
from tests.campaigns.test_steps import write

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_approvals(draft, clerk, town_head):
    planning.propose(campaign=draft, by=clerk, now=MONDAY)
    rows = [Campaign.objects.get(pk=draft.pk) for _ in range(2)]
    ends = at_once(*(lambda row=row: planning.approve(campaign=row, by=town_head, now=MONDAY) for row in rows))
    assert isinstance(the_refusal(ends), WrongState)
    assert draft.events.filter(kind="approved").count() == 1


def test_two_failed_acceptances(place, firm, clerk, town_head):
    write(place, "SELF_CHECK", firm)
    write(place, "INSPECT", clerk)
    item = CheckItem.objects.get(code="HYG2", last_day=None)
    say = {"passed": False, "day": day("2026-11-28"), "text": "垃圾桶满了", "item": item, "now": ACCEPTING}
    rows = [CampaignPlace.objects.select_related("campaign", "community").get(pk=place.pk) for _ in range(2)]
    ends = at_once(*(lambda row=row: acceptance.accept(place=row, by=town_head, **say) for row in rows))
    assert isinstance(the_refusal(ends), WrongState)
    assert StepEvent.objects.failed_acceptances().count() == Finding.objects.count() == 1


def test_one_passes_what_the_other_fails(place, firm, clerk, town_head):
    write(place, "SELF_CHECK", firm)
    write(place, "INSPECT", clerk)
    item = CheckItem.objects.get(code="HYG2", last_day=None)
    say = {"day": day("2026-11-28"), "now": ACCEPTING}
    first, second = (CampaignPlace.objects.select_related("campaign", "community").get(pk=place.pk) for _ in range(2))
    at_once(
        lambda: acceptance.accept(place=first, passed=True, by=town_head, **say),
        lambda: acceptance.accept(place=second, passed=False, text="垃圾桶满了", item=item, by=clerk, **say),
    )
    assert place.place_steps.get(step__code="ACCEPT").state == "failed"
    assert not place.place_steps.filter(step__code="LOOK_BACK", planned_on__isnull=False).exists()


def test_an_extension_sent_twice_at_one_moment(campaign, clerk):
    rows = [Phase.objects.select_related("campaign").get(campaign=campaign, no=2) for _ in range(2)]
    say = {"last_day": day("2026-11-27"), "reason": "下雪", "by": clerk, "now": MONDAY}
    ends = at_once(*(lambda row=row: extensions.extend_phase(phase=row, **say) for row in rows))
    assert "和原来一样" in str(the_refusal(ends)) and Extension.objects.count() == 3
