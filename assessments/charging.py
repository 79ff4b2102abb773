"""Evidence becomes charges, charges become a score: a few statements whatever the number of facts. DOMAIN D.3, D.4

Only drafts change. What a published sheet lacks, or would now say otherwise, is named by `differing`. The same rules in
plain Python stand in `points`; `recompute` holds the two against each other.
"""

from datetime import date, datetime

from django.db import connection

from lib.periods import beijing_date
from rulebook import rules

from .evidence import STANDS

# What each fact costs by the table of its sheet, as the fact stands. What the firm reported itself is judged as of the
# period's last day, so that the answer is the same whenever it is asked. DOMAIN B.7a
FACTS = """
WITH sheets AS MATERIALIZED (
  SELECT s.*, coalesce((
      SELECT z.bp FROM assessments_sizerow z WHERE z.table_id = s.table_id AND z.households_from <=
             (SELECT count(*) FROM communities_unit u WHERE u.community_id = s.community_id)
      ORDER BY z.households_from DESC LIMIT 1), %(size)s) AS size_bp
  FROM assessments_scoresheet s WHERE {which}),
known AS (
  SELECT s.id AS sheet_id, s.size_bp, s.table_id, s.last_day, e.id AS evidence_id, e.kind, h.item_id AS by_hand, k.code,
         f.id AS finding_id, f.severity, f.dissuaded, f.handling, f.source, f.finish_on,
         f.state = 'withdrawn' OR n.id IS NOT NULL AND NOT {stands} AS withdrawn,
         e.kind = 'overdue' AND e.day <= r.due_on OR e.kind = 'late' AND (e.day <= t.reply_by
             OR t.merged_into_id IS NOT NULL OR t.state IN ('not_accepted', 'withdrawn')) AS undone
  FROM sheets s
  JOIN assessments_evidence e
    ON e.contract_id = s.contract_id AND e.period_kind = s.period_kind AND e.period_first = s.first_day
  LEFT JOIN inspections_noticeround r ON r.id = e.round_id
  LEFT JOIN inspections_notice n ON n.id = coalesce(e.notice_id, r.notice_id)
  LEFT JOIN inspections_finding f ON f.id = coalesce(e.finding_id, n.finding_id)
  LEFT JOIN inspections_checkitem k ON k.id = f.item_id
  LEFT JOIN complaints_complaint t ON t.id = e.complaint_id
  LEFT JOIN assessments_manualfact h ON h.id = e.manual_id),
facts AS (
  SELECT x.sheet_id, x.evidence_id, x.kind, i.id AS item_id, i.base_deci, x.size_bp,
         CASE WHEN x.kind NOT IN ('issued', 'overdue', 'failed') THEN 1
              ELSE CASE x.severity WHEN 'major' THEN %(major)s WHEN 'serious' THEN %(serious)s ELSE %(general)s END
         END AS factor,
         CASE WHEN x.withdrawn THEN 'withdrawn'
              WHEN x.undone THEN 'undone'
              WHEN x.dissuaded THEN 'dissuaded'
              WHEN x.kind <> 'issued' THEN ''
              WHEN x.handling = 'on_the_spot' THEN CASE WHEN x.severity = 'general' THEN 'on_spot' ELSE '' END
              WHEN NOT EXISTS (SELECT FROM inspections_notice m
                               WHERE m.finding_id = x.finding_id AND m.state <> 'withdrawn') THEN 'withdrawn'
              WHEN x.source = 'self_report' AND {self_reported} THEN 'self'
              ELSE '' END AS exempt
  FROM known x
  LEFT JOIN assessments_evidencerule m ON m.table_id = x.table_id
       AND m.source = CASE WHEN x.kind IN ('issued', 'overdue', 'failed') THEN x.code ELSE x.kind END
  JOIN assessments_scoreitem i ON i.id = coalesce(x.by_hand, m.item_id)),
priced AS (
  SELECT f.*, CASE WHEN exempt <> '' THEN 0 ELSE (2 * base_deci * factor * size_bp + 10000) / 20000 END AS proposed_deci
  FROM facts f)
"""

