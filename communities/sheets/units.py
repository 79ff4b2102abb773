"""The sheet of units with their owners: 50,000 rows read, compared and written by whole sets.

A unit with several owners takes several rows. Owners that are the same people with the same shares stay; others than
those registered are a sale, which needs its day and its paper.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from accounts.models import User
from accounts.roles import Act
from lib import bulk, cells
from lib.periods import beijing_date

from ..models import Building, Ownership, Person, Stairwell, Unit
from . import finding, unit_writing
from .declare import Column, Kind, Line, Values, changes
from .places import COMMUNITY, building_code, building_name, label, options, stairwell_code
from .progress import each
from .unit_codes import room_code, unit_code
from .unit_owners import Known, document, people_by_key

UNIT = ("building", "stairwell", "use", "area_centi", "sale_state")
How = Ownership.How


def area_words(value: int | None) -> str:
    return "" if value is None else f"{value // 100}.{value % 100:02}"


class Units(Kind):
    name, title = "units", "户和业主"
    about = (
        "一行一户；几个人共有的，一个人一行，写上份额。没有的幢和单元会自动建。"
        "业主和登记的不一样，就是过户：写上取得日期和凭据。空着的格子不改原来的。"
    )
    act = Act.REGISTRY
    key = ("community", "room")
    columns = (
        COMMUNITY,
        Column(
            "building",
            "幢",
            building_code,
            ("幢号", "楼号", "楼栋", "栋号", "楼幢"),
            required=True,
            words=building_name,
            example="3幢",
            width=8,
        ),
        Column(
            "stairwell", "单元", stairwell_code, ("单元号", "梯"), words=lambda code: code or "", example="1", width=8
        ),
        Column(
            "room",
            "房号",
            room_code,
            ("室号", "房号编码", "户号", "门牌号", "房间号"),
            required=True,
            example="502",
            width=12,
        ),
        Column(
            "use",
            "用途",
            cells.choice(Unit.Use, 商业="shop", 店面="shop", 车位="garage"),
            ("房屋用途", "规划用途"),
            words=label(Unit.Use),
            options=options(Unit.Use),
            width=8,
        ),
        Column(
            "area_centi",
            "面积",
            cells.area,
            ("建筑面积", "专有面积", "房屋面积", "产权面积"),
            required=True,
            words=area_words,
            example="89.56",
            hint="平方米",
            width=10,
        ),
        Column(
            "sale_state",
            "销售状态",
            cells.choice(Unit.SaleState, 未交付="undelivered", 待售="unsold"),
            ("状态", "房屋状态"),
            words=label(Unit.SaleState),
            options=options(Unit.SaleState),
            hint="不写就是已售。未售、已售未交付的归开发建设单位。",
        ),
        Column(
            "owner",
            "业主",
            cells.text(60),
            ("业主姓名", "姓名", "产权人", "户主", "业主名称", "所有权人"),
            example="演示·王某",
            private=True,
        ),
        Column(
            "document",
            "证件号码",
            document,
            ("身份证号", "身份证", "身份证号码", "证件号", "统一社会信用代码"),
            hint="先把这一列设成文本格式。",
            width=22,
            private=True,
        ),
        Column(
            "phone",
            "电话",
            cells.phone,
            ("联系电话", "手机", "手机号", "业主电话", "手机号码"),
            example="13800138000",
            width=15,
            private=True,
        ),
        Column("address", "通信地址", cells.text(120), ("联系地址",), width=24, private=True),
        Column(
            "share",
            "份额",
            cells.share,
            ("产权份额", "共有份额", "所占份额"),
            words=lambda value: "" if value in (None, 1) else str(value),
            hint="共有的写 1/2 这样；一个人的不用写。",
            width=8,
        ),
        Column(
            "how",
            "取得方式",
            cells.choice(How, 购买="purchase"),
            (),
            words=label(How),
            options=("买卖", "继承", "赠与", "裁判", "其他"),
        ),
        Column(
            "first_day",
            "取得日期",
            cells.day,
            ("起始日期", "登记日期", "过户日期"),
            hint="从哪天起是业主；不知道就空着，从导入那天起算。",
        ),
        Column("paper", "凭据", cells.text(100), ("不动产权证号", "产权证号", "房产证号", "合同号"), width=22),
    )

    def key_of(self, values: Values):
        """A row is a unit and one of its owners."""
        room = values.get("room")
        code = unit_code(values.get("building"), values.get("stairwell"), room) if room else None
        return values.get("community"), code, values.get("owner"), values.get("document")

    def label(self, values: Values) -> str:
        return f"{values.get('community') or ''} {self.key_of(values)[1] or ''}".strip()

    # ------------------------------------------------------------ compare

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        finding.set_community(lines, by=by)
        _demand_one_name(lines)
        sound = [line for line in lines if not line.wrong]
        units = _standing({line.row.pk for line in sound})
        known = Known.of(units.values(), [line.values for line in sound])
        houses: dict[tuple[int, str], House] = {}
        groups: dict[House, list[Line]] = defaultdict(list)
        for line in sound:
            key = line.row.pk, self.key_of(line.values)[1]
            line.row = houses.setdefault(key, House(line.row, key[1], units.get(key), known))
            groups[line.row].append(line)
        for group in each(list(groups.values()), "比对"):
            _compare_unit(group)
            known.compare(group)
        for line in sound:
            if not line.wrong and line.before is None:
                self.demand_required(line)

    def examine(self, lines: Sequence[Line], *, by: User, now: datetime) -> None:
        today = beijing_date(now)
        for line in lines:
            if (first := line.values.get("first_day")) and first > today:
                line.refuse("first_day", "还没到这一天。只登记已经发生的，办好手续再导入。")

    # ------------------------------------------------------------ write, take out

    def write(self, lines: Sequence[Line], *, by: User, now: datetime) -> None:
        unit_writing.write(lines, today=beijing_date(now))

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        """Each unit once an owner of today, in four queries; the document's number with stars."""
        units = Unit.objects.visible_to(by).filter(**{f"community__{name}": value for name, value in wanted.items()})
        units = sorted(units.values_list("community__pinyin", "community", "code", "pk", *PLACED))
        owners = defaultdict(list)
        seen = Ownership.objects.visible_to(by).filter(last_day=None, unit__in=bulk.one_of(row[3] for row in units))
        for unit, person, *owned in seen.order_by("pk").values_list("unit", "person", *OWNED):
            owners[unit].append((person, owned))
        people = people_by_key({person for rows in owners.values() for person, _ in rows})
        for _, _, code, unit, *placed in units:
            values = _unit_values(code, *placed)
            for person, owned in owners.get(unit) or [(None, None)]:
                yield values | (_owner_values(*people[person], *owned) if person else {})


