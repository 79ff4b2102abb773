"""The duty of three patrols a week: what is asked of whom, what counts, who met it. DOMAIN B.1–B.3

The rule rows of a week are those of its Monday. Everything here counts in days of Beijing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from accounts.models import User
from communities.models import CadreLeave, Community, PatrolDuty
from lib.periods import Week
from rulebook import rules
from rulebook.workdays import WorkingDay, add_working_days, is_working_day

from .models import Patrol

PER_COMMUNITY, PER_CADRE = "PER_COMMUNITY", "PER_CADRE"


@dataclass(frozen=True)
class Terms:
    """The rules of one week: how many patrols, asked per community or per cadre, and until when they may be sent in."""

    weekly: int
    scope: str
    submit_by: WorkingDay


def terms_of(week: Week) -> Terms:
    """The rule rows in force on the week's Monday."""
    grace = rules.on(week.monday, "patrol.submit_grace_workdays")
    return Terms(
        weekly=rules.on(week.monday, "patrol.weekly_quota"),
        scope=rules.on(week.monday, "patrol.quota_scope"),
        submit_by=add_working_days(week.sunday, grace),
    )


def quota(duty_days: Iterable[date], weekly: int) -> int:
    """Patrols asked for: the weekly number, or fewer where there are fewer working days on duty. DOMAIN B.3"""
    return min(weekly, sum(is_working_day(day) for day in set(duty_days)))


def counted(visits: Iterable[tuple[date, date]], week: Week, submit_by: date) -> int:
    """Days of the week with a patrol in time, from (occurred, submitted) days; one a day counts. DOMAIN B.2"""
    return len({occurred for occurred, submitted in visits if occurred in week and submitted <= submit_by})


# ---------------------------------------------------------------- one week, set-based


@dataclass
class Share:
    """One cadre's part in one community's week."""

    user: User
    community: Community
    kind: str
    duty_days: frozenset[date]
    quota: int
    asked_in_full: int  # what a week with enough working days asks for
    days: frozenset[date]  # days with a patrol that counts

    @property
    def counted(self) -> int:
        return len(self.days)

    @property
    def missing(self) -> int:
        return max(0, self.quota - self.counted)

    @property
    def is_met(self) -> bool:
        return not self.missing

    @property
    def working_days(self) -> int:
        return sum(is_working_day(day) for day in self.duty_days)

    @property
    def is_reduced(self) -> bool:
        """Fewer are asked because there are fewer working days on duty; the page says so."""
        return 0 < self.quota < self.asked_in_full

    @property
    def is_substitute(self) -> bool:
        return self.kind == PatrolDuty.Kind.SUBSTITUTE

    @property
    def boxes(self) -> list[bool]:
        """As many boxes as are asked for, those done first; what page and reader see."""
        return [n < self.counted for n in range(self.quota)]


@dataclass
class CadreWeek:
    """What one cadre is asked for in a week, over all communities."""

    user: User
    shares: list[Share]
    terms: Terms

    @property
    def quota(self) -> int:
        """PER_COMMUNITY: the sum. PER_CADRE: once the weekly number, over the days on duty anywhere. DOMAIN B.1a"""
        if self.terms.scope == PER_CADRE:
            return quota((day for share in self.shares for day in share.duty_days), self.terms.weekly)
        return sum(share.quota for share in self.shares)

    @property
    def counted(self) -> int:
        return sum(share.counted for share in self.shares)

    @property
    def missing(self) -> int:
        """Patrols still to be made. PER_CADRE also asks each community at least once."""
        missed_places = sum(share.missing for share in self.shares)
        if self.terms.scope == PER_CADRE:
            return max(self.quota - self.counted, missed_places, 0)
        return missed_places

    @property
    def is_met(self) -> bool:
        return not self.missing


class DayCount(NamedTuple):
    day: date
    number: int


