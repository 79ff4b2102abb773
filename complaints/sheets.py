"""Complaints that come in as sheets: orders of the hotline 12345, and what is open in the ledger of before. Issue 7 §1

The engine of the registry reads them (`communities.sheets`): a preview with every bad row, then all or nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.roles import Act
from communities.models import Community
from communities.sheets import Column, Line, RowKind, register
from lib import cells
from lib.cells import Wrong
from lib.periods import beijing_date, midnight

from . import assigning, hotline, registration
from .kinds import Category, Level, Source
from .models import Complaint
from .models.cases import MOST_CHARACTERS

NOON = timedelta(hours=12)
LOST_DIGITS = "工单号是按数字存的，Excel 丢了后几位。请把这一列设成文本格式，照 12345 的系统重新写。"
MOST_EXACT = 10**15  # a number of Excel holds 15 digits


def order_number(cell: Any) -> str:
    """The number of an order as text; one that Excel made a long number of has lost its last digits."""
    words = cells.code(40)(cell)
    if (isinstance(cell, float) and cell >= MOST_EXACT) or ("E+" in words.upper() and "." in words):
        raise Wrong(LOST_DIGITS)
    return words


def own_id(said: str) -> UUID:
    """The same for the same row, and guessed by nobody: whoever sends a record's number again is shown its link."""
    return UUID(bytes=salted_hmac("complaints.sheets", said, algorithm="sha256").digest()[:16])


def set_places(lines: Sequence[Line], *, by: User) -> None:
    """Puts the community that is meant into each line's ``row``, or refuses the line."""
    places = list(Community.objects.overseen_by(by))
    for line in lines:
        typed = line.values.get("community")
        if line.wrong or not typed:  # what is empty is refused as such
            continue
        found = _meant(typed, places)
        if len(found) == 1:
            line.row = found[0]
        elif found:
            line.refuse("community", f"有几个像的，写完整：{'、'.join(row.name for row in found[:5])}。")
        else:
            line.refuse("community", f"没有叫“{typed}”的小区，或者它不归您管。照登记的名称写。")


def _meant(typed: str, places: Sequence[Community]) -> list[Community]:
    """The one with just this name or code, else those whose name is part of what was typed, or the other way round."""
    exact = [row for row in places if typed == row.name or typed.upper() == row.code]
    return exact or [row for row in places if typed in row.name or row.name.rpartition("·")[2] in typed]


TEXT = Column(
    "text",
    "诉求内容",
    cells.text(MOST_CHARACTERS),
    ("什么事", "内容", "反映内容", "工单内容", "诉求描述", "主要诉求", "投诉内容", "反映问题", "投诉事项", "事由"),
    required=True,
    width=60,
)
COMMUNITY = Column(
    "community",
    "小区",
    cells.text(60),
    ("小区名称", "涉及小区", "所属小区", "项目名称"),
    required=True,
    example="演示·松苑小区",
    width=24,
)
PLACE = Column(
    "place", "在哪里", cells.text(100), ("地址", "地点", "事发地址", "诉求地址", "详细地址", "位置"), width=24
)
NAME = Column("name", "诉求人", cells.text(30), ("来电人", "姓名", "反映人", "投诉人", "联系人"), private=True)
PHONE = Column(
    "phone",
    "联系电话",
    cells.phone,
    ("电话", "手机", "手机号码", "来电号码", "联系方式", "投诉人电话"),
    private=True,
    width=16,
)
CATEGORY = Column(
    "category",
    "类别",
    cells.choice(Category),
    ("投诉类别",),
    words=lambda value: Category(value).label,
    options=tuple(Category.labels),
    hint="不写就照内容里的词定。",
)


class ComplaintSheet(RowKind):
    """What both sheets share: each row is registered like any other complaint, once."""

    act = Act.COMPLAINT

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        set_places(lines, by=by)
        super().compare(lines, by=by)

    def rows_of(self, by: User, wanted: dict[str, Any]):
        """Open cases of the user's communities; who complained is masked. ARCHITECTURE, personal data"""
        rows = Complaint.objects.handled_by(by).open().filter(**{f"community__{key}": v for key, v in wanted.items()})
        return rows.select_related("community").prefetch_related("complainants__contact__phone").order_by("pk")

    def values_of(self, row: Complaint) -> dict[str, Any]:
        people = [one.contact for one in row.complainants.all() if not one.joined]
        who = {"name": f"{people[0].name[:1]}**" if people and people[0].name else None}
        who["phone"] = people[0].phone.masked if people and people[0].phone else None
        return who | {"community": row.community.name, "text": row.text, "place": row.place, "category": row.category}


