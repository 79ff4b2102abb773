"""The database's connections are killed at random moments while vouchers are proposed and sealed, the bank's files
brought in and months closed; each is tried again until it is told that it stands. Afterwards every key stands once,
every file has all its lines once, every closed month its closing, no number is missing, nothing is half, and the
ledger is proved from its rows.

.venv/bin/python -m bench.faults.ledger_kill [kills, 1000]
"""

import itertools
import random
import sys
import threading
import time
from datetime import date
from uuid import uuid4

from bench import database

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
WRITERS, HOUSEHOLDS, LINES_A_FILE = 4, 40, 50


def fill() -> None:
    from django.utils import timezone

    from accounts.roles import Role
    from bench import ledger, town
    from communities.models import Building, Unit
    from maintenance_fund import ledger as fund

    clerk, checker = (town.make_people(role, role, 1)[0] for role in (Role.FUND_CLERK, Role.FUND_CHECKER))
    places = town.make_places(3)
    for place in places[:2]:
        building = Building.objects.create(community=place, code="01", name="1幢")
        Unit.objects.bulk_create(
            Unit(community=place, building=building, code=f"{n:04}", area_centi=8000 + n) for n in range(HOUSEHOLDS)
        )
        ledger._open(place, clerk, checker, timezone.now())
    fund.open_book(community=places[2], agency="演示", first_month=date(1990, 1, 1), by=clerk, now=timezone.now())


def main() -> None:
    database.use("ledger_kill", fill, anew=True)
    stop, keys, told = threading.Event(), [], threading.Lock()
    writers = [threading.Thread(target=_write, args=(stop, keys, told, n)) for n in range(WRITERS)]
    writers += [threading.Thread(target=_insist, args=(stop, work)) for work in (_bring_in, _close)]
    for writer in writers:
        writer.start()
    killed = _kill(KILLS)
    stop.set()
    for writer in writers:
        writer.join()
    sys.exit(_judge(killed, keys))


def _write(stop, keys, told, number: int) -> None:
    """Posts until told to stop; a voucher whose connection died is tried again under its key."""
    from django.db import DatabaseError, InterfaceError, connection

    from communities.models import Community

    place = Community.objects.order_by("pk")[number % 2]
    while not stop.is_set():
        key = uuid4()
        while True:
            try:
                _post(place, key)
                break
            except (DatabaseError, InterfaceError):
                connection.close()
        with told:
            keys.append(key)
    connection.close()


def _insist(stop, work) -> None:
    """Does one thing after the other until told to stop; what died is done again until it stands."""
    from django.db import DatabaseError, InterfaceError, connection

    for number in itertools.count():
        while True:
            try:
                work(number)
                break
            except (DatabaseError, InterfaceError):
                connection.close()
        if stop.is_set():
            break
    connection.close()


def _people():
    from accounts.models import User

    return [User.objects.get(username=name) for name in ("fund_clerk1", "fund_checker1")]


def _bring_in(number: int) -> None:
    """A file of the bank's; told that it was brought in before, it stands."""
    from django.utils import timezone

    from maintenance_fund import bank_lines
    from maintenance_fund.ledger import LedgerRefused
    from maintenance_fund.models import BankAccount

    clerk, _ = _people()
    rows = "".join(f"2026-01-02,{n + 1},{number}-{n}\n" for n in range(LINES_A_FILE))
    say = {"bank_account": BankAccount.objects.order_by("pk").first(), "file_name": f"{number}.csv", "by": clerk}
    try:
        bank_lines.bring_in(data=f"日期,金额,流水号\n{rows}".encode(), now=timezone.now(), **say)
    except LedgerRefused as refused:
        if refused.code != "bank_statement_once":
            raise


def _close(number: int) -> None:
    """The next month of the third book: reconciled by one, closed by another."""
    from django.utils import timezone

    from lib.periods import beijing_date
    from maintenance_fund import months
    from maintenance_fund.models import Fund, MonthClosing

    (clerk, checker), now = _people(), timezone.now()
    book = Fund.objects.order_by("pk").last()
    month = months.next_to_close(book, today=beijing_date(now))
    if month is None:
        time.sleep(0.1)
        return
    waits = MonthClosing.objects.filter(community=book.community_id, first_day=month, state="open").first()
    say = {"bank_fen": 0, "items": [], "by": clerk, "now": now}
    months.close(closing=waits or months.propose(book=book, month=month, **say), by=checker, now=now)


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
    whole, closed = _files_and_months()
    print(f"{len(keys)} vouchers told to stand: {len(missing)} missing, {doubled} doubled, {half} half, {report.wrong}")
    return bool(missing or doubled or half or report.wrong or killed < KILLS or not whole or not closed)


def _files_and_months() -> tuple[bool, bool]:
    """Whether each file has all its lines once, and whether each closed month has one closing and none is left out."""
    from django.db.models import Count

    from maintenance_fund.models import BankLine, BankStatement, Month, MonthClosing

    files = BankStatement.objects.count()
    whole = BankStatement.objects.annotate(n=Count("lines")).filter(n=LINES_A_FILE).count() == files
    whole = whole and BankLine.objects.values("reference").distinct().count() == BankLine.objects.count()
    months = list(
        Month.objects.filter(closed_at__isnull=False).order_by("first_day").values_list("first_day", flat=True)
    )
    said = list(MonthClosing.objects.filter(state="closed").order_by("first_day").values_list("first_day", flat=True))
    in_order = all((b.year * 12 + b.month) - (a.year * 12 + a.month) == 1 for a, b in itertools.pairwise(months))
    print(
        f"{files} files whole: {whole}; {len(months)} months closed in order, each with its closing: {months == said}"
    )
    return whole, months == said and in_order


if __name__ == "__main__":
    main()
