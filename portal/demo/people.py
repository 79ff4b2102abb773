"""Accounts with their roles, posts at stations and firms, who patrols where, leave, building heads."""

from datetime import date, timedelta
from itertools import cycle

from django.contrib.auth.hashers import make_password

from accounts import demo
from accounts.models import Address, RoleGrant, User
from accounts.people import fill_pinyin
from accounts.roles import STAFF, Role
from communities.models import (
    Building,
    BuildingHead,
    CadreLeave,
    Community,
    FirmPost,
    PatrolDuty,
    Person,
    StationPost,
)
from lib.periods import DAY, Week
from portal.demo.draft import BATCH, Draft
from portal.demo.words import CADRES, CAST, GIVEN, OTHER, RETIRED_CADRE, STATION_CLERKS, STATION_HEADS, SURNAMES

CADRES_OF = [3, 2, 3, 3, 2, 2]  # by village committee
OWN = ["松苑小区", "滨湖花园", "锦绣家园"]  # of demo-cadre, who also stands in for a colleague
SUBSTITUTED = "环城南路789号楼"
HANDED_OVER = ["书香苑", "望江苑", "枫林新苑", "柳岸新村"]  # another cadre had them before
WITHOUT_CADRE = "政府宿舍大院"  # nobody has taken it over yet


def make(draft: Draft) -> None:
    """Everybody of the town who has an account, and what they are for."""
    _cast(draft)
    _stations(draft)
    cadres = _cadres(draft)
    _duties(draft, cadres)
    _leave(draft, cadres)
    _firm_people(draft)


def _account(draft: Draft, username: str, name: str, mobile: str = "") -> User:
    address = Address.objects.create(kind="phone", value=mobile, confirmed_at=draft.now) if mobile else None
    user = User(username=username, name=name, mobile=address, password=make_password(None), created_at=draft.now)
    fill_pinyin(user)
    user.save()
    return user


def _grant(draft: Draft, user: User, role: Role, last_day: date | None = None) -> None:
    """Staff roles bear the demo's origin; others came with their link."""
    origin = RoleGrant.Origin.DEMO if role in STAFF else RoleGrant.Origin.LINK
    RoleGrant.objects.create(user=user, role=role, origin=origin, first_day=_long_ago(draft), last_day=last_day)


def _long_ago(draft: Draft) -> date:
    return draft.first_day - timedelta(days=400)


def _cast(draft: Draft) -> None:
    for number, (role, name) in enumerate(CAST.items()):
        user = _account(draft, demo.username(role), name, f"19900001{number:03}")
        _grant(draft, user, role)
        draft.cast[role] = user


# ---------------------------------------------------------------- stations


def _stations(draft: Draft) -> None:
    """A head and a clerk a station; the first one's are the demo accounts."""
    heads, clerks = [draft.cast[Role.STATION_HEAD]], [draft.cast[Role.STATION_CLERK]]
    for number, (head, clerk) in enumerate(zip(STATION_HEADS, STATION_CLERKS, strict=True), start=2):
        heads.append(_account(draft, f"zhan{number}", head, f"19900002{number:03}"))
        clerks.append(_account(draft, f"zhan{number}b", clerk, f"19900003{number:03}"))
        _grant(draft, heads[-1], Role.STATION_HEAD)
        _grant(draft, clerks[-1], Role.STATION_CLERK)
    StationPost.objects.bulk_create(
        StationPost(village_committee=village, user=user, kind=kind, first_day=_long_ago(draft))
        for people, kind in ((heads, "head"), (clerks, "clerk"))
        for village, user in zip(draft.villages, people, strict=True)
    )
    draft.station_heads = heads


# ---------------------------------------------------------------- who patrols where


def _cadres(draft: Draft) -> dict[int, list[User]]:
    """The cadres of each village committee; the first of the first is demo-cadre."""
    users = [draft.cast[Role.CADRE]]
    for number, name in enumerate(CADRES, start=2):
        users.append(_account(draft, f"cadre{number:02}", name, f"19900004{number:03}"))
        _grant(draft, users[-1], Role.CADRE)
    left = iter(users)
    return {village.pk: [next(left) for _ in range(n)] for village, n in zip(draft.villages, CADRES_OF, strict=True)}


def _duties(draft: Draft, cadres: dict[int, list[User]]) -> None:
    retired = _account(draft, "shilaogen", RETIRED_CADRE)
    _grant(draft, retired, Role.CADRE, last_day=draft.today - timedelta(days=90))
    me = draft.cast[Role.CADRE]
    in_turn = {village: cycle(user for user in users if user != me) for village, users in cadres.items()}
    rows: list[PatrolDuty] = []
    for name, community in draft.communities.items():
        if name != WITHOUT_CADRE:
            user = me if name in OWN else next(in_turn[community.village_committee_id])
            rows += _links(draft, name, community, user, retired)
    rows.append(_team(draft, cadres))
    PatrolDuty.objects.bulk_create(rows)


def _links(draft: Draft, name: str, community: Community, user: User, retired: User) -> list[PatrolDuty]:
    since = _long_ago(draft)
    if name not in HANDED_OVER:
        return [PatrolDuty(user=user, community=community, first_day=since)]
    day = draft.today - timedelta(days=draft.chance.randrange(95, 400))
    return [
        PatrolDuty(user=retired, community=community, first_day=since, last_day=day - DAY),
        PatrolDuty(user=user, community=community, first_day=day),
    ]


