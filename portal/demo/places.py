"""Village committees, communities, their buildings, units and equipment."""

from datetime import timedelta

from communities.models import Building, Community, Equipment, Stairwell, Unit, VillageCommittee
from lib.money import allocate
from portal.demo.draft import BATCH, Draft
from portal.demo.words import DEVELOPED, MARK, OTHER, PLACES, VILLAGES

# style → floors, dwellings a floor and stairwell, units that a usual building has
STYLES = {"dormitory": ([4, 5], 2, 20), "slab": ([6], 2, 30), "tower": ([11, 15, 18], 3, 66)}


def make(draft: Draft) -> None:
    """The town's places, down to its units and lifts."""
    _villages(draft)
    _communities(draft)
    shares = allocate(draft.units, {place.name: place.weight for place in PLACES})
    _buildings(draft, shares)
    _equipment(draft)


def _villages(draft: Draft) -> None:
    rows = [
        VillageCommittee(name=MARK + name, kind=kind, phone=f"0578-88002{n:02}", address=f"{name}办公楼一楼")
        for n, (name, kind) in enumerate(VILLAGES, start=1)
    ]
    for row in rows:
        row.fill_pinyin()
    draft.villages = VillageCommittee.objects.bulk_create(rows)


def _communities(draft: Draft) -> None:
    for number, place in enumerate(PLACES, start=1):
        row = Community(
            name=MARK + place.name,
            code=draft.code(),
            village_committee=draft.villages[place.village],
            kind=place.kind,
            tags=list(place.tags),
            address=f"{VILLAGES[place.village][0]}演示路{number}号",
            built_year=place.year,
        )
        row.fill_pinyin()
        draft.communities[place.name] = row
    for place, row in zip(PLACES, Community.objects.bulk_create(draft.communities.values()), strict=True):
        draft.places[row.pk] = place


# ---------------------------------------------------------------- buildings and units


def _buildings(draft: Draft, shares: dict[str, int]) -> None:
    """As many buildings as each community's share of units asks for, all about equally large."""
    buildings: list[Building] = []
    stairwells: list[Stairwell] = []
    units: list[Unit] = []
    for community in draft.communities.values():
        for number, size in enumerate(_sizes(draft, community, shares), start=1):
            building = _building(draft, community, number)
            doors = _stairwells(building, size, STYLES[draft.places[community.pk].style][1])
            buildings.append(building)
            stairwells += doors
            units += _units(draft, building, doors, size)
    Building.objects.bulk_create(buildings)
    Stairwell.objects.bulk_create(stairwells)
    Unit.objects.bulk_create(units, batch_size=BATCH)
    for building in buildings:
        draft.buildings.setdefault(building.community_id, []).append(building)


def _sizes(draft: Draft, community: Community, shares: dict[str, int]) -> list[int]:
    """The units of each building; what a community is named after, it has: A to D, 7 to 9."""
    place = draft.places[community.pk]
    units = shares[place.name]
    count = min(units, len(place.buildings) or max(1, round(units / STYLES[place.style][2])))
    return [units // count + (n < units % count) for n in range(count)]


def _building(draft: Draft, community: Community, number: int) -> Building:
    place = draft.places[community.pk]
    floors = STYLES[place.style][0]
    name = place.buildings[number - 1] if number <= len(place.buildings) else f"{number}幢"
    tower = place.style == "tower"
    return Building(
        community=community,
        code=f"{number:02}",
        name=name,
        structure="shear_wall" if tower else "brick" if place.year < 2000 else "frame",
        floors=draft.chance.choice(floors),
        fund_class="high_rise" if tower else "multi_storey",
        guarantee_until=draft.today.replace(year=place.year + 8, month=6, day=30) if place.year > 2016 else None,
    )


def _stairwells(building: Building, size: int, a_floor: int) -> list[Stairwell]:
    """As many as the units need."""
    count = -(-size // (building.floors * a_floor))
    return [Stairwell(building=building, code=str(n), name=f"{n}单元") for n in range(1, count + 1)]


def _units(draft: Draft, building: Building, doors: list[Stairwell], most: int) -> list[Unit]:
    place = draft.places[building.community_id]
    a_floor = STYLES[place.style][1]
    units: list[Unit] = []
    for floor in range(1, building.floors + 1):
        for door in doors:
            for number in range(1, a_floor + 1):
                shop = place.kind == DEVELOPED and building.code == "01" and floor == 1
                units.append(_unit(draft, building, door, f"{floor:02}{number:02}", shop))
    return units[:most]


def _unit(draft: Draft, building: Building, door: Stairwell, room: str, shop: bool) -> Unit:
    new = draft.places[building.community_id].year >= 2020
    return Unit(
        community=building.community,
        building=building,
        stairwell=door,
        code=f"{building.code}-{door.code}-{room}",
        use=Unit.Use.SHOP if shop else Unit.Use.DWELLING,
        area_centi=draft.chance.randrange(3000, 9000) if shop else draft.chance.randrange(5200, 14500),
        sale_state=Unit.SaleState.UNSOLD if new and draft.one_in(12) else Unit.SaleState.SOLD,
    )


# ---------------------------------------------------------------- equipment


def _equipment(draft: Draft) -> None:
    rows: list[Equipment] = []
    for community in draft.communities.values():
        rows += _lifts(draft, community)
        rows += _of_the_community(draft, community)
    Equipment.objects.bulk_create(rows, batch_size=BATCH)


def _lifts(draft: Draft, community: Community) -> list[Equipment]:
    """One or two lifts a tower, inspected once a year: some are due soon, a few too late."""
    if draft.places[community.pk].style != "tower":
        return []
    return [
        _row(draft, community, "lift", f"{building.name}{n}号梯", building=building, maintainer="演示·安通电梯维保")
        for building in draft.buildings[community.pk]
        for n in range(1, draft.chance.choice([1, 2]) + 1)
    ]


def _of_the_community(draft: Draft, community: Community) -> list[Equipment]:
    rows = [_row(draft, community, "fire", "灭火器", capacity=10 * len(draft.buildings[community.pk]))]
    if community.kind != OTHER:
        rows.append(_row(draft, community, "charging_shed", "东侧充电棚", capacity=draft.chance.randrange(20, 61, 10)))
    if draft.places[community.pk].style == "tower":
        rows.append(_row(draft, community, "garage", "地下车库", capacity=draft.chance.randrange(120, 400, 10)))
    return rows


def _row(draft: Draft, community: Community, kind: str, name: str, **columns) -> Equipment:
    first_day = draft.today.replace(year=max(draft.places[community.pk].year, 2004), month=6, day=1)
    inspected = None if kind == "garage" else draft.today - timedelta(days=draft.chance.randrange(5, 372))
    return Equipment(
        community=community,
        kind=kind,
        name=name,
        first_day=first_day,
        inspected_on=inspected,
        inspect_by=inspected and inspected + timedelta(days=365),
        **columns,
    )
