"""What pages show of scores: the month's board, a sheet, the firm's points at stake, a community's year. DOMAIN D"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from accounts.roles import OFFICE, STATION, Act, Role, may
from communities.models import Community, Contract, Firm
from lib.periods import Month, beijing_date
from rulebook import rules
from rulebook.workdays import add_working_days

from . import deposits, explain, people, revisions
from .kinds import TONES, PeriodKind, SheetState
from .models import Charge, Deposit, ScoreSheet
from .points import written

STAFF = OFFICE | STATION | {Role.LEADER}
A_YEAR = 12
OPEN_EVENTS = ("opened", "visited", "checked", "appealed", "appeal_dec", "published", "revised", "booked")


# ---------------------------------------------------------------- the month


def sheets(user: User, month: Month) -> QuerySet[ScoreSheet]:
    """Current sheets of a month, the greatest change against the month before first."""
    rows = ScoreSheet.objects.visible_to(user).of_month(month.first_day).current()
    rows = rows.with_row_parts().with_before()
    return rows.order_by(F("change_deci").asc(nulls_last=True), "score_deci", "community__pinyin", "pk")


def tiles(user: User, month: Month, *, today: date) -> list[dict]:
    """How many wait for whom, each a link to exactly those rows."""
    rows = ScoreSheet.objects.visible_to(user).of_month(month.first_day).current()
    counts = rows.with_row_parts().aggregate(
        draft=Count("pk", filter=Q(state="draft")),
        to_check=Count("pk", filter=Q(state="to_check")),
        appealed=Count("pk", filter=Q(open_appeal=True)),
        checked=Count("pk", filter=Q(state="checked")),
        published=Count("pk", filter=Q(state="published")),
        uninspected=Count("pk", filter=Q(is_inspected=False)),
    )
    words = {
        "draft": ("在评", "等考核人认定", ""),
        "to_check": ("待复核", "等负责人复核", "warn"),
        "appealed": ("申诉中", "等没经手的人决定", "warn"),
        "checked": ("已复核", "申诉期满后公布", ""),
        "published": ("已公布", "", ""),
        "uninspected": ("未充分检查", "不评档，不动钱", "warn"),
    }
    return [
        {"label": label, "number": counts[name], "hint": hint, "tone": tone, "unit": "份"}
        | {"url": f"{reverse('assessments:board')}?month={month}&state={name}"}
        for name, (label, hint, tone) in words.items()
    ]


@dataclass(frozen=True)
class Unscored:
    """A community that the month says nothing about, and why."""

    community: Community
    why: str


def unscored(user: User, month: Month) -> list[Unscored]:
    """Of the communities that the user sees."""
    return unscored_of(Community.objects.visible_to(user), month)


def unscored_of(places: QuerySet[Community], month: Month) -> list[Unscored]:
    """Nobody is silently left out: without a firm, or with too few days of service. DOMAIN D.1"""
    scored = ScoreSheet.objects.of_month(month.first_day).current().values("community")
    least = rules.on(month.first_day, "score.min_service_days")
    rows = places.standing(month.last_day).exclude(pk__in=scored).order_by("pinyin")
    served = set(Contract.objects.between(month.first_day, month.last_day).values_list("community", flat=True))
    short = f"服务不满 {least} 天，不考核"
    return [Unscored(row, short if row.pk in served else "没有物业企业，不考核") for row in rows]


def half_years(user: User) -> list[ScoreSheet]:
    """Half-yearly inspections that are not published yet."""
    rows = (
        ScoreSheet.objects.visible_to(user)
        .filter(period_kind=PeriodKind.HALF_YEAR)
        .exclude(state__in=["published", "replaced"])
    )
    return list(rows.select_related("community", "firm").order_by("-first_day", "community__pinyin")[:50])


def state_words(sheet: ScoreSheet) -> str:
    return state(sheet)[2]


def state(sheet: ScoreSheet) -> tuple[str, str, str]:
    """Tone, symbol and word of a sheet (UI.md 5)."""
    if getattr(sheet, "open_appeal", False):
        return "info", "talk", "申诉中"
    if not sheet.is_inspected and sheet.state in (SheetState.TO_CHECK, SheetState.CHECKED):
        return "warn", "eye", f"未充分检查，{sheet.get_state_display()}"
    tone, mark = TONES[sheet.state]
    return tone, mark, sheet.get_state_display()


def worst_items(rows: Iterable[ScoreSheet]) -> dict[int, str]:
    """For each sheet the item on which most was lost, in words; one query."""
    lost = Charge.objects.filter(sheet__in=[row.pk for row in rows]).values("sheet", "item__name")
    lost = (
        lost.annotate(deci=Sum(Coalesce("accepted_deci", "proposed_deci")))
        .filter(deci__gt=0)
        .order_by("sheet", "-deci")
    )
    found: dict[int, str] = {}
    for row in lost:
        found.setdefault(row["sheet"], f"{row['item__name']} {written(row['deci'])}")
    return found


# ---------------------------------------------------------------- one sheet


def page(sheet: ScoreSheet, user: User, *, now: datetime) -> dict:
    """All that the page of a sheet shows."""
    today, tree = beijing_date(now), explain.tree(sheet)
    is_staff = not STAFF.isdisjoint(user.roles)
    appeal = getattr(sheet, "appeal", None)
    earlier = before(sheet)
    others = ScoreSheet.objects.versions_of(sheet).visible_to(user).exclude(pk=sheet.pk)
    return {
        "sheet": sheet,
        "tree": tree,
        "state": state(sheet),
        "turn": turn(sheet, appeal, user, today=today),
        "before": earlier,
        "beside": explain.lost_by_item(earlier) if earlier and is_staff else {},
        "bands": sheet.table.bands.all(),
        "table_areas": sheet.table.scoreareas.prefetch_related("items"),
        "money": money(sheet, user),
        "events": told(sheet, user, is_staff=is_staff),
        "appeal": appeal,
        "others": others,
        "is_staff": is_staff,
        "may": _may(sheet, appeal, user, today=today),
        "spot_checks": sheet.spot_checks.exclude(result="").select_related("by") if is_staff else [],
    }


def told(sheet: ScoreSheet, user: User, *, is_staff: bool):
    """The story; outside the office without what it says among itself, and without words but for the firm."""
    events = sheet.events.select_related("by")
    if is_staff:
        return events
    events = list(events.filter(kind__in=OPEN_EVENTS))
    if not Firm.objects.employing(user).filter(pk=sheet.firm_id).exists():
        for event in events:
            event.text = ""
    return events


def _may(sheet: ScoreSheet, appeal, user: User, *, today: date) -> dict[str, bool]:
    """The buttons of a sheet for this person."""
    over = sheet.last_day < today
    assess = sheet.state == SheetState.DRAFT and people.may_assess(user, sheet)
    open_appeal = appeal is not None and appeal.state == appeal.State.OPEN
    publishable = sheet.state == SheetState.CHECKED and today > sheet.appeal_until and not open_appeal
    return {
        "assess": assess,
        "submit": assess and over and not sheet.charges.undecided().exists(),
        "check": sheet.state == SheetState.TO_CHECK and people.may_check_sheet(user, sheet),
        "publish": publishable and people.may_publish(user, sheet),
        "revise": may(user, Act.SCORE_SETTLEMENT) and revisions.is_revisable(sheet),
        "appeal": appeal is None and sheet.may_be_appealed(today) and people.may_appeal(user, sheet),
    }


def turn(sheet: ScoreSheet, appeal, user: User, *, today: date) -> dict:
    """Who must act, what, by when (UI.md 2)."""
    if appeal and appeal.state == appeal.State.OPEN:
        return _turn("warn", "talk", "申诉等没经手的人决定", appeal.due_on, today)
    if sheet.state == SheetState.DRAFT:
        if sheet.last_day >= today:
            words = "月底前按记录自动更新" if sheet.is_month else "等考核人到现场打分"
            return _turn("info", "half", words, sheet.last_day, today)
        who = "您" if people.may_assess(user, sheet) else _body(sheet)
        return _turn("warn", "half", f"等{who}认定扣分", sheet.draft_by.date, today)
    if sheet.state == SheetState.TO_CHECK:
        who = "您" if people.may_check_sheet(user, sheet) else "负责人"
        return _turn("warn", "eye", f"等{who}复核", sheet.check_by.date, today)
    if sheet.state == SheetState.CHECKED:
        if today <= sheet.appeal_until:
            return _turn("info", "talk", f"{sheet.firm}可以申诉", sheet.appeal_until, today)
        return _turn("warn", "board", "申诉期满，等负责人公布", None, today)
    if sheet.state == SheetState.REPLACED:
        return _turn("mute", "back", "已改用新的一版", None, today)
    return {**_turn("good", "ok", "公布了", None, today), "day": sheet.published_on}


def _body(sheet: ScoreSheet) -> str:
    return "镇物业办经办" if sheet.is_settlement else "物管站经办"


def _turn(tone: str, mark: str, text: str, day: date | None, today: date) -> dict:
    if day is None:
        return {"tone": tone, "mark": mark, "text": text, "day": None, "when": ""}
    left = (day - today).days
    when = f"前，还剩 {left} 天" if left > 0 else "前，就是今天" if left == 0 else f"前，过了 {-left} 天"
    return {"tone": "bad" if left < 0 else tone, "mark": mark, "text": text, "day": day, "when": when}


def before(sheet: ScoreSheet) -> ScoreSheet | None:
    """The last score in force before this one, of the same firm here."""
    rows = ScoreSheet.objects.in_force().filter(community=sheet.community_id, firm=sheet.firm_id)
    return rows.filter(period_kind=sheet.period_kind, first_day__lt=sheet.first_day).order_by("-first_day").first()


def money(sheet: ScoreSheet, user: User) -> dict | None:
    """What the score does, or has done, to the deposit; for those who see deposits."""
    row = Deposit.objects.visible_to(user).filter(contract=sheet.contract_id).first()
    if row is None or not sheet.is_month:
        return None
    booking = getattr(sheet, "booking", None)
    band = next((one for one in sheet.table.bands.all() if one.letter == sheet.band), None)
    share = deposits.share(row.opening_fen, band.bp if band else 0)
    return {
        "deposit": row,
        "booking": booking,
        "band": band,
        "base": share.base,
        "wanted": booking.wanted_fen if booking else share.wanted,
    }


def verdict_areas(form) -> list[tuple]:
    """The rows of the assessor's form, area by area."""
    found: dict = defaultdict(list)
    for row in form.rows:
        found[row[0].item.area].append((explain.leaf(row[0]), *row))
    return list(found.items())


