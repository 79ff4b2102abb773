"""Two at one moment on the ledger: sealing the same proposal, reversing the same voucher, spending the same last fen,
and sealing into a month that is being closed. Then with each guard removed, which must go wrong.

.venv/bin/python -m bench.faults.ledger_races [races of each, 1000]
"""

import sys
from datetime import date

from bench import database

RACES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
sys.argv[1:] = []  # the module of the other races reads them too
CONTROLS, BOOKS, MONTHS = 30, 5, 264  # months from 2004 to 2025, each closed once a book


def fill() -> None:
    from accounts.roles import Role
    from bench import town

    for role in (Role.FUND_CLERK, Role.FUND_CHECKER, Role.FUND_APPROVER):
        town.make_people(role, role, 1)
    for place in town.make_places(BOOKS):
        _book(place)


def _book(place):
    from django.utils import timezone

    from maintenance_fund import ledger
    from maintenance_fund.models import Account, BankAccount

    _, clerk, *_ = _cast()
    say = {"first_month": date(2004, 1, 1), "by": clerk, "now": timezone.now()}
    ledger.open_book(community=place, agency="演示", **say)
    account = {"account": Account.objects.get(code="100101"), "opened_on": date(2004, 1, 1)}
    BankAccount.objects.create(community=place, bank="演示", number="1000", **account)


def _cast():
    from accounts.models import User
    from communities.models import Community

    names = ("fund_clerk1", "fund_checker1", "fund_approver1")
    return Community.objects.order_by("pk").first(), *(User.objects.get(username=name) for name in names)


def main() -> None:
    database.use("ledger_races", fill, anew=True)
    from maintenance_fund import verification

    wrong = [_told(name, RACES, sum(race() for _ in range(RACES))) for name, race in RACING.items()]
    problems = verification.verify().wrong
    print(f"verify: {problems or 'all right'}")
    controls = [_control("seal/close", unguard_months, closings), _control("seal/seal", unguard_seals, sealings)]
    remove("maintenance_fund_transaction", "transaction_reversed_once")
    controls.append(_told("reverse/reverse, guard removed", CONTROLS, sum(reversals() for _ in range(CONTROLS))))
    remove("maintenance_fund_total", "total_not_below_zero")
    remove("maintenance_fund_balance", "balance_not_below_zero")
    controls.append(_told("spend/spend, guard removed", CONTROLS, sum(spending() for _ in range(CONTROLS))))
    is_sound = not any(wrong) and not problems and all(controls)
    print("0 wrong, and each control went wrong" if is_sound else "NOT AS PROMISED")
    sys.exit(not is_sound)


def _control(name: str, unguard, race) -> int:
    unguard()
    return _told(f"{name}, guard removed", CONTROLS, sum(race() for _ in range(CONTROLS)))


def _told(name: str, races: int, wrong: int) -> int:
    print(f"{name}: {races} races: {int(wrong)} wrong", flush=True)
    return wrong


# ---------------------------------------------------------------- the races


def sealings() -> bool:
    """Two checkers and one proposal: one voucher, and the second is told."""
    from maintenance_fund.models import Transaction

    proposal, (_, _, checker, approver) = _proposal(5), _cast()
    ends = _at_once(_seal(proposal, checker), _seal(proposal, approver))
    return sum(end == "done" for end in ends) != 1 or Transaction.objects.filter(proposal=proposal).count() != 1


def reversals() -> bool:
    """Two reversals of one voucher: one goes through."""
    from django.utils import timezone

    from maintenance_fund import ledger
    from maintenance_fund.models import Transaction

    _, clerk, checker, _ = _cast()
    voucher = ledger.seal(proposal=_proposal(5), by=checker, now=timezone.now())
    both = [ledger.reverse(transaction=voucher, reason="错", by=clerk, now=timezone.now()) for _ in range(2)]
    _at_once(*(_seal(proposal, checker) for proposal in both))
    return Transaction.objects.filter(reverses=voucher).count() != 1


def spending() -> bool:
    """Two who spend all that is left: one does."""
    from django.utils import timezone

    from maintenance_fund import ledger
    from maintenance_fund.models import Total

    checker = _cast()[2]
    ledger.seal(proposal=_proposal(5), by=checker, now=timezone.now())
    bank = Total.objects.get(account__code="100101", community=_cast()[0]).amount
    both = [_proposal(-bank) for _ in range(2)]
    _at_once(*(_seal(proposal, checker) for proposal in both))
    left = Total.objects.get(account__code="100101", community=_cast()[0]).amount
    return left != 0


