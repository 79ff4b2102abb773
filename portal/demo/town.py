"""Making the demo town: only into an empty database, in one transaction, the same for the same seed and day."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

import pghistory
from django.db import transaction

from accounts.models import DemoMark, User
from communities.models import Community, Unit
from inspections.models import Finding, Patrol
from portal.demo import (
    campaigns,
    committees,
    complaints,
    findings,
    firms,
    fund,
    messages,
    monthly,
    owners,
    patrols,
    people,
    places,
    records,
    scores,
)
from portal.demo.draft import Draft

SEED = 2026


class NotEmpty(Exception):
    """The database already holds something; the message is a sentence for whoever started the command."""


@dataclass(frozen=True)
class Made:
    communities: int
    units: int
    patrols: int
    findings: int


def is_empty() -> bool:
    """Nobody has an account, and there is no community."""
    return not (User.objects.exists() or Community.objects.exists() or DemoMark.objects.exists())


@transaction.atomic
def make(*, now: datetime, seed: int = SEED, scale: float = 1.0) -> Made:
    """Fills an empty database with the demo town and writes the mark, all or nothing.

    Args:
        now: the moment up to which the town has lived; the same seed and day make the same town.
        scale: how much of it, 1 is 8,000 units and two years; tests make less.

    Raises:
        NotEmpty: the database already holds something.
    """
    if not is_empty():
        raise NotEmpty("数据库里已经有数据，演示数据只能放进空的数据库。")
    draft = Draft(chance=Random(seed), now=now, scale=scale)
    with pghistory.context(reason="演示数据"):
        DemoMark.objects.create(made_at=now, seed=seed)
        places.make(draft)
        firms.make(draft)
        people.make(draft)
        people.make_heads(draft)
        committees.make(draft)
        monthly.make(draft)
        rows = patrols.make(draft)
        patrols.answers(draft, rows, findings.make(draft, rows))
        records.afterwards(draft, rows)
        fund.make(draft)
        complaints.make(draft)
        campaigns.make(draft)
        scores.make(draft)
        messages.make(draft)
        owners.make(draft)
    return Made(Community.objects.count(), Unit.objects.count(), Patrol.objects.count(), Finding.objects.count())
