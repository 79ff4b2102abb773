"""The sheet of those who work for firms on the spot, with their certificates. R10"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.roles import Act
from lib import cells
from lib.cells import Wrong
from lib.periods import beijing_date

from .. import firm_staff
from ..models import Certificate, Community, Firm, FirmStaff
from .declare import Column, Line, RowKind, Values
from .places import label, options

YES, NO = ("有", "是", "√", "1"), ("没有", "无", "否", "×", "0")
WORK = ("job", "community", "badge", "has_uniform", "first_day")
PAPER = ("certificate", "certificate_number", "issued_on", "valid_until")


def has(cell: Any) -> bool:
    words = cells.plain(cell)
    if words not in YES + NO:
        raise Wrong("写 有 或 没有。")
    return words in YES


class FirmPeople(RowKind):
    name, title = "firm-staff", "物业从业人员和证书"
    about = (
        "一行一个人；有几本证书就写几行，前面几格照抄。企业要先有。这些人不用开账号，要登录的写在“物业企业和人员”里。"
        "重名的写上电话。"
    )
    act = Act.FIRM_STAFF
    key = ("firm", "person", "phone", "certificate", "certificate_number")
    columns = (
        Column(
            "firm",
            "企业",
            cells.text(60),
            ("物业企业", "企业名称", "所在企业", "公司名称"),
            required=True,
            example="演示·安居物业",
            hint="名称或统一社会信用代码。",
            width=24,
        ),
        Column("person", "姓名", cells.text(50), ("人员", "员工", "人员姓名"), required=True, example="演示·周某"),
        Column("phone", "电话", cells.phone, ("手机", "手机号", "联系电话"), width=15, private=True),
        Column(
            "job",
            "岗位",
            cells.choice(FirmStaff.Job, 项目经理="manager", 保安="order", 秩序="order", 保洁员="cleaning"),
            ("职务", "工种"),
            required=True,
            words=label(FirmStaff.Job),
            options=options(FirmStaff.Job),
        ),
        Column("community", "驻哪个小区", cells.text(60), ("小区", "服务项目", "项目"), width=22),
        Column("badge", "工号牌", cells.text(20), ("工号",)),
        Column(
            "has_uniform",
            "工装",
            has,
            ("统一工装", "有统一工装"),
            words=lambda value: "" if value is None else "有" if value else "没有",
            options=("有", "没有"),
            width=8,
        ),
        Column("first_day", "到岗日期", cells.day, ("入职日期", "任职日期"), hint="不写就是导入那天。"),
        Column("certificate", "证书", cells.text(60), ("证书名称", "从业证书", "资格证书"), width=20),
        Column("certificate_number", "证书编号", cells.text(40), ("证书号",), width=18),
        Column("issued_on", "发证日期", cells.day, ()),
        Column("valid_until", "有效期到", cells.day, ("证书有效期", "有效期至", "有效期"), hint="长期有效就空着。"),
    )

    def label(self, values: Values) -> str:
        return " ".join(filter(None, (values.get("firm"), values.get("person"), values.get("certificate"))))

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        firms = {}
        for firm in Firm.objects.filter(ended_on=None):
            firms |= {firm.name: firm, firm.uscc: firm}
        found = {}
        for line in lines:
            line.row = firms.get(line.values["firm"])
            if line.row is None:
                line.refuse("firm", f"没有叫“{line.values['firm']}”的企业。先导入企业，或者写信用代码。")
            elif staff := self._at_work(line):
                found[self.key_of(line.values)] = self._values(staff, line.values) | {"firm": line.values["firm"]}
        return found

    def _at_work(self, line: Line) -> FirmStaff | None:
        """Who is meant: by name and telephone, or by a name that stands there once."""
        rows = FirmStaff.objects.filter(firm=line.row, last_day=None, person__name=line.values["person"])
        if phone := line.values.get("phone"):
            return rows.filter(person__phone__value=phone).select_related("person__phone", "community").first()
        found = list(rows.select_related("person__phone", "community")[:2])
        if len(found) > 1:
            line.refuse("person", f"这家企业有几个人叫“{line.values['person']}”，请写上电话。")
        return found[0] if len(found) == 1 else None

    def _values(self, staff: FirmStaff, typed: Values) -> Values:
        """What stands of somebody, with the certificate that a row names if it is registered."""
        values = self._of(staff)
        same = {"name": typed.get("certificate"), "number": typed.get("certificate_number") or ""}
        paper = staff.certificates.filter(**same).first() if same["name"] else None
        return values | (self._paper(paper) if paper else dict.fromkeys(PAPER))

    def _of(self, staff: FirmStaff) -> Values:
        values = {name: getattr(staff, name) for name in ("job", "has_uniform", "first_day")}
        phone = staff.person.phone.value if staff.person.phone else None
        place = staff.community.name if staff.community else None
        return values | {"person": staff.person.name, "phone": phone, "community": place, "badge": staff.badge or None}

    def _paper(self, paper: Certificate) -> Values:
        days = {"issued_on": paper.issued_on, "valid_until": paper.valid_until}
        return {"certificate": paper.name, "certificate_number": paper.number or None, **days}

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        values, say = line.values, {"by": by, "now": now}
        work = {name: values[name] for name in WORK if values.get(name) is not None}
        if "community" in work:
            work["community"] = self._community(work["community"])
        staff = self._at_work(line)
        if staff is None:
            who = {"name": values["person"], "number": values.get("phone") or ""}
            first_day = work.pop("first_day", None) or beijing_date(now)
            staff = firm_staff.take(firm=line.row, first_day=first_day, **who, **work, **say)
        elif any(getattr(staff, name) != value for name, value in work.items()):
            firm_staff.amend(staff=staff, **work, **say)
        if values.get("certificate"):
            days = {name: values[name] for name in ("issued_on", "valid_until") if values.get(name)}
            number = values.get("certificate_number") or ""
            firm_staff.add_certificate(staff=staff, name=values["certificate"], number=number, **days, **say)

    def _community(self, name: str) -> Community:
        found = Community.objects.filter(name=name).first()
        if found is None:
            raise ValidationError({"community": f"没有叫“{name}”的小区。"})
        return found

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = FirmStaff.objects.visible_to(by).filter(last_day=None)
        rows = rows.filter(**{f"community__{name}": value for name, value in wanted.items()})
        rows = rows.select_related("firm", "person__phone", "community").prefetch_related("certificates")
        for staff in rows.order_by("firm__pinyin", "person__pinyin", "pk"):
            values = {"firm": staff.firm.name, **self._of(staff)}
            yield from [values | self._paper(paper) for paper in staff.certificates.all()] or [values]
