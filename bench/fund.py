"""What the fund costs at a hundred thousand households: reading at so many lines, interest, the renewal scan, the proof
of every line, and 5,000 notices as PDF. Lines are made by the ledger's own door, so that there is something to prove.

.venv/bin/python -m bench.fund [vouchers over all households, 9]
"""

import resource
import sys
import time
from datetime import date

from bench import database

HOUSEHOLDS, NOTICES, READINGS = 100_000, 5_000, 2_000
VOUCHERS = int(sys.argv[1]) if len(sys.argv) > 1 else 9
FIRST, LEFT = 1_000_000, 310_000  # a tenth will be low


def fill() -> None:
    """One book; each household paid 10,000 yuan first and has 3,100, less what the vouchers cost."""
    from django.utils import timezone

    from accounts.roles import Role
    from bench import town
    from communities.models import Building, Unit
    from maintenance_fund import ledger, opening
    from maintenance_fund.models import Account, BankAccount

    desks = (Role.FUND_CLERK, Role.FUND_CHECKER, Role.FUND_APPROVER)
    clerk, checker, approver = (town.make_people(role, role, 1)[0] for role in desks)
    (place,), now = town.make_places(1), timezone.now()
    building = Building.objects.create(community=place, code="01", name="1幢")
    units = Unit.objects.bulk_create(
        [
            Unit(community=place, building=building, code=f"{n:06}", area_centi=8000 + n % 977)
            for n in range(HOUSEHOLDS)
        ],
        batch_size=10_000,
    )
    book = ledger.open_book(community=place, agency="演示", first_month=date(2026, 1, 1), by=clerk, now=now)
    account = {"account": Account.objects.get(code="100101"), "opened_on": book.first_month}
    bank = BankAccount.objects.create(community=place, bank="演示", number="1000", **account)
    rows = [opening.Household(unit.pk, unit.code, FIRST, None, LEFT - n % 10 * 4000) for n, unit in enumerate(units)]
    say = {"bank_account": bank, "bank_total": sum(row.balance for row in rows), "as_of": date(2026, 1, 1)}
    ledger.seal(proposal=opening.propose(households=rows, **say, by=clerk, now=now), by=checker, now=now)
    for month in range(VOUCHERS):
        _cost(place, bank, date(2026, 2 + month % 9, 1), clerk, checker, approver)


def _cost(place, bank, day, clerk, checker, approver) -> None:
    from django.utils import timezone

    from maintenance_fund import costs, ledger

    lines = costs.shared(community=place, cost_fen=HOUSEHOLDS * 100, bank_account=bank)
    say = {"kind": "use", "memo": "屋面防水", "dated_on": day, "by": clerk, "now": timezone.now()}
    proposal = ledger.propose(community=place, lines=lines, **say)
    if ledger.needs_approval(proposal):
        ledger.approve(proposal=proposal, by=approver)
    ledger.seal(proposal=proposal, by=checker, now=timezone.now())


def main() -> None:
    database.use(f"fund_{VOUCHERS}", fill)
    from django.db import connection

    connection.cursor().execute("SET statement_timeout = 0")
    for work in (reading, interest, scan, proof, papers):
        work()


def reading() -> None:
    """The balance of a household and its newest 25 lines, in SQL, for households at random."""
    import random

    from django.db import connection

    from maintenance_fund.models import Line

    units = random.Random(9).sample(list(_units()), READINGS)
    account = "(SELECT id FROM maintenance_fund_account WHERE code = '3001')"
    works = {
        "balance": f"SELECT amount FROM maintenance_fund_balance WHERE account_id = {account} AND unit_id = %s"
        " AND community_id = (SELECT community_id FROM maintenance_fund_fund LIMIT 1) AND named = %s AND debtor = ''",
        "newest 25 lines": "SELECT l.id, t.dated_on, t.memo, l.debit, l.credit FROM maintenance_fund_line l"
        " JOIN maintenance_fund_transaction t ON t.id = l.transaction_id"
        f" WHERE l.unit_id = %s AND account_id = {account} AND %s > 0 ORDER BY l.id DESC LIMIT 25",
        "select 1": "SELECT 1 WHERE %s = %s",
    }
    print(f"{Line.objects.count():,} lines")
    for name, sql in works.items():
        taken = sorted(_clock(lambda u=unit, q=sql: connection.cursor().execute(q, [u, u])) for unit in units)
        print(
            f"{name}: p50 {taken[READINGS // 2] * 1000:.2f} ms, p99 {taken[READINGS * 99 // 100] * 1000:.2f} ms",
            flush=True,
        )


