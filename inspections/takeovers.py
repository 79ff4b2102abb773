"""A contract ends and leaves what is open to the next firm: its notices follow. 接手, issue 6, issue 5 §7

The notice keeps its number, its rounds and its term, which runs on; the next firm signs, answers and may ask for time.
The firm before reads on what happened in its own time. Where no firm follows, or the contract says that the old one
finishes, nothing moves by itself; station or office may hand it on (`notices.hand_on`).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from communities.models import Contract, Firm
from lib.periods import beijing_date

from . import notice_messages as messages
from . import notice_people as people
from . import notices
from .models import Notice, NoticeEvent, NoticeRound, Takeover

Kind = NoticeEvent.Kind


def follow_contracts(*, now: datetime) -> int:
    """Passes open notices on to the firm that serves the community today; returns how many. Twice is once."""
    rows = list(_to_pass_on(now).values_list("pk", "successor", "serving"))
    return sum(_pass_on(pk, before, firm, now) for pk, before, firm in rows)


def _to_pass_on(now: datetime) -> QuerySet[Notice]:
    """Open notices whose firm's last contract has ended and passes them on, where another firm serves today."""
    today = beijing_date(now)
    here = Contract.objects.filter(community=OuterRef("community"))
    last = here.filter(firm=OuterRef("answering"), first_day__lte=today).order_by("-first_day")
    places = Contract.objects.passed_on(today).values("community")
    rows = Notice.objects.open().filter(community__in=places, firm__isnull=False)
    rows = rows.annotate(answering=Coalesce("successor", "firm"), serving=Subquery(here.on(today).values("firm")[:1]))
    passes = {"left_to": "next", "ended_on__lt": today, "serving__isnull": False}
    said = {"left_to": Subquery(last.values("open_items")[:1]), "ended_on": Subquery(last.values("last_day")[:1])}
    return rows.annotate(**said).filter(**passes).exclude(serving=F("answering")).order_by("pk")


@transaction.atomic
def _pass_on(pk: int, before: int | None, firm: int, now: datetime) -> bool:
    same = Notice.objects.open().select_for_update(of=("self",)).filter(pk=pk, successor=before)
    if (notice := same.select_related("finding").first()) is None:
        return False
    whom = people.addressees(notice, today=beijing_date(now))
    Takeover.objects.create(notice=notice, firm_id=firm, at=now)
    notice.refresh_from_db(fields=["successor"])
    words = f"{notice.addressee}接着整改，最迟还是 {notice.due_on}。" if notice.is_unreplied else notice.addressee
    notices.note(notice, Kind.TAKEN_OVER, None, now, words)
    messages.taken_over(notice, before=whom, now=now)
    return True


def left_at(notice: Notice, user: User) -> datetime | None:
    """When the notice went on from the firm of a reader who has nothing else to do with it; None for all others."""
    if notice.successor_id is None or people.is_of_firm(user, notice) or people.is_staff(user):
        return None
    own = set(Firm.objects.employing(user).values_list("pk", flat=True))
    had, left = notice.firm_id in own, None
    for takeover in notice.takeovers.all():
        if had:
            left = takeover.at
        had = takeover.firm_id in own
    return left


def as_it_stood(notice: Notice, at: datetime) -> list[NoticeRound]:
    """The rounds of a notice as they stood at a moment. What came later is taken from them and from the notice's plan,
    so that these rows are only read.
    """
    notice.plan_at = _by_then(notice.plan_at, at)
    notice.interim_at = _by_then(notice.interim_at, at)
    seen = set(notice.events.filter(at__lte=at).values_list("kind", "round_no"))
    rounds = [turn for turn in notice.rounds.all() if turn.no == 1 or (Kind.FAILED, turn.no - 1) in seen]
    for turn in rounds:
        if seen.isdisjoint({(Kind.RECEIVED, turn.no), (Kind.DEEMED, turn.no)}):
            turn.received_on, turn.is_deemed = None, False
        if not (replied := _by_then(turn.replied_at, at)):
            turn.replied_at = turn.replied_on = replied
        if seen.isdisjoint({(Kind.PASSED, turn.no), (Kind.FAILED, turn.no)}):
            turn.outcome = ""
    return rounds


def _by_then(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment and moment <= at else None
