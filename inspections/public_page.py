"""What residents see: what was found and fixed this month, without a free word. Issue 6 §7"""

from collections import defaultdict
from datetime import date

from django.db.models import Q

from communities.models import Community

from .models import Finding, PatrolPhoto

MOST_SHOWN = 200


def gather(community: Community, *, today: date) -> dict:
    """Findings of this month, or settled in it, with the photos that a cadre ticked; two queries."""
    first = today.replace(day=1)
    rows = Finding.objects.standing().announced().filter(community=community)
    rows = rows.filter(Q(found_on__gte=first) | Q(closed_on__gte=first)).select_related("item", "building")
    found = list(rows.order_by("-found_on", "-pk")[:MOST_SHOWN])
    photos = _photos(found)
    for finding in found:
        finding.shown = photos.get(finding.pk, [])
    closed = sum(1 for finding in found if finding.state == Finding.State.CLOSED)
    return {"community": community, "findings": found, "closed": closed, "month": first}


def _photos(found: list[Finding]) -> dict[int, list[PatrolPhoto]]:
    shown = defaultdict(list)
    ticked = PatrolPhoto.objects.public().select_related("round__notice")
    mine = ticked.filter(Q(finding__in=found) | Q(round__notice__finding__in=found))
    for photo in mine.order_by("pk"):
        shown[photo.finding_id or photo.round.notice.finding_id].append(photo)
    return shown
