"""Receipts, and money of a household that came in with one 首期交存, 续交. DOMAIN F.3, F.6, F.10"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from communities.models import Unit
from lib.states import WrongState, move

from . import ledger
from .ledger import Entry, LedgerRefused, in_words
from .models import BankAccount, Kind, PostingProposal, Receipt, ReceiptSeries
from .reconciling import receipt_gaps


@transaction.atomic
def enter_series(*, code: str, first_no: int, last_no: int, received_on: date, by: User) -> ReceiptSeries:
    """Numbers that the fiscal authority issued.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: some of the numbers were entered before.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    with in_words():
        return ReceiptSeries.objects.create(
            code=code, first_no=first_no, last_no=last_no, received_on=received_on, entered_by=by
        )


def series_of(code: str, number: int) -> ReceiptSeries:
    """The series in which a number stands.

    Raises:
        LedgerRefused: in none, which is a wrong number or a series that nobody entered.
    """
    row = ReceiptSeries.objects.filter(code=code, first_no__lte=number, last_no__gte=number).first()
    if not row:
        raise LedgerRefused(f"票据 {code} 没有包含 {number} 的号段，核对号码，或者先登记号段。", "receipt_in_series")
    return row


@transaction.atomic
def record(
    *,
    unit: Unit,
    kind: Kind,
    amount_fen: int,
    bank_account: BankAccount | None,
    paid_on: date,
    code: str,
    number: int,
    by: User,
    now: datetime,
    payer: str = Receipt.Payer.OWNER,
    key: UUID | None = None,
    is_late: bool = False,
) -> PostingProposal:
    """Money of a household that stands in the special account, with its receipt: bank to household account.

    Args:
        kind: Kind.FIRST_DEPOSIT or Kind.RENEWAL.
        bank_account: where it came in; None: it stands in 2101 待核收款 and is known now.
        paid_on: the day of the receipt, and of the posting.
        is_late: the month of that day is closed, so that the posting has the day of sealing.
        key: made with the form; sent twice, it is recorded once.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: the number is in no series or was used.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if before := ledger.made_before(key, by):
        return before
    receipt = issue(unit=unit, amount_fen=amount_fen, code=code, number=number, day=paid_on, by=by, payer=payer)
    lines = [
        _source(bank_account, amount_fen),
        Entry("3001", credit=amount_fen, unit=unit.pk, flow="4001", receipt=receipt.pk),
    ]
    say = {"memo": f"{Kind(kind).label}，{unit.code}，票据 {number:08}", "key": key}
    say["dated_on"] = None if is_late else paid_on
    return ledger.propose(community=unit.community, kind=kind, lines=lines, by=by, now=now, **say)


def _source(bank_account: BankAccount | None, fen: int) -> Entry:
    """Where the money comes from: the special account, or what came in without a name. Its flow was none then."""
    if bank_account is None:
        return Entry("2101", debit=fen, flow="4001")
    return Entry(bank_account.account.code, debit=fen, bank_account=bank_account.pk, flow="4001")


def issue(*, unit: Unit, amount_fen: int, code: str, number: int, day: date, by: User, payer: str) -> Receipt:
    """Writes a number of a series for an amount. A number is used once.

    Raises:
        LedgerRefused: in no series, or used.
    """
    series = series_of(code, number)
    bounds = {"series": series, "first_no": series.first_no, "last_no": series.last_no}
    with in_words():
        return Receipt.objects.create(
            community=unit.community, unit=unit, amount_fen=amount_fen, number=number, payer=payer, **bounds,
            issued_on=day, issued_by=by,
        )  # fmt: skip


def void(*, receipt: Receipt, reason: str, by: User) -> None:
    """A spoiled receipt; all its copies are kept. One that is posted is reversed with its voucher instead.

    Raises:
        WrongState: voided or reversed in the meantime.
        LedgerRefused: it is posted.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    with in_words():
        move(receipt, state="issued", to={"state": "voided", "reason": reason}, else_="这张票据刚才已经作废或冲销了。")


def hand_in(*, receipt: Receipt, on: date, by: User) -> None:
    """The owner showed the receipt when the house was registered. F.6

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: noted before, before its issue, or voided.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if on < receipt.issued_on:
        raise WrongState("交验日期不能早于开具日期。")
    else_ = "这张票据登记过交验，或者已经作废、冲销。"
    move(receipt, state="issued", handed_in_on=None, to={"handed_in_on": on}, else_=else_)


def overview() -> list[dict]:
    """Each series with how many of its numbers were issued, voided and reversed, and the gaps below the highest. F.6"""
    rows = []
    for series in ReceiptSeries.objects.order_by("code", "first_no"):
        used = list(series.receipts.values_list("number", "state"))
        gaps = receipt_gaps(series.first_no, [number for number, _ in used])
        states = [state for _, state in used]
        rows.append({"series": series, "gaps": gaps, **{name: states.count(name) for name in Receipt.State.values}})
    return rows
