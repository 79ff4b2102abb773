"""Writes units and their owners by whole sets: a handful of statements, whatever the number of rows."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from lib import bulk, pinyin, sealed
from lib.periods import DAY

from ..models import Building, Ownership, Person, Stairwell, Unit
from .declare import Line, Values
from .places import building_code, building_name, stairwell_name
from .progress import each
from .unit_owners import Known, kind_of

SOLD, DWELLING = Unit.SaleState.SOLD, Unit.Use.DWELLING


def write(lines: Sequence[Line], *, today: date) -> None:
    """Buildings and units first, then people, then who owns what."""
    groups = _by_house(lines)
    if not groups:
        return
    _go_by_keys()
    _make_places(groups)
    _make_units([group for group in groups if group[0].row.standing is None])
    _change_units([group[0] for group in groups if group[0].row.standing is not None])
    _write_owners(groups, groups[0][0].row.known, today)


def _go_by_keys() -> None:
    """Buildings made a moment ago have no statistics, and each of 200,000 checks of keys would read all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def _by_house(lines: Iterable[Line]) -> list[list[Line]]:
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(id(line.row), []).append(line)
    return list(groups.values())


# ---------------------------------------------------------------- places and units


def _make_places(groups: Sequence[Sequence[Line]]) -> None:
    """Each line's house learns the keys of its building and stairwell; those that are not there are made."""
    communities = {group[0].row.community for group in groups}
    buildings = _keyed(Building.objects.filter(community__in=communities), "community_id", building_code)
    wanted = [(house.community.pk, code) for house, code in _places(groups, "building")]
    _make(Building, "community_id", building_name, wanted, buildings)
    for (house, _), key in zip(_places(groups, "building"), wanted, strict=True):
        house.building = buildings[key].pk
    stairwells = _keyed(Stairwell.objects.filter(building__community__in=communities), "building_id", str)
    _make(
        Stairwell,
        "building_id",
        stairwell_name,
        [(h.building, code) for h, code in _places(groups, "stairwell") if code],
        stairwells,
    )
    for house, code in _places(groups, "stairwell"):
        house.stairwell = stairwells[house.building, code].pk if code else None


def _places(groups: Sequence[Sequence[Line]], column: str) -> Iterable[tuple[Any, str | None]]:
    """Each house with the code of its building or stairwell, as the sheet says or as it stands."""
    for group in groups:
        house = group[0].row
        yield house, group[0].values.get(column) or (house.standing[column] if house.standing else None)


def _make(model, of: str, name, wanted: Iterable[tuple[int, str]], known: dict[tuple[int, str], Any]) -> None:
    """Makes the buildings or stairwells that are not known yet, in one statement."""
    new = [key for key in dict.fromkeys(wanted) if key not in known]
    rows = model.objects.bulk_create(model(**{of: place}, code=code, name=name(code)) for place, code in new)
    known |= dict(zip(new, rows, strict=True))


def _keyed(rows: Iterable[Any], of: str, code) -> dict[tuple[int, str], Any]:
    return {(getattr(row, of), code(row.code)): row for row in rows}


UNIT_COLUMNS = ("id", "community_id", "building_id", "stairwell_id", "code", "use", "area_centi", "sale_state")


def _make_units(groups: Sequence[Sequence[Line]]) -> None:
    for group, key in zip(groups, bulk.keys(Unit, len(groups)), strict=True):
        group[0].row.unit = key
    bulk.insert(Unit, UNIT_COLUMNS, map(_unit_row, each(groups, "写入户")))


def _unit_row(group: Sequence[Line]) -> tuple:
    house, values = group[0].row, group[0].values
    state = values.get("sale_state") or SOLD
    place = house.unit, house.community.pk, house.building, house.stairwell, house.code
    return *place, values.get("use") or DWELLING, values["area_centi"], state


CHANGE_UNITS = """
UPDATE communities_unit u SET stairwell_id = n.stairwell, use = n.use, area_centi = n.area, sale_state = n.state
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::integer[], %s::text[]) AS n (id, stairwell, use, area, state)
WHERE u.id = n.id
"""


def _change_units(lines: Sequence[Line]) -> None:
    rows = []
    for line in lines:
        house, values = line.row, line.values
        house.unit = house.standing["pk"]
        if not line.changes.keys() & {"stairwell", "use", "area_centi", "sale_state"}:
            continue
        kept = [values.get(name) or house.standing[name] for name in ("use", "area_centi", "sale_state")]
        rows.append((house.unit, house.stairwell or house.standing["stairwell_id"], *kept))
    _update(CHANGE_UNITS, rows)


