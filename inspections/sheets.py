"""What is open in the ledger of before comes in as a sheet, by the engine of the registry. Issue 6 §5

Each row becomes a finding and goes the way of every finding: to a department, into a task about the cause, or out as a
notice whose term runs from now, because nobody has been told of it here before.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.roles import demand
from communities.models import Building, PatrolDuty
from communities.responsibility import responsible_on
from communities.sheets import Column, Line, RowKind, register
from communities.sheets.declare import Values
from communities.sheets.finding import set_community
from communities.sheets.places import COMMUNITY, building_code, building_name, label, options
from lib import cells
from lib.periods import beijing_date

from . import follow_up
from .models import CheckItem, Finding, FindingEvent, Severity


class OpenFindings(RowKind):
    name, title = "open-findings", "原台账里没办结的问题"
    about = (
        "用本系统以前发现、还没办结的，一行一处。导入以后照常抄告，期限从导入那天起算。"
        "小区、日期、内容都一样的算同一处，再导一次不动。"
    )
    key = ("community", "found_on", "text")
    columns = (
        COMMUNITY,
        Column(
            "found_on",
            "发现日期",
            cells.day,
            ("日期", "检查日期", "巡查日期", "发现时间", "检查时间", "排查日期"),
            required=True,
            example="2026-11-20",
        ),
        Column(
            "text",
            "什么问题",
            cells.text(500),
            ("问题", "内容", "存在问题", "问题描述", "发现的问题", "隐患内容", "隐患描述", "问题内容"),
            required=True,
            example="3幢1单元楼道堆着纸箱",
            width=44,
        ),
        Column(
            "item",
            "检查项",
            cells.text(60),
            ("问题类别", "类别", "问题种类", "隐患类别"),
            required=True,
            hint="巡查表上的编号或名称，比如 PIL1，或者“楼道内堆放杂物”。",
            example="PIL1",
            width=24,
        ),
        Column(
            "severity",
            "等级",
            cells.choice(Severity, 一般隐患="general", 一般问题="general", 较大="serious", 重大隐患="major"),
            ("隐患等级", "严重程度"),
            words=label(Severity),
            options=options(Severity),
            hint="不写就照检查项定的；只能更重，不能更轻。",
        ),
        Column("building", "幢", building_code, ("幢号", "楼号", "楼栋", "楼幢"), words=building_name, example="3幢"),
        Column("place", "在哪里", cells.text(100), ("地点", "具体位置", "位置", "部位"), width=24),
        Column(
            "handling",
            "怎么处理",
            cells.choice(Finding.Handling, 抄告="notice", 整改="notice", 移交="transfer"),
            ("处理办法", "处置方式"),
            words=label(Finding.Handling),
            hint="不写就是抄告责任单位；要部门来办的写“移交”。",
            width=18,
        ),
        Column(
            "finder",
            "发现人",
            cells.text(50),
            ("检查人", "巡查人", "排查人", "上报人"),
            hint="联系过这个小区的干部；不写就是导入的人。",
        ),
        Column("so_far", "办到哪了", cells.text(200), ("整改情况", "办理情况", "处理情况", "备注情况"), width=30),
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        set_community(lines, by=by)
        places = {line.row for line in lines if line.row}
        rows = Finding.objects.filter(community__in=places, found_on__in={line.values["found_on"] for line in lines})
        found = {(row.community_id, row.found_on, cells.plain(row.text)) for row in rows}
        return {self.key_of(line.values): dict(line.values) for line in lines if line.row and _where(line) in found}

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        demand(by, self.act)
        finding = _finding(line, by=by, now=now)
        said = "，".join(filter(None, ["从原台账转入", line.values.get("so_far")]))
        FindingEvent.objects.create(finding=finding, kind=FindingEvent.Kind.FOUND, by=by, at=now, text=said)
        follow_up.go_on(finding, by=by, now=now)

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = Finding.objects.visible_to(by).open().filter(**{f"community__{key}": v for key, v in wanted.items()})
        return map(_values, rows.with_page_parts().select_related("found_by").order_by("community__pinyin", "found_on"))


def _where(line: Line) -> tuple:
    return line.row.pk, line.values["found_on"], cells.plain(line.values["text"])


def _finding(line: Line, *, by: User, now: datetime) -> Finding:
    values, item = line.values, _item(line.values["item"], today=beijing_date(now))
    if values["found_on"] > beijing_date(now):
        raise ValidationError({"found_on": "发现日期在今天以后，看看是不是写错了。"})
    severity = Severity(values.get("severity") or item.severity)
    if severity.rank < Severity(item.severity).rank:
        raise ValidationError({"severity": f"“{item}”定为{Severity(item.severity).label}，不能写得更轻。"})
    return Finding.objects.create(
        client_id=uuid5(NAMESPACE_URL, f"ledger:{_where(line)}"),
        community=line.row,
        source=Finding.Source.LEDGER,
        item=item,
        severity=severity,
        severity_reason="原台账" if severity != item.severity else "",
        building=_building(line),
        place=values.get("place") or "",
        text=values["text"],
        handling=values.get("handling") or Finding.Handling.NOTICE,
        firm=responsible_on(line.row, values["found_on"]).firm,
        found_by=_finder(line) or by,
        found_on=values["found_on"],
    )


def _item(typed: str, *, today: date) -> CheckItem:
    """The item of today's list with this code or these words; a part of the words where it fits one alone."""
    asked = list(CheckItem.objects.asked_on(today))
    same = [item for item in asked if typed.upper() == item.code or typed == item.text]
    alike = same or [item for item in asked if typed in item.text or item.text in typed or item.code in typed.upper()]
    if len(alike) == 1:
        return alike[0]
    which = f"有几项像的：{'、'.join(f'{item.code} {item}' for item in alike[:6])}。" if alike else ""
    raise ValidationError({"item": f"认不出是哪一项。{which}写巡查表上的编号或名称。"})


def _building(line: Line) -> Building | None:
    if not (code := line.values.get("building")):
        return None
    found = [house for house in line.row.buildings.all() if building_code(house.code) == code]
    if not found:
        raise ValidationError({"building": f"{line.row}没有{building_name(code)}。先导入幢，或者写在“在哪里”里。"})
    return found[0]


def _finder(line: Line) -> User | None:
    if not (name := line.values.get("finder")):
        return None
    duties = PatrolDuty.objects.filter(community=line.row, user__name=name).select_related("user")
    people = {duty.user for duty in duties}
    if len(people) != 1:
        raise ValidationError({"finder": f"没有（或者不止一位）叫“{name}”的干部联系过{line.row}。不清楚就空着。"})
    return people.pop()


def _values(row: Finding) -> Values:
    kept = {name: getattr(row, name) for name in ("found_on", "text", "severity", "place", "handling")}
    where = {"community": row.community.name, "building": row.building and building_code(row.building.code)}
    return kept | where | {"item": row.item.code, "finder": row.found_by.name}


def register_sheets() -> None:
    """Called once at start."""
    register(OpenFindings())
