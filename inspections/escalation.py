"""What a date brings about for notices: deemed receipt, overdue, reports upward, reminders. DOMAIN B.6, B.8

Every sweep may run twice, late, or on two workers at once. Each claims its rounds by one conditional UPDATE, and the
rows that it claimed are told in the same transaction; a worker that is killed leaves them unclaimed.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

from django.db import connection, transaction

from accounts import notifications
from communities.models import Community, FirmPost, PatrolDuty, StationPost
from lib.periods import DAY, beijing_date
from rulebook import deadlines, rules
from rulebook.workdays import add_working_days

from . import notice_messages as messages
from . import notice_people as people
from . import notice_terms as terms
from .models import Notice, NoticeRound, Objection

A_BATCH = 2000
TOLD, REPORTED = 1, 2  # NoticeRound.escalation

DEEM = """
WITH late AS (
    UPDATE inspections_noticeround SET received_on = deemed_on, is_deemed = true
    WHERE id IN (SELECT r.id FROM inspections_noticeround r JOIN inspections_notice n ON n.id = r.notice_id
                 WHERE r.outcome = '' AND r.received_on IS NULL AND r.deemed_on < %(today)s AND n.state = 'issued'
                 ORDER BY n.id LIMIT %(most)s FOR UPDATE OF n SKIP LOCKED)
    RETURNING notice_id, no
), moved AS (
    UPDATE inspections_notice n SET state = 'received' FROM late WHERE n.id = late.notice_id
)
INSERT INTO inspections_noticeevent (notice_id, round_no, kind, at, text)
SELECT notice_id, no, 'deemed', %(now)s, '' FROM late
"""

CLAIM = """
WITH late AS (
    UPDATE inspections_noticeround SET escalation = %(level)s
    WHERE id IN (SELECT id FROM inspections_noticeround
                 WHERE outcome = '' AND replied_at IS NULL AND due_on <= %(last)s AND escalation < %(level)s
                 ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
    RETURNING notice_id, no
)
INSERT INTO inspections_noticeevent (notice_id, round_no, kind, at, text)
SELECT notice_id, no, %(kind)s, %(now)s, '' FROM late RETURNING notice_id
"""


def sweep(*, now: datetime) -> int:
    """All that today brings about; returns how many rounds changed. Every quarter of an hour."""
    changed = deem(now=now)
    changed += overdue(now=now) + report(now=now)
    remind(now=now)
    return changed


# ---------------------------------------------------------------- claims


def deem(*, now: datetime) -> int:
    """Notices that nobody signed count as received from the day after their deemed receipt."""
    return _in_batches(lambda: _run(DEEM, today=beijing_date(now), now=now, most=A_BATCH).rowcount)


def overdue(*, now: datetime) -> int:
    """First day overdue: told to firm, cadre and station."""
    return _in_batches(lambda: _claim(TOLD, beijing_date(now) - DAY, "overdue", _tell_overdue, now))


def report(*, now: datetime) -> int:
    """More than ``escalate.overdue_workdays`` overdue: a big problem, told to the town's office."""
    return _in_batches(lambda: _claim(REPORTED, long_overdue(beijing_date(now)), "escalated", _tell_office, now))


def long_overdue(today: date) -> date:
    """The latest due day that is by now more than ``escalate.overdue_workdays`` ago."""
    most, day = rules.on(today, "escalate.overdue_workdays"), today - DAY
    while add_working_days(day, most).date >= today:
        day -= DAY
    return day


def _in_batches(once) -> int:
    """Small transactions until nothing is left, so that a killed worker loses little."""
    total = 0
    while done := once():
        total += done
        if done < A_BATCH:
            break
    return total


def _run(sql: str, **values):
    cursor = connection.cursor()
    cursor.execute(sql, values)
    return cursor


@transaction.atomic
def _claim(level: int, last: date, kind: str, tell, now: datetime) -> int:
    rows = _run(CLAIM, level=level, last=last, kind=kind, now=now, most=A_BATCH).fetchall()
    if rows:
        tell(Notice.objects.filter(pk__in=[pk for (pk,) in rows]).select_related("finding"), beijing_date(now))
    return len(rows)


# ---------------------------------------------------------------- telling


def _tell_overdue(notices: Iterable[Notice], today: date) -> None:
    whom = Whom(notices, today)
    _tell(whom, "notice-overdue", lambda n: whom.firm(n) | whom.cadres(n) | whom.station(n), lambda n: n.due_on)


def _tell_office(notices: Iterable[Notice], today: date) -> None:
    office = people.office(today=today)
    whom = Whom(notices, today)
    _tell(whom, "notice-escalated", lambda n: office, lambda n: n.due_on)


def _tell(whom: "Whom", kind: str, people_of, day_of) -> int:
    rows = [
        notifications.row(user, kind, about=notice, round=notice.round_no, due=messages.opening_after(day_of(notice)))
        for notice in whom.notices
        for user in people_of(notice)
    ]
    return notifications.tell_many(rows)


class Whom:
    """The people of many notices, in as many queries as for one."""

    def __init__(self, notices: Iterable[Notice], today: date):
        self.notices, self.today = list(notices), today
        self.places = {notice.community_id for notice in self.notices}

    def firm(self, notice: Notice) -> set[int]:
        """The firm that must put it right; where there is none, the station."""
        firm = notice.successor_id or notice.firm_id
        return self._firms[firm] if firm else self.station(notice)

    def cadres(self, notice: Notice) -> set[int]:
        return self._cadres[notice.community_id]

    def station(self, notice: Notice) -> set[int]:
        return self._stations[self._villages[notice.community_id]]

    def heads(self, notice: Notice) -> set[int]:
        return self._heads[self._villages[notice.community_id]]

    @cached_property
    def _firms(self) -> dict[int, set[int]]:
        firms = {notice.successor_id or notice.firm_id for notice in self.notices}
        return people.by(FirmPost.objects.on(self.today).filter(firm__in=firms - {None}), "firm")

    @cached_property
    def _cadres(self) -> dict[int, set[int]]:
        duties = PatrolDuty.objects.on(self.today).filter(community__in=self.places)
        return people.by(duties.exclude(kind=PatrolDuty.Kind.TEAM), "community")

    @cached_property
    def _villages(self) -> dict[int, int]:
        return dict(Community.objects.filter(pk__in=self.places).values_list("pk", "village_committee"))

    @cached_property
    def _stations(self) -> dict[int, set[int]]:
        return people.by(self._posts, "village_committee")

    @cached_property
    def _heads(self) -> dict[int, set[int]]:
        return people.by(self._posts.filter(kind=StationPost.Kind.HEAD), "village_committee")

    @property
    def _posts(self):
        return StationPost.objects.on(self.today).filter(village_committee__in=set(self._villages.values()))


# ---------------------------------------------------------------- reminders


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Rechecks that are late, plans and interim measures that are missing; each once. Returns how many are new.

    Looks back two weeks: what is older was told then.
    """
    today = beijing_date(now)
    since = today - 14 * DAY
    open_ = Notice.objects.select_related("finding")
    late = Whom(open_.recheck_late(today=today).filter(recheck_by__gte=since), today)
    told = _tell(late, "notice-recheck-late", lambda n: late.cadres(n) | late.heads(n), lambda n: n.recheck_by)
    serious = open_.unreplied().exclude(finding__severity="general")
    bare = Whom(serious.filter(plan_at=None, plan_by__lt=today, plan_by__gte=since), today)
    told += _tell(bare, "notice-plan-missing", lambda n: bare.firm(n) | bare.cadres(n), lambda n: n.plan_by)
    return told + _remind_interim(serious, since, now)


def _remind_interim(serious, since: date, now: datetime) -> int:
    """A day after a major one was issued, whatever the hour: this does not wait for the office to open."""
    rows = serious.filter(finding__severity="major", interim_at=None, issued_on__gte=since)
    whom = Whom([notice for notice in rows if notice.interim_due < now], beijing_date(now))
    told = 0
    for notice in whom.notices:
        concerned = whom.firm(notice) | whom.cadres(notice) | whom.heads(notice)
        told += messages.tell(notice, "notice-interim-missing", concerned, due=notice.interim_due)
    return told


# ---------------------------------------------------------------- a calendar that came later


def follow_calendar(*, now: datetime) -> int:
    """Puts the terms of open notices and objections right by today's calendar, never earlier than told; nightly."""
    changed = sum(_deem_later(turn) for turn in NoticeRound.objects.unreplied().filter(received_on=None))
    changed += deadlines.recompute(NoticeRound.objects.unreplied(), told=True)
    changed += deadlines.recompute(Objection.objects.filter(state=Objection.State.OPEN), told=True)
    return changed + sum(_recheck_later(turn) for turn in NoticeRound.objects.open().exclude(replied_at=None))


def _deem_later(turn: NoticeRound) -> int:
    deemed = terms.deemed_receipt(turn.issued_on).date
    if deemed <= turn.deemed_on:
        return 0
    same = NoticeRound.objects.filter(pk=turn.pk, received_on=None)
    return same.update(deemed_on=deemed, term_start=deemed)


def _recheck_later(turn: NoticeRound) -> int:
    until = terms.recheck_until(turn.replied_on)
    return NoticeRound.objects.open().filter(pk=turn.pk, recheck_by__lt=until).update(recheck_by=until)
