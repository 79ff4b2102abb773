"""Posting: one person proposes, another seals; what was sealed is only ever reversed (ARCHITECTURE, DOMAIN F.1, F.16).

The database keeps the rules (migrations/ledger_v1.sql); here they become sentences. A posting takes the fund's lock
until its transaction ends, so that vouchers of one community follow each other without gaps.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from communities.models import Community
from lib.states import WrongState, move

from .models import Account, Fund, Kind, PostingProposal, ProposalLine, Transaction
from .refusals import sentences


class LedgerRefused(WrongState):
    """The ledger does not take it; the message says why, ``code`` names the rule."""

    def __init__(self, sentence: str, code: str = ""):
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as it is proposed: the account's code, what it names (keys of rows), and fen on one side."""

    account: str
    debit: int = 0
    credit: int = 0
    unit: int | None = None
    project: int | None = None
    bank_account: int | None = None
    debtor: str = ""
    flow: str = "TRANSFER"
    receipt: int | None = None


# ---------------------------------------------------------------- proposing


def propose(
    *,
    community: Community,
    kind: Kind,
    memo: str,
    lines: Iterable[Entry],
    by: User,
    now: datetime,
    key: UUID | None = None,
    dated_on: date | None = None,
) -> PostingProposal:
    """Writes down what is to be posted, for another person to check. Balances do not move. DOMAIN 0.4, F.1

    Args:
        lines: at least two, debits equal to credits; checked when it is sealed.
        key: made with the form; the same key a second time gives the proposal of the first.
        dated_on: the day of the posting, in an open month; None is the day of sealing.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: the community has no book, or the key is somebody else's.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    with in_words():
        made = _insert([community.pk, key := key or uuid4(), str(kind), memo, dated_on, None, by.pk, now])
        if made:
            _copy(made, lines)
        return _proposal(key, community, by)


INSERT_PROPOSAL = """
INSERT INTO maintenance_fund_postingproposal
    (community_id, idempotency_key, kind, memo, dated_on, reverses_id, made_by_id, made_at, revision, state,
     withdrawn_because)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 1, 'open', '')
ON CONFLICT (idempotency_key) DO NOTHING RETURNING id
"""


def _insert(values: list) -> int | None:
    """The key of a new proposal; None when this form made one before."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT_PROPOSAL, values)
        made = cursor.fetchone()
    return made and made[0]


def _proposal(key: UUID, community: Community, by: User) -> PostingProposal:
    """The proposal that this form made, now or before."""
    proposal = PostingProposal.objects.get(idempotency_key=key)
    if (proposal.made_by_id, proposal.community_id) != (by.pk, community.pk):
        raise LedgerRefused("这个提交码已经用过，请重新打开表单再填。", "idempotency_key")
    return proposal


def made_before(key: UUID | None, by: User) -> PostingProposal | None:
    """What this form made before; the same form at the same moment waits for the first. Called within a transaction,
    by whoever writes more than the proposal."""
    if key is None:
        return None
    one_at_a_time(str(key))
    return PostingProposal.objects.filter(idempotency_key=key, made_by=by).first()


def one_at_a_time(what: str) -> None:
    """Whoever does the same thing at the same moment waits here until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"maintenance_fund {what}"])


COLUMNS = "proposal_id, n, account_id, unit_id, project_id, bank_account_id, debtor, debit, credit, flow, receipt_id"
COPY_LINES = f"COPY maintenance_fund_proposalline ({COLUMNS}) FROM STDIN"
MIRROR_LINES = f"""
INSERT INTO maintenance_fund_proposalline ({COLUMNS})
SELECT %s, n, account_id, unit_id, project_id, bank_account_id, debtor, credit, debit, flow, NULL
FROM maintenance_fund_line WHERE transaction_id = %s ORDER BY n
"""


def _copy(proposal: int, lines: Iterable[Entry]) -> None:
    """All lines in one statement, however many. They are made before it begins: who makes them may ask the database."""
    chart = accounts()
    rows = [_as_copied(proposal, n, chart[line.account], line) for n, line in enumerate(lines, start=1)]
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(COPY_LINES) as copy:
        copy.write("".join(rows))


def _as_copied(proposal: int, n: int, account: int, line: Entry) -> str:
    """A line as COPY reads it: one text is a third of the cost of a thousand rows handed over one by one."""
    keys = [r"\N" if key is None else key for key in (line.unit, line.project, line.bank_account, line.receipt)]
    words = [word.translate(NO_BREAKS) for word in (line.debtor, line.flow)]
    unit, project, bank_account, receipt = keys
    columns = (proposal, n, account, unit, project, bank_account, words[0], line.debit, line.credit, words[1], receipt)
    return "\t".join(map(str, columns)) + "\n"


NO_BREAKS = str.maketrans("", "", "\\\t\r\n")


@cache
def accounts() -> dict[str, int]:
    """The key of each account by its code; the chart changes by migration only."""
    return dict(Account.objects.values_list("code", "pk"))


def rewrite(*, proposal: PostingProposal, memo: str, lines: Iterable[Entry], by: User, dated_on: date | None = None):
    """The maker changes an open proposal: a new revision, and an approval of the old one is gone.

    Raises:
        PermissionDenied: somebody else made it.
        LedgerRefused: sealed or taken back in the meantime.
    """
    if by.pk != proposal.made_by_id:
        raise PermissionDenied("凭证由经办人自己改。")
    with in_words():
        move(proposal, state="open", to={"memo": memo, "dated_on": dated_on}, else_=NO_LONGER_OPEN)
        ProposalLine.objects.filter(proposal=proposal).delete()
        _copy(proposal.pk, lines)
        proposal.refresh_from_db()


def reverse(*, transaction: Transaction, reason: str, by: User, now: datetime, key: UUID | None = None):
    """Proposes the exact mirror of a sealed voucher 红字冲销, dated on the day when another person seals it. F.16

    Returns:
        The proposal; its receipts are reversed with it when it is sealed.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: it is reversed already, or is itself a reversal.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if transaction.reverses_id:
        raise LedgerRefused("冲销凭证不能再冲销；要恢复就重新做一张。", "transaction_mirrors")
    if Transaction.objects.filter(reverses=transaction).exists():
        raise LedgerRefused(sentences()["transaction_reversed_once"], "transaction_reversed_once")
    memo, place = f"冲销 {transaction.number}：{reason}"[:200], transaction.community
    values = [place.pk, key := key or uuid4(), Kind.REVERSAL, memo, None, transaction.pk, by.pk, now]
    with in_words(), connection.cursor() as cursor:
        if made := _insert(values):
            cursor.execute(MIRROR_LINES, [made, transaction.pk])
        return _proposal(key, place, by)


