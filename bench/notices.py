"""The sweep that finds what is overdue among 200,000 notices, beside a bare UPDATE of as many rounds; and the register.

.venv/bin/python -m bench.notices
"""

from bench import database
from bench.lists import EVERY_PAGE

REGISTER = "/patrols/notices/register/"
PAGES = {
    "register": "",
    "register, page 40": "?page=40",
    "register, open": "?state=open",
    "register, overdue": "?state=overdue",
    "register, closed": "?state=closed&first=2026-01-01",
    "register, number": "?q=123456",
    "register, word": "?q=第777处",
}
NOTICES, PLACES, OVERDUE = 200_000, 500, 2_000


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


def send() -> None:
    """The notices, as the owner and without triggers: 200,000 by the way of the office would take an hour."""
    from django.db import connection

    from accounts.models import User
    from communities.models import Community, Firm
    from inspections.models import CheckItem

    by, first = User.objects.get(username="cadre1").pk, Community.objects.order_by("pk").first().pk
    values = {"by": by, "firm": Firm.objects.get().pk, "first": first, "places": PLACES, "notices": NOTICES}
    values |= {"item": CheckItem.objects.get(code="HYG1").pk, "overdue": OVERDUE}
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(ROWS, values)
        cursor.execute("VACUUM ANALYZE")


# 2,000 stand open and overdue, a hundred times as many are settled.
ROWS = """
WITH n AS (
    SELECT g, current_date - 40 - (g %% 700) AS day, g <= %(overdue)s AS late FROM generate_series(1, %(notices)s) g
),
found AS (
    INSERT INTO inspections_finding (client_id, community_id, source, item_id, severity, severity_reason, place, text,
        handling, dissuaded, firm_id, found_by_id, found_on, state, closed_on, withdrawn_reason)
    SELECT gen_random_uuid(), %(first)s + g %% %(places)s, 'patrol', %(item)s, 'general', '', '', '第' || g || '处',
        'notice', false, %(firm)s, %(by)s, day, CASE WHEN late THEN 'open' ELSE 'closed' END,
        CASE WHEN late THEN NULL ELSE day + 5 END, '' FROM n RETURNING id, community_id, found_on, state
), sent AS (
    INSERT INTO inspections_notice (number, finding_id, community_id, firm_id, body, state, issued_by_id, issued_at,
        issued_on, closed_on, withdrawn_reason, round_no, due_on, due_provisional, plan_person, plan_measure,
        interim_text)
    SELECT '抄告〔2026〕' || lpad(row_number() OVER (ORDER BY id)::text, 6, '0'), id, community_id, %(firm)s, '',
        CASE WHEN state = 'open' THEN 'received' ELSE 'closed' END, %(by)s, found_on, found_on,
        CASE WHEN state = 'open' THEN NULL ELSE found_on + 5 END, '', 1, found_on + 5, false, '', '', ''
    FROM found RETURNING id, issued_on, state
)
INSERT INTO inspections_noticeround (notice_id, no, issued_on, deemed_on, received_on, is_deemed, signer, reply_text,
    outcome, escalation, term_start, term_days, term_counting, due_on, due_provisional, replied_at, replied_on,
    replied_by_id, recheck_by)
SELECT id, 1, issued_on, issued_on + 1, issued_on, false, '', CASE WHEN state = 'closed' THEN '扫了' ELSE '' END,
    CASE WHEN state = 'closed' THEN 'passed' ELSE '' END, 0, issued_on, 3, 'working', issued_on + 5, false,
    CASE WHEN state = 'closed' THEN issued_on + 4 END, CASE WHEN state = 'closed' THEN issued_on + 4 END,
    CASE WHEN state = 'closed' THEN %(by)s END, CASE WHEN state = 'closed' THEN issued_on + 7 END
FROM sent
"""


def main() -> None:
    database.use("notices", fill)
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from bench.reminders import undone
    from bench.requests import Browser
    from inspections import escalation, registers
    from inspections.models import Notice
    from lib.periods import beijing_date

    if not Notice.objects.exists():
        send()
    now = timezone.now()
    today = beijing_date(now)

    def bare() -> int:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [today - timedelta(days=1)])
            return cursor.rowcount

    assert undone(bare) == undone(lambda: escalation.overdue(now=now)) == OVERDUE
    seen = Notice.objects.visible_to(User.objects.get(username="clerk1"))
    works = {
        "bare UPDATE": (lambda: undone(bare), 1),
        "overdue sweep": (lambda: undone(lambda: escalation.overdue(now=now)), 1),
        "nothing to do": (lambda: undone(lambda: escalation.deem(now=now)), 1),
        "settled, percent": (lambda: registers.settled(seen), 1),
    }
    browser = Browser("clerk1")
    pages = {name: (browser.get(REGISTER + words), 1) for name, words in PAGES.items()}
    report(works, pages, Browser().get("/bare/"))


def report(works: dict, pages: dict, bare_response) -> None:
    """One line each, measured by turns."""
    from bench.measure import by_turns, ms, statements

    taken = by_turns(works | {"bare response": (bare_response, 20)} | pages, rounds=7)
    for name, (work, _) in (works | pages).items():
        (cpu, wall), sent = taken[name], len(statements(work))
        beside = f" = {wall / taken['bare UPDATE'][1]:5.2f} × the bare UPDATE" if name in works else ""
        own = f", {sent - EVERY_PAGE} own" if name in pages else ""
        print(f"{name:22} clock {ms(wall):>8}{beside}   CPU {ms(cpu):>8}   {sent} statements{own}")
    print(f"{OVERDUE} overdue among {NOTICES}; events and messages are among the sweep's statements")


BARE = """
UPDATE inspections_noticeround SET escalation = 1
WHERE outcome = '' AND replied_at IS NULL AND due_on <= %s AND escalation < 1
"""


if __name__ == "__main__":
    main()