closing = iter((book, date(2004 + n // 12, n % 12 + 1, 1)) for book in range(1, BOOKS) for n in range(MONTHS))


def closings() -> bool:
    """A posting into a month and its close at one moment: nothing is in a closed month that came after its close."""
    from django.db import connection

    from communities.models import Community
    from maintenance_fund.models import Month, Transaction

    number, month = next(closing)
    place, (_, clerk, checker, _) = Community.objects.order_by("pk")[number], _cast()
    dated = _proposal(5, dated_on=month, place=place)

    def close() -> None:
        with connection.cursor() as cursor:
            values = [place.pk, month, clerk.pk, checker.pk]
            cursor.execute("SELECT maintenance_fund_close_month(%s, %s, %s, %s)", values)

    _at_once(_seal(dated, checker), close)
    dated.refresh_from_db()
    if dated.state == "open":
        return True  # an unchecked voucher stood in the month, so its close had to wait for it
    if not Month.objects.filter(community=place, first_day=month, closed_at__isnull=False).exists():
        close()
    closed = Month.objects.get(community=place, first_day=month).closed_at
    return Transaction.objects.filter(community=place, month=month, sealed_at__gt=closed).exists()


RACING = {"seal/seal": sealings, "reverse/reverse": reversals, "spend/spend": spending, "seal/close": closings}


def _proposal(fen: int, dated_on=None, place=None):
    """So many fen into the bank, or out of it, against 3101."""
    from django.utils import timezone

    from maintenance_fund import ledger
    from maintenance_fund.ledger import Entry
    from maintenance_fund.models import BankAccount

    first, clerk, *_ = _cast()
    place = place or first
    bank = BankAccount.objects.get(community=place)
    into, out = {"debit": max(fen, 0), "credit": max(-fen, 0)}, {"debit": max(-fen, 0), "credit": max(fen, 0)}
    lines = [Entry("100101", bank_account=bank.pk, **into), Entry("3101", **out)]
    say = {"kind": "income", "memo": "x", "by": clerk, "now": timezone.now(), "dated_on": dated_on}
    return ledger.propose(community=place, lines=lines, **say)


def _seal(proposal, by):
    from django.utils import timezone

    from maintenance_fund import ledger

    def act() -> str:
        try:
            ledger.seal(proposal=proposal, by=by, now=timezone.now())
        except ledger.LedgerRefused:
            return "told"
        return "done"

    return act


def _at_once(*acts) -> list:
    from bench.faults.races import at_once

    return at_once(*acts)


# ---------------------------------------------------------------- the guards removed


def unguard_months() -> None:
    """A closed month takes postings: the look at it is gone from the number's trigger, and the month's own guard."""
    _rewrite("maintenance_fund_transaction_number()", " AND closed_at IS NULL", "")
    _run("DROP TRIGGER guard ON maintenance_fund_month")


def unguard_seals() -> None:
    """A proposal is sealed as often as somebody asks: state, key and uniqueness are gone."""
    _rewrite("maintenance_fund_seal(bigint,bigint,integer)", "p.state = 'sealed'", "false")
    _rewrite("maintenance_fund_seal(bigint,bigint,integer)", "p.state IS DISTINCT FROM 'open'", "false")
    _rewrite("maintenance_fund_transaction_number()", " AND state = 'open' RETURNING", " RETURNING")
    _run("DROP TRIGGER guard ON maintenance_fund_postingproposal")
    for column in ("proposal_id", "idempotency_key"):
        _run(f"ALTER TABLE maintenance_fund_transaction DROP CONSTRAINT maintenance_fund_transaction_{column}_key")


def _rewrite(function: str, old: str, new: str) -> None:
    from django.db import connection

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regprocedure)", [function])
        (body,) = cursor.fetchone()
        if old not in body:
            raise LookupError(f"{function} has no {old!r}")
        cursor.execute(body.replace(old, new))


def _run(sql: str) -> None:
    from django.db import connection

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(sql)


def remove(table: str, rule: str) -> None:
    """Takes a rule away; this database is thrown away, too."""
    _run(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {rule}")


if __name__ == "__main__":
    main()
