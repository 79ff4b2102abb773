"""The menu of each role: what stands in the bar at the bottom of a phone and in the tabs of a desk (UI.md 4)."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, User
from accounts.people import home_role
from accounts.roles import FIRM, OFFICE, STATION, Role
from inspections import waiting

NOTICES = "inspections:notice-list"


@dataclass
class Item:
    """One entry; ``wide`` stands in the tabs of a desk, and on a phone under 我的."""

    label: str
    icon: str
    url: str
    count: int = 0
    wide: bool = False
    active: bool = False


def _item(label: str, icon: str, name: str, **more) -> Item:
    return Item(label, icon, _address(name), **more)


_address = cache(reverse)  # a menu's addresses never change, and every page asks for them


def _notices(label: str = "抄告") -> Item:
    return _item(label, "notice", NOTICES)


def _cadre() -> list[Item]:
    return [
        _item("本周", "week", "inspections:week"),
        _item("巡查", "walk", "inspections:patrol-new"),
        _notices(),
        _item("问题", "find", "inspections:finding-list", wide=True),
        _item("专项行动", "flag", "campaigns:campaign-list", wide=True),
    ]


def _office() -> list[Item]:
    return [
        _item("首页", "home", "portal:office"),
        _notices(),
        _item("周表", "week", "inspections:week-board"),
        _item("投诉", "talk", "complaints:desk"),
        _item("问题", "find", "inspections:finding-list", wide=True),
        _item("巡查", "walk", "inspections:patrol-list", wide=True),
        _item("专项行动", "flag", "campaigns:campaign-list", wide=True),
        _item("小区", "area", "portal:community-list", wide=True),
        _item("业委会", "board", "communities:committee-list", wide=True),
        _item("物业企业", "area", "communities:firm-list", wide=True),
        _item("考核", "score", "assessments:board", wide=True),
        _item("保证金", "fund", "assessments:deposit-list", wide=True),
        _item("维修资金", "fund", "maintenance_fund:books", wide=True),
        _item("规则与依据", "score", "rulebook:rules", wide=True),
        _item("系统管理", "more", "admin:index", wide=True),
    ]


def _firm() -> list[Item]:
    return [
        _notices("待回复"),
        _item("全部", "find", "inspections:register"),
        _item("投诉", "talk", "complaints:desk"),
        _item("考核", "score", "assessments:firm"),
        _item("专项行动", "flag", "campaigns:campaign-list", wide=True),
        _item("小区", "area", "portal:community-list", wide=True),
        _item("问题", "notice", "inspections:finding-list", wide=True),
        _item("人员", "user", "communities:firm-list", wide=True),
        _item("每月上报", "fund", "communities:fee-list", wide=True),
    ]


def _leader() -> list[Item]:
    return [
        _item("首页", "home", "portal:leader"),
        _item("周表", "week", "inspections:week-board"),
        _notices(),
        _item("考核", "score", "assessments:board"),
        _item("专项行动", "flag", "campaigns:campaign-list", wide=True),
        _item("问题", "find", "inspections:finding-list", wide=True),
        _item("保证金", "fund", "assessments:deposit-list", wide=True),
        _item("企业考核", "board", "assessments:standing", wide=True),
    ]


def _committee() -> list[Item]:
    return [
        _item("本小区", "home", "communities:own-committee"),
        _item("台账", "board", "communities:record-list"),
        _item("维修资金", "fund", "maintenance_fund:own"),
        _item("电话", "tel", "communities:contacts"),
        _item("专项行动", "flag", "campaigns:campaign-list", wide=True),
    ]


def _resident() -> list[Item]:
    return [
        _item("我的房子", "home", "communities:own-units"),
        _item("反映的事", "talk", "complaints:own"),
        _item("维修资金", "fund", "maintenance_fund:own"),
        _item("电话", "tel", "communities:contacts"),
        _item("改造意见", "area", "campaigns:own-opinions", wide=True),
    ]


def _partner() -> list[Item]:
    return [
        _item("认领问题", "find", "communities:claim-list"),
        _item("电话", "tel", "communities:contacts"),
    ]


def home_of(role: Role | None) -> str:
    """The url name of a role's home page."""
    if role == Role.CADRE:
        return "inspections:week"
    if role in OFFICE | STATION:
        return "portal:office"
    if role == Role.LEADER:
        return "portal:leader"
    if role == Role.COMMITTEE_MEMBER:
        return "communities:own-committee"
    if role == Role.RESIDENT:
        return "communities:own-units"
    if role == Role.PARTNER:
        return "communities:claim-list"
    return NOTICES if role in FIRM else "communities:contacts"


def _towns_only() -> set[str]:
    """Books that no station keeps."""
    return {_address("maintenance_fund:books"), _address("assessments:deposit-list")}


def menu_of(role: Role | None) -> list[Item]:
    if role == Role.CADRE:
        return _cadre()
    if role in OFFICE | STATION:
        return [item for item in _office() if role in OFFICE or item.url not in _towns_only()]
    if role == Role.LEADER:
        return _leader()
    if role == Role.COMMITTEE_MEMBER:
        return _committee()
    if role == Role.RESIDENT:
        return _resident()
    if role == Role.PARTNER:
        return _partner()
    return _firm() if role in FIRM else [_item("电话", "tel", "communities:contacts")]


def _counts(user: User) -> tuple[int, int]:
    """Messages that are unread and notices that wait for this person, in one query."""
    unread = Message.objects.inbox(user, now=timezone.now()).unread()
    rows = User.objects.filter(pk=user.pk).values_list(_count(unread), _count(waiting.rows(user)))
    return rows.get()


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _own(request: HttpRequest, unread: int) -> Item:
    """One's own pages; on a phone that goes round, the way to the next person."""
    if getattr(request, "shared_phone", None):
        return _item("换人", "user", "accounts:shared-phone")
    return _item("我的", "user", "accounts:me", count=unread)


def menu(request: HttpRequest) -> list[Item]:
    """The menu of the role somebody looks through now, with what is unread; nothing for strangers."""
    if not request.user.is_authenticated:
        return []
    items = menu_of(home_role(request))
    unread, notices = _counts(request.user)
    for item in items:
        if item.url == _address(NOTICES):
            item.count = notices
    items.append(_own(request, unread))
    best = max((i for i in items if request.path.startswith(i.url)), key=lambda i: len(i.url), default=None)
    if best:
        best.active = True
    return items