SELF_REPORTED = """EXISTS (
    SELECT FROM inspections_notice sn JOIN inspections_noticeround q ON q.notice_id = sn.id AND q.no = 1
    WHERE sn.finding_id = x.finding_id AND sn.state <> 'withdrawn' AND x.finish_on <= q.due_on
      AND coalesce(CASE WHEN q.replied_on <= x.last_day THEN q.replied_on END, least(x.last_day, %(today)s))
          <= x.finish_on)
  AND NOT EXISTS (
    SELECT FROM inspections_finding a JOIN inspections_finding b ON b.id = x.finding_id
    JOIN inspections_checkitem c ON c.id = a.item_id AND c.code = x.code
    WHERE a.community_id = b.community_id AND a.id < b.id AND a.state <> 'withdrawn'
      AND a.found_on >= b.found_on - %(self_days)s
      AND (a.building_id = b.building_id
           OR a.building_id IS NULL AND b.building_id IS NULL AND a.place = b.place AND b.place <> ''))"""

CHARGE = """
INSERT INTO assessments_charge AS c (sheet_id, evidence_id, kind, item_id, base_deci, factor, size_bp, exempt,
                                     proposed_deci, decision, reason)
SELECT p.sheet_id, p.evidence_id, p.kind, p.item_id, p.base_deci, p.factor, p.size_bp, p.exempt, p.proposed_deci, '', ''
FROM priced p LEFT JOIN assessments_charge k ON k.sheet_id = p.sheet_id AND k.evidence_id = p.evidence_id
WHERE k.id IS NULL OR (k.item_id, k.base_deci, k.factor, k.size_bp, k.exempt)
                      IS DISTINCT FROM (p.item_id, p.base_deci, p.factor, p.size_bp, p.exempt)
ON CONFLICT (sheet_id, evidence_id) DO UPDATE
SET item_id = excluded.item_id, base_deci = excluded.base_deci, factor = excluded.factor, size_bp = excluded.size_bp,
    exempt = excluded.exempt, proposed_deci = excluded.proposed_deci,
    decision = '', accepted_deci = NULL, reason = '', decided_by_id = NULL, decided_at = NULL
WHERE (c.item_id, c.base_deci, c.factor, c.size_bp, c.exempt)
      IS DISTINCT FROM (excluded.item_id, excluded.base_deci, excluded.factor, excluded.size_bp, excluded.exempt)
"""

DIFFERING = """
SELECT DISTINCT p.sheet_id FROM priced p LEFT JOIN assessments_charge c USING (sheet_id, evidence_id)
WHERE c.id IS NULL AND p.proposed_deci > 0 OR c.proposed_deci <> p.proposed_deci AND c.decision <> 'refused'
"""

DRAFTS = """s.period_kind = %(kind)s AND s.first_day = %(first)s AND s.state = 'draft'
    AND (%(only)s::bigint IS NULL OR s.id = %(only)s)"""
LAST_PUBLISHED = """s.period_kind = %(kind)s AND s.first_day = %(first)s AND s.state = 'published' AND NOT EXISTS (
    SELECT FROM assessments_scoresheet l WHERE l.contract_id = s.contract_id AND l.period_kind = s.period_kind
    AND l.first_day = s.first_day AND l.version > s.version)"""