class House:
    """The unit that a line is about: its community, its code, and what stands."""

    __slots__ = ("building", "code", "community", "known", "owners", "plan", "stairwell", "standing", "unit")

    def __init__(self, community, code: str, standing: Values | None, known: Known):
        self.community, self.code, self.standing, self.known = community, code, standing, known
        self.plan = self.owners = self.unit = self.building = self.stairwell = None


def _standing(communities: set[int]) -> dict[tuple[int, str], Values]:
    """What stands in the communities, by community and code in one form; in three queries."""
    names = ("pk", "community_id", "code", "use", "area_centi", "sale_state", "stairwell_id", "stairwell", "building")
    buildings = dict(Building.objects.filter(community__in=communities).values_list("pk", "code"))
    stairwells = dict(Stairwell.objects.filter(building__community__in=communities).values_list("pk", "code"))
    found = {}
    for row in Unit.objects.filter(community__in=communities).values_list(*names[:-2], "stairwell", "building"):
        values = dict(zip(names, row, strict=True))
        values["building"] = building_code(buildings[values["building"]])
        values["stairwell"] = stairwells.get(values["stairwell"])
        found[values["community_id"], unit_code(values["building"], values["stairwell"], values["code"])] = values
    return found


def _demand_one_name(lines: Sequence[Line]) -> None:
    """A number in two rows is one person, so both have one name."""
    seen: dict[str, Line] = {}
    for line in lines:
        wanted = line.values.get("document")
        if line.wrong or wanted is None or wanted.is_masked:
            continue
        first = seen.setdefault(wanted.number, line)
        if first.values.get("owner") != line.values.get("owner"):
            line.refuse("document", f"和第 {first.number} 行是同一个证件号码、两个名字。照证件核对。")


def _compare_unit(group: Sequence[Line]) -> None:
    """The rows of one unit say the same of the unit itself, and it stays in its building."""
    first = group[0]
    for line in group:
        for name in UNIT:
            if line.values.get(name) != first.values.get(name):
                line.refuse(name, f"和第 {first.number} 行是同一户，这里写得不一样。")
        standing = line.row.standing
        if standing is None:
            continue
        line.before = standing
        line.changes = changes(standing, {name: line.values.get(name) for name in UNIT if name in line.values})
        if "building" in line.changes:
            was = building_name(standing["building"])
            line.refuse("building", f"这个房号登记在{was}，一户不能在两幢里。房号写错了就改房号。")


PLACED = ("community__name", "building__code", "stairwell__code", *UNIT[2:])
OWNED = ("share_numerator", "share_denominator", "how", "paper", "first_day")


def _unit_values(code: str, community: str, building: str, stairwell: str | None, *unit: Any) -> Values:
    place = {"community": community, "building": building_code(building), "stairwell": stairwell, "room": code}
    return place | dict(zip(UNIT[2:], unit, strict=True))


def _owner_values(
    name: str, phone: str | None, address: str, number_hash: str, number_sealed: bytes | None,
    numerator: int, denominator: int, how: str, paper: str, first_day: date,
) -> Values:  # fmt: skip
    return {
        "owner": name,
        "document": Person(number_sealed=number_sealed).number_masked or None if number_sealed else None,
        "phone": phone,
        "address": address or None,
        "share": Fraction(numerator, denominator),
        "how": how if paper else None,
        "first_day": first_day,
        "paper": paper or None,
    }
