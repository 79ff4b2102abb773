"""A household's account 分户账: what was paid in and what became of it, line by line, in plain words. DOMAIN F.7"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from communities.models import Ownership, Unit
from lib.periods import DAY

from .models import Balance, Flow, Kind, Line
from .querysets import is_office


@dataclass(frozen=True)
class Row:
    """A line of the account as its owner reads it."""

    voucher: int
    number: str
    day: date
    label: str
    memo: str
    paid_in: int
    paid_out: int
    balance: int
    is_reversed: bool

    @property
    def moved(self) -> int:
        return self.paid_in - self.paid_out


@dataclass(frozen=True)
class Statement:
    """The account: rows oldest first, what stood before them, and sums that add up to the balance, all fen."""

    unit: Unit
    rows: list[Row]
    carried: int
    since: date | None
    first_deposit: int
    sums: list[tuple[str, int]]

    @property
    def balance(self) -> int:
        return self.rows[-1].balance if self.rows else self.carried

    @property
    def percent(self) -> str:
        """The balance as a share of the first deposit: 28.16."""
        bp = self.balance * 10_000 // self.first_deposit if self.first_deposit else 0
        return f"{bp // 100}.{bp % 100:02}"

    @property
    def debts(self):
        """What somebody owes for works on the unit; it stays theirs when the house is sold. F.7"""
        return Balance.objects.filter(account__code="1401", unit=self.unit, amount__gt=0)

    @property
    def bar(self) -> int:
        return min(100, self.balance * 100 // self.first_deposit) if self.first_deposit else 0


def statement(unit: Unit, *, since: date | None = None) -> Statement:
    """The account of a unit; with ``since`` what happened before that day is one sum."""
    lines = Line.objects.of_household(unit.pk).select_related("transaction")
    reversed_by = set(
        lines.filter(transaction__reverses__isnull=False).values_list("transaction__reverses_id", flat=True)
    )
    rows, balance, carried = [], 0, 0
    sums = {"结转": 0, "交存": 0, "利息和收益": 0, "维修用掉": 0, "其他": 0}
    for line in lines:
        balance += line.credit - line.debit
        voucher = line.transaction
        if since and voucher.dated_on < since:
            carried = balance
            continue
        sums[_heap(line)] += line.credit - line.debit
        rows.append(_row(line, balance, voucher.pk in reversed_by))
    sums["结转"] += carried
    kept = [(label, fen) for label, fen in sums.items() if fen]
    return Statement(unit, rows, carried, since, first_deposits(unit.community_id, unit.pk).get(unit.pk, 0), kept)


def _row(line: Line, balance: int, is_reversed: bool) -> Row:
    voucher = line.transaction
    label = Kind(voucher.kind).label
    memo = "" if voucher.memo == label else voucher.memo
    words = (voucher.pk, voucher.number, voucher.dated_on, label, memo)
    return Row(*words, line.credit, line.debit, balance, is_reversed)


HEAPS = {
    Flow.DEPOSIT: "交存",
    Flow.INTEREST: "利息和收益",
    Flow.BOND: "利息和收益",
    Flow.OPERATION: "利息和收益",
    Flow.USE: "维修用掉",
}


def _heap(line: Line) -> str:
    if line.transaction.kind == Kind.OPENING:
        return "结转"
    return HEAPS.get(line.flow, "其他")


FIRST = """
SELECT unit_id, sum(fen)::bigint FROM (
    SELECT o.unit_id, o.amount_fen AS fen FROM maintenance_fund_openingdeposit o
    JOIN maintenance_fund_transaction t ON t.proposal_id = o.proposal_id
    WHERE t.community_id = %(community)s AND (%(unit)s::bigint IS NULL OR o.unit_id = %(unit)s)
        AND NOT EXISTS (SELECT 1 FROM maintenance_fund_transaction r WHERE r.reverses_id = t.id)
    UNION ALL
    SELECT l.unit_id, l.credit - l.debit FROM maintenance_fund_transaction t
    JOIN maintenance_fund_line l ON l.transaction_id = t.id
    JOIN maintenance_fund_account a ON a.id = l.account_id AND a.code = '3001'
    LEFT JOIN maintenance_fund_transaction o ON o.id = t.reverses_id
    WHERE t.community_id = %(community)s AND coalesce(o.kind, t.kind) = 'first_deposit'
        AND (%(unit)s::bigint IS NULL OR l.unit_id = %(unit)s)) paid
GROUP BY unit_id
"""


def first_deposits(community: int, unit: int | None = None) -> dict[int, int]:
    """What each unit of a community paid first, in fen: by the opening list, and by what was posted and not reversed.

    A unit that is not in the answer has no first deposit that anybody knows.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIRST, {"community": community, "unit": unit})
        return {key: fen for key, fen in cursor.fetchall() if fen}


def balances(community: int) -> dict[int, int]:
    """What each household of a community has, in fen, as the ledger keeps it."""
    rows = Balance.objects.households().filter(community=community)
    return dict(rows.values_list("unit", "amount"))


def since_for(user, unit: Unit, *, today: date) -> date | None:
    """From which day on somebody may read the lines: the office all, an owner since they own without a break."""
    if is_office(user):
        return None
    own = Ownership.objects.filter(unit=unit, person__user=user, first_day__lte=today).order_by("-first_day")
    since = today
    for first_day, last_day in own.values_list("first_day", "last_day"):
        if last_day is None or last_day >= since - DAY:
            since = first_day
    return since
