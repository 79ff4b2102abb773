"""Facts of a month become evidence in one statement, each fact once, for the contract of its own day. DOMAIN D.3

Run again, or by two workers, nothing is added twice: the keys of `Evidence` see to that.
"""

from datetime import date, datetime, timedelta

from django.db import connection

from lib.periods import DAY, Month, beijing_date
from rulebook import rules
from rulebook.workdays import working_days

LOOKED_BACK = timedelta(days=800)  # a round that is older than that when it turns overdue again is a matter of its own

# The firm of a notice answers by its contract; where that has ended and hands open items on, by the contract after it.
ANSWERING = """
  JOIN LATERAL (SELECT k.id, k.first_day, k.last_day, k.open_items FROM communities_contract k
                WHERE k.community_id = fact.community_id AND k.firm_id = fact.firm_id AND k.first_day <= fact.of_day
                  AND (k.last_day IS NULL OR k.last_day >= fact.of_day)) own ON true
  LEFT JOIN communities_contract nxt ON own.last_day < fact.day AND own.open_items = 'next'
        AND nxt.community_id = fact.community_id AND nxt.first_day <= fact.day
        AND (nxt.last_day IS NULL OR nxt.last_day >= fact.day)
"""
INSERT = """
INSERT INTO assessments_evidence (kind, finding_id, round_id, notice_id, complaint_id, upheld_id, failure_id,
                                  round_no, repeat, contract_id, community_id, day, period_kind, period_first)
SELECT fact.kind, CASE WHEN fact.of = 'finding' THEN fact.key END, CASE WHEN fact.of = 'round' THEN fact.key END,
       CASE WHEN fact.of = 'notice' THEN fact.key END, CASE WHEN fact.of = 'complaint' THEN fact.key END,
       CASE WHEN fact.of = 'upheld' THEN fact.key END, CASE WHEN fact.of = 'failure' THEN fact.key END,
       fact.round_no, fact.repeat, coalesce(nxt.id, own.id),
       fact.community_id, fact.day, 'month', %(first)s
FROM ({facts}) fact {answering}
WHERE fact.day BETWEEN %(first)s AND %(until)s
ON CONFLICT DO NOTHING
"""

# A notice that was taken back says nothing; one that was handed on to another body was right while it stood. 改发
STANDS = """({n}.state <> 'withdrawn' OR EXISTS (SELECT FROM inspections_notice z
             WHERE z.finding_id = {n}.finding_id AND z.id > {n}.id AND z.state <> 'withdrawn'))"""
BEIJING_DAY = "(({moment}) AT TIME ZONE 'Asia/Shanghai')::date"

# What came in from the ledger of before was found earlier; only what is late from now on costs.
ISSUED = f"""
  SELECT n.finding_id AS key, 0 AS round_no, 0 AS repeat, n.community_id, n.firm_id, n.issued_on AS day,
         n.issued_on AS of_day
  FROM inspections_notice n JOIN inspections_finding f ON f.id = n.finding_id
  WHERE {STANDS.format(n="n")} AND n.firm_id IS NOT NULL AND f.state <> 'withdrawn' AND f.source <> 'ledger'
    AND n.issued_on BETWEEN %(first)s AND %(until)s
    AND NOT EXISTS (SELECT FROM inspections_notice b WHERE b.finding_id = n.finding_id AND b.firm_id IS NOT NULL
                    AND {STANDS.format(n="b")} AND (b.issued_on, b.id) < (n.issued_on, n.id))
  UNION ALL
  SELECT f.id, 0, 0, f.community_id, f.firm_id, f.found_on, f.found_on FROM inspections_finding f
  WHERE f.handling = 'on_the_spot' AND f.state <> 'withdrawn' AND f.firm_id IS NOT NULL
    AND f.found_on BETWEEN %(first)s AND %(until)s
"""

# An overdue round is charged on its first overdue day and again every so many working days until the reply.
OVERDUE = f"""
  SELECT late.id AS key, 0 AS round_no,
         CASE WHEN cal.day = late.first_late THEN 0 ELSE (cal.ord - late.ord) / %(again)s END AS repeat,
         late.community_id, late.firm_id, cal.day, late.of_day
  FROM (SELECT r.id, n.community_id, n.firm_id, n.issued_on AS of_day, r.due_on + 1 AS first_late, c.ord,
               least(coalesce(r.replied_on, %(until)s), %(until)s, (
                   SELECT min((e.at AT TIME ZONE 'Asia/Shanghai')::date) - 1 FROM inspections_noticeevent e
                   WHERE e.notice_id = n.id AND e.kind IN ('transferred', 'withdrawn') AND r.outcome = 'ended'))
                 AS last_late
        FROM inspections_noticeround r JOIN inspections_notice n ON n.id = r.notice_id
        JOIN unnest(%(days)s::date[], %(ords)s::int[]) c(day, ord) ON c.day = r.due_on + 1
        WHERE n.firm_id IS NOT NULL AND {STANDS.format(n="n")} AND r.due_on < %(until)s
          AND (r.replied_on IS NULL OR r.replied_on > r.due_on AND r.replied_on >= %(first)s)) late
  JOIN unnest(%(days)s::date[], %(ords)s::int[], %(works)s::bool[]) cal(day, ord, works)
    ON cal.day BETWEEN greatest(late.first_late, %(first)s) AND late.last_late
   AND (cal.day = late.first_late OR cal.works AND cal.ord > late.ord AND (cal.ord - late.ord) %% %(again)s = 0)
"""

