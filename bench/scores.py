"""A month of 500 communities from 200,000 facts, beside one grouped scan of them and beside a loop over rows.

.venv/bin/python -m bench.scores
"""

from bench import database

FACTS, PLACES = 200_000, 500

# 200,000 findings of last month with their notices, all issued, none overdue.
ROWS = """
WITH n AS (SELECT g, %(month)s::date + (g %% 27) AS day FROM generate_series(1, %(facts)s) g),
items AS (SELECT array_agg(id ORDER BY id) AS ids FROM inspections_checkitem WHERE code IN
          ('HYG1', 'HYG2', 'HYG4', 'HYG5', 'PIL1', 'PIL2', 'VEH1', 'FAC2', 'FIR3', 'PUB1')),
found AS (
    INSERT INTO inspections_finding (client_id, community_id, source, item_id, severity, severity_reason, place, text,
        handling, dissuaded, firm_id, found_by_id, found_on, state, withdrawn_reason)
    SELECT gen_random_uuid(), %(first)s + g %% %(places)s, 'patrol', ids[1 + g %% 10],
        CASE WHEN g %% 20 = 0 THEN 'serious' ELSE 'general' END, '', '', '第' || g || '处', 'notice', false, %(firm)s,
        %(by)s, day, 'open', '' FROM n, items RETURNING id, community_id, found_on
), sent AS (
    INSERT INTO inspections_notice (number, finding_id, community_id, firm_id, body, state, issued_by_id, issued_at,
        issued_on, withdrawn_reason, round_no, due_on, due_provisional, plan_person, plan_measure, interim_text)
    SELECT '抄告〔2026〕' || lpad(row_number() OVER (ORDER BY id)::text, 6, '0'), id, community_id, %(firm)s, '',
        'received', %(by)s, found_on, found_on, '', 1, found_on + 60, false, '', '', '' FROM found
    RETURNING id, issued_on
)
INSERT INTO inspections_noticeround (notice_id, no, issued_on, deemed_on, received_on, is_deemed, signer, reply_text,
    outcome, escalation, term_start, term_days, term_counting, due_on, due_provisional)
SELECT id, 1, issued_on, issued_on + 1, issued_on, false, '', '', '', 0, issued_on, 3, 'working', issued_on + 60, false
FROM sent
"""

SCAN = """
SELECT sheet_id, item_id, kind, sum(coalesce(accepted_deci, proposed_deci)) FROM assessments_charge GROUP BY 1, 2, 3
"""


def fill() -> None:
    from bench import town
    from communities.models import Contract, Firm

    town.make_people("cadre", town.Role.CADRE, 1)
    town.make_people("clerk", town.Role.TOWN_CLERK, 1)
    places = town.make_places(PLACES)
    firm = Firm.objects.create(name="演示·测试物业", uscc="91330000MA27XYZ12N")
    Contract.objects.bulk_create(
        Contract(community=place, firm=firm, kind="owners", first_day=town.LONG_AGO) for place in places
    )


def find(month) -> None:
    """The facts, as the owner and without triggers: 200,000 by the way of the office would take an hour."""
    from django.db import connection

    from accounts.models import User
    from communities.models import Community, Firm

    first = Community.objects.order_by("pk").first().pk
    values = {"by": User.objects.get(username="cadre1").pk, "firm": Firm.objects.get().pk, "first": first}
    values |= {"places": PLACES, "facts": FACTS, "month": month.first_day}
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(ROWS, values)
        cursor.execute("VACUUM ANALYZE")


def main() -> None:
    database.use("scores", fill, anew=True)
    import time

    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from assessments import boards, charging, explain, scoring
    from assessments.models import Charge, ScoreSheet
    from bench.measure import by_turns, ms, statements
    from lib.periods import beijing_date, month_of

    now = timezone.now()
    month = month_of(beijing_date(now)).previous
    find(month)
    start = time.perf_counter()
    first = scoring.compute(month=month, now=now)
    print(f"first time, {FACTS} facts: {first} in {ms(time.perf_counter() - start)}")
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE assessments_charge")
        cursor.execute("ANALYZE assessments_evidence")
    assert Charge.objects.count() == FACTS
    given = charging.values(month.first_day, now=now)

    def scan() -> None:
        with connection.cursor() as cursor:
            cursor.execute(SCAN)
            cursor.fetchall()

    def per_row() -> None:
        sheet = ScoreSheet.objects.first()
        lost: dict[int, int] = {}
        for charge in sheet.charges.all():
            lost[charge.item.pk] = lost.get(charge.item.pk, 0) + charge.counted_deci

    works = {
        "grouped scan": (scan, 1),
        "score the month": (lambda: charging.add_up(given), 1),
        "loop over rows, one sheet of 500": (per_row, 1),
    }
    taken = by_turns(works, rounds=7)
    for name, (cpu, wall) in taken.items():
        print(f"{name:34} clock {ms(wall):>8} = {wall / taken['grouped scan'][1]:6.2f} × the scan   CPU {ms(cpu):>8}")
    print(f"the loop for all 500: about {ms(taken['loop over rows, one sheet of 500'][1] * PLACES)}")
    start = time.perf_counter()
    again = scoring.compute(month=month, now=now)
    print(f"all again, nothing new: {again} in {ms(time.perf_counter() - start)}")
    print(f"statements of a whole run: {len(statements(lambda: scoring.compute(month=month, now=now)))}")
    clerk = User.objects.get(username="clerk1")
    board = statements(lambda: list(boards.sheets(clerk, month)[:50]))
    tree = statements(lambda: explain.tree(ScoreSheet.objects.first()))
    print(f"statements: the board's list {len(board)}, a sheet explained {len(tree)}")


if __name__ == "__main__":
    main()
