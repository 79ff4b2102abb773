"""The days of campaigns: a month on a page, a year of duties, a feed for people's own calendars. Issue 10 §8, H.4"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, Q, QuerySet
from icalendar import Calendar, Event

from accounts.models import User
from accounts.roles import FIRM, STATION
from lib.periods import DAY, Month, days_between, week_of
from rulebook.workdays import is_working_day

from .kinds import CampaignKind, Whom
from .models import Campaign, Phase, Task
from .people import is_office

OWN, LATE = "own", "late"
FEED_BACK = 186 * DAY  # what is longer past leaves people's calendars
SEAL = Signer(salt="campaigns.feed")
TASK_TONES = {"done": ("good", "ok"), "late": ("bad", "warn"), "open": ("warn", "clock")}


@dataclass(frozen=True)
class Item:
    """Something on a day: what, of which campaign, and how it stands."""

    text: str
    campaign: Campaign
    url: str
    tone: str
    icon: str
    who: str = ""
    day: date | None = None


@dataclass
class Day:
    """A cell of the month."""

    day: date
    is_here: bool  # of this month
    items: list[Item] = field(default_factory=list)

    @property
    def is_off(self) -> bool:
        return not is_working_day(self.day)


# ---------------------------------------------------------------- which rows


def seen_by(user: User) -> QuerySet[Campaign]:
    """The campaigns whose days a person sees: approved ones that are theirs to see."""
    return Campaign.objects.visible_to(user).approved()


def own_bodies(user: User) -> set[str]:
    """Which bodies' tasks are the person's own; for bodies outside, the office must call."""
    own = {Whom.OFFICE, Whom.OUTSIDE} if is_office(user) else set()
    if not STATION.isdisjoint(user.roles):
        own.add(Whom.STATIONS)
    return own if FIRM.isdisjoint(user.roles) else own | {Whom.FIRMS}


def tasks_of(user: User, today: date, only: str = "") -> QuerySet[Task]:
    """The tasks that a person sees, all, their own, or those that are late."""
    rows = Task.objects.filter(campaign__in=seen_by(user).values("pk")).select_related("campaign", "lead")
    if only == OWN:
        own = own_bodies(user)
        assists = Task.assists.through.objects.filter(task=OuterRef("pk"), body__whom__in=own)
        rows = rows.filter(Q(lead__whom__in=own) | Exists(assists))
    return rows.late(today) if only == LATE else rows


def phases_of(user: User) -> QuerySet[Phase]:
    """The phases that have days, of the campaigns that a person sees."""
    rows = Phase.objects.filter(campaign__in=seen_by(user).values("pk")).select_related("campaign")
    return rows.exclude(first_day=None, last_day=None).order_by("first_day", "pk")


def phases_in(user: User, month: Month) -> QuerySet[Phase]:
    """Those under way on a day of the month."""
    begun = Q(first_day=None) | Q(first_day__lte=month.last_day)
    return phases_of(user).filter(begun, Q(last_day=None) | Q(last_day__gte=month.first_day))


# ---------------------------------------------------------------- the month


def state_of(task: Task, today: date) -> str:
    if task.done_on:
        return "done"
    return "late" if task.is_late(today) and task.campaign.is_running else "open"


def item_of(task: Task, today: date) -> Item:
    tone = TASK_TONES[state_of(task, today)]
    return Item(task.text, task.campaign, task.get_absolute_url(), *tone, str(task.lead), task.due_on)


def _ends(phase: Phase) -> list[tuple[date, str]]:
    """The days on which a phase is told, and in which words."""
    if phase.first_day and phase.first_day == phase.last_day:
        return [(phase.first_day, f"{phase}，只这一天")]
    both = ((phase.first_day, f"{phase} 开始"), (phase.last_day, f"{phase} 最后一天"))
    return [(day, words) for day, words in both if day]


def weeks_of(month: Month, phases: list[Phase], tasks: list[Task], today: date) -> list[list[Day]]:
    """The month as weeks from Monday to Sunday; phases stand on their first and last day, tasks on the day they are
    due.
    """
    items = defaultdict(list)
    for phase in phases:
        for day, words in _ends(phase):
            items[day].append(Item(words, phase.campaign, phase.campaign.get_absolute_url(), "info", "flag"))
    for task in tasks:
        items[task.due_on].append(item_of(task, today))
    first, last = week_of(month.first_day).monday, week_of(month.last_day).sunday
    days = [Day(day, day in month, items[day] if day in month else []) for day in days_between(first, last)]
    return [days[n : n + 7] for n in range(0, len(days), 7)]


# ---------------------------------------------------------------- the year of duties


def duties_of(user: User, year: int, today: date, only: str = "") -> QuerySet[Task]:
    """The duties of a year, by their days; those without a day last. 年度任务, H.4"""
    first, last = date(year, 1, 1), date(year, 12, 31)
    begun = Q(first_day=None) | Q(first_day__lte=last)
    runs = Phase.objects.filter(begun, campaign=OuterRef("campaign"), last_day__gte=first)
    rows = tasks_of(user, today, only).filter(campaign__kind=CampaignKind.YEAR)
    rows = rows.filter(Q(due_on__range=(first, last)) | Q(due_on=None) & Exists(runs))
    return rows.order_by("due_on", "pk")


# ---------------------------------------------------------------- the feed


def token_of(user: User) -> str:
    """What the address of a person's feed holds; the same for ever, good as long as the account is."""
    return SEAL.sign(str(user.pk))


def user_of(token: str) -> User | None:
    """Whose feed it is; None for a token that nobody sealed, and for an account that has ended."""
    try:
        key = SEAL.unsign(token)
    except BadSignature:
        return None
    return User.objects.filter(pk=key, is_active=True).first()


def feed(*, user: User, title: str, link: Callable[[str], str], now: datetime, today: date) -> bytes:
    """What a person sees of the campaigns' days as iCalendar: whole days, the same key for the same row, no people.

    Args:
        title: what the calendar is called.
        link: makes a whole address of a path.
        now: when it was made.
    """
    calendar = Calendar({"prodid": "-//Linzhi//Campaigns//ZH", "version": "2.0", "method": "PUBLISH"})
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    since = today - FEED_BACK
    for phase in phases_of(user).filter(Q(last_day=None) | Q(last_day__gte=since)):
        words, last = f"{phase.campaign}：{phase}", phase.last_day or phase.first_day
        first = phase.first_day or last
        event = _event(f"phase-{phase.pk}", words, first, last, link(phase.campaign.get_absolute_url()), now)
        if phase.must:
            event.add("description", phase.must)
        calendar.add_component(event)
    for task in tasks_of(user, today).filter(due_on__gte=since).order_by("due_on", "pk"):
        done = "（办好了）" if task.done_on else "（最后一天）"
        event = _event(f"task-{task.pk}", f"{task}{done}", task.due_on, task.due_on, link(task.get_absolute_url()), now)
        event.add("description", f"{task.campaign}，{task.lead}牵头")
        calendar.add_component(event)
    return calendar.to_ical()


def _event(key: str, words: str, first: date, last: date, url: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"campaign-{key}@linzhi")
    event.add("dtstamp", now)
    event.add("summary", words)
    event.add("dtstart", first)
    event.add("dtend", last + DAY)
    event.add("transp", "TRANSPARENT")
    event.add("url", url)
    return event
