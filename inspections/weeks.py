"""The duty of three patrols a week: what is asked of whom, what counts, who met it. DOMAIN B.1–B.3

The rule rows of a week are those of its Monday. Everything here counts in days of Beijing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property, lru_cache

from django.db.models import Q

from accounts.models import User
from communities.models import CadreLeave, Community, PatrolDuty
from lib.dated import Dated
from lib.periods import Week, beijing_date, days_between, week_of
from rulebook import rules
from rulebook.workdays import WorkingDay, add_working_days, is_working_day

from .models import MissedWeekReason, Patrol

PER_COMMUNITY, PER_CADRE = "PER_COMMUNITY", "PER_CADRE"


@dataclass(frozen=True)
class Terms:
    """The rules of one week: how many patrols, asked per community or per cadre, and until when they may be sent in."""

    weekly: int
    scope: str
    submit_by: WorkingDay

    @property
    def is_per_cadre(self) -> bool:
        return self.scope == PER_CADRE

    @property
    def weekly_each(self) -> int:
        """Asked in each community: all of them, or PER_CADRE at least one. DOMAIN B.1a"""
        return 1 if self.is_per_cadre else self.weekly


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


# ---------------------------------------------------------------- what is asked of one cadre


@dataclass
class Share:
    """One cadre's part in one community's week."""

    user: User
    community: Community
    kind: str
    duty_days: frozenset[date]
    quota: int
    asked_in_full: int  # what a week with enough working days asks for
    since: date  # the first and the last day of the week on which the community is this cadre's
    until: date
    days: frozenset[date]  # days with a patrol that counts
    short: int = 0  # what the cadre's week lacked, for those who may know (missed_weeks)
    reasons: list[MissedWeekReason] = field(default_factory=list)

    @property
    def counted(self) -> int:
        return len(self.days)

    @property
    def missing(self) -> int:
        return max(0, self.quota - self.counted)

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

    @cached_property
    def quota(self) -> int:
        """PER_COMMUNITY: the sum. PER_CADRE: the weekly number once, over the days on duty anywhere, and never less
        than one in each community. DOMAIN B.1a
        """
        each = sum(share.quota for share in self.shares)
        if not self.terms.is_per_cadre:
            return each
        return max(each, quota((day for share in self.shares for day in share.duty_days), self.terms.weekly))

    @property
    def counted(self) -> int:
        return sum(share.counted for share in self.shares)

    @cached_property
    def missing(self) -> int:
        """Patrols still to be made; more in one community do not make up for another. DOMAIN B.1a"""
        in_places = sum(share.missing for share in self.shares)
        return max(self.quota - self.counted, in_places) if self.terms.is_per_cadre else in_places

    @property
    def is_met(self) -> bool:
        return not self.missing

    def to_visit(self, today: date) -> list[Share]:
        """Where a visit is missing and this cadre may still make it; what was handed over is another's now."""
        mine = [share for share in self.shares if share.until >= today]
        return [share for share in mine if share.missing or (self.terms.is_per_cadre and self.missing)]

    def missing_words(self, today: date) -> str:
        """松苑小区还差 1 次；滨湖花园还差 2 次"""
        places = [share for share in self.to_visit(today) if share.missing]
        if not self.terms.is_per_cadre:
            return "；".join(f"{share.community}还差 {share.missing} 次" for share in places)
        unseen = "、".join(str(share.community) for share in places)
        return f"几个小区合起来还差 {self.missing} 次" + (f"，其中{unseen}还没去过" if unseen else "")

    def share_of(self, community: Community) -> Share | None:
        return next((share for share in self.shares if share.community == community), None)


def cadre_weeks(week: Week, users: Iterable[User] | None = None, *, terms: Terms | None = None) -> list[CadreWeek]:
    """What the cadres (all, or some) are asked for in a week and have done; three queries whatever their number."""
    terms = terms or terms_of(week)
    asked = None if users is None else {user.pk for user in users}
    here = PatrolDuty.objects.between(week.monday, week.sunday)
    wanted = Q() if asked is None else Q(community__in=here.filter(user__in=asked).values("community"))  # Q(): all
    per_user: dict[int, list[Share]] = defaultdict(list)
    for share in shares(read(week.monday, week.sunday, wanted), week, terms):
        per_user[share.user.pk].append(share)
    return [CadreWeek(s[0].user, s, terms) for pk, s in per_user.items() if asked is None or pk in asked]