NO_LONGER_OPEN = "这张凭证刚才已经有人复核或撤回了。"


def withdraw(*, proposal: PostingProposal, reason: str, by: User) -> None:
    """Takes back an open proposal: its maker, or a checker who sends it back with the reason.

    Raises:
        PermissionDenied: neither.
        WrongState: sealed or taken back in the meantime.
    """
    if by.pk != proposal.made_by_id:
        roles.demand_check(by, Act.FUND_VOUCHER)
    move(proposal, state="open", to={"state": "withdrawn", "withdrawn_because": reason}, else_=NO_LONGER_OPEN)


# ---------------------------------------------------------------- approving and sealing


def approve(*, proposal: PostingProposal, by: User, revision: int | None = None) -> None:
    """A third person agrees to a large payment before it is sealed; a later change wipes it. DOMAIN F.16

    Raises:
        PermissionDenied: not an approver, or the maker.
        WrongState: changed, approved or sealed in the meantime.
    """
    roles.demand(by, Act.FUND_APPROVAL)
    roles.demand_other(by, proposal.made_by_id)
    read = proposal.revision if revision is None else revision
    move(
        proposal,
        state="open",
        approved_by=None,
        revision=read,
        to={"approved_by": by},
        else_="这张凭证刚才改过、批过或入账了，先看新的再审批。",
    )


def seal(*, proposal: PostingProposal, by: User, now: datetime, revision: int | None = None) -> Transaction:
    """Another person checks a proposal, and in one commit it becomes a voucher for ever. ARCHITECTURE

    A second click of the same checker gets the same voucher.

    Args:
        now: the moment of the click; the database dates by its own clock.
        revision: which draft was read; None is that of the row in hand.

    Raises:
        PermissionDenied: not a checker, or the maker.
        LedgerRefused: out of balance, changed since it was read, a closed month, a balance below zero, a missing
            approval or receipt; nothing is written.
    """
    roles.demand_check(by, Act.FUND_VOUCHER)
    roles.demand_other(by, proposal.made_by_id, proposal.approved_by_id)
    read = proposal.revision if revision is None else revision
    with in_words(), connection.cursor() as cursor:
        cursor.execute("SELECT maintenance_fund_seal(%s, %s, %s)", [proposal.pk, by.pk, read])
        (made,) = cursor.fetchone()
    return Transaction.objects.get(pk=made)


@contextmanager
def in_words() -> Iterator[None]:
    """Around a write to the ledger: what the database refuses becomes a sentence; what came before it stays.

    Raises:
        LedgerRefused: with the rule's name as code.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        raise _refusal(error) from error


BUSY = "55P03"  # lock_not_available


def _refusal(error: DatabaseError) -> Exception:
    """The database's refusal as a sentence; an error that is no refusal stays what it is."""
    said = getattr(error.__cause__, "diag", None)
    name = said.constraint_name if said else None
    if said and said.sqlstate == BUSY:
        return LedgerRefused("这个小区正在入账，请过一会儿再点一次。", "busy")
    if not name:
        return error
    spoken = said.message_primary if said.source_function == "exec_stmt_raise" else None
    return LedgerRefused(sentences().get(name) or spoken or f"账本不收这一笔（{name}）。", name)


# ---------------------------------------------------------------- asking


def needs_approval(proposal: PostingProposal) -> bool:
    """Whether so much leaves the bank that a third person must agree first. DOMAIN F.16"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(credit - debit), 0) >= coalesce(maintenance_fund_approval_from(%s), 9e18)"
            " FROM maintenance_fund_proposalline WHERE proposal_id = %s AND bank_account_id IS NOT NULL",
            [proposal.dated_on or proposal.made_at.date(), proposal.pk],
        )
        return cursor.fetchone()[0]


@transaction.atomic
def open_book(
    *, community: Community, agency: str, first_month: date, by: User, now: datetime, keeper="agency"
) -> Fund:
    """Opens a community's book 建账: whose it is and from which month. It never tells a bank anything. DOMAIN 0.6c

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: the community has a book.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    book = Fund(community=community, agency=agency, first_month=first_month.replace(day=1), keeper=keeper)
    book.opened_by, book.opened_at, book.head_hash = by, now, b""
    with in_words():
        book.save(force_insert=True)
    book.refresh_from_db()
    return book
