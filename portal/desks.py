"""The first page of office, stations and leaders: numbers that are links to exactly the rows they count."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Max, Q
from django.urls import reverse

from accounts import lines
from accounts.models import RoleGrant, User
from accounts.roles import STATION, Act, may_check
from communities import committee_board
from communities.models import Building, Community, Contract, Handover, SheetImport
from complaints import desk as complaint_desk
from inspections import boards, soon_after, waiting
from inspections.boards import CommunityWeek
from inspections.models import Finding, Notice, NoticeRound, Patrol, RootCause, Severity, Transfer
from lib.periods import Week, beijing_date, week_of
from rulebook import missing_years
from rulebook.models import Rule

from . import campaign_desks, score_desks
from .waiting import tiles as waiting_tiles

ROWS_SHOWN = 8


@dataclass(frozen=True)
class Tile:
    """A number with its label, and the list that it counts."""

    label: str
    number: int
    unit: str
    url: str
    hint: str = ""
    tone: str = "warn"


def _link(name: str, **query) -> str:
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)


def office(user: User, *, now: datetime) -> dict:
    """What waits at the desk of somebody of the office or of a station."""
    today, week = beijing_date(now), week_of(now)
    communities = Community.objects.overseen_by(user).standing(today)
    board = boards.community_weeks(week, communities.select_related("village_committee"))
    unvisited = [row for row in board if row.is_unvisited]
    findings = Finding.objects.visible_to(user).open()
    return {
        "today": today,
        "now": now,
        "week": week,
        "community_count": len(board),
        "firm_count": _firm_count(communities, today),
        "tiles": [
            *_patrol_tiles(board, unvisited),
            *_doubt_tiles(user),
            *_notice_tiles(user, findings, today),
            *_finding_tiles(findings),
            *_complaint_tiles(user, now),
            *_registry_tiles(communities, today),
            *waiting_tiles([*score_desks.waiting(user, today), *campaign_desks.waiting(user, today)]),
        ],
        "checks": [*_checks(user), *_handovers(user)],
        "unvisited": _with_last_visit(unvisited[:ROWS_SHOWN], user),
        "serious": findings.exclude(severity=Severity.GENERAL).with_row_parts().order_by("found_on", "pk")[:ROWS_SHOWN],
        "soon_after": soon_after.of_station(user, now=now) if STATION & user.roles else [],
        "missing_year": missing_years.to_load(today),
        "lines_down": lines.down_for(user),
    }


def _firm_count(communities, today: date) -> int:
    """Firms under contract in these communities today."""
    contracts = Contract.objects.on(today).filter(community__in=communities)
    return contracts.order_by().values("firm").distinct().count()


def _patrol_tiles(board: list[CommunityWeek], unvisited: list[CommunityWeek]) -> list[Tile]:
    asked = [row for row in board if row.asked]
    been = f"该去的 {len(asked)} 个里去过 {_visited(asked)} 个"
    return [
        Tile("本周没人去过", len(unvisited), "个小区", _board("unvisited"), been, "bad"),
        Tile("本周没巡够", _short(board), "个小区", _board("missing"), "没去过的也算在内"),
    ]


def _doubt_tiles(user: User) -> list[Tile]:
    """Patrols whose day the station has to confirm; shown only where there are some."""
    number = Patrol.objects.visible_to(user).doubtful().count()
    url = _link("inspections:patrol-list", doubt="1")
    return [Tile("巡查的日期要核实", number, "份", url, "核实以前不算次数")] if number else []


def _board(only: str) -> str:
    return _link("inspections:week-board", only=only)


def _notice_tiles(user: User, findings, today: date) -> list[Tile]:
    """Overdue by firms, late rechecks of the own people, and what stands still because nobody sent it."""
    seen = Notice.objects.visible_to(user)
    late = waiting.late(seen, today=today)
    tiles = [
        Tile("抄告逾期没回复", late["overdue"], "份", _shelf("overdue"), "催物业", "bad"),
        Tile("复查晚了", late["recheck"], "份", _late(), "不算物业逾期"),
        Tile("没抄告的问题", findings.unsent().count(), "个", _link("inspections:finding-list", unsent="1"), "等发出"),
        *_further_tiles(user, seen),
    ]
    return tiles


def _further_tiles(user: User, seen) -> list[Tile]:
    """Shown only where there are some."""
    causes = RootCause.objects.visible_to(user).proposed().count()
    drafts = Transfer.objects.visible_to(user).drafts().count()
    asked = seen.filter(waiting.to_decide(user)).distinct().count()
    found = [
        Tile("异议、延期等您决定", asked, "份", _shelf("decide")),
        Tile("移交的草稿", drafts, "件", _link("inspections:transfer-list", state="draft"), "等镇物业办发出"),
        Tile("治本单等物管站定", causes, "份", _link("inspections:root-cause-list"), "同一处反复出问题"),
    ]
    return [tile for tile in found if tile.number]


def _shelf(name: str) -> str:
    return _link("inspections:notice-list", show=name)


def _late() -> str:
    return _link("inspections:register", state="late")


def _finding_tiles(findings) -> list[Tile]:
    serious = findings.filter(severity=Severity.MAJOR).count()
    open_, major = {"state": "open"}, {"state": "open", "severity": "major"}
    return [
        Tile("重大问题没办结", serious, "个", _link("inspections:finding-list", **major), tone="bad"),
        Tile("问题没办结", findings.count(), "个", _link("inspections:finding-list", **open_), tone="info"),
    ]


SHOWN_TRAYS = ("accept", "urgent", "overdue", "today")


def _complaint_tiles(user: User, now: datetime) -> list[Tile]:
    """What must not pass its term unseen; the desk of complaints has all heaps."""
    found = {heap.tray.name: heap for heap in complaint_desk.heaps(user, now=now)}
    shown = [found[name] for name in SHOWN_TRAYS]
    url = "complaints:desk"
    return [
        Tile(f"投诉{one.tray.label}", one.number, "件", _link(url, show=one.tray.name), one.tray.hint, one.tray.tone)
        for one in shown
    ]


def _registry_tiles(communities, today: date) -> list[Tile]:
    cadreless = Count("pk", filter=Q(pk__in=Community.objects.without_cadre(today).order_by().values("pk")))
    numbers = communities.order_by().aggregate(cadreless=cadreless, **committee_board.counts(today=today))
    headless = Building.objects.filter(community__in=communities, ended_on=None).without_head(today).count()
    return [
        Tile("没有联系干部", numbers["cadreless"], "个小区", _link("communities:duties"), "到联系关系里定一位"),
        Tile("没有楼幢长", headless, "幢楼", _link("communities:heads", head="no"), "自荐或业主代表推荐", "mute"),
        *_committee_tiles(numbers),
    ]


COMMITTEES = {
    "none": ("没有业委会", "该成立的看“应成立而未成立”", "mute"),
    "ending": ("业委会任期快到", "该准备换届了", "warn"),
    "unfiled": ("业委会没按期备案", "选出来要到镇里备案", "bad"),
    "troubled": ("业委会不作为", "或者凝聚力不强，还没改好", "warn"),
}


def _committee_tiles(numbers: dict[str, int]) -> list[Tile]:
    return [
        Tile(label, numbers[state], "个小区", _link("communities:committee-list", state=state), hint, tone)
        for state, (label, hint, tone) in COMMITTEES.items()
        if numbers[state]
    ]


def _checks(user: User) -> list[Tile]:
    """What waits for a second person, as far as this one may check it."""
    found = []
    if may_check(user, Act.GRANT):
        waiting = RoleGrant.objects.to_check().count()
        found.append(Tile("角色等复核", waiting, "个", reverse("admin:accounts_rolegrant_changelist")))
    if may_check(user, Act.RULES):
        found.append(Tile("规则等复核", Rule.objects.waiting().count(), "条", reverse("rulebook:rules")))
    imports = SheetImport.objects.visible_to(user).to_confirm().count()
    found.append(Tile("表读好了，等您看过再定", imports, "张", reverse("communities:import"), "确认了才写进台账"))
    return [tile for tile in found if tile.number]


def _handovers(user: User) -> list[Tile]:
    number = Handover.objects.visible_to(user).open().count()
    return [Tile("交接单等双方确认", number, "张", reverse("portal:handover"), "看谁还没确认")] if number else []


def _with_last_visit(rows: list[CommunityWeek], user: User) -> list[CommunityWeek]:
    """Adds to each row the day of the last patrol that the viewer may know of, in one query."""
    places = [row.community.pk for row in rows]
    patrols = Patrol.objects.visible_to(user).submitted().filter(community__in=places).order_by()
    last = dict(patrols.values_list("community").annotate(Max("occurred_on")))
    for row in rows:
        row.last_visit = last.get(row.community.pk)
    return rows


def leader(user: User, *, now: datetime) -> dict:
    """Five numbers, each against last week, and what is serious. No names of people."""
    week, today = week_of(now), beijing_date(now)
    communities = Community.objects.overseen_by(user).standing(today)
    board = boards.community_weeks(week, communities)
    then = Community.objects.overseen_by(user).standing(week.previous.sunday)
    last = boards.community_weeks(week.previous, then)
    findings = Finding.objects.visible_to(user).standing()
    return {
        "today": today,
        "now": now,
        "week": week,
        "lines": [*_leader_lines(board, last, findings, week), _overdue_line(user, today, week)],
        "serious": findings.open().filter(severity=Severity.MAJOR).with_row_parts().order_by("found_on", "pk")[:5],
        "late": [
            *score_desks.late_months(user, today),
            *waiting_tiles([*score_desks.late(user, today), *campaign_desks.late(user, today)]),
        ],
        "without_firm": communities.exclude(pk__in=Contract.objects.on(today).values("community")).count(),
        "community_count": len(board),
    }


@dataclass(frozen=True)
class Line:
    """A number of this week beside last week's, and its rows."""

    label: str
    now: int
    before: int
    unit: str
    url: str


