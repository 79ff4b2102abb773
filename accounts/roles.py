"""Roles, and the one table of who may do what (DOMAIN D.7). Subject functions ask the act, never a role's name."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices


class Role(TextChoices):
    ADMINISTRATOR = "administrator", "系统管理员"
    TOWN_HEAD = "town_head", "镇物业办负责人"
    TOWN_CLERK = "town_clerk", "镇物业办经办"
    FUND_CLERK = "fund_clerk", "维修资金经办"
    FUND_CHECKER = "fund_checker", "维修资金复核"
    FUND_APPROVER = "fund_approver", "维修资金审批"
    LEADER = "leader", "镇领导"
    STATION_HEAD = "station_head", "物管站站长"
    STATION_CLERK = "station_clerk", "物管站经办"
    CADRE = "cadre", "包区干部"
    FIRM_MANAGER = "firm_manager", "物业企业负责人"
    FIRM_STAFF = "firm_staff", "物业企业员工"
    COMMITTEE_MEMBER = "committee_member", "业委会成员"
    BUILDING_HEAD = "building_head", "楼幢长"
    PARTNER = "partner", "结对共建单位"
    RESIDENT = "resident", "居民"


FUND = frozenset({Role.FUND_CLERK, Role.FUND_CHECKER, Role.FUND_APPROVER})
OFFICE = frozenset({Role.ADMINISTRATOR, Role.TOWN_HEAD, Role.TOWN_CLERK}) | FUND
STATION = frozenset({Role.STATION_HEAD, Role.STATION_CLERK})
FIRM = frozenset({Role.FIRM_MANAGER, Role.FIRM_STAFF})
STAFF = OFFICE | STATION | {Role.LEADER}  # granted by an administrator and checked by the town head
GUARDED = FUND | {Role.ADMINISTRATOR, Role.LEADER}  # their passwords are reset by two administrators only


class Act(TextChoices):
    """What is done, in the words of DOMAIN D.7."""

    PATROL = "patrol", "巡查、抄告、复查"
    COVERT_PATROL = "covert_patrol", "暗访"
    RECHECK = "recheck", "复查"
    SEVERITY_LOWER = "severity_lower", "降低问题等级、同意延期"
    MAJOR_EXTEND = "major_extend", "同意重大问题延期"
    MISSED_REASON = "missed_reason", "注明没巡够的原因"
    REPLY = "reply", "整改回复"
    GROUP_REPLY = "group_reply", "代自治小组或村居回复"
    SCORE_SETTLEMENT = "score_settlement", "安置类小区月考核"
    SCORE_OTHER = "score_other", "开发类和其他小区月考核"
    TRANSFER = "transfer", "移交部门"
    ROOT_CAUSE = "root_cause", "治本单"
    OBJECTION = "objection", "对抄告提异议"
    APPEAL = "appeal", "考核申诉的决定"
    DEPOSIT = "deposit", "保证金记账"
    CREDIT = "credit", "约谈、信用信息、星级评定"
    SPOT_CHECK = "spot_check", "抽查考核"
    FUND_VOUCHER = "fund_voucher", "维修资金凭证"
    FUND_APPROVAL = "fund_approval", "维修资金大额付款审批"
    VOTE = "vote", "业主表决"
    COMPLAINT = "complaint", "投诉登记、受理、分派、移交"
    COMPLAINT_ANSWER = "complaint_answer", "投诉答复"
    COMPLAINT_FINAL = "complaint_final", "投诉最终答复"
    CAMPAIGN = "campaign", "专项行动、调度"
    DISCLOSURE = "disclosure", "公示公开"
    MEETING = "meeting", "联席会材料"
    REGISTRY = "registry", "小区台账、联系关系、请假"
    REGISTRY_TOWN = "registry_town", "全镇台账：村居、企业、物管站人员、已经过去的日子"
    RECORD = "record", "台账记录：会议、用章、培训、档案"
    NOMINATION = "nomination", "五类示范小区推荐、评审"
    CLAIM = "claim", "认领小区的问题"
    MONTHLY = "monthly", "每月报收缴率和监管账户"
    FIRM_STAFF = "firm_staff", "企业从业人员和证书"
    SHARE_PHONE = "share_phone", "几个人用一部手机：给码"
    GRANT = "grant", "授予工作人员角色"
    RULES = "rules", "规则和工作日历"
    ROBOTS = "robots", "群机器人"
    RESET_LOCAL = "reset_local", "重置干部、物业和居民的密码"
    RESET_STAFF = "reset_staff", "重置物管站和镇物业办的密码"
    RESET_GUARDED = "reset_guarded", "重置管理员、领导和资金岗的密码"
    CODE_SHEET = "code_sheet", "发资金岗的登录验证码"


@dataclass(frozen=True)
class Who:
    """Roles that may do an act, and roles that may check it. The checker is never the maker of the row."""

    make: frozenset[Role]
    check: frozenset[Role] = frozenset()


def _who(make: set[Role] | frozenset[Role], check: set[Role] | frozenset[Role] = frozenset()) -> Who:
    return Who(frozenset(make), frozenset(check))


R = Role
REGISTRARS = {R.STATION_HEAD, R.STATION_CLERK, R.TOWN_HEAD, R.TOWN_CLERK}
WHO_MAY: dict[Act, Who] = {
    Act.PATROL: _who({R.CADRE}, {R.STATION_HEAD}),
    Act.COVERT_PATROL: _who({R.TOWN_CLERK, R.TOWN_HEAD}),
    Act.RECHECK: _who({R.CADRE, R.STATION_HEAD, R.TOWN_CLERK, R.TOWN_HEAD}),
    Act.SEVERITY_LOWER: _who({R.STATION_HEAD}),
    Act.MAJOR_EXTEND: _who({R.TOWN_CLERK}),
    Act.MISSED_REASON: _who({R.STATION_HEAD}),
    Act.REPLY: _who(FIRM),
    Act.GROUP_REPLY: _who({R.STATION_CLERK}),
    Act.SCORE_SETTLEMENT: _who({R.TOWN_CLERK}, {R.TOWN_HEAD}),
    Act.SCORE_OTHER: _who({R.STATION_CLERK}, {R.STATION_HEAD, R.TOWN_HEAD}),  # D.1: for a station of one or two
    Act.TRANSFER: _who({R.TOWN_CLERK, R.TOWN_HEAD}),
    Act.ROOT_CAUSE: _who(REGISTRARS),
    Act.OBJECTION: _who(FIRM, {R.TOWN_CLERK}),
    Act.APPEAL: _who({R.TOWN_CLERK}, {R.LEADER}),
    Act.DEPOSIT: _who({R.TOWN_CLERK}, {R.TOWN_HEAD}),
    Act.CREDIT: _who({R.TOWN_CLERK}, {R.TOWN_HEAD}),
    Act.SPOT_CHECK: _who({R.TOWN_CLERK, R.TOWN_HEAD}),
    Act.FUND_VOUCHER: _who({R.FUND_CLERK}, {R.FUND_CHECKER, R.FUND_APPROVER}),
    Act.FUND_APPROVAL: _who({R.FUND_APPROVER}),
    Act.VOTE: _who({R.COMMITTEE_MEMBER, R.STATION_CLERK}),
    Act.COMPLAINT: _who({R.STATION_CLERK, R.TOWN_CLERK}),
    Act.COMPLAINT_ANSWER: _who(FIRM | {R.STATION_CLERK, R.TOWN_CLERK}, {R.STATION_CLERK}),
    Act.COMPLAINT_FINAL: _who({R.TOWN_CLERK}, {R.TOWN_HEAD}),
    Act.CAMPAIGN: _who({R.TOWN_CLERK}, {R.TOWN_HEAD}),
    Act.DISCLOSURE: _who(FIRM | {R.COMMITTEE_MEMBER}, {R.STATION_CLERK}),
    Act.MEETING: _who({R.STATION_CLERK}),
    Act.REGISTRY: _who(REGISTRARS),
    Act.REGISTRY_TOWN: _who({R.TOWN_HEAD, R.TOWN_CLERK}),
    Act.RECORD: _who(REGISTRARS | FIRM | {R.COMMITTEE_MEMBER}),
    Act.NOMINATION: _who(REGISTRARS, {R.TOWN_HEAD}),
    Act.CLAIM: _who(REGISTRARS | {R.PARTNER}),
    Act.MONTHLY: _who(FIRM),
    Act.FIRM_STAFF: _who(REGISTRARS | {R.FIRM_MANAGER}),
    Act.SHARE_PHONE: _who({R.FIRM_MANAGER}),
    Act.GRANT: _who({R.ADMINISTRATOR}, {R.TOWN_HEAD}),
    Act.RULES: _who({R.ADMINISTRATOR}, {R.TOWN_HEAD}),
    Act.ROBOTS: _who({R.ADMINISTRATOR}),
    Act.RESET_LOCAL: _who({R.STATION_HEAD}),
    Act.RESET_STAFF: _who({R.TOWN_HEAD}),
    Act.RESET_GUARDED: _who({R.ADMINISTRATOR}, {R.ADMINISTRATOR}),
    Act.CODE_SHEET: _who({R.ADMINISTRATOR}),
}


def may(user, act: Act) -> bool:
    """Whether one of the user's roles of today may do the act. Which rows, ``visible_to`` decides."""
    return not WHO_MAY[act].make.isdisjoint(user.roles)


def may_check(user, act: Act) -> bool:
    """Whether one of the user's roles of today may check the act; that checker is not maker, the row decides."""
    return not WHO_MAY[act].check.isdisjoint(user.roles)


def demand(user, act: Act) -> None:
    """Raises PermissionDenied, which becomes a 403 page, when the user may not do the act."""
    if not may(user, act):
        raise PermissionDenied(f"您的角色不能做这件事：{act.label}")


def demand_check(user, act: Act) -> None:
    """Raises PermissionDenied when the user may not check the act."""
    if not may_check(user, act):
        raise PermissionDenied(f"您的角色不能复核这件事：{act.label}")


def demand_other(user, *makers: int | None) -> None:
    """Raises PermissionDenied when the checker is one of those with the given keys, who made it or whom it is for."""
    if user.pk in makers:
        raise PermissionDenied("复核要由另一个人来做，不能是自己办的、也不能是给自己的。")
