"""The desk of each level: what waits for whom, in numbers that are links to exactly their rows. Issue 7 §5"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from lib.periods import beijing_date

from .models import Complaint, ComplaintPause, State
from .querysets import OPEN_PETITION, UNANSWERED


@dataclass(frozen=True)
class Tray:
    """One heap of the desk: its name in the address, its label, its rows, how it looks when there are some."""

    name: str
    label: str
    rows: Callable[[date, datetime], Q]
    hint: str = ""
    tone: str = "info"
    is_rare: bool = False  # shown only when there is something in it


PAUSED = Q(Exists(ComplaintPause.objects.filter(complaint=OuterRef("pk"), last_day=None)))
TO_GO = Q(on_site_by__isnull=False, on_site_at=None, state__in=UNANSWERED)
RUNS = Q(state__in=UNANSWERED) & ~PAUSED

TRAYS = [
    Tray("accept", "等受理", lambda today, now: Q(state=State.REGISTERED), "先看一遍", "warn"),
    Tray("urgent", "还没人到场", lambda today, now: TO_GO, "紧急的先去", "bad"),
    Tray("overdue", "逾期没答复", lambda today, now: RUNS & Q(reply_by__lt=today), "先办这些", "bad"),
    Tray("today", "今天到期", lambda today, now: RUNS & Q(reply_by=today), "今天要答复", "warn"),
    Tray("work", "在办", lambda today, now: Q(state__in=["accepted", "assigned", "handling", "reopened"])),
    Tray("others", "等部门", lambda today, now: Q(state=State.TRANSFERRED), "到日子就催"),
    Tray("paused", "暂停计时", lambda today, now: PAUSED & Q(state__in=UNANSWERED), "看看能不能接着办", "mute", True),
    Tray("petition", "信访事项", lambda today, now: OPEN_PETITION, "有自己的期限", "info", True),
    Tray("call", "待回访", lambda today, now: Q(state__in=["replied", "rated"]), "打电话问一问", "warn"),
]
BY_NAME = {tray.name: tray for tray in TRAYS}


@dataclass(frozen=True)
class Heap:
    """A tray with its number."""

    tray: Tray
    number: int


def heaps(user: User, *, now: datetime) -> list[Heap]:
    """Every tray with how many rows of it the user sees; one query over the open cases."""
    today = beijing_date(now)
    open_ = Complaint.objects.visible_to(user).open().order_by()
    counted = open_.aggregate(**{tray.name: Count("pk", filter=tray.rows(today, now)) for tray in TRAYS})
    return [Heap(tray, counted[tray.name]) for tray in TRAYS if counted[tray.name] or not tray.is_rare]


def rows_of(name: str, user: User, *, now: datetime):
    """The rows of a tray, what is due first on top; of no tray, all, the newest on top."""
    rows = Complaint.objects.visible_to(user)
    if name not in BY_NAME:
        return rows.newest_first()
    return rows.open().filter(BY_NAME[name].rows(beijing_date(now), now)).by_term()
