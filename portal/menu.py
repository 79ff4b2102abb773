"""The menu of each role: what stands in the bar at the bottom of a phone and in the tabs of a desk (UI.md 4)."""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.notifications import unread_count
from accounts.people import home_role
from accounts.roles import FIRM, OFFICE, STATION, Role


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


def _cadre() -> list[Item]:
    return [
        _item("本周", "week", "inspections:week"),
        _item("巡查", "walk", "inspections:patrol-new"),
        _item("问题", "notice", "inspections:finding-list"),
    ]


def _office() -> list[Item]:
    return [
        _item("首页", "home", "portal:office"),
        _item("周表", "week", "inspections:week-board"),
        _item("问题", "notice", "inspections:finding-list"),
        _item("投诉", "talk", "complaints:desk"),
        _item("巡查", "walk", "inspections:patrol-list", wide=True),
        _item("小区", "area", "portal:community-list", wide=True),
        _item("联系干部", "user", "communities:duties", wide=True),
        _item("楼幢长", "home", "communities:heads", wide=True),
        _item("业委会", "board", "communities:committee-list", wide=True),
        _item("物业企业", "area", "communities:firm-list", wide=True),
        _item("业主账号", "user", "communities:activation-list", wide=True),
        _item("维修资金", "fund", "maintenance_fund:books", wide=True),
        _item("规则与依据", "score", "rulebook:rules", wide=True),
        _item("系统管理", "more", "admin:index", wide=True),
    ]


def _firm() -> list[Item]:
    return [
        _item("问题", "notice", "inspections:finding-list"),
        _item("投诉", "talk", "complaints:desk"),
        _item("小区", "area", "portal:community-list"),
        _item("人员", "user", "communities:firm-list"),
        _item("每月上报", "fund", "communities:fee-list", wide=True),
    ]


def _leader() -> list[Item]:
    return [
        _item("首页", "home", "portal:leader"),
        _item("周表", "week", "inspections:week-board"),
        _item("问题", "notice", "inspections:finding-list"),
    ]


def _committee() -> list[Item]:
    return [
        _item("本小区", "home", "communities:own-committee"),
        _item("台账", "board", "communities:record-list"),
        _item("维修资金", "fund", "maintenance_fund:own"),
        _item("电话", "tel", "communities:contacts"),
    ]


def _resident() -> list[Item]:
    return [
        _item("我的房子", "home", "communities:own-units"),
        _item("维修资金", "fund", "maintenance_fund:own"),
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
    return "inspections:finding-list" if role in FIRM else "communities:contacts"


def menu_of(role: Role | None) -> list[Item]:
    if role == Role.CADRE:
        return _cadre()
    if role in OFFICE | STATION:
        return [item for item in _office() if role in OFFICE or item.url != _address("maintenance_fund:books")]
    if role == Role.LEADER:
        return _leader()
    if role == Role.COMMITTEE_MEMBER:
        return _committee()
    if role == Role.RESIDENT:
        return _resident()
    return _firm() if role in FIRM else [_item("电话", "tel", "communities:contacts")]


def menu(request: HttpRequest) -> list[Item]:
    """The menu of the role somebody looks through now, with what is unread; nothing for strangers."""
    if not request.user.is_authenticated:
        return []
    items = menu_of(home_role(request))
    items.append(_item("我的", "user", "accounts:me", count=unread_count(request.user, now=timezone.now())))
    best = max((i for i in items if request.path.startswith(i.url)), key=lambda i: len(i.url), default=None)
    if best:
        best.active = True
    return items
