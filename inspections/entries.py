"""What a patrol says as it comes from the phone, and what it must say to be taken. DOMAIN B.4, B.5"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from communities.models import Building, Community

from .models import ASKED, MOST_PHOTOS, Category, CheckItem, Finding, Patrol, PatrolAnswer, Severity

CLOCK_SKEW = timedelta(minutes=10)  # a phone's clock may be ahead of ours by so much
Result = PatrolAnswer.Result


class Refused(Exception):
    """The record cannot be taken as it is. ``problems``: field name → sentence that says how to mend it."""

    def __init__(self, problems: dict[str, str]):
        super().__init__("；".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class FindingEntry:
    """One finding as typed on the phone."""

    client_id: UUID
    item: CheckItem
    severity: str
    text: str
    handling: str
    severity_reason: str = ""
    building: Building | None = None
    place: str = ""
    dissuaded: bool = False
    photos: Sequence[UUID] = ()
    after: Sequence[UUID] = ()
    field: str = "findings"  # where its errors are shown

    @property
    def is_on_the_spot(self) -> bool:
        return self.handling == Finding.Handling.ON_THE_SPOT


@dataclass(frozen=True)
class Entry:
    """A patrol as typed on the phone; nothing in it is preset."""

    client_id: UUID
    community: Community
    occurred_at: datetime
    answers: dict[str, str]  # category → result
    findings: Sequence[FindingEntry] = ()
    kind: str = Patrol.Kind.DAILY
    places: str = ""
    note: str = ""
    photos: Sequence[UUID] = ()
    written_at: datetime | None = None  # by the phone's clock, for one that waited there; kept whatever it says
    clock_ahead: int | None = None  # seconds of the phone's clock before ours when it was sent

    @property
    def is_from_a_queue(self) -> bool:
        return self.written_at is not None


def check(entry: Entry, *, now: datetime) -> None:
    """Raises Refused with a sentence for each thing that is missing or contradictory. DOMAIN B.4"""
    problems = _answer_problems(entry) | _time_problems(entry, now)
    for number, finding in enumerate(entry.findings, start=1):
        named = problems_of(finding)
        problems |= {f"{finding.field}-{name}": f"第 {number} 个问题：{words}" for name, words in named}
    if len(entry.photos) > MOST_PHOTOS:
        problems["photos"] = TOO_MANY_PHOTOS
    if problems:
        raise Refused(problems)


TOO_MANY_PHOTOS = f"照片最多 {MOST_PHOTOS} 张，请删掉几张。"


def unanswered(category: Category) -> str:
    return f"“{category.label}”还没选：没问题、有问题，或者这次没看。"


def _answer_problems(entry: Entry) -> dict[str, str]:
    problems = {}
    found = {finding.item.category for finding in entry.findings}
    for category in Category:
        result = entry.answers.get(category)
        if category in ASKED and result not in Result.values:
            problems[category] = unanswered(category)
        elif result == Result.FINDING and category not in found:
            problems[category] = f"“{category.label}”选了有问题，请写一句是什么问题，在哪里。"
        elif result != Result.FINDING and category in found:
            problems[category] = f"“{category.label}”写了问题，请选“有问题”，或者把写的问题删掉。"
    if not problems and set(entry.answers.values()) <= {Result.NOT_SEEN}:
        problems["answers"] = "每一项都是“这次没看”，这次就不算巡查。至少看一项再提交。"
    return problems


def _time_problems(entry: Entry, now: datetime) -> dict[str, str]:
    if entry.occurred_at > now + CLOCK_SKEW and not entry.is_from_a_queue:
        return {"occurred_on": "巡查时间在现在之后，看看这部手机的日期和时间对不对。"}
    return {}


def problems_of(finding: FindingEntry) -> Iterator[tuple[str, str]]:
    """What is missing or contradictory in one finding: field and sentence."""
    if not finding.text.strip():
        yield "text", "写一句是什么问题，在哪里，比如“3幢1单元楼道堆纸箱”。"
    yield from _severity_problems(finding)
    if finding.is_on_the_spot and not finding.after:
        yield "after", "当场处理好的，再拍一张处理后的照片。"
    if finding.dissuaded and not finding.photos:
        yield "photos", "勾了“物业已劝阻、已报告”，要有照片。"
    if len(finding.photos) + len(finding.after) > MOST_PHOTOS:
        yield "photos", TOO_MANY_PHOTOS


def _severity_problems(finding: FindingEntry) -> Iterator[tuple[str, str]]:
    usual, rank = Severity(finding.item.severity), Severity(finding.severity).rank
    if rank < usual.rank:
        yield "severity", f"“{finding.item}”定为{usual.label}，要降低请物管站站长来办。"
    if rank > usual.rank and not finding.severity_reason.strip():
        yield "severity_reason", "等级提高了，写一句为什么。"
