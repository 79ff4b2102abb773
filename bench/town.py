"""A county's worth of rows: 500 communities, 70 weeks of three patrols each, 52,500 findings."""

from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import RoleGrant, User
from accounts.roles import Role
from communities.models import Building, Community, Contract, Firm, PatrolDuty, StationPost, VillageCommittee
from lib.periods import beijing_date, week_of

COMMUNITIES, WEEKS, A_STATION, A_FIRM = 500, 70, 25, 10
LONG_AGO = date(2020, 1, 1)
NAMES = "锦绣云溪望江滨湖迎宾桂花梅园松苑翠竹金水安居和顺城东城西阳光世纪丽景嘉禾新都华庭"
CODES = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def fill() -> None:
    people = make_people("cadre", Role.CADRE, COMMUNITIES)
    make_people("clerk", Role.TOWN_CLERK, 1)
    places = make_places(COMMUNITIES)
    PatrolDuty.objects.bulk_create(
        PatrolDuty(user=user, community=place, first_day=LONG_AGO) for user, place in zip(people, places, strict=True)
    )
    _stations()
    _firms(places)
    Building.objects.bulk_create(Building(community=c, code=f"{n:02}", name=f"{n}幢") for c in places for n in (1, 2))
    this_week = week_of(beijing_date(timezone.now())).monday
    first = this_week - timedelta(weeks=WEEKS - 1)
    with connection.cursor() as cursor:
        cursor.execute(PATROLS, {"first": first, "weeks": WEEKS})
        cursor.execute(FINDINGS)


def make_people(name: str, role: Role, number: int) -> list[User]:
    """Accounts ``cadre1``, ``cadre2`` … with a role since long ago."""
    users = User.objects.bulk_create(
        User(username=f"{name}{n}", name=f"演示{n}", password="!") for n in range(1, number + 1)
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=u, role=role, first_day=LONG_AGO, origin="setup") for u in users)
    return users


def make_places(number: int) -> list[Community]:
    """Communities, so many to a village committee."""
    villages = [VillageCommittee(name=f"演示·第{n}社区") for n in range(1, -(-number // A_STATION) + 1)]
    communities = [
        Community(
            name=f"演示·{NAMES[n % 20 * 2 :][:2]}{n}区",
            code=_code(n),
            village_committee=villages[n // A_STATION],
            kind=list(Community.Kind)[n % 3],
        )
        for n in range(number)
    ]
    for row in [*villages, *communities]:
        row.fill_pinyin()
    VillageCommittee.objects.bulk_create(villages)
    return Community.objects.bulk_create(communities)


def _code(number: int) -> str:
    return "".join(CODES[number // 32**place % 32] for place in range(6))


def _stations() -> None:
    """A head for each village committee."""
    villages = list(VillageCommittee.objects.order_by("pk"))
    heads = make_people("head", Role.STATION_HEAD, len(villages))
    StationPost.objects.bulk_create(
        StationPost(user=user, village_committee=village, kind="head", first_day=LONG_AGO)
        for user, village in zip(heads, villages, strict=True)
    )


def _firms(places: list[Community]) -> None:
    firms = [Firm(name=f"演示·物业{n}", uscc=f"9133000{n:011}") for n in range(len(places) // A_FIRM)]
    for row in firms:
        row.fill_pinyin()
    firms = Firm.objects.bulk_create(firms)
    Contract.objects.bulk_create(
        Contract(community=place, firm=firms[n % len(firms)], kind="owners", first_day=LONG_AGO)
        for n, place in enumerate(places)
    )


# Monday, Wednesday and Friday at nine; a few weeks have two patrols only, one in 100 is late, this week is half done
PATROLS = """
INSERT INTO inspections_patrol (client_id, number, community_id, user_id, kind, state, occurred_at, occurred_on,
    submitted_at, submitted_on, submit_by, places, note, version, void_reason)
SELECT gen_random_uuid(), '巡' || to_char(day, 'YYYYMMDD') || '-' || lpad(community_id::text, 4, '0'),
    community_id, user_id, 'daily', 'submitted', at, day, sent, (timezone('Asia/Shanghai', sent))::date, monday + 8,
    '楼道、车棚', CASE WHEN (community_id + week) %% 7 = 0 THEN '和楼幢长一起看的' ELSE '' END, 1, ''
FROM (
    SELECT d.community_id, d.user_id, w.week, w.monday, w.monday + day.n AS day, at,
        at + CASE WHEN (d.community_id * 31 + w.week) %% 100 = 0 THEN interval '20 days' ELSE interval '1 hour' END
            AS sent
    FROM communities_patrolduty d
    CROSS JOIN LATERAL (SELECT n AS week, %(first)s::date + n * 7 AS monday
                        FROM generate_series(0, %(weeks)s - 1) n) w
    CROSS JOIN (VALUES (0), (2), (4)) AS day (n)
    CROSS JOIN LATERAL (SELECT timezone('Asia/Shanghai', (w.monday + day.n)::timestamp + interval '9 hours'
                        + d.community_id * interval '1 second') AS at) moment
    WHERE NOT (day.n = 4 AND (d.community_id * 17 + w.week) %% 25 = 0)
        AND NOT (w.week = %(weeks)s - 1 AND (day.n > 0 OR d.community_id %% 2 = 0))
) visit ORDER BY day, community_id
"""

# every other patrol found something; nine in ten of what was found is closed
FINDINGS = """
INSERT INTO inspections_finding (client_id, community_id, patrol_id, source, item_id, severity, severity_reason,
    building_id, place, text, handling, dissuaded, firm_id, found_by_id, found_on, state, closed_on, withdrawn_reason)
SELECT gen_random_uuid(), p.community_id, p.id, 'patrol', item.id, item.severity, '', b.id, '1单元一楼',
    (ARRAY['楼道堆纸箱和旧家具', '灭火器过期', '消防通道停着车', '绿化带里种菜', '垃圾桶满了没清'])[p.id % 5 + 1],
    'notice', false, c.firm_id, p.user_id, p.occurred_on,
    CASE WHEN p.id % 20 = 0 THEN 'open' ELSE 'closed' END,
    CASE WHEN p.id % 20 = 0 THEN NULL ELSE p.occurred_on + 3 END, ''
FROM inspections_patrol p
JOIN communities_contract c ON c.community_id = p.community_id
JOIN communities_building b ON b.community_id = p.community_id AND b.code = '01'
JOIN (SELECT id, severity, row_number() OVER (ORDER BY id) - 1 AS n FROM inspections_checkitem) item
    ON item.n = p.id % 30
WHERE p.id % 2 = 0
"""
