"""What a cadre's phone must know to write a patrol without signal: the check list and the own communities, nothing of
anybody else. Kept in the browser under the cadre's own key. Issue 4 §1
"""

from datetime import datetime

from accounts.models import User
from communities.models import Building, Community
from communities.responsibility import responsible_on
from lib.periods import beijing_date
from lib.text import day_words

from . import patrols, recent, routes
from .models import CheckItem, Finding, Notice, NoticeRound, Severity

MOST = 200  # rechecks kept on a phone


def kit(user: User, *, now: datetime) -> dict:
    """The kit as plain data: communities with buildings and who answers for them, check items with their severity."""
    places = routes.in_own_order(patrols.places_of(user, now=now), user).select_related("village_committee")
    items = CheckItem.objects.asked_on(beijing_date(now)).in_order()
    return {
        "user": user.pk,
        "made": now.isoformat(timespec="seconds"),
        "communities": _communities(list(places), user, now),
        "rechecks": _rechecks(user),
        "items": [
            {"id": item.pk, "category": item.category, "label": f"{item}（{item.get_severity_display()}）"}
            | {"severity": item.severity}
            for item in items
        ],
    }


def _rechecks(user: User) -> list[dict]:
    """What waits for a recheck by this cadre: words alone, photos are looked at with signal."""
    mine = Notice.objects.to_recheck().filter(community__in=Community.objects.overseen_by(user))
    rows = mine.exclude(issued_by=user, finding__severity=Severity.MAJOR).with_row_parts().most_pressing_first()[:MOST]
    replies = NoticeRound.objects.filter(notice__in=[row.pk for row in rows]).open()
    said = dict(replies.values_list("notice", "reply_text"))
    return [
        {"id": row.pk, "number": str(row), "community": row.community_id, "text": row.finding.text}
        | {"where": f"{row.community}{row.finding.where}", "reply": f"{row.addressee}：{said.get(row.pk, '')}"}
        for row in rows
    ]


def _communities(places: list[Community], user: User, now: datetime) -> list[dict]:
    houses: dict[int, list[dict]] = {place.pk: [] for place in places}
    rows = Building.objects.filter(community__in=houses, ended_on=None).order_by("code")
    for key, community, name in rows.values_list("pk", "community", "name"):
        houses[community].append({"id": key, "name": name})
    known = recent.findings_of(places, user)
    return [
        {"id": place.pk, "name": place.name, "kind": place.get_kind_display(), "buildings": houses[place.pk]}
        | {"responsible": responsible_on(place, beijing_date(now)).name, "known": [_known(f) for f in known[place.pk]]}
        for place in places
    ]


def _known(finding: Finding) -> dict:
    """A finding without what somebody wrote: a phone may be lost, and words may name people."""
    where = finding.building.name if finding.building else ""
    words = [day_words(finding.found_on), where, finding.get_state_display()]
    return {"what": finding.item.text, "facts": "，".join(filter(None, words)), "open": finding.state == "open"}
