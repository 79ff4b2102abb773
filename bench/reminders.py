"""10,000 cadres whose week will fall short are reminded, beside one INSERT … SELECT into the outbox.

.venv/bin/python -m bench.reminders
"""

from bench import database

CADRES, LIMIT_SECONDS, MOST_STATEMENTS = 10_000, 0.5, 5


def fill() -> None:
    from bench import town
    from communities.models import PatrolDuty

    people = town.make_people("cadre", town.Role.CADRE, CADRES)
    places = town.make_places(CADRES)
    PatrolDuty.objects.bulk_create(
        PatrolDuty(user=user, community=place, first_day=town.LONG_AGO)
        for user, place in zip(people, places, strict=True)
    )


def main() -> None:
    database.use("reminders", fill)
    from datetime import timedelta

    from django.utils import timezone

    from bench.measure import by_turns, ms, statements
    from config import garbage
    from inspections import reminders
    from lib.periods import week_of

    due = reminders.reminder_hours(week_of(timezone.now()))[0]
    now = due + timedelta(minutes=1)
    garbage.settle()  # as each process of the worker does
    assert undone(lambda: reminders.remind(now=now)) == CADRES, "not everybody was reminded"
    works = {
        "INSERT … SELECT": (lambda: undone(lambda: reference(due)), 1),
        "remind": (lambda: undone(lambda: reminders.remind(now=now)), 1),
    }
    taken = by_turns(works, rounds=7)
    sent = [sql for sql in statements(works["remind"][0]) if not sql.startswith(("SAVEPOINT", "BEGIN", "ROLLBACK"))]
    for name, (cpu, wall) in taken.items():
        ratio = wall / taken["INSERT … SELECT"][1]
        print(f"{name:16} clock {ms(wall):>8} = {ratio:4.1f} × the reference   CPU {ms(cpu):>8}")
    print(f"{len(sent)} statements; limit {LIMIT_SECONDS} s, {MOST_STATEMENTS} statements")


def undone(work):
    """Does it and takes it back, so that the next round finds the same outbox."""
    from django.db import transaction

    with transaction.atomic():
        result = work()
        transaction.set_rollback(True)
    return result


REFERENCE = """
INSERT INTO accounts_message
    (kind, user_id, about, about_key, round, due, channel, state, sent_at, next_try, tries, error)
SELECT 'patrol-reminder', u.id, 'inspections.week', 'reference', 0, %(due)s, 'inbox', 'sent', %(due)s, %(due)s, 0, ''
FROM communities_patrolduty d JOIN accounts_user u ON u.id = d.user_id AND u.is_active
WHERE (SELECT count(DISTINCT p.occurred_on) FROM inspections_patrol p
       WHERE p.community_id = d.community_id AND p.user_id = d.user_id AND p.occurred_on >= %(due)s::date - 6) < 3
ON CONFLICT DO NOTHING
"""


def reference(due) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(REFERENCE, {"due": due})
        return cursor.rowcount


if __name__ == "__main__":
    main()