def _team(draft: Draft, cadres: dict[int, list[User]]) -> PatrolDuty:
    """Somebody of another village joins a joint check of this month."""
    user = cadres[draft.villages[1].pk][0]
    community = draft.communities["荆溪华庭"]
    return PatrolDuty(user=user, community=community, kind="team", first_day=draft.this_week.monday)


# ---------------------------------------------------------------- leave and substitutes


def _leave(draft: Draft, cadres: dict[int, list[User]]) -> None:
    """Some days' leave for each cadre now and then; this week demo-cadre stands in for a colleague."""
    everybody = [user for users in cadres.values() for user in users]
    past = draft.weeks[2:-3]
    leave = [_days_off(draft, user, week) for user in everybody for week in past if draft.one_in(34)]
    substitutes = [duty for row in leave for duty in _stand_ins(draft, row, everybody)]
    now_away, now_there = _this_week(draft)
    CadreLeave.objects.bulk_create([*leave, now_away])
    PatrolDuty.objects.bulk_create([*substitutes, now_there])


def _days_off(draft: Draft, user: User, week: Week) -> CadreLeave:
    last = week.monday + draft.chance.randrange(5) * DAY
    return CadreLeave(user=user, first_day=week.monday, last_day=last)


def _this_week(draft: Draft) -> tuple[CadreLeave, PatrolDuty]:
    first, last = days_away(draft.this_week.monday, draft.today)
    community, me = draft.communities[SUBSTITUTED], draft.cast[Role.CADRE]
    away = PatrolDuty.objects.on(draft.today).get(community=community, kind="linked").user
    duty = PatrolDuty(user=me, community=community, kind="substitute", first_day=first, last_day=last)
    return CadreLeave(user=away, first_day=first, last_day=last), duty


def days_away(monday: date, today: date) -> tuple[date, date]:
    """This week's days of leave: today is among them, and a working day of an ordinary week."""
    first = min(today, monday + 3 * DAY)
    return first, max(first + DAY, today)


def _stand_ins(draft: Draft, leave: CadreLeave, everybody: list[User]) -> list[PatrolDuty]:
    """For two leaves in three somebody else patrols for those days."""
    if draft.one_in(3):
        return []
    links = PatrolDuty.objects.on(leave.first_day).filter(user=leave.user, kind="linked")
    other = everybody[(everybody.index(leave.user) + 7) % len(everybody)]
    return [
        PatrolDuty(
            user=other,
            community=link.community,
            kind="substitute",
            first_day=leave.first_day,
            last_day=leave.last_day,
        )
        for link in links.select_related("community")
        if link.holds_on(leave.last_day)
    ]


# ---------------------------------------------------------------- firms


def _firm_people(draft: Draft) -> None:
    """A manager a firm; the first firm's are the demo accounts."""
    posts = [
        FirmPost(firm=draft.firms[0], user=draft.cast[Role.FIRM_MANAGER], kind="manager", first_day=_long_ago(draft)),
        FirmPost(firm=draft.firms[0], user=draft.cast[Role.FIRM_STAFF], kind="staff", first_day=_long_ago(draft)),
    ]
    for number, firm in enumerate(draft.firms[1:], start=2):
        name = draft.chance.choice(SURNAMES) + draft.chance.choice(GIVEN)
        user = _account(draft, f"firm{number}", name, f"19900005{number:03}")
        _grant(draft, user, Role.FIRM_MANAGER)
        posts.append(FirmPost(firm=firm, user=user, kind="manager", first_day=_long_ago(draft)))
    FirmPost.objects.bulk_create(posts)


# ---------------------------------------------------------------- building heads


def make_heads(draft: Draft) -> None:
    """楼幢长 of three buildings in four; one of them has the demo account."""
    chosen = [
        (community, building)
        for community in draft.communities.values()
        for building in draft.buildings[community.pk]
        if not draft.one_in(4 if community.kind != OTHER else 2)
    ]
    addresses = [Address(kind="phone", value=f"199001{n:05}") for n in range(len(chosen))]
    Address.objects.bulk_create(addresses, batch_size=BATCH)
    names = [draft.chance.choice(SURNAMES) + draft.chance.choice(GIVEN) for _ in chosen]
    persons = [Person(name=name, phone=phone) for name, phone in zip(names, addresses, strict=True)]
    persons[0].user, persons[0].name = draft.cast[Role.BUILDING_HEAD], draft.cast[Role.BUILDING_HEAD].name
    Person.objects.bulk_create(persons, batch_size=BATCH)
    rows = [_head(draft, *place, person) for place, person in zip(chosen, persons, strict=True)]
    BuildingHead.objects.bulk_create(rows, batch_size=BATCH)


def _head(draft: Draft, community: Community, building: Building, person: Person) -> BuildingHead:
    day = draft.today - timedelta(days=draft.chance.randrange(30, 700))
    by_others = draft.one_in(3)
    return BuildingHead(
        community=community,
        building=building,
        person=person,
        origin="recommended" if by_others else "self",
        recommended_by="业主代表 3 人" if by_others else "",
        appointed_on=day,
        first_day=day,
        last_day=day + timedelta(days=3 * 365),
    )
