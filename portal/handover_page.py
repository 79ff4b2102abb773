"""The page and the paper of a slip (交接单): what each community is like now, as far as the viewer may know it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Max

from accounts.models import User
from accounts.roles import OFFICE
from communities import handovers
from communities.models import ActionItem, BuildingHead, Community, Handover, HandoverPart
from inspections import boards
from inspections.boards import CommunityWeek
from inspections.models import Finding, Patrol
from lib.paper import pdf
from lib.periods import BEIJING, beijing_date, week_of
from lib.text import day_words

from .community_page import with_contracts

TEMPLATE = "portal/handover.typ"
FINDINGS_SHOWN = 10


@dataclass
class Place:
    """One community of the slip. Without ``is_known`` only its name and who takes it over are shown."""

    part: HandoverPart
    is_known: bool
    is_linked: bool  # whether its findings open for the viewer
    week: CommunityWeek | None = None
    last_visit: date | None = None
    findings: list[Finding] = field(default_factory=list)
    promises: list[ActionItem] = field(default_factory=list)
    heads: list[BuildingHead] = field(default_factory=list)

    @property
    def community(self) -> Community:
        return self.part.community

    @property
    def firm(self):
        return self.community.contract.firm if self.community.contract else None

    @property
    def shown(self) -> list[Finding]:
        return self.findings[:FINDINGS_SHOWN]


def gather(slip: Handover, user: User, *, now: datetime) -> dict:
    """The page's context; a constant number of queries."""
    parts = list(HandoverPart.objects.visible_to(user).filter(handover=slip).select_related("user", *_COMMUNITY))
    waiting = slip.waits_for() if slip.is_open else []
    mine = [part for part in parts if part.user_id == user.pk]
    is_own = slip.user_id == user.pk
    return {
        "slip": slip,
        "now": now,
        "today": beijing_date(now),
        "places": _places(slip, parts, user, now=now),
        "events": slip.events.select_related("by"),
        "waiting": waiting,
        "is_own": is_own,
        "may_confirm": user in waiting,
        "may_promise": slip.is_open and is_own and not slip.handed_at,
        "may_withdraw": slip.is_open and _keeps_all(slip, user),
        "mine": mine,
    }


_COMMUNITY = ("community", "community__village_committee")


def _keeps_all(slip: Handover, user: User) -> bool:
    kept = Community.objects.kept_by(user)
    return not slip.parts.exclude(community__in=kept).exists()


def _places(slip: Handover, parts: list[HandoverPart], user: User, *, now: datetime) -> list[Place]:
    today = beijing_date(now)
    keys = [part.community_id for part in parts]
    linked = set(Community.objects.overseen_by(user).filter(pk__in=keys).values_list("pk", flat=True))
    places = [Place(part, _is_known(slip, part, user, linked, today), part.community_id in linked) for part in parts]
    _fill([place for place in places if place.is_known], slip, user, now=now)
    return places


def _is_known(slip: Handover, part: HandoverPart, user: User, linked: set[int], today: date) -> bool:
    """Whoever oversees the community; and a successor before the day, who is to know what they take over."""
    ahead = part.user_id == user.pk and slip.state != Handover.State.WITHDRAWN and today < slip.first_day
    return ahead or part.community_id in linked


def _fill(places: Iterable[Place], slip: Handover, user: User, *, now: datetime) -> None:
    today, by_key = beijing_date(now), {place.part.community_id: place for place in places}
    communities = Community.objects.filter(pk__in=by_key)
    with_contracts([place.community for place in by_key.values()], today)
    for week in boards.community_weeks(week_of(now), communities):
        by_key[week.community.pk].week = week
    visits = Patrol.objects.submitted().exclude(kind=Patrol.Kind.COVERT).filter(community__in=by_key).order_by()
    for key, day in visits.values_list("community").annotate(Max("occurred_on")):
        by_key[key].last_visit = day
    for finding in _open_findings(user).filter(community__in=by_key).with_row_parts().order_by("found_on", "pk"):
        by_key[finding.community_id].findings.append(finding)
    noted_in = set(handovers.looked_after(user, today=today).filter(pk__in=by_key).values_list("pk", flat=True))
    for item in slip.promises.filter(community__in=by_key).select_related("done_by"):
        item.may_fulfil = item.done_at is None and item.community_id in noted_in
        item.late = item.is_late(today)
        by_key[item.community_id].promises.append(item)
    heads = BuildingHead.objects.on(today).filter(community__in=by_key).select_related("person", "building")
    for head in heads.order_by("building__code", "pk"):
        by_key[head.community_id].heads.append(head)


def _open_findings(user: User):
    rows = Finding.objects.open()
    return rows if not OFFICE.isdisjoint(user.roles) else rows.announced()


# ---------------------------------------------------------------- paper


def paper(slip: Handover, user: User, *, now: datetime) -> bytes:
    """The slip as a PDF, with lines to sign on; it shows what the page shows to this viewer."""
    found = gather(slip, user, now=now)
    data = {
        "title": "包区干部交接单",
        "predecessor": slip.user.name,
        "first_day": day_words(slip.first_day, beijing_date(now)),
        "state": slip.get_state_display(),
        "handed": f"{slip.handed_at.astimezone(BEIJING):%Y-%m-%d %H:%M}" if slip.handed_at else "",
        "waiting": [person.name for person in found["waiting"]],
        "organisation": settings.SITE["organisation"],
        "day": day_words(beijing_date(now)),
        "places": [_on_paper(place) for place in found["places"]],
    }
    return pdf(TEMPLATE, data)


def _on_paper(place: Place) -> dict:
    row = {"community": place.community.name, "successor": place.part.user.name, "known": place.is_known}
    if not place.is_known:
        return row
    return row | {
        "week": f"{place.week.done}/{place.week.asked}",
        "last_visit": day_words(place.last_visit) if place.last_visit else "没有记录",
        "findings": [[f.text, f.where, f.get_severity_display(), day_words(f.found_on)] for f in place.findings],
        "promises": [[p.text, day_words(p.due_on), "已办好" if p.done_at else ""] for p in place.promises],
        "firm": f"{place.firm}，{place.firm.phone}" if place.firm else "没有物业合同",
        "station": f"{place.community.village_committee}，{place.community.village_committee.phone}",
        "heads": [f"{head.building} {head.person.masked}" for head in place.heads],
    }
