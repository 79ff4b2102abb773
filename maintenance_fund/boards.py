"""What the pages of a book show: its sums, how they agree, its journal. DOMAIN F.1, F.14"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from .models import Flow, Fund, Line, Total, Transaction

BANK = ("100101", "100102")


@dataclass(frozen=True)
class Agreement:
    """Why what stands at the bank is what the households have and what is not theirs: lines with fen, and the rest."""

    lines: list[tuple[str, int]]
    bank: int

    @property
    def difference(self) -> int:
        return self.bank - sum(fen for _, fen in self.lines)


def totals(book: Fund) -> dict[str, int]:
    """The balance of each account of the book that has one, fen by code."""
    rows = Total.objects.filter(community=book.community_id)
    return dict(rows.values_list("account__code", "amount"))


def agreement(book: Fund) -> Agreement:
    """The trial balance as a person reads it: what the bank must hold, account by account."""
    rows = Total.objects.filter(community=book.community_id).exclude(account__code__in=BANK).select_related("account")
    ordered = sorted(rows, key=lambda row: (row.account.code != "3001", row.account.code))
    lines = [(_label(row), row.amount if row.account.side == "C" else -row.amount) for row in ordered if row.amount]
    return Agreement(lines, sum(fen for code, fen in totals(book).items() if code in BANK))


def _label(row: Total) -> str:
    if row.account.code == "3001":
        return "分户合计"
    return f"{'加' if row.account.side == 'C' else '减'} {row.account.name}"


def journal(vouchers: QuerySet[Transaction]) -> list[Transaction]:
    """Vouchers with ``moved_in``, ``moved_out`` and ``homes``: what each did to households, fen, and to how many."""
    vouchers = list(vouchers)
    sums = _sums(vouchers)
    for voucher in vouchers:
        voucher.moved_in, voucher.moved_out, voucher.homes = sums.get(voucher.pk, (0, 0, 0))
    return vouchers


def _sums(vouchers: list[Transaction]) -> dict[int, tuple[int, int, int]]:
    of_households = Line.objects.filter(transaction__in=[voucher.pk for voucher in vouchers], account__code="3001")
    rows = of_households.order_by().values("transaction")
    rows = rows.annotate(paid_in=Sum("credit"), paid_out=Sum("debit"), homes=Count("unit", distinct=True))
    return {row["transaction"]: (row["paid_in"], row["paid_out"], row["homes"]) for row in rows}


@dataclass(frozen=True)
class Year:
    """What came in and went out of a book in a year by the flow tags, fen; the official statement's lines. F.14"""

    year: int
    lines: list[tuple[str, int, int]]

    @property
    def paid_in(self) -> int:
        return sum(paid_in for _, paid_in, _ in self.lines)

    @property
    def paid_out(self) -> int:
        return sum(paid_out for _, _, paid_out in self.lines)


def year(book: Fund, number: int) -> Year:
    """The year's income and expense of households and of what is not yet shared out; transfers within are left out."""
    within = Q(transaction__dated_on__gte=date(number, 1, 1), transaction__dated_on__lte=date(number, 12, 31))
    known_later = Q(account__code="2101")  # money that came in without a name has its flow when it is known
    rows = Line.objects.filter(within, Q(bank_account__isnull=False) | known_later, community=book.community_id)
    rows = rows.exclude(flow="TRANSFER").order_by().values("flow")
    rows = rows.annotate(paid_in=Sum("debit"), paid_out=Sum("credit"))
    found = {row["flow"]: (row["paid_in"], row["paid_out"]) for row in rows}
    return Year(number, [(flow.label, *found[flow]) for flow in Flow if flow in found])
