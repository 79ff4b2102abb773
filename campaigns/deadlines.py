"""What time brings: plans that are missing, phases that open, tasks that come due or are late, the quarter's end. H.2

Each thing is told once: the outbox's key holds the moment at which it was due, moved into working hours, and never the
clock. A sweep that comes late tells what still matters; two at once tell nothing twice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q

from accounts import notifications
from accounts.models import Message
from accounts.roles import Role
from lib.periods import DAY, beijing_date, month_of
from rulebook import rules
from rulebook.workdays import add_working_days, is_working_day, working_days_before
from rulebook.working_hours import at, next_working_time

from . import deadline_messages as texts
from . import dispatches, lateness, people, quarter_reports
from .kinds import LOOK_BACK, Doer, StepState
from .models import Campaign, Phase, PlaceStep, QuarterReason, QuarterReport, Task
from .models.follow import quarter_of
from .people import Concerned
from .quarters import held, next_of

BACK = 62 * DAY  # what is older has been told, or matters no more
AHEAD = 60 * DAY  # no task is warned of so long before
A_YEAR = 370 * DAY
READERS = (Role.TOWN_HEAD, Role.TOWN_CLERK, Role.LEADER)


@dataclass(frozen=True)
class Telling:
    """Something to tell: which kind, about which row, for which moment, and whom, asked only if it was not told."""

    kind: str
    about: tuple[str, str]
    due: datetime
    whom: Callable[[], set[int]]
    round: int = 0

    @property
    def key(self) -> tuple:
        return (self.kind, *self.about, self.round, self.due)


@transaction.atomic
def sweep(*, now: datetime) -> int:
    """Closes quarters that are over and tells what is due; returns how many messages are new.

    Run twice, late, or by two workers at once, it changes nothing more than once and on time.
    """
    today = beijing_date(now)
    quarter_reports.close(now=now)
    concerned = people.of_running(today)
    parts = (_plan, _phases, _tasks, _morning, _look_backs, _dispatches, _reports)
    return _tell([telling for part in parts for telling in part(today, concerned)])


def _tell(tellings: Iterable[Telling]) -> int:
    """Writes those that nobody was told yet; how many messages are new."""
    wanted = {telling.key: telling for telling in tellings}
    columns = ("kind", "about", "about_key", "round", "due")
    told = Message.objects.filter(
        kind__in={key[0] for key in wanted},
        about__in={key[1] for key in wanted},
        about_key__in={key[2] for key in wanted},
        due__in={key[4] for key in wanted},
    )
    new = wanted.keys() - set(told.values_list(*columns).distinct())
    rows = [
        notifications.row(user, wanted[key].kind, about=wanted[key].about, round=wanted[key].round, due=key[4])
        for key in sorted(new)  # in one order: two at once wait for each other and never in a ring
        for user in sorted(wanted[key].whom())
    ]
    return notifications.tell_many(rows)


def _moment(day: date, since: datetime | None = None) -> datetime:
    """The first working moment of a day or after it, not before ``since``: the same whenever it is asked."""
    opens = at(day, time.min)
    return next_working_time(max(opens, since) if since else opens)


def _row(model, pk: int) -> tuple[str, str]:
    return model._meta.label_lower, str(pk)


# ---------------------------------------------------------------- the quarter's plan


def _plan(today: date, concerned: Concerned) -> Iterator[Telling]:
    """(a), (b) No approved campaign starts in the quarter and nobody has said why: on its tenth working day, and after
    its first month.
    """
    quarter = quarter_of(today)
    reminded = add_working_days(quarter - DAY, rules.on(today, "campaign.plan_remind_wd")).date
    late = month_of(quarter).last_day + DAY
    passed = [(day, kind) for day, kind in ((reminded, texts.PLAN), (late, texts.PLAN_LATE)) if day <= today]
    if passed and not held(quarter).exists() and not QuarterReason.objects.filter(quarter=quarter).exists():
        day, kind = max(passed)
        yield Telling(kind, texts.about_quarter(quarter), _moment(day), lambda: concerned.planners)


# ---------------------------------------------------------------- phases


def _phases(today: date, concerned: Concerned) -> Iterator[Telling]:
    """(c) A phase opens: stations, firms, teams and clerks. One that opened while nobody looked is told late."""
    begun = Q(first_day__lte=today, first_day__gte=today - BACK) | Q(first_day=None, no=1)
    rows = Phase.objects.filter(begun, Q(last_day=None) | Q(last_day__gte=today), campaign__state="approved")
    for pk, campaign, first_day, approved_at in rows.values_list(
        "pk", "campaign", "first_day", "campaign__approved_at"
    ):
        first = first_day or beijing_date(approved_at)
        if first >= today - BACK:
            due = _moment(first, approved_at)
            yield Telling(texts.PHASE, _row(Phase, pk), due, lambda campaign=campaign: _all(campaign, concerned))


def _all(campaign: int, concerned: Concerned) -> set[int]:
    of_places = concerned.stations(campaign) | concerned.firms(campaign)
    return of_places | concerned.team(campaign) | concerned.clerks


# ---------------------------------------------------------------- tasks


def _tasks(today: date, concerned: Concerned) -> Iterator[Telling]:
    """(d) A lead body some working days before its task is due; after a pause only the latest that has passed."""
    warned = sorted(rules.on(today, "campaign.warn_wd"))
    rows = Task.objects.open().filter(due_on__gte=today, due_on__lte=today + AHEAD)
    columns = ("pk", "campaign", "due_on", "lead__whom", "campaign__approved_at")
    for pk, campaign, due_on, whom, approved_at in rows.values_list(*columns):
        passed = [(days, day) for days in warned if (day := working_days_before(due_on, days)) <= today]
        if passed:
            days, day = passed[0]
            tell = lambda whom=whom, campaign=campaign: concerned.of_body(whom, campaign)  # noqa: E731
            yield Telling(texts.TASK, _row(Task, pk), _moment(day, approved_at), tell, round=days)


def _morning(today: date, concerned: Concerned) -> Iterator[Telling]:
    """(e) Each working morning what is late: the clerks all, each station its own. Mornings past are not told."""
    if is_working_day(today) and (late := lateness.of_all(today)):
        opens = at(today, rules.on(today, "notify.working_hours").opens)
        yield Telling(texts.LATE, texts.about_morning(today), opens, lambda: _late_people(late, concerned))


def _late_people(late: lateness.Late, concerned: Concerned) -> set[int]:
    stations = (concerned.stations(campaign) for campaign in late.campaigns_of_stations)
    return concerned.clerks.union(*stations, *(concerned.station_of(village) for village in late.villages))


# ---------------------------------------------------------------- afterwards


def _look_backs(today: date, concerned: Concerned) -> Iterator[Telling]:
    """(f) Some weeks after the acceptance somebody looks again: whom the step is for, and the clerks."""
    rows = PlaceStep.objects.filter(step__code=LOOK_BACK, planned_on__lte=today, planned_on__gte=today - BACK)
    rows = rows.exclude(state=StepState.DONE).filter(place__campaign__state__in=["approved", "ended"])
    columns = ("step__doer", "place__campaign", "place__community", "place__community__village_committee")
    for pk, planned_on, *place in rows.order_by().values_list("pk", "planned_on", *columns):
        whom = lambda place=place: _doers(*place, concerned) | concerned.clerks  # noqa: E731
        yield Telling(texts.LOOK, _row(PlaceStep, pk), _moment(planned_on), whom)


def _doers(doer: str, campaign: int, community: int, village: int | None, concerned: Concerned) -> set[int]:
    if doer == Doer.STATION:
        return concerned.station_of(village)
    if doer == Doer.FIRM:
        return concerned.firms_of(community)
    return concerned.team(campaign) if doer == Doer.TEAM else set()


def _dispatches(today: date, concerned: Concerned) -> Iterator[Telling]:
    """(g) A running campaign without its monthly dispatch, on the month's last working day or, slept over, after it."""
    month = month_of(today)
    if today < dispatches.due_on(month):
        month = month.previous
    due = _moment(dispatches.due_on(month))
    ran = Q(begins__lte=beijing_date(due)) & (Q(waits=True) | Q(ends__gte=month.first_day))
    rows = Campaign.objects.running().with_days().filter(ran, approved_at__lt=due)
    for pk in rows.exclude(dispatches__month=month.first_day).order_by().values_list("pk", flat=True):
        yield Telling(texts.DISPATCH, _row(Campaign, pk), due, lambda: concerned.clerks)


def _reports(today: date, concerned: Concerned) -> Iterator[Telling]:
    """(h) The quarter's report is there."""
    rows = QuarterReport.objects.filter(quarter__gte=today - A_YEAR)
    for pk, quarter in rows.values_list("pk", "quarter"):
        due = _moment(next_of(quarter))
        yield Telling(texts.REPORT, _row(QuarterReport, pk), due, lambda: concerned.holders(*READERS))