def next_to_check(user: User, after: ScoreSheet) -> ScoreSheet | None:
    """The next sheet that waits for this person's check."""
    rows = ScoreSheet.objects.visible_to(user).to_check_by(user).exclude(pk=after.pk)
    return rows.order_by("first_day", "community__pinyin").first()


# ---------------------------------------------------------------- the firm


def firm_page(user: User, *, now: datetime) -> dict:
    """A firm's months, what is at stake this month, its deposits, what waits for it."""
    today = beijing_date(now)
    own = Firm.objects.employing(user)
    mine = ScoreSheet.objects.visible_to(user).filter(firm__in=own).with_row_parts()
    return {
        "today": today,
        "stakes": stakes(own, today=today),
        "open": mine.filter(state="checked").order_by("appeal_until", "community__pinyin"),
        "published": mine.in_force().order_by("-first_day", "community__pinyin"),
        "deposits": Deposit.objects.visible_to(user).with_row_parts(),
    }


def stakes(firms: QuerySet[Firm], *, today: date) -> list[dict]:
    """Points that the running and the last month would cost by what is recorded so far: drafts, as counts per item."""
    drafts = (
        ScoreSheet.objects.months().filter(firm__in=firms, state__in=["draft", "to_check"]).select_related("community")
    )
    drafts = list(drafts.order_by("-first_day", "community__pinyin")[:60])
    lost = Charge.objects.filter(sheet__in=[row.pk for row in drafts], exempt="").values("sheet", "item__name")
    items: dict[int, list[dict]] = defaultdict(list)
    for row in lost.annotate(times=Count("pk"), deci=Sum("proposed_deci")).order_by("sheet", "-deci"):
        items[row["sheet"]].append(row)
    return [{"sheet": row, "items": items[row.pk], "running": row.last_day >= today} for row in drafts]


