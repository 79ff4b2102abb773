"""What somebody who writes of something sees of open cases like it: picture, place, who is on it; no words. Issue 7 §2

The words of others are never shown. Place and picture are, unless whoever wrote or the station hid them; cases between
neighbours show neither, and a number of a flat in a place is struck out.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.db.models import Prefetch

from communities.models import Community
from lib.periods import DAY
from rulebook import rules

from . import progress
from .kinds import Category, Track
from .models import Complaint, ComplaintPhoto

MOST, LASTS = 3, 3600  # cases on the page; seconds that a picture's address works
SALT = "complaints.neighbours"
FLAT = re.compile(r"[0-9０-９]{1,3}[-－—][0-9０-９]{1,2}[-－—][0-9０-９]{2,4}|[0-9０-９]{3,4}\s*(?:室|房|号房|户)")


@dataclass(frozen=True)
class Near:
    """An open case as a neighbour may know it."""

    row: Complaint
    where: str
    who: str
    picture: str  # signed; empty where there is none to be seen


def similar(community: Community, *, text: str, category: str, today: date) -> list[Near]:
    """Open cases of the community of the last days that may be the same, the likest first."""
    since = today - rules.on(today, "complaint.similar_days") * DAY
    rows = Complaint.objects.similar(community=community, text=text, category=category, since=since)
    ready = ComplaintPhoto.objects.ready().filter(kind=ComplaintPhoto.Kind.PROBLEM).order_by("position", "pk")
    shown = rows.with_row_parts().prefetch_related(Prefetch("photos", ready, to_attr="pictures"))
    return [_near(row) for row in shown[:MOST]]


def _near(row: Complaint) -> Near:
    if not may_be_seen(row):
        return Near(row, str(row.building or ""), progress.who_answers(row), "")
    picture = signing.dumps(row.pictures[0].pk, salt=SALT) if row.pictures else ""
    return Near(row, " ".join(FLAT.sub("", row.where).split()), progress.who_answers(row), picture)


def may_be_seen(row: Complaint) -> bool:
    return not row.hidden_from_neighbours and Category(row.category).track != Track.DISPUTE


def photo_of(signed: str) -> ComplaintPhoto | None:
    """The picture of an address that was shown lately, as long as its case is open and may be seen."""
    try:
        key = signing.loads(signed, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    photo = ComplaintPhoto.objects.filter(pk=key).select_related("complaint").first()
    return photo if photo and not photo.complaint.is_over and may_be_seen(photo.complaint) else None
