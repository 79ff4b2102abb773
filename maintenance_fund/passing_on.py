"""Money to renew that firm, committee or village committee took 代收, and must pass on to the special account. F.10"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from communities.models import Unit
from lib.periods import beijing_date
from lib.states import WrongState, move
from rulebook import rules

from . import ledger, receipts
from .models import BankAccount, Collection, Kind, PostingProposal


def take(
    *, unit: Unit, collector: str, name: str, amount_fen: int, received_on: date, by: User, now: datetime
) -> Collection:
    """Notes that somebody took a household's money; the term to pass it on begins. Nothing is posted yet. F.10

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: a day still to come.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if received_on > beijing_date(now):
        raise WrongState("收到日期不能晚于今天。")
    row = Collection(
        community_id=unit.community_id, unit=unit, collector=collector, name=name, amount_fen=amount_fen,
        received_on=received_on, entered_by=by, entered_at=now,
    )  # fmt: skip
    row.start_term(received_on, rules.on(received_on, "fund.collector_pass_on_wd"))
    row.save(force_insert=True)
    return row


@transaction.atomic
def arrive(
    *,
    collection: Collection,
    bank_account: BankAccount,
    paid_on: date,
    code: str,
    number: int,
    by: User,
    now: datetime,
    key: UUID | None = None,
) -> PostingProposal:
    """The money has arrived in the special account: proposes the renewal with its receipt.

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: it was passed on or struck before.
        LedgerRefused: as `receipts.record`.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if before := ledger.made_before(key, by):
        return before
    _demand_here(collection)
    say = {"unit": collection.unit, "kind": Kind.RENEWAL, "amount_fen": collection.amount_fen, "paid_on": paid_on}
    paper = {"bank_account": bank_account, "code": code, "number": number}
    proposal = receipts.record(**say, **paper, by=by, now=now, key=key)
    Collection.objects.filter(pk=collection.pk).update(proposal=proposal)
    return proposal


def _demand_here(collection: Collection) -> None:
    """Whoever comes second waits for the first, and looks only then: its proposal is not seen before."""
    Collection.objects.select_for_update().get(pk=collection.pk)
    if not Collection.objects.not_passed_on().filter(pk=collection.pk).exists():
        raise WrongState("这一笔已经转入专户，或者划掉了。")


@transaction.atomic
def strike(*, collection: Collection, reason: str, by: User) -> None:
    """Strikes what was noted wrongly; it stays readable.

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: passed on or struck before.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    _demand_here(collection)
    move(collection, struck_because="", to={"struck_because": reason}, else_="这一笔刚才划掉了。")
