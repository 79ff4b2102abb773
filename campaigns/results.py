"""What a campaign has come to: findings and complaints before and after, what is unfinished, a text to publish. §8

Every number is a link to exactly its rows: the lists of inspections and complaints narrowed in the same way.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from complaints.findings import CHECKED_AS
from complaints.kinds import Category as Matter
from complaints.models import Complaint
from inspections.models import Category, Finding, PatrolPhoto
from lib.periods import DAY, beijing_date
from lib.text import day_in_full

from .models import Campaign, CampaignFinding, CampaignPlace, Problem, Task

MOST_PAIRS = 6
Photo = PatrolPhoto.Kind
OF_FINDING = Q(kind__in=(Photo.PROBLEM, Photo.AFTER))
OF_ROUND = Q(kind__in=(Photo.REPLY, Photo.RECHECK))


@dataclass(frozen=True)
class Spans:
    """Two spans of the same number of days: before the campaign, and since its first day."""

    before: tuple[date, date]
    after: tuple[date, date]

    @property
    def days(self) -> int:
        return (self.after[1] - self.after[0]) // DAY + 1


def spans(campaign: Campaign, today: date) -> Spans | None:
    """From its first day (its approval where it has none) to its end, or today; None before it has begun."""
    first = campaign.first_day or (campaign.approved_at and beijing_date(campaign.approved_at))
    last = min(day for day in (campaign.ended_on, campaign.last_day, today) if day)
    if not first or last < first or not campaign.approved_at:
        return None
    long = last - first
    return Spans((first - DAY - long, first - DAY), (first, last))


@dataclass(frozen=True)
class Number:
    """How many rows, and where exactly they are listed."""

    count: int
    url: str


@dataclass(frozen=True)
class Line:
    """A category before and after."""

    label: str
    before: Number
    after: Number

    @property
    def words(self) -> str:
        less = self.before.count - self.after.count
        if not less:
            return "一样多"
        return f"少 {less} 件" if less > 0 else f"多 {-less} 件"


class Results:
    """What one person sees of a campaign's results; rows of communities that they do not see are not counted."""

    def __init__(self, campaign: Campaign, user: User, today: date):
        self.campaign, self.user, self.today = campaign, user, today
        self.spans = spans(campaign, today)

    @cached_property
    def places(self) -> list[CampaignPlace]:
        rows = CampaignPlace.objects.visible_to(self.user).filter(campaign=self.campaign)
        return list(rows.with_found().select_related("community"))

    @cached_property
    def is_everywhere(self) -> bool:
        """A plan without communities of its own is for all."""
        return not self.places and not self.campaign.places.exists()

    @cached_property
    def categories(self) -> list[Category]:
        """Those of its check items; all where it has none."""
        own = set(self.campaign.items.order_by().values_list("category", flat=True))
        return [category for category in Category if not own or category in own]

    @cached_property
    def matters(self) -> list[Matter]:
        """The categories of complaints that speak of the same things; all where it has no check items."""
        if not self.campaign.items.exists():
            return list(Matter)
        return [matter for matter in Matter if CHECKED_AS.get(matter) in self.categories]

    # ------------------------------------------------------------ before and after

    def _lines(self, rows: QuerySet, day: str, category: str, choices: list, page: str) -> list[Line]:
        """For each category how many rows of each span, and the page that lists exactly these."""
        if self.spans is None:
            return []
        if not self.is_everywhere:
            rows = rows.filter(community__in=[place.community_id for place in self.places])
        counts = [
            dict(rows.filter(**{f"{day}__range": span}).order_by().values_list(category).annotate(n=Count("pk")))
            for span in (self.spans.before, self.spans.after)
        ]
        found = []
        for choice in choices:
            numbers = [
                Number(count.get(choice.value, 0), self._url(page, choice, span))
                for count, span in zip(counts, (self.spans.before, self.spans.after), strict=True)
            ]
            found.append(Line(choice.label, *numbers))
        return found

    def _url(self, page: str, category: str, span: tuple[date, date]) -> str:
        asked = {"category": category.value, "first": span[0], "last": span[1]}
        if not self.is_everywhere:
            asked["of"] = ",".join(str(place.community_id) for place in self.places)
        return f"{reverse(page)}?{urlencode(asked, safe=',')}"

    @cached_property
    def findings(self) -> list[Line]:
        rows = Finding.objects.visible_to(self.user).standing()
        return self._lines(rows, "found_on", "item__category", self.categories, "inspections:finding-list")

    @cached_property
    def complaints(self) -> list[Line]:
        """Only categories that there were any of: there are many."""
        rows = Complaint.objects.visible_to(self.user)
        lines = self._lines(rows, "registered_on", "category", self.matters, "complaints:desk")
        return [line for line in lines if line.before.count or line.after.count]

    # ------------------------------------------------------------ unfinished

    @cached_property
    def tasks(self) -> list[Task]:
        return list(self.campaign.tasks.filter(done_on=None).select_related("lead"))

    @cached_property
    def problems(self) -> list[Problem]:
        """Those of the whole campaign, and of the communities that the person sees."""
        rows = self.campaign.problems.visible_to(self.user).open()
        return list(rows.select_related("place__community"))

    @cached_property
    def open_places(self) -> list[CampaignPlace]:
        """Communities with findings of the campaign that are open; most first."""
        rows = [place for place in self.places if place.left_count]
        return sorted(rows, key=lambda place: (-place.left_count, place.community.pinyin))

    # ------------------------------------------------------------ to show

    @cached_property
    def pairs(self) -> list[tuple[Finding, PatrolPhoto, PatrolPhoto]]:
        """Some settled findings with a photo of before and one of after; the newest first."""
        rows = Finding.objects.visible_to(self.user).filter(state=Finding.State.CLOSED)
        rows = rows.filter(Exists(CampaignFinding.objects.filter(place__in=self.places, finding=OuterRef("pk"))))
        newest = list(rows.select_related("community").order_by("-closed_on", "-pk")[: MOST_PAIRS * 10])
        photos = PatrolPhoto.objects.visible_to(self.user).shown().ready().select_related("round__notice")
        photos = photos.filter(OF_FINDING | OF_ROUND, Q(finding__in=newest) | Q(round__notice__finding__in=newest))
        before: dict[int, PatrolPhoto] = {}
        after: dict[int, PatrolPhoto] = {}
        for photo in photos.order_by("pk"):
            if photo.kind == Photo.PROBLEM:
                before.setdefault(photo.finding_id, photo)
            else:
                after[photo.finding_id or photo.round.notice.finding_id] = photo
        return [(row, before[row.pk], after[row.pk]) for row in newest if row.pk in before and row.pk in after][
            :MOST_PAIRS
        ]

    @cached_property
    def text(self) -> str:
        """A draft in plain sentences; numbers and communities only, nobody's name."""
        if self.spans is None:
            return ""
        first, last = self.spans.after
        where = f"在 {len(self.places)} 个小区" if self.places else "在全镇"
        words = [f"{day_in_full(first)}至{day_in_full(last)}，{where}开展“{self.campaign}”。"]
        found, left = sum(p.found_count for p in self.places), sum(p.left_count for p in self.places)
        if found:
            words.append(f"共查出问题 {found} 处，已经整改 {found - left} 处，还有 {left} 处正在整改。")
        words += _compared("查出的问题", self.findings, self.spans.days)
        words += _compared("居民投诉", self.complaints, self.spans.days)
        if self.campaign.summary:
            words.append(self.campaign.summary)
        words.append("发现新的问题，可以在网上反映，也可以打电话。")
        return "\n".join(words)


def _compared(what: str, lines: list[Line], days: int) -> list[str]:
    """The categories in which there is less than before, the most first."""
    sums = Counter(before=sum(line.before.count for line in lines), after=sum(line.after.count for line in lines))
    if not sums["before"] and not sums["after"]:
        return []
    words = [f"{what} {sums['after']} 件，整治前的 {days} 天 {sums['before']} 件。"]
    less = sorted((line for line in lines if line.after.count < line.before.count), key=_less)
    if less:
        named = "，".join(f"{line.label}从 {line.before.count} 件减到 {line.after.count} 件" for line in less[:3])
        words.append(f"其中{named}。")
    return words


def _less(line: Line) -> int:
    return line.after.count - line.before.count
