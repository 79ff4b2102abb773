"""Posting one cost over 1,000, 10,000 and 100,000 households: the project's propose and seal beside plain set-based
SQL that writes the same lines with the same keys and indexes and moves the same balances, by turns in one run. Then the
proof of everything that was posted.

.venv/bin/python -m bench.ledger [largest, 100000]
"""

import math
import sys
import time
from statistics import median

from bench import database

SIZES = {1_000: 9, 10_000: 5, 100_000: 2}  # households → rounds
LARGEST = int(sys.argv[1]) if len(sys.argv) > 1 else max(SIZES)
COST = 12_345_67


def fill() -> None:
    """A book for each size, in which every household has 10,000 yuan."""
    from django.utils import timezone

    from accounts.roles import Role
    from bench import town
    from communities.models import Building, Unit

    clerk, checker = (town.make_people(role, role, 1)[0] for role in (Role.FUND_CLERK, Role.FUND_CHECKER))
    for place, size in zip(town.make_places(len(SIZES)), SIZES, strict=True):
        building = Building.objects.create(community=place, code="01", name="1幢")
        Unit.objects.bulk_create(
            (Unit(community=place, building=building, code=f"{n:06}", area_centi=8000 + n % 977) for n in range(size)),
            batch_size=10_000,
        )
        _open(place, clerk, checker, timezone.now())


def _open(place, clerk, checker, now) -> None:
    from communities.models import Unit
    from maintenance_fund import ledger
    from maintenance_fund.ledger import Entry
    from maintenance_fund.models import Account, BankAccount

    book = ledger.open_book(community=place, agency="演示", first_month=now.date(), by=clerk, now=now)
    account = {"account": Account.objects.get(code="100101"), "opened_on": book.first_month}
    bank = BankAccount.objects.create(community=place, bank="演示", number=f"1000{place.pk}", **account)
    units = list(Unit.objects.filter(community=place).values_list("pk", flat=True))
    lines = [Entry("3001", credit=1_000_000, unit=unit, flow="4001") for unit in units]
    lines.append(Entry("100101", debit=1_000_000 * len(units), bank_account=bank.pk, flow="4001"))
    say = {"community": place, "kind": "opening", "memo": "期初余额", "by": clerk, "now": now}
    ledger.seal(proposal=ledger.propose(lines=lines, **say), by=checker, now=now)


def main() -> None:
    database.use("ledger", fill, anew=True)
    from django.db import connection

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(PLAIN)
    connection.cursor().execute("SET statement_timeout = 0")
    taken = {size: _compare(size, rounds) for size, rounds in SIZES.items() if size <= LARGEST}
    for (small, a), (large, b) in zip(list(taken.items()), list(taken.items())[1:], strict=False):
        exponent = math.log(b / a) / math.log(large / small)
        print(f"exponent {small:,} → {large:,}: {exponent:.2f}")
    _verify()


def _compare(size: int, rounds: int) -> float:
    """Prints the medians and the ratio; returns the project's seconds."""
    from django.db.models import Count

    from bench.measure import ms, statements
    from communities.models import Community

    place = Community.objects.annotate(size=Count("units")).get(size=size)
    ours, plain = [], []
    asked = len(statements(lambda: _post(place)))
    for _ in range(rounds):
        plain.append(_clock(lambda: _plain(place)))
        ours.append(_clock(lambda: _post(place)))
    mine, theirs = median(ours), median(plain)
    print(
        f"{size:,} households: plain {ms(theirs)}, project {ms(mine)}, ratio {mine / theirs:.2f},"
        f" {size / mine:,.0f} lines/s, {asked} statements",
        flush=True,
    )
    return mine