class Orders(ComplaintSheet):
    name, title = "hotline", "12345 工单"
    about = "12345 转来的工单，一行一件；号码和期限照 12345 的。再导一次，号码登记过的只更新期限。"
    key = ("number",)
    columns = (
        Column(
            "number",
            "工单号",
            order_number,
            ("工单编号", "工单号码", "受理编号", "诉求编号", "单号", "编号"),
            required=True,
            hint="先把这一列设成文本格式。",
            width=22,
        ),
        COMMUNITY,
        TEXT,
        PLACE,
        NAME,
        PHONE,
        Column(
            "due",
            "办理期限",
            cells.day,
            ("办结时限", "处理时限", "截止时间", "截止日期", "办结期限", "限办日期", "要求办结时间"),
            example="2026-11-30",
        ),
        CATEGORY,
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        rows = Complaint.objects.filter(platform_number__in=[line.values["number"] for line in lines])
        found = {row.platform_number: row for row in rows}
        for line in lines:
            line.row = found.get(line.values["number"], line.row)
        return {(number,): {"number": number, "due": row.platform_due} for number, row in found.items()}

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        """Of an order that is here only a new term counts; its words were taken in as they came first."""
        super().compare(lines, by=by)
        for line in lines:
            line.changes = {name: pair for name, pair in line.changes.items() if name == "due"}

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        if isinstance(line.row, Complaint):
            hotline.new_term(complaint=line.row, platform_due=line.values["due"], by=by, now=now)
            return
        typed = {name: line.values.get(name) or "" for name in ("text", "place", "name", "phone", "category")}
        order = {"platform_number": line.values["number"], "platform_due": line.values.get("due")}
        say = {"community": line.row, "source": Source.HOTLINE, "by": by, "now": now}
        say["client_id"] = own_id(f"12345:{line.values['number']}")
        registration.register(**typed, **order, **say)

    def rows(self, by: User, **wanted: Any) -> Iterable[dict[str, Any]]:
        for row in self.rows_of(by, wanted).filter(source=Source.HOTLINE):
            yield self.values_of(row) | {"number": row.platform_number, "due": row.platform_due}


class OpenCases(ComplaintSheet):
    name, title = "open-complaints", "原台账里没办完的投诉"
    about = "用本系统以前登记、还没办完的，一行一件；期限从登记日期算起。小区、日期、内容都一样的算同一件。"
    key = ("community", "day", "text")
    columns = (
        COMMUNITY,
        Column(
            "day",
            "登记日期",
            cells.day,
            ("日期", "投诉日期", "受理日期", "登记时间", "反映时间", "投诉时间"),
            required=True,
            example="2026-11-20",
        ),
        TEXT,
        PLACE,
        NAME,
        PHONE,
        Column(
            "source",
            "来源",
            cells.choice(Source, 来电="phone", 上门="visit", 信件="letter", 热线="hotline", 转办="transferred"),
            ("投诉方式", "反映方式"),
            words=lambda value: Source(value).label,
            hint="不写就是来访。",
        ),
        CATEGORY,
        Column(
            "level",
            "由谁答复",
            cells.choice(Level, 物业="firm", 社区="station", 镇里="town"),
            ("承办单位", "办理单位", "责任单位"),
            words=lambda value: Level(value).label,
            options=tuple(Level.labels),
            width=14,
        ),
        Column("so_far", "办到哪了", cells.text(500), ("办理情况", "处理情况", "进展"), width=40),
    )
    NOT_WRITTEN_DOWN = (Source.ONLINE, Source.MAILBOX, Source.HOTLINE)

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        places = {line.row for line in lines if line.row}
        rows = Complaint.objects.filter(community__in=places, registered_on__in={line.values["day"] for line in lines})
        found = {(row.community_id, row.registered_on, cells.plain(row.text)) for row in rows}
        same = [line for line in lines if line.row and self._where(line) in found]
        return {self.key_of(line.values): dict(line.values) for line in same}

    def _where(self, line: Line) -> tuple:
        return line.row.pk, line.values["day"], line.values["text"]

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        values = line.values
        if values["day"] > beijing_date(now):
            raise ValidationError({"day": "登记日期在今天以后，看看是不是写错了。"})
        source = values.get("source") or Source.VISIT
        if source in self.NOT_WRITTEN_DOWN:
            raise ValidationError({"source": "12345 的用“12345 工单”导入；网上和信箱来的这里已经有了。"})
        typed = {name: values.get(name) or "" for name in ("text", "place", "name", "phone", "category", "level")}
        came = min(midnight(values["day"]) + NOON, now)
        row = registration.register(
            community=line.row,
            source=source,
            **typed,
            from_ledger=True,
            by=by,
            now=came,
            client_id=own_id(f"ledger:{self._where(line)}"),
        )
        assigning.accept(complaint=row, by=by, now=now)
        if values.get("so_far"):
            assigning.remark(complaint=row, text=f"原台账：{values['so_far']}", by=by, now=now)

    def rows(self, by: User, **wanted: Any) -> Iterable[dict[str, Any]]:
        for row in self.rows_of(by, wanted):
            yield self.values_of(row) | {"day": row.registered_on, "source": row.source, "level": row.level}


def register_sheets() -> None:
    """Called once at start."""
    for kind in (Orders, OpenCases):
        register(kind())
