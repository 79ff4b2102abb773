"""Money that is not needed soon: fixed deposits and bonds, bought by a decision and brought back with interest. F.11"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from lib.states import WrongState

from . import ledger
from .ledger import Entry, in_words
from .models import Account, BankAccount, Fund, Investment, Kind, PostingProposal

DEPOSIT = Investment.Kind.DEPOSIT


@transaction.atomic
def buy(
    *,
    book: Fund,
    kind: str,
    name: str,
    principal_fen: int,
    rate_bp: int,
    bought_on: date,
    matures_on: date,
    decision: str,
    bank_account: BankAccount,
    by: User,
    now: datetime,
    key: UUID | None = None,
) -> PostingProposal:
    """Proposes moving money from the current account into a fixed deposit of its own account, or into bonds.

    Args:
        name: the deposit's account or receipt number, or what bond it is.
        bank_account: the current account that pays.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: the number is registered already, a day before the other, no money.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if before := ledger.made_before(key, by):
        return before
    with in_words():
        account = _deposit_account(book, bank_account, name, bought_on) if kind == DEPOSIT else None
        into = _into(account, debit=principal_fen)
        paid = Entry(bank_account.account.code, credit=principal_fen, bank_account=bank_account.pk)
        about = {"kind": Kind.TRANSFER if account else Kind.BOND, "dated_on": bought_on, "key": key}
        memo = f"{Investment.Kind(kind).label} {name}，{decision}"[:200]
        proposal = ledger.propose(community=book.community, memo=memo, lines=[into, paid], by=by, now=now, **about)
        Investment.objects.create(
            community_id=book.community_id, kind=kind, name=name, bank_account=account, principal_fen=principal_fen,
            rate_bp=rate_bp, bought_on=bought_on, matures_on=matures_on, decision=decision, bought=proposal,
        )  # fmt: skip
    return proposal


def _deposit_account(book: Fund, of: BankAccount, number: str, day: date) -> BankAccount:
    """The deposit's own account at the same bank; each deposit has one."""
    account = BankAccount(
        community_id=book.community_id, account=Account.objects.get(code="100102"), bank=of.bank, number=number,
        opened_on=day,
    )  # fmt: skip
    account.save(force_insert=True)
    return account


def _into(account: BankAccount | None, **side: int) -> Entry:
    return Entry("100102", bank_account=account.pk, **side) if account else Entry("1101", **side)


@transaction.atomic
def redeem(
    *,
    investment: Investment,
    received_fen: int,
    on: date,
    bank_account: BankAccount,
    by: User,
    now: datetime,
    key: UUID | None = None,
) -> PostingProposal:
    """Proposes what came back: the principal, and the interest to 3101, to be shared out later.

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: it has come back before, its purchase is not sealed, or less came back than was laid out.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if before := ledger.made_before(key, by):
        return before
    Investment.objects.select_for_update().get(pk=investment.pk)  # whoever comes second looks after the first
    if not Investment.objects.held().filter(pk=investment.pk).exists():
        raise WrongState("这一笔已经收回，或者买入的凭证还没复核。")
    interest = received_fen - investment.principal_fen
    if interest < 0:
        raise WrongState("收回的比本金少。先和银行核对，差额记到待查差异。")
    flow = "4101" if investment.kind == DEPOSIT else "4102"
    back = {"bank_account": bank_account.pk, "account": bank_account.account.code}
    lines = [Entry(debit=investment.principal_fen, **back)]
    lines.append(_into(investment.bank_account, credit=investment.principal_fen))
    if interest:
        lines += [Entry(debit=interest, flow=flow, **back), Entry("3101", credit=interest, flow=flow)]
    kind = Kind.INTEREST_IN if investment.kind == DEPOSIT else Kind.BOND
    about = {"community": bank_account.community, "kind": kind, "dated_on": on, "key": key}
    proposal = ledger.propose(lines=lines, memo=f"{investment}到期收回", by=by, now=now, **about)
    Investment.objects.filter(pk=investment.pk).update(redeemed=proposal)
    return proposal