def _update(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


# ---------------------------------------------------------------- people


ADD_PHONES = """
INSERT INTO accounts_address (kind, value) SELECT 'phone', unnest(%s::text[]) ON CONFLICT DO NOTHING
"""


def _phones(lines: Iterable[Line]) -> dict[str, int]:
    """The keys of the numbers that the lines name; new ones are made."""
    numbers = list({line.values["phone"] for line in lines if line.values.get("phone")})
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ADD_PHONES, [numbers])
        cursor.execute("SELECT value, id FROM accounts_address WHERE kind = 'phone' AND value = ANY(%s)", [numbers])
        return dict(cursor.fetchall())


PERSON_COLUMNS = ("id", "kind", "name", "pinyin", "initials", "phone_id", "address", "document")
PERSON_COLUMNS += ("number_sealed", "number_hash")


def _make_people(lines: Sequence[Line], known: Known, phones: dict[str, int]) -> dict[int, int]:
    """The key of the person of each line (by the line's id): registered ones, and new ones, each once."""
    found: dict[int, int] = {}
    new: dict[Any, list[Line]] = {}
    for line in lines:
        if person := known.person(line.values):
            found[id(line)] = person
        else:
            new.setdefault(_same_person(line), []).append(line)
    rows = []
    for key, meant in zip(bulk.keys(Person, len(new)), new.values(), strict=True):
        rows.append(_person_row(key, meant[0].values, phones))
        found |= dict.fromkeys(map(id, meant), key)
    bulk.insert(Person, PERSON_COLUMNS, rows)
    return found


def _same_person(line: Line) -> Any:
    """What makes two rows of a sheet one person: the number, or name and phone; else each row is somebody."""
    values = line.values
    if values.get("document"):
        return values["document"].hash
    return (values["owner"], values["phone"]) if values.get("phone") else id(line)


def _person_row(key: int, values: Values, phones: dict[str, int]) -> tuple:
    sort_key, initials = pinyin.of_name(values["owner"])
    words = kind_of(values), values["owner"], sort_key[:200], initials[:60]
    wanted, phone = values.get("document"), phones.get(values.get("phone"))
    number = (wanted.kind, sealed.seal(wanted.number), wanted.hash) if wanted else ("", None, "")
    return key, *words, phone, values.get("address") or "", *number


CHANGE_PEOPLE = """
UPDATE communities_person p SET phone_id = coalesce(n.phone, p.phone_id), address = coalesce(n.address, p.address)
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS n (id, phone, address) WHERE p.id = n.id
"""
ADD_NUMBERS = """
UPDATE communities_person p SET document = n.document, number_sealed = n.sealed, number_hash = n.hash, kind = n.kind
FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::text[], %s::text[]) AS n (id, document, sealed, hash, kind)
WHERE p.id = n.id
"""


def _change_people(groups: Sequence[Sequence[Line]], phones: dict[str, int]) -> None:
    """What the sheet knows more of registered owners."""
    reached, numbered = {}, {}
    for group in groups:
        for line, owner in group[0].row.owners or ():
            values, changed = line.values, line.changes
            if changed.keys() & {"phone", "address"}:
                reached[owner.person] = (owner.person, phones.get(values.get("phone")), values.get("address"))
            if "document" in changed:
                wanted = values["document"]
                numbered[owner.person] = (
                    owner.person, wanted.kind, sealed.seal(wanted.number), wanted.hash, kind_of(values)
                )  # fmt: skip
    _update(CHANGE_PEOPLE, list(reached.values()))
    _update(ADD_NUMBERS, list(numbered.values()))


# ---------------------------------------------------------------- who owns what

OWNERSHIP_COLUMNS = ("unit_id", "person_id", "share_numerator", "share_denominator", "how", "paper", "first_day")
END = """
UPDATE communities_ownership o SET last_day = n.last_day FROM unnest(%s::bigint[], %s::date[]) AS n (id, last_day)
WHERE o.id = n.id
"""


def _write_owners(groups: Sequence[Sequence[Line]], known: Known, today: date) -> None:
    phones = _phones(line for group in groups for line in group)
    _change_people(groups, phones)
    planned = [group for group in groups if group[0].row.plan]
    named = [line for group in planned for line in group if line.values.get("owner")]
    people = _make_people(named, known, phones)
    ends = [
        (owner.ownership, (group[0].row.plan.first_day or today) - DAY)
        for group in planned
        for owner in group[0].row.plan.ends
    ]
    _update(END, ends)
    bulk.insert(Ownership, OWNERSHIP_COLUMNS, _ownership_rows(planned, people, today))


def _ownership_rows(planned: Sequence[Sequence[Line]], people: dict[int, int], today: date) -> Iterable[tuple]:
    for group in each(planned, "写入业主"):
        house, plan = group[0].row, group[0].row.plan
        for line, share in zip(group, plan.shares, strict=True):
            person = plan.developer or people[id(line)]
            days = plan.how, plan.paper, plan.first_day or today
            yield house.unit, person, share.numerator, share.denominator, *days
