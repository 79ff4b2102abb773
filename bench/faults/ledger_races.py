"""Two at one moment on the ledger: sealing the same proposal, reversing the same voucher, spending the same last fen,
and sealing into a month that is being closed. Then with the guard removed, which must go wrong.

.venv/bin/python -m bench.faults.ledger_races [races of each, 1000]
"""

import sys
from datetime import date

from bench import database

RACES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
sys.argv[1:] = []  # the module of the other races reads them too
CONTROLS = 30


def fill() -> None:
    from accounts.roles import Role
    from bench import town

    for role in (Role.FUND_CLERK, Role.FUND_CHECKER, Role.FUND_APPROVER):
        town.make_people(role, role, 1)
    town.make_places(1)
    _book()


def _book():
    from django.utils import timezone

    from maintenance_fund import ledger
    from maintenance_fund.models import Account, BankAccount

    place, clerk, checker, _ = _cast()
    say = {"first_month": date(2004, 1, 1), "by": clerk, "now": timezone.now()}
    ledger.open_book(community=place, agency="演示", **say)
    account = {"account": Account.objects.get(code="100101"), "opened_on": date(2004, 1, 1)}
    BankAccount.objects.create(community=place, bank="演示", number="1000", **account)
    return checker


def _cast():
    from accounts.models import User
    from communities.models import Community

    names = ("fund_clerk1", "fund_checker1", "fund_approver1")
    return Community.objects.get(), *(User.objects.get(username=name) for name in names)


def main() -> None:
    database.use("ledger_races", fill, anew=True)
    from maintenance_fund import verification

    wrong = [_told(name, RACES, sum(race() for _ in range(RACES))) for name, race in RACING.items()]
    problems = verification.verify().wrong
    print(f"verify: {problems or 'all right'}")
    remove("maintenance_fund_transaction", "transaction_reversed_once")
    controls = [_told("reverse/reverse, guard removed", CONTROLS, sum(reversals() for _ in range(CONTROLS)))]
    remove("maintenance_fund_total", "total_not_below_zero")
    remove("maintenance_fund_balance", "balance_not_below_zero")
    controls.append(_told("spend/spend, guard removed", CONTROLS, sum(spending() for _ in range(CONTROLS))))
    is_sound = not any(wrong) and not problems and all(controls)
    print("0 wrong, and each control went wrong" if is_sound else "NOT AS PROMISED")
    sys.exit(not is_sound)


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
    bank = Total.objects.get(account__code="100101").amount
    both = [_proposal(-bank) for _ in range(2)]
    _at_once(*(_seal(proposal, checker) for proposal in both))
    left = Total.objects.get(account__code="100101").amount
    return left != 0


closing = iter(date(2004 + n // 12, n % 12 + 1, 1) for n in range(264))  # 2004 to 2025, each month once


def closings() -> bool:
    """A posting into a month and its close at one moment: nothing is in a closed month that came after its close."""
    from django.db import connection

    from maintenance_fund.models import Month, Transaction

    month = next(closing, None)
    if month is None:
        return False
    place, clerk, checker, _ = _cast()
    dated = _proposal(5, dated_on=month)

    def close() -> None:
        with connection.cursor() as cursor:
            values = [place.pk, month, clerk.pk, checker.pk]
            cursor.execute("SELECT maintenance_fund_close_month(%s, %s, %s, %s)", values)

    _at_once(_seal(dated, checker), close)
    dated.refresh_from_db()
    if dated.state == "open":
        return True  # an unchecked voucher stood in the month, so its close had to wait for it
    if not Month.objects.filter(first_day=month, closed_at__isnull=False).exists():
        close()
    closed = Month.objects.get(first_day=month).closed_at
    return Transaction.objects.filter(month=month, sealed_at__gt=closed).exists()


RACING = {"seal/seal": sealings, "reverse/reverse": reversals, "spend/spend": spending, "seal/close": closings}


def _proposal(fen: int, dated_on=None):
    """So many fen into the bank, or out of it, against 3101."""
    from django.utils import timezone

    from maintenance_fund import ledger
    from maintenance_fund.ledger import Entry
    from maintenance_fund.models import BankAccount

    place, clerk, *_ = _cast()
    bank = BankAccount.objects.get()
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


def remove(table: str, rule: str) -> None:
    """Takes a rule away; this database is thrown away, too."""
    from django.db import connection

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {rule}")


if __name__ == "__main__":
    main()
