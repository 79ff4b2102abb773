"""Where a complaint stands, in words of life: the turn bar, the steps behind and ahead, as far as each may read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from lib.text import day_words
from rulebook.workdays import working_days

from . import terms
from .events import Kind
from .kinds import Level
from .models import Complaint, State

TONES = {
    State.REGISTERED: ("info", "dot"),
    State.ACCEPTED: ("info", "half"),
    State.NOT_ACCEPTED: ("mute", "dot"),
    State.ASSIGNED: ("info", "half"),
    State.HANDLING: ("info", "half"),
    State.REPLIED: ("warn", "clock"),
    State.RATED: ("good", "ok"),
    State.CLOSED: ("good", "okc"),
    State.REOPENED: ("warn", "back"),
    State.MERGED: ("mute", "dot"),
    State.TRANSFERRED: ("info", "flag"),
    State.WITHDRAWN: ("mute", "dot"),
}
WORDS = {State.REPLIED: "待回访", State.RATED: "已评价"}


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: who does what, by when."""

    text: str
    tone: str
    mark: str
    day: date | None = None
    when: str = ""


@dataclass(frozen=True)
class Step:
    """A line of the time line: past ones with their moment, those to come with their day."""

    text: str
    kind: str = "ok"  # ok, now, todo
    at: datetime | None = None
    more: str = ""


def state_of(complaint: Complaint, today: date) -> tuple[str, str, str]:
    """Tone, symbol and word of the badge. UI.md 5"""
    if complaint.is_overdue(today):
        return "bad", "warn", f"逾期 {(today - complaint.reply_by).days} 天"
    if complaint.is_paused and complaint.is_unanswered:
        return "mute", "clock", "暂停计时"
    tone, mark = TONES[State(complaint.state)]
    return tone, mark, WORDS.get(State(complaint.state), complaint.get_state_display())


def who_answers(complaint: Complaint) -> str:
    """和顺物业, 城东社区物管站, 荆溪镇物业办."""
    if complaint.level == Level.FIRM and complaint.firm:
        return complaint.firm.name
    if complaint.level == Level.STATION:
        return f"{complaint.community.village_committee}物管站"
    return settings.SITE["title"]


def turn(complaint: Complaint, today: date) -> Turn:
    """The bar under the title. UI.md 2.1"""
    state = State(complaint.state)
    if state == State.REGISTERED:
        late = today > complaint.accept_by
        return Turn(
            "等物管站受理", "bad" if late else "info", "clock", complaint.accept_by, _left(complaint.accept_by, today)
        )
    if complaint.is_unanswered:
        return _turn_of_work(complaint, today)
    if state in (State.REPLIED, State.RATED):
        return Turn("答复了，等评价", "warn", "clock", complaint.close_on, "没评价就办结")
    tone, mark = TONES[state]
    return Turn(complaint.get_state_display(), tone, mark, complaint.closed_on)


def _turn_of_work(complaint: Complaint, today: date) -> Turn:
    who = who_answers(complaint)
    if complaint.is_paused:
        pause = complaint.pauses.get(last_day=None)
        return Turn(f"暂停计时：{pause.get_kind_display()}", "mute", "clock", pause.first_day, "起")
    if complaint.state == State.TRANSFERRED:
        last = complaint.transfers.last()
        return Turn(
            f"等{last.department if last else '部门'}答复",
            "info",
            "flag",
            complaint.reply_by,
            _left(complaint.reply_by, today),
        )
    act = "最终书面答复" if complaint.is_final else "答复" if complaint.state != State.HANDLING else "正在办"
    tone = "bad" if complaint.is_overdue(today) else "info"
    return Turn(f"{who}{act}", tone, "half", complaint.reply_by, _left(complaint.reply_by, today))


def _left(day: date, today: date) -> str:
    if day < today:
        return f"前，逾期 {(today - day).days} 天"
    days = len(working_days(today, day)) - (1 if working_days(today, today) else 0) if day > today else 0
    return "前，还有 " + f"{days} 个工作日" if days > 0 else "前，今天到期" if day == today else "前"


# ---------------------------------------------------------------- for whoever complained


def steps(complaint: Complaint, events, today: date) -> list[Step]:
    """The story for the complainant, with what is still to come. ``events`` are those they may read."""
    case = complaint.main
    past = [Step(_told(event.kind), "ok", event.at, _shown(event)) for event in events]
    return past + _ahead(case, today)


TOLD = {
    Kind.REGISTERED: "已登记",
    Kind.ACCEPTED: "物管站已受理",
    Kind.ASSIGNED: "交办",
    Kind.STARTED: "开始办",
    Kind.ON_SITE: "派人到了现场",
    Kind.ANSWERED: "答复了您",
    Kind.CLOSED: "办结",
    Kind.CALLED: "电话问过您",
    Kind.JOINED: "又有一位邻居遇到",
}


def _told(kind: str) -> str:
    return TOLD.get(Kind(kind), Kind(kind).label)


SILENT = (Kind.REGISTERED, Kind.JOINED, Kind.RATED, Kind.CALLED)  # whose words are somebody else's, or say nothing


def _shown(event) -> str:
    return "" if event.kind in SILENT else event.text


def _ahead(case: Complaint, today: date) -> list[Step]:
    if case.is_over:
        return []
    ahead = []
    if case.state == State.REGISTERED:
        ahead.append(Step(f"受理，{day_words(case.accept_by, today)}前", "now"))
    if case.is_unanswered:
        kind = "todo" if ahead else "now"
        ahead.append(Step(f"{who_answers(case)}答复您，{day_words(case.reply_by, today)}前", kind))
        return [*ahead, Step("请您评价", "todo", more=terms.reopen_words(today))]
    until = terms.reopen_until(case.replied_on)
    return [Step(f"请您评价，{day_words(until, today)}前", "now", more="不满意可以退回重办，由上一级来办")]


def brief(complaint: Complaint, today: date) -> list[Step]:
    """What number and last four digits show: where it stands, terms and who acts; no words, no photos. RELIABILITY"""
    events = [event for event in complaint.main.events.all() if event.kind in BRIEF]
    past = [Step(_told(event.kind), "ok", event.at) for event in events]
    return past + _ahead(complaint.main, today)


BRIEF = (
    *(
        Kind.REGISTERED,
        Kind.ACCEPTED,
        Kind.REFUSED,
        Kind.ASSIGNED,
        Kind.STARTED,
        Kind.ON_SITE,
        Kind.EXTENDED,
        Kind.PAUSED,
    ),
    *(Kind.RESUMED, Kind.TRANSFERRED, Kind.ANSWERED, Kind.REOPENED, Kind.MERGED, Kind.CLOSED, Kind.WITHDRAWN),
)