TOTAL = """
WITH lost AS MATERIALIZED (
  SELECT c.sheet_id, c.item_id,
         coalesce(sum(coalesce(c.accepted_deci, c.proposed_deci)) FILTER (WHERE c.kind = 'issued'), 0) AS issued,
         coalesce(sum(coalesce(c.accepted_deci, c.proposed_deci)) FILTER (WHERE c.kind <> 'issued'), 0) AS other
  FROM assessments_charge c JOIN assessments_scoresheet s ON s.id = c.sheet_id WHERE {which} GROUP BY 1, 2),
areas AS (
  SELECT l.sheet_id, least(a.max_deci, sum(
             least(i.cap_deci, least(i.cap_deci * %(issued_bp)s / 10000, l.issued) + l.other))) AS lost
  FROM lost l JOIN assessments_scoreitem i ON i.id = l.item_id JOIN assessments_scorearea a ON a.id = i.area_id
  GROUP BY l.sheet_id, a.id, a.max_deci),
sums AS (SELECT sheet_id, sum(lost)::int AS lost FROM areas GROUP BY 1),
whole AS (SELECT table_id, sum(max_deci)::int AS most FROM assessments_scorearea GROUP BY 1),
gates AS (
  SELECT s.id AS sheet_id, bool_or(e.kind = 'overdue') AS late,
         bool_or(e.kind = 'overdue' AND coalesce(c.decision, '') <> 'refused') AS overdue,
         bool_or(e.kind = 'failed' AND r.no >= 2 AND coalesce(c.decision, '') <> 'refused') AS failed
  FROM assessments_scoresheet s JOIN assessments_evidence e
    ON e.contract_id = s.contract_id AND e.period_kind = s.period_kind AND e.period_first = s.first_day
   AND e.kind IN ('overdue', 'failed')
  JOIN inspections_noticeround r ON r.id = e.round_id JOIN inspections_notice n ON n.id = r.notice_id
  JOIN inspections_finding f ON f.id = n.finding_id AND f.severity = 'major'
  LEFT JOIN assessments_charge c ON c.sheet_id = s.id AND c.evidence_id = e.id
  WHERE {which} AND coalesce(c.exempt, '') = '' AND NOT (e.kind = 'overdue' AND e.day <= r.due_on) GROUP BY 1),
scored AS MATERIALIZED (
  SELECT s.id, s.table_id, s.is_inspected, t.gate_band, coalesce(g.late, false) AS late,
         coalesce(g.overdue, false) AS overdue, coalesce(g.failed, false) AS failed,
         least(w.most - coalesce(x.lost, 0), CASE WHEN s.veto_reason <> '' THEN %(veto)s ELSE w.most END) AS score
  FROM assessments_scoresheet s JOIN assessments_scoretable t ON t.id = s.table_id JOIN whole w ON w.table_id = t.id
  LEFT JOIN sums x ON x.sheet_id = s.id LEFT JOIN gates g ON g.sheet_id = s.id WHERE {which}),
banded AS MATERIALIZED (
  SELECT x.*, CASE WHEN x.is_inspected THEN (
           SELECT b.letter FROM assessments_band b WHERE b.table_id = x.table_id AND b.from_deci <= CASE
               WHEN x.overdue OR x.failed THEN least(x.score, (
                   SELECT g.from_deci FROM assessments_band g WHERE g.table_id = x.table_id AND g.letter = x.gate_band))
               ELSE x.score END ORDER BY b.from_deci DESC LIMIT 1) ELSE '' END AS band
  FROM scored x)
SELECT b.id, b.score, b.overdue, b.failed, b.late, b.band
FROM banded b JOIN assessments_scoresheet s ON s.id = b.id
WHERE (s.score_deci, s.major_overdue, s.major_failed, s.major_late, s.band)
      IS DISTINCT FROM (b.score, b.overdue, b.failed, b.late, b.band)
"""

# A statement that writes is never read in parallel: what changed is found first, then written.
WRITE = """
UPDATE assessments_scoresheet s SET score_deci = n.score, major_overdue = n.overdue, major_failed = n.failed,
       major_late = n.late, band = n.band
FROM unnest(%s::bigint[], %s::int[], %s::bool[], %s::bool[], %s::bool[], %s::text[])
     n(id, score, overdue, failed, late, band) WHERE s.id = n.id
"""


def values(first: date, *, kind: str = "month", now: datetime, only: int | None = None) -> dict:
    """The rules of a period: those of its first day; ``only`` narrows its drafts to one."""
    return {
        "first": first,
        "kind": kind,
        "today": beijing_date(now),
        "only": only,
        "size": rules.on(first, "score.size_bp"),
        **{name: rules.on(first, f"score.factor.{name}") for name in ("general", "serious", "major")},
        "self_days": rules.on(first, "selfreport.repeat_days"),
        "issued_bp": rules.on(first, "score.issued_cap_bp"),
        "veto": rules.on(first, "score.veto_cap_deci"),
    }


def charge(given: dict) -> int:
    """Brings the charges of the period's drafts up to their facts; a decision falls where its proposal changed."""
    return _run(_facts(DRAFTS) + CHARGE, given).rowcount


def add_up(given: dict) -> int:
    """Score, gates and band of every draft of the period; returns how many changed."""
    changed = _run(TOTAL.format(which=DRAFTS), given).fetchall()
    if changed:
        _run(WRITE, [list(column) for column in zip(*changed, strict=True)])
    return len(changed)


def differing(given: dict) -> list[int]:
    """Published sheets, each the last version, of which the facts now say otherwise."""
    sql = _facts(LAST_PUBLISHED) + DIFFERING
    return [pk for (pk,) in _run(sql, given).fetchall()]


def differing_totals(given: dict) -> list[int]:
    """Published sheets, each the last version, whose charges add up to something else than they say."""
    return [row[0] for row in _run(TOTAL.format(which=LAST_PUBLISHED), given).fetchall()]


def _facts(which: str) -> str:
    return FACTS.format(which=which, self_reported=SELF_REPORTED, stands=STANDS.format(n="n"))


def _run(sql: str, given: dict | list):
    cursor = connection.cursor()
    cursor.execute(sql, given)
    return cursor
