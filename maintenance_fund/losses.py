"""A house that is no more 房屋灭失: its account is emptied to 2001 and paid back. DOMAIN F.13"""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from communities.models import Unit

from . import ledger
from .ledger import Entry, LedgerRefused
from .models import Balance, BankAccount, Kind, Line, PostingProposal, Transaction


def held(unit: Unit, code: str, debtor: str = "") -> int:
    """What stands on one account of a unit, fen."""
    rows = Balance.objects.filter(community=unit.community_id, unit=unit, account__code=code, debtor=debtor)
    return rows.values_list("amount", flat=True).first() or 0


def losses() -> QuerySet[Line]:
    """The sealed lines by which accounts of houses that are no more were emptied, reversed ones left out."""
    reversed_ = Transaction.objects.filter(reverses=OuterRef("transaction"))
    rows = Line.objects.filter(account__code="2001", credit__gt=0, transaction__kind=Kind.REFUND)
    return rows.exclude(Exists(reversed_))


def lost(community: int) -> QuerySet[Line]:
    """The lines of a community's houses that are no more: few, found once from its vouchers and not unit by unit."""
    return losses().filter(transaction__community=community, unit__isnull=False)


def propose(
    *, unit: Unit, document: str, on: date, has_consent: bool, by: User, now: datetime, key: UUID | None = None
) -> PostingProposal:
    """Proposes D 3001 / C 2001: all that the household has, and the selling unit's part 3002.

    Args:
        has_consent: the owner agrees in writing that what they owe is taken off; without it the debt stays theirs.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: nothing stands on the account.
    """
    parts = {code: fen for code in ("3001", "3002") if (fen := held(unit, code))}
    if not parts:
        raise LedgerRefused("这一户账上已经没有余额。", "nothing_to_return")
    lines = [Entry(code, debit=fen, unit=unit.pk, flow="5101") for code, fen in parts.items()]
    lines += [Entry("2001", credit=fen, unit=unit.pk, flow="5101") for fen in parts.values()]
    debt = min(held(unit, "1401", "OWNER"), sum(parts.values())) if has_consent else 0
    if debt:
        lines.append(Entry("2001", debit=debt, unit=unit.pk))
        lines.append(Entry("1401", credit=debt, unit=unit.pk, debtor="OWNER"))
    say = {"memo": f"{unit.code} 房屋灭失，{document}"[:200], "dated_on": on, "key": key}
    return ledger.propose(community=unit.community, kind=Kind.REFUND, lines=lines, by=by, now=now, **say)


def pay(
    *, unit: Unit, bank_account: BankAccount, payee: str, on: date, by: User, now: datetime, key: UUID | None = None
) -> PostingProposal:
    """Proposes the payment of what is owed for a house that is no more: D 2001 / C bank.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: nothing is owed.
    """
    fen = held(unit, "2001")
    if not fen:
        raise LedgerRefused("这一户没有要返还的，先做灭失转出凭证并复核。", "nothing_to_return")
    lines = [
        Entry("2001", debit=fen, unit=unit.pk, flow="5101"),
        Entry(bank_account.account.code, credit=fen, bank_account=bank_account.pk, flow="5101"),
    ]
    say = {"memo": f"{unit.code} 房屋灭失返还，付给{payee}"[:200], "dated_on": on, "key": key}
    return ledger.propose(community=unit.community, kind=Kind.REFUND, lines=lines, by=by, now=now, **say)