# ---------------------------------------------------------------- everybody


def trend(community: Community, *, months: int = A_YEAR) -> list[ScoreSheet]:
    """The published months in force of a community, the newest first."""
    return list(
        ScoreSheet.objects.in_force().months().filter(community=community).select_related("firm", "table")[:months]
    )


def reasons(sheet: ScoreSheet) -> list[dict]:
    """For residents: each item with how often and how many points, no words of anybody. RELIABILITY"""
    lost = sheet.charges.filter(exempt="", accepted_deci__gt=0).values(
        "item__name", "item__area__name", "item__area__position"
    )
    lost = lost.annotate(times=Count("pk"), deci=Sum("accepted_deci"))
    return list(lost.order_by("item__area__position", "-deci"))


def public_page(community: Community, *, today: date) -> dict:
    """A community's newest score with its reasons, versions beside each other, and a year's trend."""
    published = trend(community)
    latest = published[0] if published else None
    contested = ScoreSheet.objects.months().filter(community=community, state="checked", appeal__state="open")
    older = []
    if latest:
        older = ScoreSheet.objects.versions_of(latest).filter(state="published", version__lt=latest.version)
    next_ = Month(today.year, today.month).previous
    return {
        "community": community,
        "latest": latest,
        "reasons": reasons(latest) if latest else [],
        "older": older,
        "contested": contested.order_by("-first_day").first(),
        "trend": published,
        "next_month": next_,
        "next_by": add_working_days(next_.last_day, rules.on(next_.first_day, "score.check_wd")).date,
    }
