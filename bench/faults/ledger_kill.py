"""The database's connections are killed at random moments while vouchers are proposed and sealed; each is tried again
under its key until it is told that it stands. Afterwards every key stands once, no number is missing, nothing is half,
and the ledger is proved from its rows.

.venv/bin/python -m bench.faults.ledger_kill [kills, 1000]
"""

import random
import sys
import threading
import time
from uuid import uuid4

from bench import database

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
WRITERS, HOUSEHOLDS = 6, 40


def fill() -> None:
    from django.utils import timezone

    from accounts.roles import Role
    from bench import ledger, town
    from communities.models import Building, Unit

    clerk, checker = (town.make_people(role, role, 1)[0] for role in (Role.FUND_CLERK, Role.FUND_CHECKER))
    for place in town.make_places(2):
        building = Building.objects.create(community=place, code="01", name="1幢")
        Unit.objects.bulk_create(
            Unit(community=place, building=building, code=f"{n:04}", area_centi=8000 + n) for n in range(HOUSEHOLDS)
        )
        ledger._open(place, clerk, checker, timezone.now())


def main() -> None:
    database.use("ledger_kill", fill, anew=True)
    stop, keys, told = threading.Event(), [], threading.Lock()
    writers = [threading.Thread(target=_write, args=(stop, keys, told, n)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    killed = _kill(KILLS)
    stop.set()
    for writer in writers:
        writer.join()
    sys.exit(_judge(killed, keys))


def _write(stop, keys, told, number: int) -> None:
    """Posts until told to stop; a voucher whose connection died is tried again under its key."""
    from django.db import DatabaseError, connection

    from communities.models import Community

    place = Community.objects.order_by("pk")[number % 2]
    while not stop.is_set():
        key = uuid4()
        while True:
            try:
                _post(place, key)
                break
            except DatabaseError:
                connection.close()
        with told:
            keys.append(key)
    connection.close()


def _post(place, key) -> None:
    from django.utils import timezone

    from accounts.models import User
    from maintenance_fund import costs, ledger
    from maintenance_fund.models import BankAccount

    clerk, checker = (User.objects.get(username=name) for name in ("fund_clerk1", "fund_checker1"))
    now, bank = timezone.now(), BankAccount.objects.get(community=place)
    lines = costs.shared(community=place, cost_fen=random.randrange(100, 5000), bank_account=bank)
    proposal = ledger.propose(community=place, kind="use", memo="维修", lines=lines, by=clerk, now=now, key=key)
    ledger.seal(proposal=proposal, by=checker, now=now)


def _kill(kills: int) -> int:
    """Ends so many connections of the writers, at random moments; returns how many of them were in a transaction."""
    from django.db import connection

    done, busy = 0, 0
    with connection.cursor() as cursor:
        while done < kills:
            time.sleep(random.random() / 30)
            cursor.execute(
                "SELECT state <> 'idle', pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
                " ORDER BY random() LIMIT 1"
            )
            for was_busy, ended in cursor.fetchall():
                done, busy = done + bool(ended), busy + bool(was_busy)
    print(f"{done} connections killed, {busy} of them at work")
    return done


def _judge(killed: int, keys: list) -> bool:
    from django.db.models import Count, F

    from maintenance_fund import verification
    from maintenance_fund.models import Transaction

    stands = set(Transaction.objects.values_list("idempotency_key", flat=True))
    missing, report = [key for key in keys if key not in stands], verification.verify()
    doubled = Transaction.objects.values("idempotency_key").annotate(n=Count("pk")).filter(n__gt=1).count()
    half = Transaction.objects.annotate(n=Count("lines")).exclude(n=F("line_count")).count()
    print(f"{len(keys)} vouchers told to stand: {len(missing)} missing, {doubled} doubled, {half} half, {report.wrong}")
    return bool(missing or doubled or half or report.wrong or killed < KILLS)


if __name__ == "__main__":
    main()
