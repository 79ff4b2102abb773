"""Lines of the bank's and vouchers found for each other: whose money it may be, and what is booked of it. DOMAIN F.15

A guess is only shown; a person decides, another checks the voucher. What nobody knows goes to 2101, what left the bank
and nobody knows to 1901.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from communities.models import Community, Ownership, Unit
from lib.periods import beijing_date

from . import ledger, receipts
from .ledger import Entry, LedgerRefused, in_words
from .models import BankLine, BankMatch, Kind, Month, PostingProposal, RenewalNotice

PARTS = re.compile(r"(\d+)\s*(?:幢|栋|号楼|座|#|-)\s*(?:(\d+)\s*(?:单元|-)\s*)?(\d+)")
CODE, NAME, AMOUNT = "附言里有房号", "户名是业主", "金额等于续交通知书"
WEIGHT = {CODE: 4, NAME: 2, AMOUNT: 1}
SHOWN = 5


@dataclass
class Guess:
    """A household whose money it may be, and why."""

    unit: int
    code: str
    reasons: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(WEIGHT[reason] for reason in self.reasons)


class Guesser:
    """Finds households for lines of one community; asks the database three times, however many lines."""

    def __init__(self, community: Community, *, today: date):
        self.codes = dict(Unit.objects.filter(community=community).values_list("pk", "code"))
        self.by_parts, self.by_name, self.by_amount = defaultdict(set), defaultdict(set), defaultdict(set)
        for unit, code in self.codes.items():
            numbers = tuple(map(int, re.findall(r"\d+", code)))
            self.by_parts[numbers].add(unit)
            self.by_parts[(numbers[0], numbers[-1]) if numbers else ()].add(unit)
        owners = Ownership.objects.on(today).filter(unit__community=community).values_list("unit", "person__name")
        for unit, name in owners:
            self.by_name[name].add(unit)
        notices = RenewalNotice.objects.open().filter(community=community).values_list("unit", "amount_fen")
        for unit, fen in notices:
            self.by_amount[fen].add(unit)

    def guesses(self, line: BankLine) -> list[Guess]:
        """The likeliest households of a receipt, best first."""
        if line.amount_fen < 0:
            return []
        found = {CODE: self._named(line), NAME: self.by_name[line.party], AMOUNT: self.by_amount[line.amount_fen]}
        units = sorted(set().union(*found.values()), key=self.codes.get)
        rows = [Guess(u, self.codes[u], [why for why, some in found.items() if u in some]) for u in units]
        return sorted(rows, key=lambda guess: -guess.weight)[:SHOWN]

    def _named(self, line: BankLine) -> set[int]:
        """Units whose code stands in the remark, as the register writes it or as people do: 3幢1单元502."""
        said = [tuple(int(part) for part in parts if part) for parts in PARTS.findall(f"{line.remark} {line.party}")]
        found = [units for parts in said if len(units := self.by_parts.get(parts, set())) == 1]
        return set().union(*found)


def candidates(line: BankLine) -> list[PostingProposal]:
    """Proposals and vouchers of the same account and amount that stand for no line yet, the nearest day first."""
    rows = PostingProposal.objects.filter(community=line.community_id, lines__bank_account=line.bank_account_id)
    rows = _free(rows, line).annotate(moved=Sum(F("lines__debit") - F("lines__credit"))).filter(moved=line.amount_fen)
    rows = rows.select_related("transaction", "made_by")
    return sorted(rows[:100], key=lambda row: abs((_day_of(row) - line.day).days))[:SHOWN]


def _free(rows: QuerySet[PostingProposal], line: BankLine) -> QuerySet[PostingProposal]:
    taken = BankMatch.objects.filter(is_live=True, proposal=OuterRef("pk"), bank_account=line.bank_account_id)
    return rows.standing().filter(~Exists(taken))


def _day_of(row: PostingProposal) -> date:
    return row.transaction.dated_on if row.state == "sealed" else row.dated_on or beijing_date(row.made_at)


# ---------------------------------------------------------------- what a person decides


@transaction.atomic
def match(*, line: BankLine, proposal: PostingProposal, by: User, now: datetime) -> BankMatch:
    """Says that a voucher or proposal stands for a line of the bank's; said twice, it is said once.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: another amount or account, either is matched already, or the voucher was reversed.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    before = BankMatch.objects.filter(line=line, proposal=proposal, is_live=True).first()
    if before:
        return before
    with in_words():
        return BankMatch.objects.create(
            line=line, bank_account_id=line.bank_account_id, proposal=proposal, made_by=by, made_at=now
        )