def cadre_week(week: Week, user: User, *, terms: Terms | None = None) -> CadreWeek:
    """One cadre's week; without any duty it has no shares."""
    terms = terms or terms_of(week)
    found = cadre_weeks(week, [user], terms=terms)
    return found[0] if found else CadreWeek(user, [], terms)


# ---------------------------------------------------------------- from rows to shares


@dataclass(frozen=True)
class Facts:
    """The rows of a stretch of days, read in three queries."""

    duties: list[PatrolDuty]
    away: dict[int, list[CadreLeave]]  # user → leave
    visits: dict[tuple[int, int], set[date]]  # user, community → days that count
    visits_to: dict[int, Counter[date]]  # community → day → patrols that count, whoever's


SHOWN = (  # of a duty, its cadre and its community; a county has thousands of them
    *("kind", "first_day", "last_day", "user__name", "user__username", "user__is_active"),
    *("community__name", "community__kind", "community__village_committee"),
)


def read(first: date, last: date, where: Q) -> Facts:
    """Duties (but not those of teams), leave and visits of these days.

    Args:
        where: of which communities; nobody need be linked there.
    """
    duties = PatrolDuty.objects.between(first, last).filter(where).exclude(kind=PatrolDuty.Kind.TEAM)
    rows = duties.select_related("user", "community").only(*SHOWN)
    found = list(rows.order_by("community__pinyin", "community_id", "kind", "pk"))
    away: dict[int, list[CadreLeave]] = defaultdict(list)
    for leave in CadreLeave.objects.between(first, last).filter(user__in=duties.values("user")):
        away[leave.user_id].append(leave)
    visits: dict[tuple[int, int], set[date]] = defaultdict(set)
    visits_to: dict[int, Counter[date]] = defaultdict(Counter)
    patrols = Patrol.objects.countable().between(first, last).filter(where).order_by()
    for user, community, day in patrols.values_list("user", "community", "occurred_on"):
        visits[user, community].add(day)
        visits_to[community][day] += 1
    return Facts(found, away, visits, visits_to)


def shares(facts: Facts, week: Week, terms: Terms) -> list[Share]:
    """One share a cadre and community. A substitute takes over the days covered from the linked cadre. DOMAIN B.3"""
    held = [(duty, days) for duty in facts.duties if (days := _days(week, duty))]
    covered: dict[int, set[date]] = defaultdict(set)
    for duty, days in held:
        if duty.kind == PatrolDuty.Kind.SUBSTITUTE:
            covered[duty.community_id] |= days
    on_duty: dict[tuple[int, int], set[date]] = defaultdict(set)
    first: dict[tuple[int, int], PatrolDuty] = {}
    span: dict[tuple[int, int], set[date]] = defaultdict(set)
    for duty, days in held:
        taken = covered[duty.community_id] if duty.kind == PatrolDuty.Kind.LINKED else set()
        away = {day for leave in facts.away.get(duty.user_id, ()) for day in _days(week, leave)}
        key = duty.user_id, duty.community_id
        on_duty[key] |= days - taken - away
        first.setdefault(key, duty)
        span[key] |= days
    asked = cache(lambda days: quota(days, terms.weekly_each))  # most cadres are on duty on the same days
    whole = frozenset(week.days)
    return [
        Share(
            user=duty.user,
            community=duty.community,
            kind=duty.kind,
            duty_days=(days := frozenset(on_duty[key])),
            quota=asked(days),
            asked_in_full=terms.weekly_each,
            since=min(span[key]),
            until=max(span[key]),
            days=whole & facts.visits.get(key, frozenset()),
        )
        for key, duty in first.items()
    ]


def _days(week: Week, row: Dated) -> frozenset[date]:
    """The days of the week on which a row holds."""
    return _from_to(max(row.first_day, week.monday), min(row.last_day or week.sunday, week.sunday))


@lru_cache(100)
def _from_to(first: date, last: date) -> frozenset[date]:
    return frozenset(days_between(first, last))


# ---------------------------------------------------------------- terms that were provisional


def extend_terms(*, now: datetime) -> int:
    """Gives patrols of the last weeks the later day that a calendar loaded since then gives their week; returns how
    many changed. A term that was told is never moved earlier. DOMAIN 0.1
    """
    week, changed = week_of(beijing_date(now)), 0
    for _ in range(WEEKS_LOOKED_BACK):
        due = terms_of(week).submit_by.date
        changed += Patrol.objects.submitted().in_week(week).filter(submit_by__lt=due).update(submit_by=due)
        week = week.previous
    return changed


WEEKS_LOOKED_BACK = 6  # a calendar comes months before its year; this is for the one that comes late
