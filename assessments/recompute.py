"""All history computed again, and every difference named. ARCHITECTURE, issue 8 §8"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from . import charging, deposits, explain, points
from .models import Booking, Charge, Deposit, ScoreSheet
from .points import written


@dataclass(frozen=True)
class Difference:
    """Where something is not what its rule makes it."""

    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}：{self.words}"


def differences() -> Iterator[Difference]:
    """Every score, proposal, booking and balance that recomputes to something else."""
    yield from _facts()
    yield from _scores()
    yield from _proposals()
    yield from _bookings()
    yield from _balances()


def _facts() -> Iterator[Difference]:
    """Published months of which the facts, or the charges added up in SQL, say something else."""
    months = ScoreSheet.objects.filter(state="published").order_by("first_day", "period_kind")
    for kind, first in months.values_list("period_kind", "first_day").distinct():
        given = charging.values(first, kind=kind, now=timezone.now())
        for words, keys in (
            ("扣分和事实不一致", charging.differing(given)),
            ("得分、档次或闸口和扣分加起来的不一致", charging.differing_totals(given)),
        ):
            for sheet in ScoreSheet.objects.filter(pk__in=keys).select_related("community"):
                yield Difference(f"{sheet} 第 {sheet.version} 版", words)


def _scores() -> Iterator[Difference]:
    rows = ScoreSheet.objects.exclude(state="replaced").select_related("community", "firm", "table").order_by("pk")
    for sheet in rows.iterator(chunk_size=200):
        found = explain.tree(sheet)
        if not found.agrees:
            is_, was = (
                f"{written(deci)} 分 {band}"
                for deci, band in ((found.score_deci, found.band), (sheet.score_deci, sheet.band))
            )
            yield Difference(f"{sheet} 第 {sheet.version} 版", f"记的是 {was}，重算是 {is_}")


def _proposals() -> Iterator[Difference]:
    for charge in Charge.objects.select_related("sheet__community", "item").iterator(chunk_size=2000):
        terms = {"base_deci": charge.base_deci, "factor": charge.factor, "size_bp": charge.size_bp}
        price = points.proposal(**terms, exempt=bool(charge.exempt))
        if price != charge.proposed_deci or charge.base_deci != charge.item.base_deci:
            yield Difference(
                f"{charge.sheet} {charge.item.code}", f"建议扣 {written(charge.proposed_deci)}，重算 {written(price)}"
            )


def _bookings() -> Iterator[Difference]:
    for row in Booking.objects.exclude(deposit=None).select_related("sheet__community", "sheet__table", "deposit"):
        bp = next((band.bp for band in row.sheet.table.bands.all() if band.letter == row.sheet.band), 0)
        base, wanted, _ = deposits.share(row.deposit.opening_fen, bp)
        if (row.band, row.monthly_base_fen, row.wanted_fen) != (row.sheet.band, base, wanted):
            yield Difference(f"{row.sheet} 保证金", f"应扣 {row.wanted_fen} 分，重算 {wanted} 分")


def _balances() -> Iterator[Difference]:
    for deposit in Deposit.objects.select_related("community", "firm").prefetch_related("lines"):
        balance = unpaid = 0
        for no, line in enumerate(deposit.lines.all(), start=1):
            balance, unpaid = balance + line.amount_fen, unpaid + line.unpaid_fen
            if (line.no, line.balance_fen) != (no, balance):
                yield Difference(str(deposit), f"第 {line.no} 笔的余额是 {line.balance_fen} 分，重算 {balance} 分")
        if (deposit.balance_fen, deposit.unpaid_fen) != (balance, unpaid):
            yield Difference(str(deposit), f"余额 {deposit.balance_fen} 分，各笔加起来 {balance} 分")
