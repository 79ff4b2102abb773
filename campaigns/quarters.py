"""The quarterly rule: one campaign a quarter, else the reason why not; and what the next could be about. DOMAIN H.2"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Count, DateField, F, Max, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.roles import Act, demand
from communities.models import Community
from complaints.findings import CHECKED_AS
from complaints.models import Complaint
from inspections.models import Category, Notice
from lib.periods import DAY, beijing_date, months_after
from lib.states import WrongState, first_come

from .kinds import CampaignKind, CampaignState
from .models import Campaign, QuarterReason, QuarterReport
from .models.follow import quarter_of

MONTHS = 3
WRITTEN = "这个季度的原因已经有人写了。"


# ---------------------------------------------------------------- quarters


def next_of(quarter: date) -> date:
    return months_after(quarter, MONTHS)


def last_day_of(quarter: date) -> date:
    return next_of(quarter) - DAY


def between(first: date, last: date) -> list[date]:
    """The first days of the quarters from one to another, both included; none where the other is earlier."""
    found = []
    while first <= last:
        found.append(first)
        first = next_of(first)
    return found


def words(quarter: date) -> str:
    """2026年第四季度"""
    return f"{quarter.year}年第{'一二三四'[quarter.month // MONTHS]}季度"


class QuarterConverter:
    """A quarter in an address is its first day: ``/quarters/2026-10-01/``."""

    regex = r"20\d\d-(?:01|04|07|10)-01"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, quarter: date) -> str:
        return quarter.isoformat()


# ---------------------------------------------------------------- how a quarter stands


def held(quarter: date) -> QuerySet[Campaign]:
    """The approved quarterly campaigns whose first phase starts in the quarter."""
    rows = Campaign.objects.approved().filter(kind=CampaignKind.QUARTER).with_days()
    return rows.filter(begins__range=(quarter, last_day_of(quarter)))


def first_held() -> date | None:
    """The quarter of the first quarterly campaign; from it on every quarter is closed with a report."""
    rows = Campaign.objects.approved().filter(kind=CampaignKind.QUARTER).with_days()
    begins = rows.order_by("begins").values_list("begins", flat=True).first()
    return begins and quarter_of(begins)


@dataclass
class QuarterState:
    """A quarter with its campaigns, the plans that are not approved yet, the reason and the report."""

    quarter: date
    today: date
    campaigns: list[Campaign] = field(default_factory=list)
    plans: list[Campaign] = field(default_factory=list)
    reason: QuarterReason | None = None
    report: QuarterReport | None = None

    def __str__(self) -> str:
        return words(self.quarter)

    @property
    def is_over(self) -> bool:
        return last_day_of(self.quarter) < self.today

    @property
    def is_missing(self) -> bool:
        """The quarter is over and nothing was held: 未开展."""
        return self.is_over and not self.campaigns

    @property
    def lacks_reason(self) -> bool:
        """A reason may still be written: it has begun, nothing is held in it, and nobody has said why."""
        return not (self.campaigns or self.reason) and self.quarter <= self.today

    @property
    def badge(self) -> tuple[str, str, str]:
        """Tone, icon and word. UI.md 5"""
        if self.campaigns:
            ended = all(row.state == CampaignState.ENDED for row in self.campaigns)
            return ("good", "ok", "已开展") if ended or self.is_over else ("info", "flag", "已批准")
        if self.is_over:
            return "bad", "warn", "未开展"
        return ("warn", "eye", "方案没批准") if self.plans else ("mute", "dot", "还没有方案")


def state_of(quarter: date, today: date) -> QuarterState:
    """How one quarter stands; ``quarter`` is its first day."""
    return states([quarter], today)[0]


def states(wanted: Sequence[date], today: date) -> list[QuarterState]:
    """How some quarters stand, in three queries. A plan without first day belongs where its first phase ends."""
    found = {quarter: QuarterState(quarter, today) for quarter in wanted}
    if not found:
        return []
    begins = Coalesce("begins", Min("phases__last_day", filter=Q(phases__no=1)))
    rows = Campaign.objects.filter(kind=CampaignKind.QUARTER).with_days().annotate(starts=begins)
    span = (min(wanted), last_day_of(max(wanted)))
    for campaign in rows.filter(starts__range=span).order_by("starts", "pk"):
        if state := found.get(quarter_of(campaign.starts)):
            approved = campaign.state in (CampaignState.APPROVED, CampaignState.ENDED)
            (state.campaigns if approved else state.plans).append(campaign)
    for name, table in (("reason", QuarterReason), ("report", QuarterReport)):
        for row in table.objects.filter(quarter__in=wanted):
            setattr(found[row.quarter], name, row)
    return [found[quarter] for quarter in wanted]


def known(today: date) -> list[date]:
    """The quarters to show, the latest first: from the first campaign to the last plan or the present one."""
    rows = Campaign.objects.filter(kind=CampaignKind.QUARTER).with_days().order_by()
    days = rows.aggregate(first=Min("begins"), last=Max("begins"))
    here = quarter_of(today)
    first, last = (quarter_of(days[end]) if days[end] else here for end in ("first", "last"))
    return between(min(first, here), max(last, here))[::-1]


def explain(*, quarter: date, reason: str, by: User, now: datetime) -> QuarterReason:
    """Says why a quarter has no campaign (未开展); once.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: nothing said, the quarter has not begun, or a campaign is held in it; by field.
        WrongState: the reason was written before.
    """
    demand(by, Act.CAMPAIGN)
    if not reason.strip():
        raise ValidationError({"reason": "写一句为什么没开展。"})
    if quarter > beijing_date(now):
        raise ValidationError("这个季度还没开始，到时候再写。")
    if held(quarter).exists():
        raise ValidationError("这个季度开展了专项行动，不用写原因。")
    row = QuarterReason(quarter=quarter, reason=reason.strip(), by=by, at=now)
    row.clean_fields()
    if QuarterReason.objects.filter(quarter=quarter).exists():
        raise WrongState(WRITTEN)
    with first_come(WRITTEN):
        row.save()
    return row


# ---------------------------------------------------------------- topics


@dataclass
class Spot:
    """One category of problems in one community. ``age`` in days is the longest that one stood or stands open."""

    community: Community
    rounds: int = 0
    age: int = 0
    people: int = 0

    @property
    def weight(self) -> int:
        """Rounds × age × people concerned; what is not known counts one. H.1"""
        return max(self.rounds, 1) * max(self.age, 1) * max(self.people, 1)


@dataclass
class Topic:
    """What a campaign could be about: a category of the check list, and where it is worst."""

    category: Category
    spots: list[Spot]

    @property
    def weight(self) -> int:
        return sum(spot.weight for spot in self.spots)

    @property
    def rounds(self) -> int:
        """难度大"""
        return sum(spot.rounds for spot in self.spots)

    @property
    def age(self) -> int:
        """积存久"""
        return max(spot.age for spot in self.spots)

    @property
    def people(self) -> int:
        """呼声高"""
        return sum(spot.people for spot in self.spots)


def topics(today: date) -> list[Topic]:
    """Topics from the last three months' notices and complaints and what is still open from before: those hard to
    solve, long open, and widely felt first (难度大、积存久、呼声高). Three queries.
    """
    since = months_after(today, -MONTHS)
    found: dict[tuple[str, int], dict] = defaultdict(dict)
    for category, community, rounds, age in _noticed(since, today):
        found[category, community] |= {"rounds": rounds, "age": age.days}
    for category, community, people in _complained(since):
        part = found[CHECKED_AS[category], community]
        part["people"] = part.get("people", 0) + people
    communities = Community.objects.in_bulk({community for _, community in found})
    by_category = defaultdict(list)
    for (category, community), figures in found.items():
        by_category[category].append(Spot(communities[community], **figures))
    made = [Topic(Category(name), sorted(spots, key=lambda s: -s.weight)) for name, spots in by_category.items()]
    return sorted(made, key=lambda topic: -topic.weight)


def _noticed(since: date, today: date):
    """Of each category and community: rounds of its notices, and how long the longest took or takes."""
    rows = Notice.objects.standing()
    rows = rows.filter(Q(issued_on__gte=since) | Q(pk__in=Notice.objects.unsettled().values("pk")))
    age = Coalesce("closed_on", Value(today, output_field=DateField())) - F("issued_on")
    columns = ("finding__item__category", "community")
    return rows.order_by().values_list(*columns).annotate(rounds=Sum("round_no"), age=Max(age))


def _complained(since: date):
    """Of each category that the check list knows and community: how many people complained or joined."""
    rows = Complaint.objects.exclude(state="withdrawn").filter(registered_on__gte=since, category__in=CHECKED_AS)
    return rows.order_by().values_list("category", "community").annotate(people=Count("complainants"))