def _clock(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _post(place):
    """One cost over all households, proposed by one and sealed by another."""
    from django.utils import timezone

    from accounts.models import User
    from maintenance_fund import costs, ledger
    from maintenance_fund.models import BankAccount

    clerk, checker = (User.objects.get(username=name) for name in ("fund_clerk1", "fund_checker1"))
    now, bank = timezone.now(), BankAccount.objects.get(community=place)
    lines = costs.shared(community=place, cost_fen=COST, bank_account=bank)
    proposal = ledger.propose(community=place, kind="use", memo="屋面防水", lines=lines, by=clerk, now=now)
    ledger.seal(proposal=proposal, by=checker, now=now)


# The same work as one would write it by hand: the same columns, keys and indexes, no proposal, no seal.
PLAIN = """
CREATE SCHEMA plain;
CREATE TABLE plain.line (LIKE maintenance_fund_line INCLUDING ALL);
CREATE TABLE plain.balance (LIKE maintenance_fund_balance INCLUDING ALL);
CREATE TABLE plain.header (LIKE maintenance_fund_transaction INCLUDING DEFAULTS INCLUDING IDENTITY);
ALTER TABLE plain.header ADD UNIQUE (community_id, id);
ALTER TABLE plain.line
    ADD FOREIGN KEY (community_id, transaction_id) REFERENCES plain.header (community_id, id),
    ADD FOREIGN KEY (account_id, dimension) REFERENCES maintenance_fund_account (id, dimension),
    ADD FOREIGN KEY (community_id, unit_id) REFERENCES communities_unit (community_id, id),
    ADD FOREIGN KEY (community_id, account_id, bank_account_id)
        REFERENCES maintenance_fund_bankaccount (community_id, account_id, id);
INSERT INTO plain.balance (community_id, account_id, floored, unit_id, project_id, bank_account_id, debtor, amount)
SELECT community_id, account_id, floored, unit_id, project_id, bank_account_id, debtor, amount
FROM maintenance_fund_balance;
ALTER TABLE plain.header ALTER proposal_id DROP NOT NULL, ALTER idempotency_key DROP NOT NULL, ALTER kind DROP NOT NULL,
    ALTER memo DROP NOT NULL, ALTER dated_on DROP NOT NULL, ALTER month DROP NOT NULL, ALTER month_no DROP NOT NULL,
    ALTER number DROP NOT NULL, ALTER made_by_id DROP NOT NULL, ALTER checked_by_id DROP NOT NULL,
    ALTER sealed_at DROP NOT NULL, ALTER line_count DROP NOT NULL, ALTER lines_hash DROP NOT NULL,
    ALTER seq DROP NOT NULL, ALTER previous_hash DROP NOT NULL, ALTER hash DROP NOT NULL;
GRANT USAGE ON SCHEMA plain TO linzhi_app;
GRANT ALL ON ALL TABLES IN SCHEMA plain TO linzhi_app;
ANALYZE;
"""
HEADER = "INSERT INTO plain.header (community_id) VALUES (%s) RETURNING id"
LINES = """
WITH w AS (
    SELECT id, code, area_centi::bigint, (sum(area_centi) OVER ())::bigint AS total FROM communities_unit
    WHERE community_id = %(place)s),
q AS (SELECT id, code, %(cost)s * area_centi / total AS part, %(cost)s * area_centi %% total AS rest FROM w),
s AS (
    SELECT id, part + (row_number() OVER (ORDER BY rest DESC, code) <= %(cost)s - (sum(part) OVER ())::bigint)::int
        AS share FROM q)
INSERT INTO plain.line (community_id, transaction_id, n, account_id, dimension, unit_id, debtor, debit, credit, flow)
SELECT %(place)s, %(header)s, row_number() OVER (),
    (SELECT id FROM maintenance_fund_account WHERE code = '3001'), 'U', id, '', share, 0, '5001'
FROM s
"""
OTHER = """
INSERT INTO plain.line
    (community_id, transaction_id, n, account_id, dimension, bank_account_id, debtor, debit, credit, flow)
SELECT %(place)s, %(header)s, 1000000, b.account_id, 'B', b.id, '', 0, %(cost)s, '5001'
FROM maintenance_fund_bankaccount b WHERE b.community_id = %(place)s
"""
MOVE = """
UPDATE plain.balance b SET amount = b.amount + m.moved FROM (
    SELECT account_id, coalesce(unit_id, bank_account_id) AS named, sum(credit - debit) AS moved FROM plain.line
    WHERE transaction_id = %(header)s GROUP BY 1, 2) m
WHERE b.community_id = %(place)s AND b.account_id = m.account_id AND b.named = m.named AND b.debtor = ''
"""


def _plain(place) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HEADER, [place.pk])
        values = {"place": place.pk, "cost": COST, "header": cursor.fetchone()[0]}
        for sql in (LINES, OTHER, MOVE):
            cursor.execute(sql, values)


def _verify() -> None:
    from maintenance_fund import verification

    began = time.perf_counter()
    report = verification.verify()
    seconds = time.perf_counter() - began
    speed = f"{report.lines:,} lines in {seconds:.1f} s, {report.lines / seconds:,.0f} lines/s"
    print(f"verify: {speed}, {report.wrong or 'all right'}")


if __name__ == "__main__":
    main()