@transaction.atomic
def deposit(
    *,
    line: BankLine,
    unit: Unit,
    kind: Kind,
    code: str,
    number: int,
    by: User,
    now: datetime,
    payer: str = "OWNER",
    key: UUID | None = None,
) -> PostingProposal:
    """A receipt at the bank that is a household's deposit or renewal, with its receipt. DOMAIN F.3, F.10

    Raises:
        PermissionDenied, LedgerRefused: as `receipts.record` and `match`.
    """
    _demand_side(line, receipt=True)
    say = {"bank_account": line.bank_account, "paid_on": line.day, "is_late": not day_for(line), "payer": payer}
    paper = {"amount_fen": line.amount_fen, "code": code, "number": number}
    proposal = receipts.record(unit=unit, kind=kind, by=by, now=now, key=key, **say, **paper)
    match(line=line, proposal=proposal, by=by, now=now)
    return proposal


OTHERS = {  # what else a line may be: kind, other account, flow
    "unknown": (Kind.UNKNOWN_RECEIPT, "2101", "TRANSFER"),
    "interest": (Kind.INTEREST_IN, "3101", "4101"),
    "income": (Kind.INCOME, "3101", "4201"),
    "returned": (Kind.PAYMENT, "2101", "TRANSFER"),
    "difference": (Kind.CORRECTION, "1901", "TRANSFER"),
}


@transaction.atomic
def book(*, line: BankLine, what: str, memo: str, by: User, now: datetime, key: UUID | None = None) -> PostingProposal:
    """Books a line that is no household's deposit: unknown to 2101, interest, common income; what left to 2101 or 1901.

    Args:
        what: a key of `OTHERS`.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: the side does not fit, or the line is matched.
    """
    kind, account, flow = OTHERS[what]
    if what != "difference":
        _demand_side(line, receipt=what != "returned")
    fen = abs(line.amount_fen)
    side, other = ("debit", "credit") if line.amount_fen > 0 else ("credit", "debit")
    at_bank = {"bank_account": line.bank_account_id, "flow": flow, side: fen}
    lines = [Entry(line.bank_account.account.code, **at_bank), Entry(account, flow=flow, **{other: fen})]
    say = {"community": line.community, "kind": kind, "memo": memo, "dated_on": day_for(line), "key": key}
    proposal = ledger.propose(lines=lines, by=by, now=now, **say)
    match(line=line, proposal=proposal, by=by, now=now)
    return proposal


def _demand_side(line: BankLine, *, receipt: bool) -> None:
    if (line.amount_fen > 0) is not receipt:
        raise LedgerRefused(
            "这一笔是付出的钱，不能当收款记。" if receipt else "这一笔是收到的钱，不能当付款记。", "side"
        )


def day_for(line: BankLine) -> date | None:
    """The day of the line, or None (the day of sealing) when its month is closed."""
    closed = Month.objects.filter(
        community=line.community_id, first_day=line.day.replace(day=1), closed_at__isnull=False
    )
    early = line.community.fund.first_month > line.day
    return None if early or closed.exists() else line.day


def guesses_of(lines: Iterable[BankLine], community: Community, *, today: date) -> None:
    """Gives each line that waits its best guess as ``line.guess``, for a list."""
    guesser = Guesser(community, today=today)
    for line in lines:
        line.guess = None if line.match else next(iter(guesser.guesses(line)), None)
