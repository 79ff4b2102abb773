"""The box for fire hazards (举报箱): anybody may tell one, nobody need say who they are. Plan 10, issue 7 §1"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import User
from communities.models import Building, Community
from lib.periods import beijing_date

from . import registration
from .entries import Entry, Who
from .kinds import Category, Level, Source, Urgency
from .models import Complaint


def take_in(
    *,
    community: Community,
    text: str,
    client_id: UUID,
    by: User | None,
    now: datetime,
    place: str = "",
    building: Building | None = None,
    phone: str = "",
    name: str = "",
    photos: Sequence[UUID] = (),
) -> Complaint:
    """A hazard goes to the station, not to the firm that it may be about, and somebody looks at it in time.

    Raises:
        ValidationError: by field.
    """
    urgency = registration.urgency_in(text, Category.FIRE, beijing_date(now))
    entry = Entry(
        community=community,
        text=text.strip(),
        category=Category.FIRE,
        place=place.strip(),
        building=building,
        source=Source.REPORT_BOX,
        urgency=urgency if urgency == Urgency.LIFE else Urgency.SAFETY,
        who=Who(name=name, phone=phone),
        photos=photos,
        client_id=client_id,
        hidden=True,
    )
    return registration.take_in(entry=entry, level=Level.STATION, by=by, now=now)
