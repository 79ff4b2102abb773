"""Worked cases of campaigns. DOMAIN H.3"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns import own_templates
from config.vectors import area


@area("campaign.phase_on")
def _phase_on(given: dict[str, Any]) -> dict[str, list[str]]:
    """The phases of a plan that is opened on its own first day."""
    plan, day = given.pop("plan"), date.fromisoformat(given.pop("date"))
    with transaction.atomic():
        campaign = own_templates.opened_for_trial(plan, timezone.now())
        phases = [phase.code for phase in campaign.phases_on(day)]
        transaction.set_rollback(True)
    return {"phases": phases}
