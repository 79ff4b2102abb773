"""Days that no calendar holds, and lists that are too long: each gets a sentence. RELIABILITY: bad input"""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from campaigns import copies, lists, place_lists, planning, steps, task_list
from campaigns.models import Campaign
from tests.campaigns.conftest import MONDAY, day

pytestmark = pytest.mark.django_db
FAR = [date(1, 1, 1), date(9999, 12, 31), date(9999, 1, 1)]


@pytest.mark.parametrize("starts_on", FAR)
def test_a_plan_that_starts_in_another_age(campaign, clerk, starts_on, as_clerk):
    with pytest.raises(ValidationError) as told:
        planning.open_from_template(template="plan3", starts_on=starts_on, by=clerk, now=MONDAY)
    assert "starts_on" in told.value.message_dict
    with pytest.raises(ValidationError) as told:
        copies.copy(campaign=campaign, title="再来", starts_on=starts_on, by=clerk, now=MONDAY)
    assert "starts_on" in told.value.message_dict
    page = as_clerk.post(reverse("campaigns:new"), {"template": "plan3", "starts_on": f"{starts_on.year:04}-12-31"})
    assert page.status_code == 422


@pytest.mark.parametrize("due_on", FAR)
def test_a_task_or_line_that_is_due_in_another_age(campaign, place, clerk, due_on):
    say = {"text": "清楼道", "due_on": due_on, "by": clerk, "now": MONDAY}
    with pytest.raises(ValidationError):
        task_list.put(campaign=campaign, lead=campaign.lead, **say)
    with pytest.raises(ValidationError):
        lists.put(campaign=campaign, place=place, person="王站长", **say)


def test_a_step_before_every_rule(clerk, town_head, community):
    row = planning.begin(title="没有开始日", kind="quarter", by=clerk, now=MONDAY)
    rows = [{"name": "一", "first_day": None, "last_day": day("2026-12-04")}]
    planning.set_phases(campaign=row, rows=rows, by=clerk, now=MONDAY)
    planning.set_bodies(campaign=row, lead={"name": "镇物业办", "whom": "office"}, assist=[], by=clerk, now=MONDAY)
    planning.add_places(campaign=row, communities=[community], by=clerk, now=MONDAY)
    row.steps.create(no=1, code="ACCEPT", name="验收", doer="office")
    row.steps.create(no=2, code="LOOK_BACK", name="回头看", requires=["ACCEPT"])
    planning.propose(campaign=row, by=clerk, now=MONDAY)
    planning.approve(campaign=row, by=town_head, now=MONDAY)
    place = Campaign.objects.get(pk=row.pk).places.get()
    with pytest.raises(ValidationError):
        steps.write(
            place=place, step=row.steps.get(code="ACCEPT"), state="done", day=date(1, 1, 1), by=clerk, now=MONDAY
        )


def test_a_list_of_more_names_than_a_town_has(community):
    names = place_lists.of_text("\n".join(f"没有的小区{number}" for number in range(place_lists.MOST + 1)))
    told = place_lists.find(names)
    assert not told.communities and told.problems == [
        f"一次最多 {place_lists.MOST} 行，这里有 {place_lists.MOST + 1} 行。"
    ]


def test_only_the_first_unknown_names_are_compared(community, monkeypatch):
    calls = []
    monkeypatch.setattr(place_lists, "get_close_matches", lambda *args, **more: calls.append(args) or [])
    told = place_lists.find(place_lists.of_text("\n".join(f"没有{number}" for number in range(500))))
    assert len(told.problems) == 500 and len(calls) <= 20
