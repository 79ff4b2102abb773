"""The week by communities: the board of stations and office, and the past weeks of one community. DOMAIN B.1–B.3

Communities are listed, people are not ranked.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from communities.models import Community
from lib.periods import Week
from lib.text import WEEKDAYS

from .weeks import Facts, Share, Terms, quota, read, shares, terms_of


class DayCount(NamedTuple):
    """How often somebody was there on a day, with the day's words ready: a board shows thousands of them."""

    day: date
    number: int

    @property
    def words(self) -> str:
        """11月18日"""
        return f"{self.day.month}月{self.day.day}日"

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]


@dataclass
class CommunityWeek:
    """One community's week: who was there on which day, whoever it was."""

    week: Week
    community: Community
    asked: int
    days: dict[date, int] = field(default_factory=dict)  # day → patrols that count
    shares: list[Share] = field(default_factory=list)
    names_cadres: bool = False  # whether the reader may know who it was that missed the week (missed_weeks)
    may_note: bool = False

    @property
    def done(self) -> int:
        return len(self.days)

    @property
    def counts(self) -> list[DayCount]:
        """Each day of the week with its number of patrols."""
        return [DayCount(day, self.days.get(day, 0)) for day in self.week.days]

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.done)

    @property
    def missing_words(self) -> str:
        return f"还差 {self.missing} 次"

    @property
    def is_unvisited(self) -> bool:
        """Somebody should have been there, and nobody was."""
        return bool(self.asked and not self.done)


def community_weeks(week: Week, communities, *, terms: Terms | None = None) -> list[CommunityWeek]:
    """The board: each community of the queryset with its days, those with most missing first, then by pinyin.

    What is asked of a community counts the working days on which anybody answers for it, linked or substitute. Four
    queries, whatever the number.
    """
    places = list(communities.order_by("pinyin", "pk"))
    keys = [place.pk for place in places]
    facts = read(week.monday, week.sunday, Q(community__in=keys))
    return sorted(_rows(places, week, facts, terms or terms_of(week)), key=lambda row: -row.missing)


def community_history(community: Community, past: Sequence[Week]) -> list[CommunityWeek]:
    """One community over several weeks, in the order given; three queries whatever their number."""
    facts = read(min(past).monday, max(past).sunday, Q(community=community))
    return [row for week in past for row in _rows([community], week, facts, terms_of(week))]


def _rows(places: Sequence[Community], week: Week, facts: Facts, terms: Terms) -> list[CommunityWeek]:
    of: dict[int, list[Share]] = defaultdict(list)
    for share in shares(facts, week, terms):
        of[share.community.pk].append(share)
    return [_row(place, week, facts, terms, of[place.pk]) for place in places]


def _row(place: Community, week: Week, facts: Facts, terms: Terms, mine: list[Share]) -> CommunityWeek:
    answered = (day for share in mine for day in share.duty_days)
    visits = facts.visits_to.get(place.pk, {})
    return CommunityWeek(
        week=week,
        community=place,
        asked=quota(answered, terms.weekly_each),
        days={day: visits[day] for day in week.days if day in visits},
        shares=mine,
    )


def sums(weeks: Sequence[Week], communities) -> dict[int, tuple[int, int]]:
    """Over several weeks, how many patrols were asked for in each community and how many counted, by its key."""
    places = list(communities)
    asked: dict[int, tuple[int, int]] = {place.pk: (0, 0) for place in places}
    if not (places and weeks):
        return asked
    facts = read(weeks[0].monday, weeks[-1].sunday, Q(community__in=list(asked)))
    for week in weeks:
        for row in _rows(places, week, facts, terms_of(week)):
            before = asked[row.community.pk]
            asked[row.community.pk] = before[0] + row.asked, before[1] + row.done
    return asked
