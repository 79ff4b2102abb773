"""What the makers of the demo town share: one source of chance, the present moment, what has been made so far."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from uuid import UUID

from accounts.models import User
from accounts.roles import Role
from communities.models import Building, Community, Contract, Firm, VillageCommittee
from communities.models.places import CODE_LETTERS
from lib.periods import BEIJING, Week, beijing_date, week_of
from portal.demo.words import Place

YEARS_OF_WEEKS = 104
UNITS = 8000
BATCH = 2000


@dataclass
class Draft:
    """One demo town on its way into the database. ``scale`` 1 is the whole town; tests make less of it."""

    chance: Random
    now: datetime
    scale: float = 1.0
    villages: list[VillageCommittee] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)  # community → its plan
    communities: dict[str, Community] = field(default_factory=dict)  # by name, without the mark
    buildings: dict[int, list[Building]] = field(default_factory=dict)  # by community
    firms: list[Firm] = field(default_factory=list)
    contracts: dict[int, list[Contract]] = field(default_factory=dict)  # by community
    cast: dict[Role, User] = field(default_factory=dict)
    station_heads: list[User] = field(default_factory=list)  # by village committee

    @cached_property
    def today(self) -> date:
        return beijing_date(self.now)

    @cached_property
    def this_week(self) -> Week:
        return week_of(self.today)

    @cached_property
    def weeks(self) -> list[Week]:
        """The weeks that the town has lived through, this one last."""
        count = max(6, round(YEARS_OF_WEEKS * self.scale))
        return [Week(self.this_week.monday - timedelta(weeks=n)) for n in range(count, -1, -1)]

    @property
    def first_day(self) -> date:
        return self.weeks[0].monday

    @property
    def units(self) -> int:
        return max(60, round(UNITS * self.scale))

    def one_in(self, n: int) -> bool:
        """True once in n times."""
        return self.chance.randrange(n) == 0

    def uuid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def code(self) -> str:
        """A community's code that no other has drawn."""
        taken = {community.code for community in self.communities.values()}
        while (drawn := "".join(self.chance.choices(CODE_LETTERS, k=6))) in taken:
            pass
        return drawn

    def moment(self, day: date, first_hour: int = 8, last_hour: int = 17) -> datetime:
        """Some minute of a Beijing day."""
        minute = self.chance.randrange((last_hour - first_hour) * 60)
        return datetime.combine(day, time(first_hour), BEIJING) + timedelta(minutes=minute)

    def firm_on(self, community: Community, day: date) -> Firm | None:
        """The firm whose contract holds on the day."""
        held = (contract for contract in self.contracts.get(community.pk, ()) if contract.holds_on(day))
        return next((contract.firm for contract in held), None)
