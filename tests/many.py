"""Rows by the dozen, for tests that ask whether a page costs more when there is more to show."""

from datetime import date

from accounts.models import RoleGrant, User
from accounts.roles import Role
from communities.models import Building, Community, Contract, Firm, PatrolDuty, VillageCommittee
from communities.models.places import new_code
from inspections.models import CheckItem, Finding, Patrol
from lib.periods import beijing_date, week_of

LONG_AGO = date(2020, 1, 1)


def communities(village: VillageCommittee, number: int, *, cadre: User | None = None, firm: Firm | None = None):
    """Communities with a building, a contract where a firm is given, and a cadre each (or one and the same)."""
    start = Community.objects.count()
    rows = [Community(name=f"演示·{n}区", code=new_code(), village_committee=village) for n in _next(start, number)]
    for row in rows:
        row.fill_pinyin()
    Community.objects.bulk_create(rows)
    Building.objects.bulk_create(Building(community=row, code="01", name="1幢") for row in rows)
    users = [cadre] * number if cadre else _cadres(start, number)
    pairs = list(zip(users, rows, strict=True))
    PatrolDuty.objects.bulk_create(PatrolDuty(user=u, community=c, first_day=LONG_AGO) for u, c in pairs)
    if firm:
        Contract.objects.bulk_create(Contract(community=c, firm=firm, kind="owners", first_day=LONG_AGO) for c in rows)
    return pairs


def _next(start: int, number: int) -> range:
    return range(start + 1, start + number + 1)


def _cadres(start: int, number: int) -> list[User]:
    users = User.objects.bulk_create(User(username=f"ganbu{n}", name=f"干部{n}") for n in _next(start, number))
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=Role.CADRE, first_day=LONG_AGO, origin="setup") for user in users
    )
    return users


def patrols(pairs, now, *, firm: Firm | None = None) -> None:
    """A patrol of this moment for each cadre and community, with a serious finding in the first building."""
    today, made = beijing_date(now), Patrol.objects.count()
    rows = Patrol.objects.bulk_create(
        Patrol(
            number=f"巡{today:%Y%m%d}-8{made + n:03}",
            user=user,
            community=community,
            occurred_at=now,
            occurred_on=today,
            submitted_at=now,
            submitted_on=today,
            submit_by=week_of(today).sunday,
        )
        for n, (user, community) in enumerate(pairs, start=1)
    )
    houses = {house.community_id: house for house in Building.objects.filter(code="01")}
    item = CheckItem.objects.get(code="VEH2")
    Finding.objects.bulk_create(
        Finding(
            community=row.community,
            patrol=row,
            item=item,
            severity=item.severity,
            building=houses[row.community_id],
            text="消防通道停着车",
            handling="notice",
            firm=firm,
            found_by=row.user,
            found_on=today,
        )
        for row in rows
    )