RECHECK_FAILED = f"""
  SELECT r.id AS key, 0 AS round_no, 0 AS repeat, n.community_id, n.firm_id, {BEIJING_DAY.format(moment="c.at")} AS day,
         n.issued_on AS of_day
  FROM inspections_recheck c JOIN inspections_noticeround r ON r.id = c.round_id
  JOIN inspections_notice n ON n.id = r.notice_id
  WHERE NOT c.passed AND n.firm_id IS NOT NULL AND {STANDS.format(n="n")} AND c.at >= %(start)s AND c.at < %(end)s
"""

COMPLAINT_RESPONSIBLE = """
  SELECT u.id AS key, 0 AS round_no, 0 AS repeat, u.community_id, u.firm_id, u.day, u.day AS of_day
  FROM complaints_upheldcomplaint u
  WHERE u.is_upheld AND u.firm_id IS NOT NULL AND u.day BETWEEN %(first)s AND %(until)s
"""

COMPLAINT_LATE = """
  SELECT c.id AS key, c.reopened AS round_no, 0 AS repeat, c.community_id, c.firm_id, c.reply_by + 1 AS day,
         c.registered_on AS of_day
  FROM complaints_complaint c
  WHERE c.level = 'firm' AND c.firm_id IS NOT NULL AND c.merged_into_id IS NULL
    AND c.reply_by BETWEEN %(first)s - 1 AND %(until)s - 1
    AND (c.replied_on > c.reply_by
         OR c.replied_on IS NULL AND c.state IN ('registered', 'accepted', 'assigned', 'handling', 'reopened'))
    AND NOT EXISTS (SELECT FROM complaints_complaintpause p WHERE p.complaint_id = c.id AND p.last_day IS NULL)
"""

HAZARD_PLAN_MISSING = f"""
  SELECT n.id AS key, 0 AS round_no, 0 AS repeat, n.community_id, n.firm_id, n.plan_by + 1 AS day, n.issued_on AS of_day
  FROM inspections_notice n JOIN inspections_finding f ON f.id = n.finding_id
  WHERE n.firm_id IS NOT NULL AND f.severity <> 'general' AND n.state NOT IN ('withdrawn', 'transferred')
    AND n.plan_by BETWEEN %(first)s - 1 AND %(until)s - 1
    AND (n.plan_at IS NULL OR {BEIJING_DAY.format(moment="n.plan_at")} > n.plan_by)
"""

INTERIM_MISSED = f"""
  SELECT n.id AS key, 0 AS round_no, 0 AS repeat, n.community_id, n.firm_id,
         {BEIJING_DAY.format(moment="n.issued_at + %(interim)s")} AS day, n.issued_on AS of_day
  FROM inspections_notice n JOIN inspections_finding f ON f.id = n.finding_id
  WHERE n.firm_id IS NOT NULL AND f.severity = 'major' AND n.state NOT IN ('withdrawn', 'transferred')
    AND n.issued_at + %(interim)s BETWEEN %(start)s AND %(now)s
    AND (n.interim_at IS NULL OR n.interim_at > n.issued_at + %(interim)s)
    AND NOT EXISTS (SELECT FROM inspections_noticeround r WHERE r.notice_id = n.id
                    AND r.replied_at <= n.issued_at + %(interim)s)
"""

# An acceptance that was not passed; each is a fact of its own day. What builders did not do well in a renovation is
# not the firm's. Issue 10 §9
CAMPAIGN_FAILED = """
  SELECT v.id AS key, 0 AS round_no, 0 AS repeat, p.community_id, k.firm_id, v.day, v.day AS of_day
  FROM campaigns_stepevent v JOIN campaigns_placestep d ON d.id = v.place_step_id
  JOIN campaigns_step t ON t.id = d.step_id JOIN campaigns_campaignplace p ON p.id = d.place_id
  JOIN campaigns_campaign c ON c.id = p.campaign_id AND c.kind <> 'renovation'
  JOIN communities_contract k ON k.community_id = p.community_id AND k.first_day <= v.day
   AND (k.last_day IS NULL OR k.last_day >= v.day)
  WHERE v.state = 'failed' AND t.code = 'ACCEPT' AND v.day BETWEEN %(first)s AND %(until)s
"""

KINDS = (
    ("issued", "finding", ISSUED),
    ("overdue", "round", OVERDUE),
    ("failed", "round", RECHECK_FAILED),
    ("upheld", "upheld", COMPLAINT_RESPONSIBLE),
    ("late", "complaint", COMPLAINT_LATE),
    ("no_plan", "notice", HAZARD_PLAN_MISSING),
    ("no_interim", "notice", INTERIM_MISSED),
    ("campaign", "failure", CAMPAIGN_FAILED),
)


ALL = "\nUNION ALL\n".join(f"SELECT '{kind}' AS kind, '{of}' AS of, f.* FROM ({sql}) f" for kind, of, sql in KINDS)


def collect(*, month: Month, now: datetime) -> int:
    """Keeps the facts of the month that are not kept yet, in one statement; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(facts=ALL, answering=ANSWERING), _values(month, now))
        return cursor.rowcount


def _values(month: Month, now: datetime) -> dict:
    """The month's days, moments and rules; what has not happened by ``now`` is left out."""
    first = month.first_day
    values = {
        "first": first,
        "until": min(month.last_day, beijing_date(now)),
        "start": month.start,
        "end": min(month.end, now),
        "now": now,
        "again": rules.on(first, "score.overdue_repeat_wd"),
        "interim": timedelta(hours=rules.on(first, "rectify.major_interim_hours")),
    }
    return {**values, **_calendar(first - LOOKED_BACK, month.last_day)}


def _calendar(first: date, last: date) -> dict:
    """Every day with the number of working days up to it."""
    worked = set(working_days(first, last))
    days = [first + n * DAY for n in range((last - first).days + 1)]
    ords, so_far = [], 0
    for day in days:
        so_far += day in worked
        ords.append(so_far)
    return {"days": days, "ords": ords, "works": [day in worked for day in days]}
