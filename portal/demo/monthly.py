"""A year of fees, supervised accounts, groups of residents, nominations and investments of the demo town."""

from datetime import timedelta

from accounts.roles import Role
from communities import claims, monthly
from communities.models import (
    Community,
    FeeMonth,
    Firm,
    FirmPost,
    Investment,
    ModelNomination,
    Person,
    ResidentGroup,
    SupervisedAccount,
    SupervisedMonth,
)
from lib.periods import DAY
from portal.demo.draft import Draft
from portal.demo.words import GIVEN, OTHER, PUBLIC_FIRM, SURNAMES

SUPERVISED = ["松苑小区", "锦绣家园", "望江苑"]
NOMINATED = [("望江苑", "orderly", "named"), ("云溪新居", "beautiful", "named")]
NOMINATED += [("松苑小区", "self_governed", "nominated")]
ASKED = [
    ("院墙缺口没人补", "砖和两位瓦工"),
    ("活动室缺桌椅", "四张桌子、十几把椅子"),
    ("老人不会用手机缴费", "志愿者教两次"),
]
PUT_IN = [
    ("老旧小区雨污分流", "superior", 48_000_000, "演示·老旧小区改造项目", "演示建〔2026〕12号"),
    ("电动车充电棚", "town", 3_600_000, "", ""),
    ("门禁和监控", "common_income", 2_150_000, "", "业主大会决议"),
]


def make(draft: Draft) -> None:
    managers = {post.firm_id: post.user for post in FirmPost.objects.filter(kind="manager").select_related("user")}
    for number, (name, community) in enumerate(draft.communities.items()):
        firm = draft.firm_on(community, draft.today)
        if firm:
            _fees(draft, community, firm, managers[firm.pk], number)
        if name in SUPERVISED and firm:
            _account(draft, community, managers[firm.pk])
        if draft.places[community.pk].kind == OTHER:
            _groups(draft, community)
    _claims(draft)
    _nominations(draft)
    _investments(draft)
    Firm.objects.filter(pk=draft.firms[PUBLIC_FIRM].pk).update(is_public_benefit=True)


def _fees(draft: Draft, community: Community, firm: Firm, by, number: int) -> None:
    due = 3_000_000 + 250_000 * (number % 9)
    FeeMonth.objects.bulk_create(
        FeeMonth(
            community=community,
            firm=firm,
            month=month.first_day,
            due_fen=due,
            received_fen=due * (780 + draft.chance.randrange(200)) // 1000,
            reported_by=by,
            reported_at=draft.now,
        )
        for month in monthly.months_until(draft.today, monthly.TREND)[1:]
        if draft.firm_on(community, month.last_day) == firm
    )


def _account(draft: Draft, community: Community, by) -> None:
    months = monthly.months_until(draft.today, 7)[:0:-1]
    account = SupervisedAccount.objects.create(
        community=community, bank="演示银行荆溪支行", tail="0018", first_day=months[0].first_day
    )
    left = 5_000_000
    for month in months:
        income, expense = 1_800_000 + draft.chance.randrange(900_000), 1_700_000 + draft.chance.randrange(900_000)
        SupervisedMonth.objects.create(
            account=account, month=month.first_day, opening_fen=left, income_fen=income, expense_fen=expense,
            closing_fen=left + income - expense, what="物业费、车位费收入；电费、电梯维保、人员工资支出",
            reported_by=by, reported_at=draft.now,
        )  # fmt: skip
        left += income - expense


def _groups(draft: Draft, community: Community) -> None:
    day = draft.today - timedelta(days=400)
    named = [("self_governing", f"{community}自治小组", None), ("volunteers", "红马甲志愿服务队", None)]
    named += [("partner", "演示·结对单位", None), ("law", "法制楼组", draft.buildings[community.pk][0])]
    for kind, name, building in named:
        leader = Person.objects.create(name=draft.chance.choice(SURNAMES) + draft.chance.choice(GIVEN))
        ResidentGroup.objects.create(
            community=community, kind=kind, name=name, building=building, leader=leader, first_day=day,
            size=draft.chance.randrange(3, 20),
        )  # fmt: skip


def _claims(draft: Draft) -> None:
    """What partner units are asked for; the demo's partner has taken one on and may take another."""
    unit = ResidentGroup.objects.filter(kind="partner").select_related("community", "leader").order_by("pk").first()
    if not unit:
        return
    clerk, partner, now = draft.cast[Role.TOWN_CLERK], draft.cast[Role.PARTNER], draft.now
    Person.objects.filter(pk=unit.leader_id).update(user=partner, name=partner.name)
    for what, needs in ASKED:
        problem = claims.put_on_list(community=unit.community, what=what, needs=needs, by=clerk, now=now)
        if what == ASKED[0][0]:
            claims.take(problem=problem, group=unit, due_on=draft.today + 10 * DAY, by=clerk, now=now)
            claims.report(problem=problem, text="材料备好了，等晴天动工。", by=clerk, now=now)


def _nominations(draft: Draft) -> None:
    for name, kind, state in NOMINATED:
        row = ModelNomination(community=draft.communities[name], kind=kind, year=draft.today.year)
        row.reason, row.state = "日常管理规范，住户反映好", state
        row.nominated_by, row.nominated_at = draft.cast[Role.TOWN_CLERK], draft.now
        if state == "named":
            row.reviewed_by, row.reviewed_at, row.opinion = draft.cast[Role.TOWN_HEAD], draft.now, "现场看过，符合"
        row.save()


def _investments(draft: Draft) -> None:
    for number, community in enumerate(list(draft.communities.values())[:12]):
        what, source, amount, project, document = PUT_IN[number % len(PUT_IN)]
        Investment.objects.create(
            community=community, spent_on=draft.today - 20 * number * DAY, what=what, source=source,
            amount_fen=amount, project=project, document=document, entered_by=draft.cast[Role.TOWN_CLERK],
            entered_at=draft.now,
        )  # fmt: skip