def _units():
    from communities.models import Unit

    return Unit.objects.values_list("pk", flat=True)


def _clock(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _told(name: str, seconds: float, more: str = "") -> None:
    print(f"{name}: {seconds:.2f} s{more}", flush=True)


def interest() -> None:
    """Balance-days of every household, and the whole distribution proposed; taken back afterwards."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from maintenance_fund import interest, ledger
    from maintenance_fund.ledger import Entry
    from maintenance_fund.models import BankAccount, Fund

    book, bank = Fund.objects.get(), BankAccount.objects.get()
    clerk, checker = (User.objects.get(username=name) for name in ("fund_clerk1", "fund_checker1"))
    say, until = {"by": clerk, "now": timezone.now()}, date(2026, 10, 31)
    _told("balance-days", _clock(lambda: interest.balance_days(book, first=book.first_month, last=until)))
    with transaction.atomic():
        come = [Entry("100101", debit=123_456_78, bank_account=bank.pk, flow="4101"),
                Entry("3101", credit=123_456_78, flow="4101")]  # fmt: skip
        proposal = ledger.propose(community=book.community, kind="interest_in", memo="x", lines=come, **say)
        ledger.seal(proposal=proposal, by=checker, now=timezone.now())
        made = []
        _told(
            "interest proposed",
            _clock(lambda: made.append(interest.propose(book=book, until=until, memo="利息", **say))),
        )
        _told("interest sealed", _clock(lambda: ledger.seal(proposal=made[0], by=checker, now=timezone.now())))
        transaction.set_rollback(True)


def scan() -> None:
    """Who is low among all households."""
    from django.utils import timezone

    from lib.periods import beijing_date
    from maintenance_fund import renewals
    from maintenance_fund.models import Fund

    place, found = Fund.objects.get().community, []
    today = beijing_date(timezone.now())
    seconds = _clock(lambda: found.extend(renewals.low(place, today=today)))
    _told("renewal scan", seconds, f", {len(found):,} of {HOUSEHOLDS:,} low")


def proof() -> None:
    """Every line proved from the rows."""
    from maintenance_fund import verification

    reports = []
    seconds = _clock(lambda: reports.append(verification.verify()))
    (report,) = reports
    _told("verify", seconds, f", {report.lines / seconds:,.0f} lines/s, {report.wrong or 'all right'}")


def papers() -> None:
    """Notices of low households as PDF, in parts of 500, as the worker makes them."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from maintenance_fund import renewal_papers, renewals
    from maintenance_fund.models import Fund, RenewalNotice

    clerk = User.objects.get(username="fund_clerk1")
    with transaction.atomic():
        _told("notices issued", _clock(lambda: renewals.issue(book=Fund.objects.get(), by=clerk, now=timezone.now())))
        rows = RenewalNotice.objects.order_by("pk").select_related("community__village_committee", "unit", "plan")
        parts = [list(rows[n : n + renewal_papers.A_PART]) for n in range(0, NOTICES, renewal_papers.A_PART)]
        cpu = time.process_time()
        seconds = _clock(lambda: [renewal_papers.paper(part) for part in parts])
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        cpu = time.process_time() - cpu
        _told(f"{sum(map(len, parts)):,} notices as PDF", seconds, f", {cpu:.1f} s of CPU, {most} MiB at most")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
