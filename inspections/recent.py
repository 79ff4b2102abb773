"""What was found in a place last, for those who write there again: so that nobody writes it twice. Issue 4 §5"""

from collections.abc import Iterable

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from communities.models import Community

from .models import Finding

SHOWN = 5  # of a place


def findings_of(places: Iterable[Community], user: User) -> dict[int, list[Finding]]:
    """Key of each place → the findings that the user sees there: open ones first, then those closed last; five at most.
    One query."""
    found: dict[int, list[Finding]] = {place.pk: [] for place in places}
    rows = Finding.objects.visible_to(user).standing().filter(community__in=found).with_row_parts()
    newest = [F("closed_on").desc(nulls_first=True), F("found_on").desc(), F("pk").desc()]
    rank = Window(RowNumber(), partition_by="community", order_by=newest)
    for finding in rows.annotate(rank=rank).filter(rank__lte=SHOWN).order_by("rank"):
        found[finding.community_id].append(finding)
    return found
