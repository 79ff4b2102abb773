"""The week board of 500 communities in a table of 70 weeks, beside one statement of plain SQL that counts the same.

.venv/bin/python -m bench.week_board
"""

from bench import database
from bench.lists import fill

YEAR = 52


def main() -> None:
    database.use("town", fill)
    from bench.measure import by_turns, ms, statements
    from bench.requests import Browser
    from lib.periods import week_of

    this = week_of(_today())
    past = [this.previous]
    while len(past) < YEAR:
        past.append(past[-1].previous)
    _same(past[0])
    board = Browser("clerk1").get(f"/patrols/board/?week={past[0].monday}")
    works = {
        "SQL, one week": (lambda: reference(past[0]), 5),
        "board, one week": (lambda: ours(past[0]), 5),
        "page, one week": (board, 2),
        "SQL, 52 weeks": (lambda: [reference(week) for week in past], 1),
        "board, 52 weeks": (lambda: [ours(week) for week in past], 1),
    }
    taken = by_turns(works, rounds=5)
    for name, (cpu, wall) in taken.items():
        against = taken[f"SQL, {name.partition(', ')[2]}"][1]
        sent = "" if name.startswith("SQL") else f"   {len(statements(works[name][0]))} statements"
        print(f"{name:16} clock {ms(wall):>8} = {wall / against:5.1f} × SQL   CPU {ms(cpu):>8}{sent}")


def _today():
    from django.utils import timezone

    from lib.periods import beijing_date

    return beijing_date(timezone.now())


def ours(week) -> list:
    from communities.models import Community
    from inspections import boards

    return boards.community_weeks(week, Community.objects.standing(week.sunday).select_related("village_committee"))


BOARD = """
WITH days AS (SELECT * FROM unnest(%(days)s::date[], %(working)s::bool[]) AS d (day, working)),
duty AS (
    SELECT d.community_id, d.user_id, d.kind, day, working FROM communities_patrolduty d
    JOIN days ON d.first_day <= day AND (d.last_day IS NULL OR d.last_day >= day) WHERE d.kind <> 'team'
),
asked AS (
    SELECT community_id, least(%(weekly)s, count(DISTINCT day) FILTER (WHERE working)) AS asked FROM duty
    WHERE NOT EXISTS (SELECT FROM communities_cadreleave l
                      WHERE l.user_id = duty.user_id AND day BETWEEN l.first_day AND l.last_day)
        AND NOT (kind = 'linked' AND EXISTS (SELECT FROM duty s WHERE s.kind = 'substitute'
                                             AND s.community_id = duty.community_id AND s.day = duty.day))
    GROUP BY community_id
),
visits AS (
    SELECT community_id, occurred_on, count(*) AS number FROM inspections_patrol
    WHERE occurred_on BETWEEN %(first)s AND %(last)s AND state = 'submitted' AND submitted_on <= submit_by
        AND kind <> 'covert'
    GROUP BY community_id, occurred_on
),
done AS (SELECT community_id, count(*) AS done, jsonb_object_agg(occurred_on, number) AS days FROM visits GROUP BY 1)
SELECT c.id, c.name, coalesce(asked, 0), coalesce(done, 0), days FROM communities_community c
LEFT JOIN asked ON asked.community_id = c.id LEFT JOIN done ON done.community_id = c.id
WHERE c.ended_on IS NULL OR c.ended_on >= %(last)s
ORDER BY greatest(0, coalesce(asked, 0) - coalesce(done, 0)) DESC, c.pinyin, c.id
"""


def reference(week) -> list[tuple]:
    from django.db import connection

    from inspections.weeks import terms_of
    from rulebook.workdays import is_working_day

    known = {
        "days": week.days,
        "working": [is_working_day(day) for day in week.days],
        "weekly": terms_of(week).weekly_each,
        "first": week.monday,
        "last": week.sunday,
    }
    with connection.cursor() as cursor:
        cursor.execute(BOARD, known)
        return cursor.fetchall()


def _same(week) -> None:
    """Both must say the same of every community, or the race is void."""
    theirs = [(key, asked, done) for key, _, asked, done, _ in reference(week)]
    assert theirs == [(row.community.pk, row.asked, row.done) for row in ours(week)], "not the same board"


if __name__ == "__main__":
    main()
