"""Sheets of village committees, communities and buildings."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from accounts.models import User
from accounts.roles import Act, demand
from lib import cells
from lib.cells import Wrong

from ..models import Building, Community, Person, VillageCommittee
from . import finding
from .declare import Column, Line, RowKind, Values


def label(kind) -> Any:
    """How a choice is written: by its Chinese word."""
    known = dict(kind.choices)
    return lambda value: str(known.get(value, value or ""))


def labels(kind) -> Any:
    known = dict(kind.choices)
    return lambda values: "、".join(str(known[value]) for value in values or ())


def options(kind) -> tuple[str, ...]:
    return tuple(str(word) for _, word in kind.choices)


def save(row: Model, values: Values, names: Iterable[str]) -> None:
    """Sets what the sheet says, asks the whole row and writes it."""
    for name in names:
        if values.get(name) is not None:
            setattr(row, name, list(values[name]) if isinstance(values[name], tuple) else values[name])
    row.full_clean()
    row.save()


class VillageCommittees(RowKind):
    name, title = "village-committees", "村居（物管站）"
    about = "一行一个村居。再导一次，按名称更新。"
    act = Act.REGISTRY_TOWN
    key = ("name",)
    columns = (
        Column(
            "name",
            "名称",
            cells.text(60),
            ("村居", "村居名称", "社区", "村社区"),
            required=True,
            example="演示·城东社区",
            width=22,
        ),
        Column(
            "kind",
            "类型",
            cells.choice(VillageCommittee.Kind, 居委会="residents", 村委会="village"),
            ("类别",),
            words=label(VillageCommittee.Kind),
            options=options(VillageCommittee.Kind),
            hint="不写就是社区。",
        ),
        Column("phone", "物管站电话", cells.phone, ("电话", "联系电话"), example="0578-8800201", width=16),
        Column("address", "物管站地址", cells.text(120), ("地址", "办公地址"), width=30),
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        rows = VillageCommittee.objects.filter(name__in=[line.values["name"] for line in lines])
        return {(row.name,): self._values(row) for row in rows}

    def _values(self, row: VillageCommittee) -> Values:
        return {column.name: getattr(row, column.name) for column in self.columns}

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        demand(by, self.act)
        row = VillageCommittee.objects.filter(name=line.values["name"]).first() or VillageCommittee()
        save(row, line.values, ("name", "kind", "phone", "address"))

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        return map(self._values, VillageCommittee.objects.visible_to(by).filter(ended_on=None).order_by("pinyin", "pk"))


class Communities(RowKind):
    name, title = "communities", "小区"
    about = "一行一个小区，村居要先有。再导一次，按名称更新。"
    act = Act.REGISTRY_TOWN
    key = ("name",)
    columns = (
        Column(
            "name",
            "小区名称",
            cells.text(60),
            ("小区", "名称", "项目名称", "楼盘名称"),
            required=True,
            example="演示·松苑小区",
            width=24,
        ),
        Column(
            "village_committee",
            "所属村居",
            cells.text(60),
            ("村居", "社区", "所属社区", "村社区"),
            required=True,
            example="演示·城东社区",
            width=20,
        ),
        Column(
            "kind",
            "类别",
            cells.choice(Community.Kind, 开发="developed", 商品房="developed", 安置="settlement", 安置房="settlement"),
            ("类型", "小区类别", "小区类型"),
            required=True,
            words=label(Community.Kind),
            options=options(Community.Kind),
        ),
        Column(
            "tags",
            "特点",
            cells.choices(Community.Tag),
            ("标签",),
            words=labels(Community.Tag),
            hint="老旧小区、单位自建、零散、单位宿舍、示范；几样用顿号隔开。",
            width=18,
        ),
        Column("address", "地址", cells.text(120), ("小区地址", "坐落"), width=30),
        Column("built_year", "建成年份", cells.whole(1900, 2100), ("建成时间", "竣工年份"), example="2006"),
        Column(
            "developer",
            "开发建设单位",
            cells.text(60),
            ("开发商", "建设单位", "开发单位"),
            hint="没售出、没交付的户归它。",
            width=26,
        ),
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        rows = Community.objects.filter(name__in=[line.values["name"] for line in lines])
        return {(row.name,): self._values(row) for row in rows.select_related("village_committee", "developer")}

    def _values(self, row: Community) -> Values:
        values = {name: getattr(row, name) for name in ("name", "kind", "address", "built_year")}
        developer = row.developer.name if row.developer else None
        return values | {
            "village_committee": row.village_committee.name,
            "tags": tuple(row.tags),
            "developer": developer,
        }

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        demand(by, self.act)
        values = line.values
        row = Community.objects.filter(name=values["name"]).first() or Community()
        if values.get("village_committee"):
            row.village_committee = self._village(values["village_committee"])
        if values.get("developer"):
            row.developer = developer_named(values["developer"])
        save(row, values, ("name", "kind", "tags", "address", "built_year"))

    def _village(self, name: str) -> VillageCommittee:
        found = VillageCommittee.objects.filter(name=name).first()
        if found is None:
            raise ValidationError({"village_committee": f"没有叫“{name}”的村居。先导入村居，或者照登记的名称写。"})
        return found

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = Community.objects.visible_to(by).filter(ended_on=None, **wanted)
        return map(self._values, rows.select_related("village_committee", "developer").order_by("pinyin", "pk"))


def developer_named(name: str) -> Person:
    """The body of that name which builds communities; a new one where nobody is called so."""
    found = Person.objects.filter(name=name, kind=Person.Kind.BODY).order_by("pk").first()
    return found or Person.objects.create(name=name, kind=Person.Kind.BODY)


# ---------------------------------------------------------------- buildings

BUILDING = re.compile(r"(?:第)?(.+?)(?:幢|栋|号楼|号|楼|座)?")


def building_code(cell: Any) -> str:
    """3幢, 3号楼, 3 and 03 are 03; A幢 is A."""
    words = cells.code(12)(cell).upper()
    code = BUILDING.fullmatch(words)[1]
    if len(code) > 8:
        raise Wrong("幢号最多 8 位，比如 03 或 A1。")
    return code.zfill(2) if code.isdigit() else code


def stairwell_code(cell: Any) -> str:
    """2单元, 2 and 二单元 are 2."""
    words = cells.code(8)(cell).upper().removesuffix("单元").removesuffix("梯")
    words = words.translate(str.maketrans("一二三四五六七八九甲乙丙丁", "123456789ABCD"))
    if not words or len(words) > 4:
        raise Wrong("单元写成 1、2 这样。")
    return words.lstrip("0") or "0"


def building_name(code: str) -> str:
    return f"{int(code) if code.isdigit() else code}幢"


def stairwell_name(code: str) -> str:
    return f"{code}单元"


COMMUNITY = Column(
    "community",
    "小区",
    cells.text(60),
    ("小区名称", "所属小区", "项目名称"),
    required=True,
    example="演示·松苑小区",
    width=24,
)


class Buildings(RowKind):
    name, title = "buildings", "幢"
    about = "一行一幢，小区要先有。导入户的时候没有的幢会自动建，这张表用来补层数、结构这些。"
    key = ("community", "code")
    columns = (
        COMMUNITY,
        Column(
            "code",
            "幢号",
            building_code,
            ("幢", "楼号", "楼栋", "栋号", "楼幢"),
            required=True,
            words=building_name,
            example="3幢",
        ),
        Column("name", "叫法", cells.text(30), ("楼名", "幢名"), hint="不写就是 3幢 这样。"),
        Column(
            "structure",
            "结构",
            cells.choice(Building.Structure, 砖混结构="brick", 框架结构="frame", 剪力墙结构="shear_wall"),
            ("房屋结构",),
            words=label(Building.Structure),
            options=options(Building.Structure),
        ),
        Column("floors", "地上层数", cells.whole(1, 100), ("层数", "总层数", "楼层数")),
        Column(
            "fund_class",
            "维修资金类别",
            cells.choice(Building.FundClass, 高层="high_rise", 小高层="high_rise"),
            ("交存类别",),
            words=label(Building.FundClass),
            options=options(Building.FundClass),
        ),
        Column("guarantee_until", "保修到期", cells.day, ("保修期至",)),
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        finding.set_community(lines, by=by)
        rows = Building.objects.filter(community__in={line.row for line in lines if line.row}).select_related(
            "community"
        )
        found = {(row.community_id, building_code(row.code)): self._values(row) for row in rows}
        return {
            self.key_of(line.values): values
            for line in lines
            if line.row and (values := found.get((line.row.pk, line.values["code"])))
        }

    def _values(self, row: Building) -> Values:
        values = {column.name: getattr(row, column.name) for column in self.columns}
        return values | {"community": row.community.name, "code": building_code(row.code)}

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        code = line.values["code"]
        rows = {building_code(row.code): row for row in Building.objects.filter(community=line.row)}
        row = rows.get(code) or Building(community=line.row, code=code, name=building_name(code))
        save(row, line.values, ("name", "structure", "floors", "fund_class", "guarantee_until"))

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = Building.objects.visible_to(by).filter(
            ended_on=None, **{f"community__{k}": v for k, v in wanted.items()}
        )
        return map(self._values, rows.select_related("community").order_by("community__pinyin", "community_id", "code"))
