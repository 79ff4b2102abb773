"""The desk at 500,000 complaints, a submit, a similar case, a month's figures: queries and time of each.

.venv/bin/python -m bench.complaints
"""

import re
import sys
from uuid import uuid4

from bench import database

ROWS, OPEN = 500_000, 500  # a county's ten years; what a month-end leaves open
MOST_QUERIES, EVERY_PAGE = 6, 5  # session, account, roles, demo mark, unread messages
PAGES = {
    "desk": "/complaints/",
    "desk, overdue": "/complaints/?show=overdue",
    "desk, page 40": "/complaints/?page=40",
    "desk, common word": "/complaints/?q=灭火器",  # in each fifth of all
    "desk, rare words": "/complaints/?q=灭火器失效777",
    "desk, number": "/complaints/?q=-0007",
    "desk, category": "/complaints/?category=lift",
    "orders to fill back": "/complaints/hotline/",
    "figures of a month": "/complaints/analysis/?by=community",
}

FILL = """
INSERT INTO complaints_complaint (client_id, number, source, community_id, firm_id, place, text, category, urgency,
    state, level, firm_was_asked, registered_at, registered_on, accept_by, accept_provisional, platform_number,
    extended_days, was_raised, reopened, is_final, refused_why, go_to,
    hidden_from_neighbours, term_start, term_days, term_counting, due_on,
    due_provisional, replied_on, close_on, closed_on)
SELECT gen_random_uuid(), 'TS' || to_char(day, 'YYYYMMDD') || '-' || lpad((n / 3650 + 1)::text, 4, '0'), 'online',
    places.id[n %% array_length(places.id, 1) + 1], NULL, '北门',
    '演示：' || (ARRAY['垃圾桶满了','电梯坏了','灭火器失效','楼道灯不亮','水管漏水'])[n %% 5 + 1] || n,
    (ARRAY['hygiene','lift','fire','facility','water'])[n %% 5 + 1],
    'normal', CASE WHEN n < %(open)s THEN 'handling' ELSE 'closed' END,
    'station', false, day, day, day + 1, false, '', 0, false,
    0, false, '', '', false, day, 5, 'working', day + 7, false, CASE WHEN n < %(open)s THEN NULL ELSE day + 3 END,
    CASE WHEN n < %(open)s THEN NULL ELSE day + 17 END, CASE WHEN n < %(open)s THEN NULL ELSE day + 17 END
FROM generate_series(0, %(rows)s - 1) AS n, (SELECT array_agg(id) AS id FROM communities_community) AS places,
    LATERAL (SELECT current_date - n %% 3650 AS day) AS days
"""


DAYS = """
INSERT INTO complaints_complaintday (day, last) SELECT registered_on, count(*) FROM complaints_complaint GROUP BY 1
"""


def fill() -> None:
    from django.db import connection

    from accounts.roles import Role
    from bench import town

    town.make_places(500)
    town.make_people("clerk", Role.TOWN_CLERK, 1)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"rows": ROWS, "open": OPEN})
        cursor.execute(DAYS)
        cursor.execute("ANALYZE complaints_complaint")


def main() -> None:
    database.use("complaints", fill)
    from bench.measure import by_turns, ms, statements
    from bench.requests import Browser

    browser = Browser(sys.argv[1] if len(sys.argv) > 1 else "clerk1")
    works = {name: (browser.get(path), 3) for name, path in PAGES.items()} | _acts()
    taken = by_turns(works, rounds=5)
    for name, (cpu, wall) in taken.items():
        sent = statements(works[name][0])
        own = f"{len(sent) - EVERY_PAGE} its own" if name in PAGES else ""
        print(f"{name:20} CPU {ms(cpu):>8}   clock {ms(wall):>8}   {len(sent)} statements {own}")
    print(f"goal: ≤ {MOST_QUERIES} statements of the desk's own")
    print(f"a similar case is found by {' and '.join(sorted(_indexes()))}")


def _similar():
    """What is looked for before a complaint is taken in."""
    from datetime import timedelta

    from django.utils import timezone

    from communities.models import Community
    from complaints.models import Complaint

    since = timezone.localdate() - timedelta(days=14)
    place = Community.objects.first()
    return Complaint.objects.similar(community=place, text="垃圾桶满了", category="hygiene", since=since)


def _indexes() -> set[str]:
    """Those by which PostgreSQL looks for a similar case."""
    return set(re.findall(r"complaint_\w+", _similar().explain()))


def _acts() -> dict:
    """A submit, and what is looked for before it."""
    from django.utils import timezone

    from communities.models import Community
    from complaints import registration

    given = {"community": Community.objects.first(), "text": "演示：垃圾桶满了", "phone": "13900000001"}
    return {
        "submit": (lambda: registration.register(**given, client_id=uuid4(), now=timezone.now()), 3),
        "similar case": (lambda: list(_similar().with_row_parts()[:3]), 3),
    }


if __name__ == "__main__":
    main()
