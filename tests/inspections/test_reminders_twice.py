"""Several workers at one moment: each message is written once."""

import pytest

from accounts.models import Message
from communities.models import Community, PatrolDuty
from inspections import reminders
from tests.inspections.phone import MONDAY, beijing
from tests.inspections.test_submit_twice import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("act", "now"), [("remind", "2026-11-19 16:00"), ("summarise", "2026-11-23 08:30")])
def test_four_workers_at_once(transactional_db, town, cadre, village, act, now):
    for number in range(10):
        place = Community.objects.create(name=f"小区{number}", village_committee=village, kind="other")
        PatrolDuty.objects.create(user=cadre, community=place, first_day=MONDAY)
    written = at_once(4, lambda n: getattr(reminders, act)(now=beijing(now)))
    messages = Message.objects.filter(channel="inbox")
    assert sum(written) == messages.count() == messages.values("user", "kind", "round", "due").distinct().count() > 0
