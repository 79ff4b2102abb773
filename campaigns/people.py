"""Whom campaigns concern on a day, for many campaigns in a handful of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from accounts.models import User
from accounts.roles import Act, Role, may, may_check
from communities.models import Contract, FirmPost, StationPost

from .kinds import Whom
from .models import Campaign, CampaignPlace, Team


def is_office(user: User) -> bool:
    """Whether the user makes plans or approves them."""
    return may(user, Act.CAMPAIGN) or may_check(user, Act.CAMPAIGN)


class Concerned:
    """The people of some campaigns as they stand today. Each table is asked when first needed, once for all campaigns.

    A plan without communities is for all: every station and every firm.
    """

    def __init__(self, campaigns: Iterable[int], today: date):
        self.campaigns, self.today = set(campaigns), today

    @cached_property
    def clerks(self) -> set[int]:
        return self.holders(Role.TOWN_CLERK)

    @cached_property
    def heads(self) -> set[int]:
        """Who approves plans."""
        return self.holders(Role.TOWN_HEAD)

    @cached_property
    def planners(self) -> set[int]:
        """Who makes and who approves plans."""
        return self.clerks | self.heads

    def holders(self, *roles: Role) -> set[int]:
        """Everybody with one of the roles."""
        return set(User.objects.with_role(*roles, today=self.today).values_list("pk", flat=True))

    def stations(self, campaign: int) -> set[int]:
        return self._of_places(campaign, self._by_village, 1)

    def firms(self, campaign: int) -> set[int]:
        return self._of_places(campaign, self._by_community, 0)

    def station_of(self, village: int | None) -> set[int]:
        return self._by_village[village]

    def firms_of(self, community: int) -> set[int]:
        return self._by_community[community]

    def team(self, campaign: int) -> set[int]:
        """Leaders and members of its teams."""
        return self._teams[campaign]

    def of_body(self, whom: str, campaign: int) -> set[int]:
        """Who is told for a body; for one outside, the clerks, who must call."""
        if whom == Whom.STATIONS:
            return self.stations(campaign)
        return self.firms(campaign) if whom == Whom.FIRMS else self.clerks

    def _of_places(self, campaign: int, people: dict[int, set[int]], column: int) -> set[int]:
        places = self._places.get(campaign)
        chosen = people.values() if places is None else (people[place[column]] for place in places)
        return set().union(*chosen)

    @cached_property
    def _places(self) -> dict[int, list[tuple[int, int]]]:
        """Of each campaign with communities: community and village committee."""
        found = defaultdict(list)
        rows = CampaignPlace.objects.filter(campaign__in=self.campaigns).order_by()
        for campaign, *place in rows.values_list("campaign", "community", "community__village_committee"):
            found[campaign].append(tuple(place))
        return dict(found)

    @cached_property
    def _by_village(self) -> dict[int | None, set[int]]:
        posts = StationPost.objects.on(self.today).filter(user__is_active=True)
        return _sets(posts.values_list("village_committee", "user"))

    @cached_property
    def _by_community(self) -> dict[int, set[int]]:
        posts = _sets(FirmPost.objects.on(self.today).filter(user__is_active=True).values_list("firm", "user"))
        found = defaultdict(set)
        for community, firm in Contract.objects.on(self.today).values_list("community", "firm"):
            found[community] |= posts[firm]
        return found

    @cached_property
    def _teams(self) -> dict[int, set[int]]:
        rows = Team.objects.filter(campaign__in=self.campaigns).order_by()
        found = defaultdict(set)
        for campaign, *people in rows.values_list("campaign", "leader", "memberships__user"):
            found[campaign].update(people)
        return found


def _sets(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found = defaultdict(set)
    for key, user in pairs:
        found[key].add(user)
    return found


def of_running(today: date) -> Concerned:
    """The people of every campaign that runs."""
    return Concerned(Campaign.objects.running().values_list("pk", flat=True), today)
