"""Interest shared by balance-days 积数: the balance at the end of each day, summed. DOMAIN F.11"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from accounts.models import User
from communities.models import Unit
from lib.money import allocate
from lib.periods import DAY

from . import ledger
from .ledger import Entry, LedgerRefused
from .models import Flow, Fund, Kind, Line, PostingProposal, Transaction


def products(history: Mapping[str, Sequence[tuple[int, int]]]) -> dict[str, int]:
    """The balance-days of each household from its stretches of (days, balance in fen)."""
    return {code: sum(days * balance for days, balance in stretches) for code, stretches in history.items()}


def shares(interest_fen: int, weights: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Each household's share and what stays in 3101: all of it when nobody had a balance.

    Exact in sum; a negative adjustment mirrors the positive.
    """
    if not sum(weights.values()):
        return dict.fromkeys(sorted(weights), 0), interest_fen
    return allocate(interest_fen, weights), 0


# ---------------------------------------------------------------- from the ledger

BALANCE_DAYS = """
SELECT l.unit_id, sum((l.credit - l.debit) * greatest(0, %(last)s::date - greatest(t.dated_on, %(first)s::date) + 1))
FROM maintenance_fund_transaction t JOIN maintenance_fund_line l ON l.transaction_id = t.id
JOIN maintenance_fund_account a ON a.id = l.account_id AND a.code = '3001'
WHERE t.community_id = %(community)s AND t.dated_on <= %(last)s GROUP BY l.unit_id
"""


def balance_days(book: Fund, *, first: date, last: date) -> dict[int, int]:
    """For each household the balance at the end of each day from the first to the last, summed; fen times days.

    A movement counts for the days from its own on, so one pass over the lines is enough.
    """
    with connection.cursor() as cursor:
        cursor.execute(BALANCE_DAYS, {"community": book.community_id, "first": first, "last": last})
        return {unit: int(weight) for unit, weight in cursor.fetchall()}


def last_distributed(book: Fund) -> date:
    """The first day that no distribution has covered yet."""
    done = Transaction.objects.filter(community=book.community_id, kind=Kind.INTEREST)
    done = done.exclude(pk__in=Transaction.objects.filter(reverses__isnull=False).values("reverses"))
    last = done.order_by("-dated_on").values_list("dated_on", flat=True).first()
    return last + DAY if last else book.first_month


@dataclass(frozen=True)
class Waiting:
    """What waits in 3101, fen: interest of bank and bonds, and income of common parts. Below zero: to be taken back."""

    interest: int
    income: int


def waiting(book: Fund) -> Waiting:
    """What is not shared out yet, by the flow it came in with."""
    lines = Line.objects.filter(community=book.community_id, account__code="3101", unit=None).order_by()
    sums = dict(lines.values_list("flow").annotate(fen=Sum("credit") - Sum("debit")))
    income = sums.pop(Flow.OPERATION.value, 0)
    return Waiting(sum(sums.values()), income)


def demand_no_other(book: Fund, kind: Kind) -> None:
    """What waits is shared out once: not while an earlier sharing out of the same kind waits for its check.

    Raises:
        LedgerRefused: one does.
    """
    ledger.one_at_a_time(f"sharing out {book.community_id}")
    rows = PostingProposal.objects.open().filter(community=book.community_id, kind=kind)
    if rows.filter(lines__unit__isnull=False).exists():
        raise LedgerRefused("上一张分配凭证还没复核，等它复核或退回以后再分。", "sharing_open")


@transaction.atomic
def propose(*, book: Fund, until: date, memo: str, by: User, now: datetime, key: UUID | None = None) -> PostingProposal:
    """The interest that waits in 3101 is shared over the households by balance-days since the last time. DOMAIN F.11

    A negative adjustment is taken back from them in the same way.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: nothing waits, nobody had a balance, or an earlier sharing out is not checked.
    """
    if before := ledger.made_before(key, by):
        return before
    demand_no_other(book, Kind.INTEREST)
    fen = waiting(book).interest
    weights = balance_days(book, first=last_distributed(book), last=until)
    if not fen or not sum(weights.values()):
        raise LedgerRefused("没有可以分配的收益，或者这段时间各户都没有余额。", "nothing_to_distribute")
    codes = dict(Unit.objects.filter(pk__in=weights).values_list("code", "pk"))
    parts, _ = shares(fen, {code: weights[unit] for code, unit in codes.items()})
    gives, gets = ("debit", "credit") if fen > 0 else ("credit", "debit")
    lines = [Entry("3101", flow="4101", **{gives: abs(fen)})]
    lines += [Entry("3001", unit=codes[c], flow="4101", **{gets: abs(part)}) for c, part in parts.items() if part]
    say = {"community": book.community, "kind": Kind.INTEREST, "memo": memo, "dated_on": until, "key": key}
    return ledger.propose(lines=lines, by=by, now=now, **say)
