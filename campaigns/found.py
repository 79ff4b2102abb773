"""Findings of a campaign: ordinary findings, pulled in by what they are and where and when they were found. H.1"""

from datetime import datetime

from django.db import connection

from lib.periods import beijing_date

# A finding belongs to a campaign whose list has its item, in whichever version of the check list, in one of its
# communities, from its first day to its last.
PULL = """
INSERT INTO campaigns_campaignfinding (place_id, finding_id)
SELECT p.id, f.id
FROM campaigns_campaign c
JOIN LATERAL (SELECT min(h.first_day) AS first, bool_or(h.no = 1 AND h.first_day IS NULL) AS ever,
                     max(h.last_day) AS last, bool_or(h.last_day IS NULL) AS waits
              FROM campaigns_phase h WHERE h.campaign_id = c.id) days ON true
JOIN campaigns_campaignplace p ON p.campaign_id = c.id
JOIN inspections_finding f ON f.community_id = p.community_id AND f.state <> 'withdrawn'
 AND f.found_on >= CASE WHEN days.ever OR days.first IS NULL
                        THEN (c.approved_at AT TIME ZONE 'Asia/Shanghai')::date ELSE days.first END
 AND f.found_on <= CASE WHEN days.waits THEN %(today)s ELSE least(days.last, %(today)s) END
WHERE c.state = 'approved'
  AND EXISTS (SELECT FROM campaigns_campaign_items i JOIN inspections_checkitem listed ON listed.id = i.checkitem_id
              JOIN inspections_checkitem seen ON seen.code = listed.code
              WHERE i.campaign_id = c.id AND seen.id = f.item_id)
  AND NOT EXISTS (SELECT FROM inspections_patrol t WHERE t.id = f.patrol_id AND t.kind = 'covert')
ON CONFLICT DO NOTHING
"""


def pull(*, now: datetime) -> int:
    """Takes up the findings that running campaigns have not yet, in one statement; returns how many are new.

    What unannounced patrols found is the office's alone and belongs to no campaign.
    """
    with connection.cursor() as cursor:
        cursor.execute(PULL, {"today": beijing_date(now)})
        return cursor.rowcount
