"""Whether this database is a demo town. The mark is a fact of the database (ARCHITECTURE, Engines)."""

from typing import NamedTuple

from django.utils import timezone

from lib.periods import beijing_date

from .models import DemoMark, User
from .roles import Role

# What each role comes to see, in the order in which a visitor meets them. Usernames are demo-<role>.
SEES = {
    Role.CADRE: "在手机上巡查自己联系的小区，看本周还差几次",
    Role.STATION_HEAD: "看本村小区的巡查、名册和没去过的小区",
    Role.STATION_CLERK: "登记本村的小区、房屋、物业和联系关系",
    Role.TOWN_CLERK: "看全镇每周巡查、规则和小区名册",
    Role.TOWN_HEAD: "复核规则和角色，看全镇",
    Role.LEADER: "看全镇数字，不看个人信息",
    Role.FIRM_MANAGER: "看写明本公司的巡查问题",
    Role.FIRM_STAFF: "看写明本公司的巡查问题",
    Role.COMMITTEE_MEMBER: "看本小区",
    Role.BUILDING_HEAD: "看本小区",
    Role.RESIDENT: "看自己的小区",
    Role.PARTNER: "看结对的小区",
    Role.FUND_CLERK: "办维修资金凭证",
    Role.FUND_CHECKER: "复核维修资金凭证",
    Role.FUND_APPROVER: "审批维修资金凭证",
    Role.ADMINISTRATOR: "开账号、授予角色、录入规则",
}
PREFIX = "demo-"


class DemoPerson(NamedTuple):
    role: Role
    user: User
    sees: str


def is_demo() -> bool:
    """True when the database bears the demo mark."""
    return DemoMark.objects.exists()


def username(role: Role) -> str:
    return PREFIX + role


def people() -> list[DemoPerson]:
    """Whom a visitor of a demo town can be, one a role; nobody where the mark is missing."""
    if not is_demo():
        return []
    names = {username(role): role for role in SEES}
    users = {user.username: user for user in User.objects.filter(username__in=names, is_active=True)}
    return [DemoPerson(role, users[name], SEES[role]) for name, role in names.items() if name in users]


def person(role: str) -> User | None:
    """The demo account of a role, if this is a demo town and it holds the role today."""
    if role not in SEES or not is_demo():
        return None
    held = User.objects.with_role(role, today=beijing_date(timezone.now()))
    return held.filter(username=username(Role(role))).first()
