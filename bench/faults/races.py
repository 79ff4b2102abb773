"""Two people (or two hundred taps) at one moment: one wins, the others are told, nothing is written twice. Each race
is then run with its guard removed, and must go wrong: otherwise it would show nothing.

.venv/bin/python -m bench.faults.races [races, 1000]
"""

import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager

from bench import database

TAPS, AT_ONCE = 200, 80  # the embedded PostgreSQL lets a hundred connections in
RACES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000


def fill() -> None:
    from bench import town
    from communities.models import PatrolDuty

    (cadre,) = town.make_people("cadre", town.Role.CADRE, 1)
    (place,) = town.make_places(1)
    PatrolDuty.objects.create(user=cadre, community=place, first_day=town.LONG_AGO)
    town.make_people("administrator", town.Role.ADMINISTRATOR, 1)
    town.make_people("head", town.Role.TOWN_HEAD, 2)
    town.make_people("new", town.Role.RESIDENT, 1)
    town.make_people("clerk", town.Role.TOWN_CLERK, 2)


def main() -> None:
    database.use("races", fill, anew=True)
    rounds = max(1, RACES // TAPS)
    wrong = [
        told("submit/submit", rounds, sum(taps() for _ in range(rounds)), f"of {TAPS} identical taps"),
        told("complaint/complaint", rounds, sum(complaint_taps() for _ in range(rounds)), f"of {TAPS} identical taps"),
        told("answer/answer", RACES, sum(answers() for _ in range(RACES))),
        told("check/check", RACES, sum(checks() for _ in range(RACES))),
        told("check/withdraw", RACES, sum(check_and_withdrawal() for _ in range(RACES))),
    ]
    with unconditional():
        controls = [told("check/check, guard removed", 100, sum(checks() for _ in range(100)))]
        controls.append(told("answer/answer, guard removed", 100, sum(answers() for _ in range(100))))
    with no_client_id():
        controls += [told("submit/submit, guard removed", 1, taps(), f"of {TAPS} identical taps")]
    print("0 wrong, and each control went wrong" if not any(wrong) and all(controls) else "NOT AS PROMISED")
    sys.exit(any(wrong) or not all(controls))


def told(name: str, races: int, wrong: int, what: str = "") -> int:
    print(f"{name}: {races} races {what}: {int(wrong)} wrong", flush=True)
    return wrong


# ---------------------------------------------------------------- the races


def at_once(*acts: Callable) -> list:
    """Runs the acts in threads that begin together, so many at a time as connections allow."""
    from django.db import connection

    places = threading.BoundedSemaphore(AT_ONCE)
    start, results = threading.Barrier(min(len(acts), AT_ONCE)), [None] * len(acts)

    def run(number: int, act: Callable) -> None:
        with places:
            try:
                if number < start.parties:
                    start.wait()
                results[number] = act()
            except Exception as error:
                results[number] = error
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def taps() -> bool:
    """Whether identical submits made anything but one record, or anybody did not get it."""
    from django.utils import timezone

    from accounts.models import User
    from inspections import patrols
    from inspections.models import Finding, Patrol
    from tests.inspections.phone import entry, finding

    cadre, now = User.objects.get(username="cadre1"), timezone.now()
    sent = entry(cadre.duties.get().community, finding(), occurred=now)
    results = at_once(*[lambda: patrols.submit(entry=sent, by=cadre, now=now).pk] * TAPS)
    made = Patrol.objects.filter(client_id=sent.client_id).count()
    found = Finding.objects.filter(client_id=sent.findings[0].client_id).count()
    return (made, found, len(set(map(str, results)))) != (1, 1, 1)


def complaint_taps() -> bool:
    """Whether identical complaints made anything but one record, or anybody got another number."""
    from uuid import uuid4

    from django.utils import timezone

    from communities.models import Community
    from complaints import registration
    from complaints.models import Complaint

    given = {"community": Community.objects.get(), "text": "演示：垃圾没人收", "phone": "13900000001"}
    given |= {"client_id": uuid4(), "now": timezone.now()}
    results = at_once(*[lambda: registration.register(**given).number] * TAPS)
    made = Complaint.objects.filter(client_id=given["client_id"]).count()
    return (made, len(set(map(str, results)))) != (1, 1)


def answers() -> bool:
    """Whether two who answer one complaint both believe to have done it, or neither, or people are told twice."""
    from django.utils import timezone

    from accounts.models import User
    from communities.models import Community
    from complaints import handling, registration

    clerks, now = list(User.objects.filter(username__startswith="clerk").order_by("pk")), timezone.now()
    given = {"community": Community.objects.get(), "text": "演示：路灯不亮", "phone": "13900000002"}
    row = registration.register(**given, now=now)
    handling.accept(complaint=row, by=clerks[0], now=now)

    def answer(by):
        return lambda: _outcome(lambda: handling.answer(complaint=_fresh(row), text=by.username, by=by, now=now))

    return Counter(at_once(*map(answer, clerks))) != {"done": 1, "told": 1} or row.answers.count() != 1


def checks() -> bool:
    """Whether two who check one grant both believe to have done it, or neither, or the person is told twice."""
    from accounts.models import Message

    grant, heads, now = _granted()
    results = at_once(*(lambda head=head: _check(grant, head, now) for head in heads))
    told_ = Message.objects.filter(kind="role-granted", about_key=str(grant.pk), channel="inbox").count()
    return Counter(results) != {"done": 1, "told": 1} or told_ != 1


def check_and_withdrawal() -> bool:
    """Whether a grant ended up both checked and withdrawn, or neither."""
    from accounts import grants

    grant, heads, now = _granted()

    def withdraw():
        return _outcome(lambda: grants.withdraw(grant=_fresh(grant), by=heads[1], now=now))

    results = at_once(lambda: _check(grant, heads[0], now), withdraw)
    grant.refresh_from_db()
    return Counter(results) != {"done": 1, "told": 1} or (grant.checked_at is None) == (grant.withdrawn_at is None)


def _granted():
    """A role that waits for its check, for a stretch of days that no other grant has."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts import grants
    from accounts.models import RoleGrant, User
    from accounts.roles import Role

    user, by = (User.objects.get(username=name) for name in ("new1", "administrator1"))
    now = timezone.now()
    day = timezone.localdate() + timedelta(days=RoleGrant.objects.filter(user=user).count())
    days = {"first_day": day, "last_day": day}
    grant = grants.propose(user=user, role=Role.STATION_CLERK, by=by, now=now, **days)
    return grant, list(User.objects.filter(username__startswith="head").order_by("pk")), now


def _fresh(grant):
    return type(grant).objects.get(pk=grant.pk)


def _check(grant, head, now) -> str:
    from accounts import grants

    return _outcome(lambda: grants.check(grant=_fresh(grant), by=head, now=now))


def _outcome(act: Callable) -> str:
    from lib.states import WrongState

    try:
        act()
    except WrongState:
        return "told"
    return "done"


# ---------------------------------------------------------------- the guards removed


@contextmanager
def unconditional():
    """States move as one writes it first: look, then save."""
    from accounts import grants
    from complaints import answers as complaint_answers
    from lib.states import WrongState

    def look_then_save(row, *where, to, else_, **from_):
        if not type(row).objects.filter(*where, pk=row.pk, **from_).exists():
            raise WrongState(else_)
        type(row).objects.filter(pk=row.pk).update(**to)

    rooms = (grants, complaint_answers)
    guarded = grants.move
    for room in rooms:
        room.move = look_then_save
    try:
        yield
    finally:
        for room in rooms:
            room.move = guarded


@contextmanager
def no_client_id():
    """The tables without the phone's number as key; this database is thrown away."""
    from django.db import connection

    with connection.as_owner(), connection.cursor() as cursor:
        for table in ("inspections_patrol", "inspections_finding"):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_client_id_key")
    yield


if __name__ == "__main__":
    main()
