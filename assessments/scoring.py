"""A month is scored: sheets opened, facts collected, charged and added up. Again at will, with the same result. D.5

Everything is set-based; the number of statements does not grow with communities or facts.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from communities.models import Community
from inspections import boards
from inspections.models import Patrol
from lib.periods import Month, beijing_date, month_of, week_of
from rulebook import rules

from . import charging, evidence, revisions, tables
from .models import ScoreSheet

OPEN = """
WITH served AS (
  SELECT k.id, k.community_id, k.firm_id, c.kind,
         least(coalesce(k.last_day, %(last)s), %(last)s) - greatest(k.first_day, %(first)s) + 1 AS days
  FROM communities_contract k JOIN communities_community c ON c.id = k.community_id
  WHERE k.first_day <= %(last)s AND (k.last_day IS NULL OR k.last_day >= %(first)s)),
opened AS (
  INSERT INTO assessments_scoresheet (
      contract_id, community_id, firm_id, kind, period_kind, first_day, last_day, version, why, table_id, state,
      service_days, patrols_asked, patrols_done, is_inspected, score_deci, band, major_overdue, major_failed,
      major_late, veto_reason, veto_document)
  SELECT s.id, s.community_id, s.firm_id, s.kind, 'month', %(first)s, %(last)s, 1 + coalesce(old.version, 0),
         CASE WHEN old.version IS NULL THEN '' ELSE '合同日期更正' END,
         CASE WHEN s.kind = 'settlement' THEN %(settlement)s ELSE %(developed)s END, 'draft', s.days,
         0, 0, true, 1000, '', false, false, false, '', ''
  FROM served s LEFT JOIN LATERAL (
      SELECT max(version) AS version FROM assessments_scoresheet o
      WHERE o.contract_id = s.id AND o.period_kind = 'month' AND o.first_day = %(first)s) old ON true
  WHERE s.days >= %(least)s AND CASE WHEN s.kind = 'settlement' THEN %(settlement)s ELSE %(developed)s END IS NOT NULL
    AND NOT EXISTS (SELECT FROM assessments_scoresheet o
                    WHERE o.contract_id = s.id AND o.period_kind = 'month' AND o.first_day = %(first)s
                      AND o.state <> 'replaced')
  ON CONFLICT DO NOTHING RETURNING id)
INSERT INTO assessments_sheetevent (sheet_id, kind, at, text) SELECT id, 'opened', %(now)s, '' FROM opened
"""

# A contract that was ended meanwhile, or moved: the draft of too few days is put away, the others know their days.
SERVED = """
UPDATE assessments_scoresheet s SET service_days = greatest(d.days, 0),
       state = CASE WHEN d.days < %(least)s THEN 'replaced' ELSE s.state END
FROM (SELECT s.id, least(coalesce(k.last_day, s.last_day), s.last_day) - greatest(k.first_day, s.first_day) + 1 AS days
      FROM assessments_scoresheet s JOIN communities_contract k ON k.id = s.contract_id
      WHERE s.period_kind = 'month' AND s.first_day = %(first)s AND s.state = 'draft') d
WHERE s.id = d.id AND s.service_days <> d.days
"""

INSPECTED = """
UPDATE assessments_scoresheet s SET patrols_asked = p.asked, patrols_done = p.done,
       is_inspected = s.visited_on IS NOT NULL OR p.done * %(of)s >= p.asked * %(part)s
FROM unnest(%(places)s::bigint[], %(asked)s::int[], %(done)s::int[]) p(community_id, asked, done)
WHERE s.community_id = p.community_id AND s.period_kind = 'month' AND s.first_day = %(first)s AND s.state = 'draft'
"""


MONTHS_BACK = 13
log = logging.getLogger("linzhi.scores")


@dataclass(frozen=True)
class Computed:
    """What a run changed; a second one changes nothing."""

    opened: int
    evidence: int
    charges: int
    revised: int


@transaction.atomic
def compute(*, month: Month | date, now: datetime, opens: bool = True) -> Computed:
    """Brings a month's drafts up to its facts, opens those that are missing, and a next version where the facts of a
    published sheet are no longer what they were. DOMAIN D.3–D.5

    Args:
        month: the month, or any day of it.
        opens: whether sheets that are missing are opened; an old month is only looked at for what came late.
    """
    month = month if isinstance(month, Month) else month_of(month)
    _alone(month)
    given = charging.values(month.first_day, now=now)
    opened = _open(month, now) if opens else 0
    new = evidence.collect(month=month, now=now)
    revised = revisions.open_where_facts_changed(charging.differing(given), now=now)
    charges = charging.charge(given)
    _count_patrols(month)
    charging.add_up(given)
    return Computed(opened, new, charges, revised)


def compute_recent(*, now: datetime) -> int:
    """Each night: this month and the last, as far as anybody patrolled in them, and a year for what came late.

    A month that fails does not keep the others from being computed. Returns how many were.
    """
    month, done = month_of(beijing_date(now)), 0
    for back in range(MONTHS_BACK):
        opens = back < 2 and Patrol.objects.between(month.first_day, month.last_day).exists()
        try:
            compute(month=month, now=now, opens=opens)
            done += 1
        except Exception:
            log.exception("scores of %s were not computed", month)
        month = month.previous
    return done


def add_up_again(sheet: ScoreSheet, *, now: datetime) -> None:
    """The score of the sheet's period after a decision; the row is read anew."""
    charging.add_up(charging.values(sheet.first_day, kind=sheet.period_kind, now=now, only=sheet.pk))
    sheet.refresh_from_db()


def _alone(month: Month) -> None:
    """Two workers at one month wait for each other, and for whoever decides something in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('assessments'), %s)", [_number(month.first_day)])


def hold(sheet: ScoreSheet) -> None:
    """Locks a sheet for this transaction, with its month against the nightly run, and reads it anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('assessments'), %s)", [_number(sheet.first_day)])
    ScoreSheet.objects.select_for_update().get(pk=sheet.pk)
    sheet.refresh_from_db()


def _number(day: date) -> int:
    return day.year * 12 + day.month


def _open(month: Month, now: datetime) -> int:
    first = month.first_day
    keys = tables.keys_on(first)
    given = {
        "first": first,
        "last": month.last_day,
        "least": rules.on(first, "score.min_service_days"),
        "settlement": keys.get(tables.code_for(Community.Kind.SETTLEMENT, first)),
        "developed": keys.get(tables.code_for(Community.Kind.DEVELOPED, first)),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SERVED, given)
        cursor.execute(OPEN, given)
        return cursor.rowcount


def _count_patrols(month: Month) -> None:
    """How many patrols the weeks whose Sunday lies in the month asked for, and how many counted. DOMAIN D.4"""
    part, of = rules.on(month.first_day, "score.inspected_ratio")
    places = Community.objects.filter(
        score_sheets__in=ScoreSheet.objects.of_month(month.first_day).filter(state="draft")
    )
    sums = boards.sums(weeks_of(month), places.distinct())
    given = {
        "first": month.first_day,
        "part": part,
        "of": of,
        "places": list(sums),
        "asked": [asked for asked, _ in sums.values()],
        "done": [done for _, done in sums.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(INSPECTED, given)


def weeks_of(month: Month) -> list:
    """The weeks whose Sunday lies in the month."""
    week, weeks = week_of(month.first_day), []
    while week.sunday <= month.last_day:
        weeks.append(week)
        week = week.next
    return weeks


def is_over(sheet: ScoreSheet, *, now: datetime) -> bool:
    """Its period has passed, so it may be assessed."""
    return sheet.last_day < beijing_date(now)
