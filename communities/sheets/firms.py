"""Sheets of firms with their staff, and of contracts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts import people
from accounts.models import Address, User
from accounts.roles import Act, demand
from lib import cells, identity
from lib.cells import Wrong
from lib.periods import beijing_date

from .. import contracts, posts
from ..models import Contract, Firm, FirmPost
from . import finding
from .declare import Column, Line, RowKind, Values, changes
from .places import label, options, save


def uscc(cell: Any) -> str:
    number = cells.document(cell)
    if not identity.is_firm(number):
        raise Wrong("统一社会信用代码是 18 位，照营业执照再核对一遍，常见的错是 0 和 O、1 和 I。")
    return number


def account(*, name: str, mobile: str) -> User:
    """The account of a mobile number; a new one, that nobody can sign in to before it gets its slip.

    Raises:
        ValidationError: the number is somebody else's.
    """
    found = User.objects.filter(mobile__kind=Address.Kind.PHONE, mobile__value=mobile).first()
    if found is None:
        found = User(username=mobile, name=name, mobile=people.address(Address.Kind.PHONE, mobile))
        people.fill_pinyin(found)
        found.set_unusable_password()
        found.full_clean(exclude=["password"])
        found.save()
    elif found.name != name:
        raise ValidationError({"mobile": "这个手机号是另一个人的账号，照本人核对姓名和号码。"})
    return found


class Firms(RowKind):
    name, title = "firms", "物业企业和人员"
    about = (
        "一行一个人；同一家企业有几个人就写几行，企业的几格照抄。没有人的企业写一行，人员空着。"
        "新来的人用手机号开账号，第一次登录的密码在“重置密码”里开条子。"
    )
    act = Act.REGISTRY_TOWN
    key = ("uscc", "mobile")
    columns = (
        Column(
            "name",
            "企业名称",
            cells.text(60),
            ("物业企业", "公司名称", "企业", "物业公司", "单位名称"),
            required=True,
            example="演示·安居物业",
            width=24,
        ),
        Column(
            "uscc",
            "统一社会信用代码",
            uscc,
            ("信用代码", "社会信用代码"),
            required=True,
            hint="先把这一列设成文本格式。",
            width=22,
        ),
        Column("phone", "服务电话", cells.phone, ("企业电话", "公司电话", "24小时电话"), width=16),
        Column("address", "办公地址", cells.text(120), ("地址", "公司地址"), width=28),
        Column("person", "人员", cells.text(50), ("姓名", "员工", "人员姓名"), example="演示·周某"),
        Column("mobile", "手机", cells.phone, ("手机号", "手机号码", "联系电话"), example="13800138000", width=15),
        Column(
            "post",
            "岗位",
            cells.choice(
                FirmPost.Kind, 项目经理="manager", 项目负责人="manager", 经理="manager", 工作人员="staff", 职员="staff"
            ),
            ("职务",),
            words=label(FirmPost.Kind),
            options=options(FirmPost.Kind),
        ),
        Column("first_day", "任职日期", cells.day, ("入职日期", "到岗日期"), hint="不写就是导入那天。"),
    )

    def key_of(self, values: Values):
        return values.get("uscc"), values.get("mobile")

    def label(self, values: Values) -> str:
        return " ".join(filter(None, (values.get("name"), values.get("person"))))

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        rows = Firm.objects.filter(uscc__in={line.values["uscc"] for line in lines})
        return {self.key_of(values): values for values in self._values(rows, by=by, alone=True)}

    def _values(self, firms, *, by: User, alone: bool = False) -> Iterable[Values]:
        """Each person of today with their firm; a firm without people, or with ``alone`` each firm, by itself."""
        held: dict[int, list[FirmPost]] = {}
        present = FirmPost.objects.filter(firm__in=firms, last_day=None)
        for post in present.select_related("user__mobile").order_by("user__pinyin", "pk"):
            held.setdefault(post.firm_id, []).append(post)
        for firm in firms:
            values = {name: getattr(firm, name) for name in ("name", "uscc", "phone", "address")}
            staff = [post for post in held.get(firm.pk, []) if post.user.mobile]  # by which they are known again
            if alone or not staff:
                yield values
            for post in staff:
                who = {
                    "person": post.user.name,
                    "mobile": post.user.mobile.value,
                    "post": post.kind,
                    "first_day": post.first_day,
                }
                yield values | who

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        """Somebody new of a known firm may bring a changed telephone of the firm: old and new are shown."""
        super().compare(lines, by=by)
        firms = self.standing([line for line in lines if line.state == "new"], by)
        for line in lines:
            firm = firms.get((line.values.get("uscc"), None))
            if line.state == "new" and firm:
                line.changes = changes(firm, {name: line.values.get(name) for name in ("name", "phone", "address")})

    def demand_required(self, line: Line) -> None:
        values = line.values
        if not Firm.objects.filter(uscc=values["uscc"]).exists():
            super().demand_required(line)
        if values.get("person") and not values.get("mobile"):
            line.refuse("mobile", "写上这个人的手机，他用它登录。")
        if values.get("mobile") and not (values.get("person") and values.get("post")):
            line.refuse("person", "写上这个人的姓名和岗位。")

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        demand(by, self.act)
        values = line.values
        firm = Firm.objects.filter(uscc=values["uscc"]).first() or Firm(uscc=values["uscc"])
        save(firm, values, ("name", "phone", "address"))
        if values.get("mobile"):
            self._post(firm, values, by=by, now=now)

    def _post(self, firm: Firm, values: Values, *, by: User, now: datetime) -> None:
        user, today = account(name=values["person"], mobile=values["mobile"]), beijing_date(now)
        present = FirmPost.objects.filter(firm=firm, user=user, last_day=None).first()
        if present and present.kind != values.get("post", present.kind):
            raise ValidationError(
                {"post": f"登记的岗位是{present.get_kind_display()}，换岗位请在系统管理里先结束原来的。"}
            )
        if not present:
            first_day = values.get("first_day") or today
            posts.take_firm_post(user=user, firm=firm, kind=values["post"], first_day=first_day, by=by, now=now)

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        return self._values(Firm.objects.visible_to(by).filter(ended_on=None).order_by("pinyin", "pk"), by=by)


class Contracts(RowKind):
    name, title = "contracts", "物业合同"
    about = "一行一份合同，小区和企业要先有。再导一次，按小区和开始日期更新结束日期。"
    key = ("community", "first_day")
    columns = (
        Column(
            "community",
            "小区",
            cells.text(60),
            ("小区名称", "项目名称", "服务项目"),
            required=True,
            example="演示·松苑小区",
            width=24,
        ),
        Column(
            "firm",
            "物业企业",
            cells.text(60),
            ("企业名称", "企业", "公司名称", "物业公司"),
            required=True,
            example="演示·安居物业",
            width=24,
        ),
        Column(
            "kind",
            "种类",
            cells.choice(Contract.Kind, 前期="preliminary", 选聘="owners", 临时="interim"),
            ("合同种类", "合同类型"),
            required=True,
            words=label(Contract.Kind),
            options=options(Contract.Kind),
            width=16,
        ),
        Column("signed_on", "签订日期", cells.day, ("签约日期",)),
        Column(
            "first_day",
            "开始日期",
            cells.day,
            ("起始日期", "服务开始", "合同开始"),
            required=True,
            example="2024-01-01",
        ),
        Column(
            "last_day", "结束日期", cells.day, ("到期日期", "终止日期", "服务结束", "合同到期"), hint="没有结束就空着。"
        ),
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        finding.set_community(lines, by=by)
        rows = Contract.objects.filter(community__in={line.row for line in lines if line.row})
        found = {
            (row.community_id, row.first_day): self._values(row) for row in rows.select_related("community", "firm")
        }
        return {
            self.key_of(line.values): values
            for line in lines
            if line.row and (values := found.get((line.row.pk, line.values["first_day"])))
        }

    def _values(self, row: Contract) -> Values:
        values = {name: getattr(row, name) for name in ("kind", "signed_on", "first_day", "last_day")}
        return values | {"community": row.community.name, "firm": row.firm.name}

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        values = line.values
        row = Contract.objects.filter(community=line.row, first_day=values["first_day"]).first()
        if row is None:
            typed = {name: values.get(name) for name in ("kind", "first_day", "last_day", "signed_on")}
            contracts.begin(community=line.row, firm=self._firm(values), by=by, now=now, **typed)
            return
        if line.changes.keys() - {"last_day", "signed_on"}:
            raise ValidationError("这一天开始的合同登记得不一样（企业或种类）。登记错了请在系统管理里更正。")
        if "last_day" in line.changes:
            contracts.end(contract=row, last_day=values["last_day"], by=by, now=now)
        if "signed_on" in line.changes:
            row.signed_on = values["signed_on"]
            row.save(update_fields=["signed_on"])

    def _firm(self, values: Values) -> Firm:
        found = list(Firm.objects.filter(name=values["firm"], ended_on=None)[:2])
        found = found or list(Firm.objects.filter(uscc=values["firm"].upper())[:1])
        if len(found) != 1:
            raise ValidationError(
                {"firm": f"没有（或者不止一家）叫“{values['firm']}”的企业。先导入企业，或者写信用代码。"}
            )
        return found[0]

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = Contract.objects.visible_to(by).filter(**{f"community__{k}": v for k, v in wanted.items()})
        return map(self._values, rows.select_related("community", "firm").order_by("community__pinyin", "first_day"))
