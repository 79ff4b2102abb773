"""Sheets of who patrols where, of owners' committees, and of the staff's accounts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts import grants
from accounts import people as accounts_people
from accounts.models import Address, RoleGrant, User
from accounts.roles import STAFF, Act, Role, demand
from lib import cells
from lib.cells import Wrong
from lib.periods import beijing_date

from .. import committees, duties, posts
from ..models import CommitteeMember, OwnersCommittee, PatrolDuty, StationPost, VillageCommittee
from . import finding
from .declare import Column, Line, RowKind, Values
from .places import label, options

NOBODY = "没有叫“{}”的账号。先导入账号，或者写用户名、手机号。"
SEVERAL = "有几个人叫“{}”，请写用户名或手机号。"


def account_called(words: str) -> User:
    """The one account with that user name, mobile number or name.

    Raises:
        ValidationError: none, or several of that name.
    """
    exact = User.objects.filter(Q(username=words) | Q(mobile__value=words)).first()
    named = [exact] if exact else list(User.objects.filter(name=words, is_active=True)[:2])
    if len(named) != 1:
        raise ValidationError({"user": (SEVERAL if named else NOBODY).format(words)})
    return named[0]


class Duties(RowKind):
    name, title = "duties", "联系干部"
    about = "一行一个小区由谁联系。换了人，原来的到前一天为止。代班、检查组在“联系干部”页面里办。"
    key = ("community",)
    columns = (
        Column("community", "小区", cells.text(60), ("小区名称",), required=True, example="演示·松苑小区", width=24),
        Column(
            "user",
            "联系干部",
            cells.text(50),
            ("干部", "包片干部", "包区干部", "姓名", "联系人"),
            required=True,
            example="演示·陈某",
            hint="姓名；重名的写用户名或手机号。",
            width=18,
        ),
        Column("first_day", "开始日期", cells.day, ("从哪天起", "起始日期"), hint="不写就是导入那天。"),
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        finding.set_community(lines, by=by)
        linked = PatrolDuty.objects.filter(last_day=None, kind=PatrolDuty.Kind.LINKED)
        rows = linked.filter(community__in={line.row for line in lines if line.row})
        found = {row.community_id: row for row in rows.select_related("user__mobile", "community")}
        stands = {}
        for line in lines:
            if line.row and (row := found.get(line.row.pk)):
                stands[self.key_of(line.values)] = self._values(row) | _as_typed(row.user, line.values.get("user"))
        return stands

    def _values(self, row: PatrolDuty) -> Values:
        return {"community": row.community.name, "user": row.user.name, "first_day": row.first_day}

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        super().compare(lines, by=by)
        for line in lines:
            if "user" not in line.changes:
                line.changes.pop("first_day", None)  # since when is corrected on its page

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        first_day = line.values.get("first_day") or beijing_date(now)
        user = account_called(line.values["user"])
        duties.hand_over(community=line.row, to=user, first_day=first_day, by=by, now=now)

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = PatrolDuty.objects.visible_to(by).filter(last_day=None, kind=PatrolDuty.Kind.LINKED)
        rows = rows.filter(**{f"community__{k}": v for k, v in wanted.items()})
        return map(self._values, rows.select_related("user", "community").order_by("community__pinyin", "pk"))


def _as_typed(user: User, words: str | None) -> Values:
    """A person written by user name or mobile number is the same person."""
    mobile = user.mobile.value if user.mobile else None
    return {"user": words} if words in (user.username, mobile) else {}


# ---------------------------------------------------------------- owners' committees


class Committees(RowKind):
    name, title = "committees", "业委会和委员"
    about = "一行一个委员；一届业委会有几个委员就写几行，业委会的几格照抄。再导一次，补备案、电话和新增的委员。"
    key = ("community", "number", "person")
    columns = (
        Column("community", "小区", cells.text(60), ("小区名称",), required=True, example="演示·松苑小区", width=24),
        Column("number", "第几届", cells.whole(1, 50), ("届次", "届"), required=True, example="1", width=8),
        Column("seats", "应有委员", cells.whole(1, 30), ("委员人数", "人数"), required=True, width=9),
        Column("party_members", "其中党员", cells.whole(0, 30), ("党员人数",), hint="只写人数。", width=9),
        Column("elected_on", "选出日期", cells.day, ("成立日期", "选举日期"), required=True),
        Column("first_day", "任期开始", cells.day, ("任期起", "开始日期"), required=True),
        Column("last_day", "任期到", cells.day, ("任期止", "到期日期", "结束日期"), required=True),
        Column("phone", "业委会电话", cells.phone, ("电话",), hint="对外公布的号码，不写委员自己的。", width=16),
        Column("filed_on", "备案日期", cells.day, ("备案时间",)),
        Column("filing_number", "备案号", cells.text(40), ("备案证号",)),
        Column("person", "委员", cells.text(50), ("姓名", "委员姓名"), example="演示·何某", private=True),
        Column(
            "post",
            "职务",
            cells.choice(CommitteeMember.Post, 副主任委员="deputy", 候补="alternate"),
            (),
            words=label(CommitteeMember.Post),
            options=options(CommitteeMember.Post),
        ),
        Column("mobile", "委员手机", cells.phone, ("手机", "手机号", "联系电话"), width=15, private=True),
    )
    term = ("seats", "party_members", "phone", "filed_on", "filing_number")

    def label(self, values: Values) -> str:
        return f"{values.get('community')} 第 {values.get('number')} 届"

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        finding.set_community(lines, by=by)
        rows = OwnersCommittee.objects.filter(community__in={line.row for line in lines if line.row})
        found = {}
        for row in rows.select_related("community").prefetch_related("members__person"):
            for values in self._values(row, alone=True):
                found[row.community_id, row.number, values.get("person")] = values
        return {
            self.key_of(line.values): values
            for line in lines
            if line.row and (values := found.get((line.row.pk, line.values["number"], line.values.get("person"))))
        }

    def _values(self, row: OwnersCommittee, *, alone: bool = False) -> Iterable[Values]:
        names = ("number", "elected_on", "first_day", "last_day", *self.term)
        values = {name: getattr(row, name) for name in names} | {"community": row.community.name}
        members = [member for member in row.members.all() if member.last_day is None]
        if alone or not members:
            yield values
        for member in members:
            yield values | {"person": member.person.name, "post": member.post, "mobile": None}

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        super().compare(lines, by=by)
        for line in lines:
            if line.before is not None:
                line.changes.pop("mobile", None)  # a member's own number is theirs to change

    def demand_required(self, line: Line) -> None:
        if not OwnersCommittee.objects.filter(community=line.row, number=line.values["number"]).exists():
            super().demand_required(line)

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        values, say = line.values, {"by": by, "now": now}
        if line.changes.keys() - {*self.term}:
            names = "、".join(self.heading(name) for name in line.changes.keys() - {*self.term})
            raise ValidationError(f"登记的{names}不一样。登记错了请在业委会的页面更正。")
        committee = OwnersCommittee.objects.filter(community=line.row, number=values["number"]).first()
        known = {name: values[name] for name in self.term if values.get(name) is not None}
        if committee is None:
            typed = {name: values[name] for name in ("number", "elected_on", "first_day", "last_day")}
            committee = committees.begin(community=line.row, **typed, **known, **say)
        elif any(getattr(committee, name) != value for name, value in known.items()):
            committees.amend(committee=committee, **known, **say)
        if values.get("person") and line.before is None:
            self._seat(committee, values, **say)

    def _seat(self, committee: OwnersCommittee, values: Values, **say: Any) -> None:
        post, number = values.get("post") or CommitteeMember.Post.MEMBER, values.get("mobile") or ""
        first_day = committee.first_day
        committees.seat(
            committee=committee, name=values["person"], post=post, number=number, first_day=first_day, **say
        )

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = OwnersCommittee.objects.visible_to(by).filter(**{f"community__{k}": v for k, v in wanted.items()})
        rows = rows.select_related("community").prefetch_related("members__person")
        for row in rows.order_by("community__pinyin", "number"):
            yield from self._values(row)


# ---------------------------------------------------------------- accounts of staff

GRANTED = [role for role in Role if role in STAFF]
BY_LABEL = {role.label: role for role in GRANTED}


def staff_role(cell: Any) -> str:
    words = cells.plain(cell)
    if words not in BY_LABEL:
        raise Wrong(f"写其中一个：{'、'.join(BY_LABEL)}。")
    return BY_LABEL[words].value


def username(cell: Any) -> str:
    words = cells.plain(cell).replace(" ", "")
    if len(words) > 50:
        raise Wrong("用户名最多 50 个字。")
    return words


class Staff(RowKind):
    name, title = "staff", "工作人员账号"
    about = (
        "一行一个人一个角色。角色要镇物业办负责人复核了才生效；第一次登录的密码在“重置密码”里开条子。"
        "干部不用角色，导入“联系干部”就有了。"
    )
    act = Act.GRANT
    key = ("username", "role")
    columns = (
        Column("name", "姓名", cells.text(50), (), required=True, example="演示·李某"),
        Column("username", "用户名", username, ("账号", "登录名"), required=True, example="limou", width=16),
        Column("mobile", "手机", cells.phone, ("手机号", "手机号码", "联系电话"), width=15, private=True),
        Column(
            "role",
            "角色",
            staff_role,
            ("岗位", "职务"),
            words=lambda value: Role(value).label if value else "",
            options=tuple(BY_LABEL),
            hint="没有角色的账号也可以先开，比如联系干部。",
            width=18,
        ),
        Column("first_day", "从哪天起", cells.day, ("开始日期", "起始日期"), hint="不写就是导入那天。"),
    )

    def label(self, values: Values) -> str:
        return f"{values.get('name') or ''}（{values.get('username')}）"

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        users = User.objects.filter(username__in={line.values["username"] for line in lines})
        return {self.key_of(values): values for values in self._values(users, alone=True)}

    def _values(self, users, *, alone: bool = False) -> Iterable[Values]:
        held: dict[int, list[RoleGrant]] = {}
        for grant in RoleGrant.objects.filter(user__in=users, role__in=GRANTED, last_day=None, withdrawn_at=None):
            held.setdefault(grant.user_id, []).append(grant)
        for user in users.select_related("mobile"):
            mobile = user.mobile.value if user.mobile else None
            values = {"name": user.name, "username": user.username, "mobile": mobile, "role": None}
            if alone:
                yield values
            for grant in held.get(user.pk, []):
                yield values | {"role": grant.role, "first_day": grant.first_day}

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        super().compare(lines, by=by)
        for line in lines:
            line.changes.pop("first_day", None)

    def demand_required(self, line: Line) -> None:
        if not User.objects.filter(username=line.values["username"]).exists():
            super().demand_required(line)

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        demand(by, self.act)
        values = line.values
        user = User.objects.filter(username=values["username"]).first() or User(username=values["username"])
        if user.pk and values.get("name") and values["name"] != user.name:
            raise ValidationError({"name": "这个用户名登记的是另一个姓名。改姓名请在系统管理里改。"})
        if user.pk is None or "mobile" in line.changes:
            self._save(user, values)
        role = values.get("role")
        if role and not user.grants.not_ended(beijing_date(now)).filter(role=role).exists():
            first_day = values.get("first_day") or beijing_date(now)
            grants.propose(user=user, role=Role(role), by=by, first_day=first_day, now=now)

    def _save(self, user: User, values: Values) -> None:
        user.name = values.get("name") or user.name
        if values.get("mobile"):
            user.mobile = accounts_people.address(Address.Kind.PHONE, values["mobile"])
        if user.pk is None:
            accounts_people.fill_pinyin(user)
            user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        with_role = RoleGrant.objects.filter(role__in=GRANTED, last_day=None, withdrawn_at=None)
        return self._values(
            User.objects.visible_to(by).filter(pk__in=with_role.values("user")).order_by("pinyin", "pk")
        )


class StationPosts(RowKind):
    name, title = "station-posts", "物管站人员"
    about = "一行一个人在哪个物管站。先有账号和角色（“工作人员账号”）。"
    act = Act.REGISTRY_TOWN
    key = ("village_committee", "user")
    columns = (
        Column(
            "village_committee",
            "物管站",
            cells.text(60),
            ("村居", "社区", "所属村居"),
            required=True,
            example="演示·城东社区",
            width=22,
        ),
        Column(
            "user",
            "人员",
            cells.text(50),
            ("姓名", "用户名"),
            required=True,
            hint="姓名；重名的写用户名或手机号。",
            width=18,
        ),
        Column(
            "kind",
            "岗位",
            cells.choice(StationPost.Kind),
            ("职务",),
            required=True,
            words=label(StationPost.Kind),
            options=options(StationPost.Kind),
        ),
        Column("first_day", "开始日期", cells.day, ("从哪天起", "起始日期"), hint="不写就是导入那天。"),
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        names = {line.values["village_committee"] for line in lines}
        rows = StationPost.objects.filter(last_day=None, village_committee__name__in=names)
        found = {
            (row.village_committee.name, row.user_id): row for row in rows.select_related("village_committee", "user")
        }
        stands = {}
        for line in lines:
            line.row = self._find(line)
            if line.row and (row := found.get((line.values["village_committee"], line.row.pk))):
                stands[self.key_of(line.values)] = self._values(row) | {"user": line.values["user"]}
        return stands

    def _find(self, line: Line) -> User | None:
        try:
            return account_called(line.values["user"])
        except ValidationError as error:
            line.refuse("user", "".join(error.messages))
            return None

    def _values(self, row: StationPost) -> Values:
        values = {"user": row.user.name, "kind": row.kind, "first_day": row.first_day}
        return values | {"village_committee": row.village_committee.name}

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        super().compare(lines, by=by)
        for line in lines:
            line.changes.pop("first_day", None)

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        village = VillageCommittee.objects.filter(name=line.values["village_committee"]).first()
        if village is None:
            raise ValidationError({"village_committee": "没有这个村居。先导入村居，或者照登记的名称写。"})
        if line.before:
            raise ValidationError({"kind": "登记的岗位不一样。换岗位请在系统管理里先结束原来的。"})
        first_day = line.values.get("first_day") or beijing_date(now)
        posts.take_station_post(
            user=line.row, village_committee=village, kind=line.values["kind"], first_day=first_day, by=by, now=now
        )

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = StationPost.objects.visible_to(by).filter(last_day=None).select_related("village_committee", "user")
        return map(self._values, rows.order_by("village_committee__pinyin", "user__pinyin", "pk"))
