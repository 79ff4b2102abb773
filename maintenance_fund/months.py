"""Closing a month: the book reconciled with the bank by one person, closed by another, for good. DOMAIN F.15, F.16"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Sum

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from lib.money import yuan
from lib.periods import beijing_date
from lib.states import WrongState, move

from . import bank_lines
from .ledger import LedgerRefused, in_words
from .models import Fund, Line, Month, MonthClosing, ReceiptSeries, Total
from .reconciling import receipt_gaps, reconcile

BANK = ("100101", "100102")


def next_to_close(book: Fund, *, today: date) -> date | None:
    """The first day of the earliest month that is not closed and is over; None while there is none."""
    closed = Month.objects.filter(community=book.community_id, closed_at__isnull=False)
    last = closed.order_by("-first_day").values_list("first_day", flat=True).first()
    month = following(last) if last else book.first_month
    return month if following(month) <= today else None


def following(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)


def book_balance(book: Fund, month: date) -> int:
    """What the book says stands at the bank at the end of a month, fen: today's balance less what came later."""
    now = Total.objects.filter(community=book.community_id, account__code__in=BANK).aggregate(fen=Sum("amount"))["fen"]
    later = Line.objects.filter(
        community=book.community_id, account__code__in=BANK, transaction__dated_on__gte=following(month)
    ).aggregate(fen=Sum("debit") - Sum("credit"))["fen"]
    return (now or 0) - (later or 0)


def gaps() -> list[str]:
    """Receipt numbers that were skipped, in words; to be explained before a month is closed. F.6, F.16"""
    found = []
    for series in ReceiptSeries.objects.all():
        skipped = receipt_gaps(series.first_no, series.receipts.values_list("number", flat=True))
        found += [f"{series.code} {number}" for number in skipped]
    return found


@transaction.atomic
def propose(
    *,
    book: Fund,
    month: date,
    bank_fen: int,
    items: Iterable[tuple[str, int]],
    by: User,
    now: datetime,
    note: str = "",
) -> MonthClosing:
    """Reconciles a month and asks that it be closed.

    Args:
        bank_fen: the balance of the bank's statement at the end of the month.
        items: what explains the difference, each with a positive amount.
        note: where receipt numbers were skipped, why.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: not the month whose turn it is, lines of the bank's without voucher, a difference that is not
            explained, money that the bank has and the book has not, or skipped receipts without a word.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    items = [(str(kind), fen) for kind, fen in items]
    if month != next_to_close(book, today=beijing_date(now)):
        raise LedgerRefused("月结要一个月一个月来，而且要等那个月过完。", "month_in_order")
    _demand_matched(book, month)
    found = reconcile(book=book_balance(book, month), bank=bank_fen, items=items)
    if found.difference:
        raise LedgerRefused(f"还差 {yuan(abs(found.difference))} 元没有说明，补上差异再提交。", "month_difference")
    if not found.is_closable:
        raise LedgerRefused("银行有、账上没有的，要先记账再月结；查不清的收款记到“待核收款”。", "month_not_booked")
    if not note and gaps():
        raise LedgerRefused(f"票据 {'、'.join(gaps()[:5])} 跳过了，在说明里写上去向。", "month_receipt_gaps")
    say = {"book_fen": book_balance(book, month), "bank_fen": bank_fen, "items": items, "note": note}
    with in_words():
        return MonthClosing.objects.create(
            community_id=book.community_id, first_day=month, made_by=by, made_at=now, **say
        )


def _demand_matched(book: Fund, month: date) -> None:
    left = bank_lines.waiting(book.community_id, following(month) - timedelta(days=1))
    if left:
        raise LedgerRefused(f"银行流水还有 {left} 笔没对上凭证，先到“银行流水”里对上。", "month_bank_lines")


@transaction.atomic
def close(*, closing: MonthClosing, by: User, now: datetime) -> None:
    """Another person closes the month; nothing is dated in it any more, and it is not opened again. F.16

    Raises:
        PermissionDenied: not a checker, or who asked for it.
        LedgerRefused: an unchecked voucher stands in the month, the book moved since, or the month before is open.
        WrongState: closed or sent back in the meantime.
    """
    roles.demand_check(by, Act.FUND_VOUCHER)
    roles.demand_other(by, closing.made_by_id)
    move(closing, state="open", to={"state": "closed"}, else_=NO_LONGER_OPEN)
    with in_words(), connection.cursor() as cursor:
        values = [closing.community_id, closing.first_day, closing.made_by_id, by.pk]
        cursor.execute("SELECT maintenance_fund_close_month(%s, %s, %s, %s)", values)
    if book_balance(Fund.objects.get(community=closing.community_id), closing.first_day) != closing.book_fen:
        raise LedgerRefused("对账以后这个月又记了账，请退回重新对账。", "month_as_reconciled")


NO_LONGER_OPEN = "这份月结刚才已经有人复核或退回了。"


def send_back(*, closing: MonthClosing, by: User) -> None:
    """Takes a closing back that nobody has confirmed: its maker, or a checker.

    Raises:
        PermissionDenied: neither.
        WrongState: closed or sent back in the meantime.
    """
    if by.pk != closing.made_by_id:
        roles.demand_check(by, Act.FUND_VOUCHER)
    if not MonthClosing.objects.filter(pk=closing.pk, state="open").update(state="withdrawn"):
        raise WrongState(NO_LONGER_OPEN)
