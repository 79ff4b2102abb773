"""Income from common parts 公共收益 after its reasonable cost: to 3101, then to the households by area, or as the
assembly decided. DOMAIN F.11"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from lib.money import yuan

from . import costs, ledger
from .first_deposits import taking_part
from .interest import demand_no_other, waiting
from .ledger import Entry, LedgerRefused
from .models import BankAccount, Fund, Kind, PostingProposal


def record(
    *,
    book: Fund,
    source: str,
    gross_fen: int,
    cost_fen: int,
    bank_account: BankAccount,
    paid_on: date,
    by: User,
    now: datetime,
    key: UUID | None = None,
) -> PostingProposal:
    """Proposes what came in of common income: what was earned less its reasonable cost, which the memo says.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: the cost eats it all.
    """
    fen = gross_fen - cost_fen
    if fen <= 0:
        raise LedgerRefused("减去成本以后没有收益，不用记账。", "no_income")
    memo = f"公共收益：{source}，收入 {yuan(gross_fen)} 减合理成本 {yuan(cost_fen)}"[:200]
    lines = [
        Entry(bank_account.account.code, debit=fen, bank_account=bank_account.pk, flow="4201"),
        Entry("3101", credit=fen, flow="4201"),
    ]
    say = {"community": book.community, "kind": Kind.INCOME, "memo": memo, "dated_on": paid_on, "key": key}
    return ledger.propose(lines=lines, by=by, now=now, **say)


@transaction.atomic
def propose(
    *, book: Fund, until: date, memo: str, decision: str = "", by: User, now: datetime, key: UUID | None = None
) -> PostingProposal:
    """Proposes sharing out the common income that waits over the households that take part: by area, or, where the
    assembly decided so, the same to each household.

    Args:
        decision: the assembly's document that wants the same for each household; empty: by area. It stands in the memo.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: nothing waits, or an earlier sharing out is not checked.
        ScopeAreaZero: the areas sum to zero.
    """
    if before := ledger.made_before(key, by):
        return before
    demand_no_other(book, Kind.INCOME)
    fen = waiting(book).income
    if not fen:
        raise LedgerRefused("没有可以分配的公共收益。", "nothing_to_distribute")
    units = taking_part(book.community_id).values_list("pk", "code", "area_centi")
    if decision.strip():
        units = [(pk, code, 1) for pk, code, _ in units]
        memo = f"{memo}，每户一样，{decision.strip()}"[:200]
    parts = costs.shares(units, fen)
    gives, gets = ("debit", "credit") if fen > 0 else ("credit", "debit")
    lines = [Entry("3101", flow="4201", **{gives: abs(fen)})]
    lines += [Entry("3001", unit=unit, flow="4201", **{gets: abs(part)}) for unit, part in parts.items() if part]
    say = {"community": book.community, "kind": Kind.INCOME, "memo": memo, "dated_on": until, "key": key}
    return ledger.propose(lines=lines, by=by, now=now, **say)
