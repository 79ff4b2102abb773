"""Figures of a month by firm, community or category, set-based; each is a link to exactly its rows. Issue 7 §8"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Aggregate, Count, DurationField, F, Q
from django.db.models.functions import TruncMonth

from accounts.models import User
from lib.periods import Month

from .kinds import Category
from .models import Complaint, Rating

DIMENSIONS = {"firm": "物业企业", "community": "小区", "category": "类别"}
NAMES = {"firm": "firm__name", "community": "community__name", "category": "category"}
REPEATS = 3  # shown from so many on; a figure of the page, not of the business


class Median(Aggregate):
    """The middle of what is aggregated."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Line:
    """What one firm, community or category had in a month."""

    key: object
    name: str
    cases: int
    people: int
    answered: int
    late: int
    days: float | None
    rated: int
    satisfied: int
    refused: int
    merged: int

    def rows(self, month: Month, by: str) -> dict[str, str]:
        """For each figure the query of the desk that shows its rows."""
        own = {by: self.key if self.key is not None else 0}
        found = {only: rows_of(month, only=only, **own) for only in ("counted", "answered", "late", "rated")}
        states = {"refused": "not_accepted", "merged": "merged"}
        return found | {name: rows_of(month, only="", state=state, **own) for name, state in states.items()}

    @property
    def satisfaction_bp(self) -> int | None:
        """Satisfied of those who rated, in basis points, rounded down; None where nobody did. DOMAIN E.6"""
        return self.satisfied * 10_000 // self.rated if self.rated else None

    @property
    def satisfaction(self) -> str:
        return "—" if self.satisfaction_bp is None else f"{self.satisfaction_bp // 100}%"

    @property
    def days_words(self) -> str:
        return "—" if self.days is None else f"{self.days:.1f} 天"

    def share(self, part: int) -> str:
        return f"{part * 100 // self.cases}%" if self.cases else "—"

    @property
    def refused_share(self) -> str:
        return self.share(self.refused)

    @property
    def merged_share(self) -> str:
        return f"{self.merged * 100 // (self.cases + self.merged)}%" if self.cases + self.merged else "—"


FIGURES = {
    "cases": Count("pk", filter=~Q(state__in=["merged", "withdrawn"]), distinct=True),
    "people": Count("complainants"),
    "answered": Count("pk", filter=Q(replied_on__isnull=False), distinct=True),
    "late": Count("pk", filter=Q(replied_on__gt=F("reply_by")), distinct=True),
    "refused": Count("pk", filter=Q(state="not_accepted"), distinct=True),
    "merged": Count("pk", filter=Q(state="merged"), distinct=True),
}
SPEED = Median(F("replied_on") - F("registered_on"), filter=Q(replied_on__isnull=False))


def of_month(user: User, month: Month, by: str) -> list[Line]:
    """The lines of a month, those with most complaints first; three queries whatever the number of rows."""
    rows = Complaint.objects.visible_to(user).filter(registered_on__range=(month.first_day, month.last_day)).order_by()
    return _lines(rows, by)


def _lines(rows, by: str) -> list[Line]:
    counted = list(rows.values(by, name=F(NAMES[by])).annotate(**FIGURES))
    speed = dict(rows.values_list(by).annotate(span=SPEED))
    judged = _judged(rows, by)
    lines = [_line(row, by, speed, judged) for row in counted]
    return sorted(lines, key=lambda line: (-line.cases, line.name))


def _line(row: dict, by: str, speed: dict, judged: dict) -> Line:
    key = row[by]
    name = Category(key).label if by == "category" else row["name"] or "没有物业企业"
    rated, satisfied = judged.get(key, (0, 0))
    figures = {figure: row[figure] for figure in FIGURES}
    return Line(key, name, **figures, days=_days(speed.get(key)), rated=rated, satisfied=satisfied)


def _days(span: timedelta | None) -> float | None:
    return None if span is None else span / timedelta(days=1)


def _judged(rows, by: str) -> dict:
    """How many ratings, and how many of them satisfied, by key."""
    path = f"complainant__complaint__{by}"
    ratings = Rating.objects.filter(complainant__complaint__in=rows.values("pk")).order_by()
    counted = ratings.values_list(path).annotate(rated=Count("pk"), good=Count("pk", filter=Q(score__gte=4)))
    return {key: (number, satisfied) for key, number, satisfied in counted}


def total(lines: Iterable[Line]) -> Line:
    """All lines together; the median of medians is none, so there are no days."""
    lines = list(lines)
    names = [*FIGURES, "rated", "satisfied"]
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    return Line(None, "合计", days=None, **sums)


@dataclass(frozen=True)
class Repeat:
    """A place that people complained about again and again."""

    community: str
    building: str
    category: str
    number: int
    query: str


def repeats(user: User, month: Month) -> list[Repeat]:
    """Buildings with one kind of complaint at least three times in the month."""
    rows = Complaint.objects.visible_to(user).counted().exclude(building=None)
    rows = rows.filter(registered_on__range=(month.first_day, month.last_day)).order_by()
    columns = ("community__name", "building__name", "building", "category")
    counted = rows.values_list(*columns).annotate(cases=Count("pk"))
    found = counted.filter(cases__gte=REPEATS).order_by("-cases", "community__name")[:20]
    return [_repeat(*row, month) for row in found]


def _repeat(place: str, building: str, key: int, kind: str, number: int, month: Month) -> Repeat:
    return Repeat(place, building, Category(kind).label, number, rows_of(month, building=key, category=kind))


def rows_of(month: Month, *, only: str = "counted", **narrowed) -> str:
    """The query of the desk that shows exactly the rows of a figure."""
    return urlencode({"only": only, "first": month.first_day, "last": month.last_day, **narrowed})


def by_month(user: User, last: Month, count: int = 6) -> list[tuple[Month, int, int]]:
    """Registered and answered, month by month up to the last one; two queries."""
    months = [last]
    while len(months) < count:
        months.insert(0, months[0].previous)
    rows = Complaint.objects.visible_to(user).counted().order_by()
    came, went = (_counted(rows, column, months) for column in ("registered_on", "replied_on"))
    return [(month, came.get(month.first_day, 0), went.get(month.first_day, 0)) for month in months]


def _counted(rows, column: str, months: list[Month]) -> dict:
    inside = rows.filter(**{f"{column}__range": (months[0].first_day, months[-1].last_day)})
    return dict(inside.values_list(TruncMonth(column)).annotate(cases=Count("pk")))


# ---------------------------------------------------------------- for everybody


def of_community(community, *, first, last) -> Line:
    """What strangers may know of a community: how many, how fast, how satisfied; no words. RELIABILITY"""
    rows = Complaint.objects.filter(community=community, registered_on__range=(first, last)).order_by()
    lines = _lines(rows, "community")
    return lines[0] if lines else Line(community.pk, community.name, *[0] * 4, None, *[0] * 4)


def kinds_of_community(community, *, first, last) -> list[tuple[str, int]]:
    """How many of which kind, the most first."""
    rows = Complaint.objects.counted().filter(community=community, registered_on__range=(first, last)).order_by()
    counted = rows.values_list("category").annotate(cases=Count("pk")).order_by("-cases")
    return [(Category(kind).label, number) for kind, number in counted]