def _leader_lines(board: list[CommunityWeek], last: list[CommunityWeek], findings, week: Week) -> list[Line]:
    rows, days = "inspections:finding-list", {"first": week.monday, "last": week.sunday}
    closed_days = {"state": "closed", "closed_first": week.monday, "closed_last": week.sunday}
    return [
        Line("去过的小区", _visited(board), _visited(last), "个", _board("visited")),
        Line("还没巡够的小区", _short(board), _short(last), "个", _board("missing")),
        Line("新发现的问题", _found(findings, week), _found(findings, week.previous), "个", _link(rows, **days)),
        Line("办结的问题", _closed(findings, week), _closed(findings, week.previous), "个", _link(rows, **closed_days)),
        Line("没办结的问题", *_open(findings, week), "个", _link(rows, state="open")),
    ]


def _overdue_line(user: User, today: date, week: Week) -> Line:
    """Overdue today, and what was so on the last Sunday: due before it and not answered by then."""
    seen = Notice.objects.visible_to(user)
    sunday = week.previous.sunday
    then = NoticeRound.objects.filter(notice__in=seen, due_on__lt=sunday).exclude(replied_on__lte=sunday)
    ended = Q(notice__state="withdrawn") | Q(outcome="ended")
    url = _link("inspections:register", state="overdue")
    return Line("抄告逾期没回复", seen.overdue(today=today).count(), then.exclude(ended).count(), "份", url)


def _found(findings, week) -> int:
    return findings.filter(found_on__gte=week.monday, found_on__lte=week.sunday).count()


def _closed(findings, week) -> int:
    return findings.filter(closed_on__gte=week.monday, closed_on__lte=week.sunday).count()


def _open(findings, week) -> tuple[int, int]:
    """Open now, and open at the end of last week."""
    before = findings.filter(found_on__lt=week.monday).exclude(closed_on__lt=week.monday).count()
    return findings.open().count(), before


def _visited(board: list[CommunityWeek]) -> int:
    return sum(1 for row in board if row.done)


def _short(board: list[CommunityWeek]) -> int:
    return sum(1 for row in board if row.missing)