@dataclass
class CommunityWeek:
    """One community's week on the board: who was there on which day, whoever it was."""

    week: Week
    community: Community
    asked: int
    days: dict[date, int] = field(default_factory=dict)  # day → patrols that count
    shares: list[Share] = field(default_factory=list)

    @property
    def done(self) -> int:
        return len(self.days)

    @property
    def counts(self) -> list["DayCount"]:
        """Each day of the week with its number of patrols."""
        return [DayCount(day, self.days.get(day, 0)) for day in self.week.days]

    @property
    def missing_words(self) -> str:
        return f"还差 {self.missing} 次"

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.done)

    @property
    def is_met(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class _Facts:
    """A week's rows, read in three queries."""

    duties: list[PatrolDuty]
    leave: dict[int, set[date]]  # user → days away
    visits: dict[tuple[int, int], set[date]]  # user, community → days that count
    all_visits: dict[int, dict[date, int]]  # community → day → patrols that count


def _facts(week: Week, duties: Q, communities: Collection[int] = ()) -> _Facts:
    rows = PatrolDuty.objects.between(week.monday, week.sunday).filter(duties).exclude(kind=PatrolDuty.Kind.TEAM)
    found = list(rows.select_related("user", "community").order_by("community__pinyin", "community_id", "kind", "pk"))
    leave: dict[int, set[date]] = defaultdict(set)
    for row in CadreLeave.objects.between(week.monday, week.sunday).filter(user__in={d.user_id for d in found}):
        leave[row.user_id] |= _days(week, row)
    visits, by_community = _visits(week, {d.community_id for d in found} | set(communities))
    return _Facts(found, leave, visits, by_community)


def _days(week: Week, row) -> set[date]:
    return {day for day in week.days if row.holds_on(day)}


def _visits(week: Week, communities: Collection[int]) -> tuple[dict, dict]:
    visits: dict[tuple[int, int], set[date]] = defaultdict(set)
    by_community: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    rows = Patrol.objects.countable().in_week(week).filter(community__in=communities)
    for user, community, day in rows.values_list("user", "community", "occurred_on"):
        visits[user, community].add(day)
        by_community[community][day] += 1
    return visits, by_community


def _shares(facts: _Facts, week: Week, terms: Terms) -> list[Share]:
    """One share a cadre and community. A substitute takes over the days covered from the linked cadre. DOMAIN B.3"""
    covered: dict[int, set[date]] = defaultdict(set)
    for duty in facts.duties:
        if duty.kind == PatrolDuty.Kind.SUBSTITUTE:
            covered[duty.community_id] |= _days(week, duty)
    days: dict[tuple[int, int], set[date]] = defaultdict(set)
    first: dict[tuple[int, int], PatrolDuty] = {}
    for duty in facts.duties:
        key = duty.user_id, duty.community_id
        taken = covered[duty.community_id] if duty.kind == PatrolDuty.Kind.LINKED else set()
        days[key] |= _days(week, duty) - taken - facts.leave[duty.user_id]
        first.setdefault(key, duty)
    weekly = 1 if terms.scope == PER_CADRE else terms.weekly
    return [
        Share(
            user=duty.user,
            community=duty.community,
            kind=duty.kind,
            duty_days=frozenset(days[key]),
            quota=quota(days[key], weekly),
            asked_in_full=weekly,
            days=frozenset(facts.visits.get(key, ())),
        )
        for key, duty in first.items()
    ]


def cadre_weeks(week: Week, users: Iterable[User] | None = None, *, terms: Terms | None = None) -> list[CadreWeek]:
    """What the cadres (all, or some) are asked for in a week and have done; three queries whatever their number."""
    terms = terms or terms_of(week)
    here = PatrolDuty.objects.between(week.monday, week.sunday)
    wanted = Q() if users is None else Q(community__in=here.filter(user__in=users).values("community"))
    per_user: dict[int, list[Share]] = defaultdict(list)
    for share in _shares(_facts(week, wanted), week, terms):
        per_user[share.user.pk].append(share)
    asked = None if users is None else {user.pk for user in users}
    return [CadreWeek(s[0].user, s, terms) for pk, s in per_user.items() if asked is None or pk in asked]


def cadre_week(week: Week, user: User, *, terms: Terms | None = None) -> CadreWeek:
    """One cadre's week; without any duty it has no shares."""
    found = cadre_weeks(week, [user], terms=terms)
    return found[0] if found else CadreWeek(user, [], terms or terms_of(week))


def community_weeks(week: Week, communities, *, terms: Terms | None = None) -> list[CommunityWeek]:
    """The board: each community of the queryset with its days, those with most missing first, then by pinyin.

    What is asked of a community counts the working days on which anybody answers for it, linked or substitute.
    """
    terms = terms or terms_of(week)
    rows = list(communities.order_by("pinyin", "pk"))
    here = [c.pk for c in rows]
    facts = _facts(week, Q(community__in=here), here)
    shares: dict[int, list[Share]] = defaultdict(list)
    for share in _shares(facts, week, terms):
        shares[share.community.pk].append(share)
    weekly = 1 if terms.scope == PER_CADRE else terms.weekly
    board = [
        CommunityWeek(
            week=week,
            community=c,
            asked=quota((day for share in shares[c.pk] for day in share.duty_days), weekly),
            days=dict(facts.all_visits.get(c.pk, {})),
            shares=shares[c.pk],
        )
        for c in rows
    ]
    return sorted(board, key=lambda row: -row.missing)


def community_history(community: Community, past: list[Week]) -> list[CommunityWeek]:
    """One community over several weeks, in the order given: three queries whatever their number."""
    first, last = min(past), max(past)
    duties = list(
        PatrolDuty.objects.between(first.monday, last.sunday)
        .filter(community=community)
        .exclude(kind=PatrolDuty.Kind.TEAM)
        .select_related("user")
    )
    away = list(
        CadreLeave.objects.between(first.monday, last.sunday).filter(user__in={duty.user_id for duty in duties})
    )
    visits: dict[date, int] = defaultdict(int)
    patrols = Patrol.objects.countable().between(first.monday, last.sunday).filter(community=community)
    for day in patrols.values_list("occurred_on", flat=True):
        visits[day] += 1
    return [_one_week(community, week, duties, away, visits) for week in past]


def _one_week(community: Community, week: Week, duties: list, away: list, visits: dict[date, int]) -> CommunityWeek:
    terms = terms_of(week)
    answered = {
        day
        for duty in duties
        for day in _days(week, duty)
        if not any(row.user_id == duty.user_id and row.holds_on(day) for row in away)
    }
    weekly = 1 if terms.scope == PER_CADRE else terms.weekly
    days = {day: visits[day] for day in week.days if visits.get(day)}
    return CommunityWeek(week=week, community=community, asked=quota(answered, weekly), days=days)
