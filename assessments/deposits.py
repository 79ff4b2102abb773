"""The deposit: what a score is worth, what a contract agrees on, entries by two. Fen throughout. 保证金, DOMAIN D.6"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand, demand_check, demand_other
from communities.models import Community, Contract
from lib.money import half_up
from lib.periods import beijing_date
from lib.states import WrongState, first_come
from lib.states import move as shift
from rulebook import rules

from . import messages, points, tables
from .kinds import LineKind
from .models import (
    WORKING,
    AwardBudget,
    Band,
    Deposit,
    DepositBankLine,
    DepositEntry,
    DepositLine,
    ScoreSheet,
    ScoreTable,
)
from .replenishing import is_short, settle_notices

MONTHS, FULL_BP = 12, 10_000
MOST_FEN = 10**13
WORDS = ("clause", "holder", "bank", "account", "beneficiary")
RECKONED = ("price_fen", "area_centi", "annual_fee_fen", "opening_fen")


class Moved(NamedTuple):
    """What a score does to a deposit."""

    band: str
    monthly_base: int
    reward: int
    deduct: int
    unpaid: int
    balance_after: int
    replenish_notice: bool


def move(
    *,
    score_deci: int,
    opening_fen: int,
    balance_fen: int,
    on: date,
    kind: str = Community.Kind.SETTLEMENT,
    not_above: str | None = None,
    is_inspected: bool = True,
    has_budget: bool = True,
    no_reward: bool = False,
) -> Moved:
    """What a published score moves: rewards and deductions are floored, a deduction takes no more than there is. D.6

    Args:
        on: any day of the month that is scored; it decides the table and the rules.
        not_above: the band above which a gate does not let it rise.
        is_inspected: not sufficiently inspected means no band and no money.
        has_budget: whether the contract's party has set money aside for rewards.
    """
    steps = bands_on(kind, on)
    letter = points.band(score_deci, [points.Step(row.letter, row.from_deci) for row in steps], not_above=not_above)
    bp = next(row.bp for row in steps if row.letter == letter) if is_inspected else 0
    base, wanted, reward = share(opening_fen, bp)
    deduct = min(wanted, max(0, balance_fen))
    after = balance_fen - deduct
    return Moved(
        band=letter if is_inspected else "",
        monthly_base=base,
        reward=reward if has_budget and not no_reward else 0,
        deduct=deduct,
        unpaid=wanted - deduct,
        balance_after=after,
        replenish_notice=is_short(after, opening_fen, on=on),
    )


class Share(NamedTuple):
    """A month's base, and what a band takes of it or adds to it (fen)."""

    base: int
    wanted: int
    reward: int


def share(opening_fen: int, bp: int) -> Share:
    """What a band of ``bp`` is worth for a deposit: a twelfth of the opening, each step floored. DOMAIN D.6"""
    base = opening_fen // MONTHS
    return Share(base, base * max(0, -bp) // FULL_BP, base * max(0, bp) // FULL_BP)


def bands_on(kind: str, day: date) -> list[Band]:
    """The bands of the table in force.

    Raises:
        ValidationError: no checked table holds on that day.
    """
    key = tables.key_for(kind, day)
    if key is None:
        raise ValidationError("这一天没有复核过的考核表，先把考核表复核好。")
    return list(ScoreTable(pk=key).bands.all())


# ---------------------------------------------------------------- agreed in a contract


def opening_of(contract: Contract, *, price_fen: int, area_centi: int, on: date) -> tuple[int, int]:
    """Annual fee and opening: price × charged area × twelve months, and its share by rule, half up. DOMAIN D.6"""
    annual = half_up(price_fen * area_centi * MONTHS, 100)
    family = "settlement" if contract.community.kind == Community.Kind.SETTLEMENT else "developed"
    return annual, half_up(annual * rules.on(on, f"deposit.opening_bp.{family}"), FULL_BP)


class Agreed(NamedTuple):
    """What a contract says of its deposit; ``opening_fen`` where it says another amount than the rule."""

    clause: str
    holder: str
    bank: str
    account: str
    beneficiary: str
    price_fen: int
    area_centi: int
    opening_fen: int | None = None


@transaction.atomic
def agree(*, contract: Contract, by: User, now: datetime, **agreed) -> Deposit:
    """Notes a deposit that a contract agrees on; the money comes with the first entry. DOMAIN 0.6b, D.6

    Args:
        agreed: as `Agreed`.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: something is missing, the fee is 0, or the contract has a deposit already.
    """
    demand(by, Act.DEPOSIT)
    row = Deposit(contract=contract, community=contract.community, firm=contract.firm, made_by=by, made_at=now)
    _put(row, Agreed(**agreed), beijing_date(now))
    row.full_clean()
    row.save(force_insert=True)
    return row


@transaction.atomic
def amend(*, deposit: Deposit, by: User, now: datetime, **agreed) -> None:
    """Puts right what was noted; the history keeps what it was. Once it is opened, price, area and opening stay.

    Args:
        agreed: as `Agreed`, all of it.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: something is missing, the fee is 0, or what stays was changed.
    """
    demand(by, Act.DEPOSIT)
    row = held(deposit.pk)
    before = [getattr(row, name) for name in RECKONED]
    _put(row, Agreed(**agreed), beijing_date(row.made_at))
    if row.last_no and before != [getattr(row, name) for name in RECKONED]:
        raise ValidationError("开户以后，单价、面积、开户额不能再改。钱多了、少了，记一笔更正。")
    row.full_clean()
    row.save(update_fields=[*WORDS, *RECKONED])


def _put(row: Deposit, agreed: Agreed, on: date) -> None:
    annual, opening = opening_of(row.contract, price_fen=agreed.price_fen, area_centi=agreed.area_centi, on=on)
    for name, value in agreed._asdict().items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.annual_fee_fen, row.opening_fen = annual, agreed.opening_fen or opening


# ---------------------------------------------------------------- by two people


@transaction.atomic
def propose(
    *,
    deposit: Deposit,
    kind: str,
    amount_fen: int,
    on: date,
    text: str = "",
    bank_line: DepositBankLine | None = None,
    key: UUID | None = None,
    by: User,
    now: datetime,
) -> DepositEntry:
    """The clerk writes an entry; another person books it. Sent twice under one key it is one.

    Args:
        amount_fen: what comes (positive) or, for ADJUST, what changes; a return is what goes back, positive.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: a wrong amount, a day to come, a return before the contract has ended.
        WrongState: the bank's line is booked already, or the deposit was opened before.
    """
    demand(by, Act.DEPOSIT)
    if key and (known := DepositEntry.objects.filter(key=key).first()):
        return known
    row = DepositEntry(deposit=deposit, kind=kind, on=on, text=text.strip()[:200], bank_line=bank_line)
    row.amount_fen = -amount_fen if kind == LineKind.RETURN else amount_fen
    row.made_by, row.made_at = by, now
    if key:
        row.key = key
    _demand_possible(row, beijing_date(now))
    row.full_clean(exclude=["bank_line"])
    with first_come("这一笔银行流水已经记过账了。"):
        row.save(force_insert=True)
    messages.entry_made(row, now=now)
    return row


def _demand_possible(row: DepositEntry, today: date) -> None:
    deposit, wrong = row.deposit, {}
    if row.on > today:
        wrong["on"] = "日期不能在今天以后。"
    if row.kind == LineKind.DEDUCT:
        wrong["kind"] = "扣除只由公布的考核入账，要改用“更正”。"
    if row.kind == LineKind.REPLENISH and not deposit.last_no:
        wrong["kind"] = "还没有开户，先记开户的一笔。"
    if row.kind == LineKind.RETURN and (why := _not_to_return(deposit, today)):
        wrong["kind"] = why
    if abs(row.amount_fen) > MOST_FEN:
        wrong["amount"] = "金额太大，看看是不是多打了几位。"
    if row.kind in (LineKind.RETURN, LineKind.ADJUST) and deposit.balance_fen + row.amount_fen < 0:
        wrong["amount"] = "余额没有这么多。"
    if row.bank_line and row.bank_line.amount_fen != row.amount_fen:
        wrong["amount"] = "和选的那笔银行流水金额不一样。"
    if wrong:
        raise ValidationError(wrong)


def _not_to_return(deposit: Deposit, today: date) -> str:
    """Why the money does not go back yet, in words. DOMAIN D.6: after what is open is settled."""
    if not deposit.is_over(today):
        return "合同结束以后才退还。"
    months = ScoreSheet.objects.months().filter(contract=deposit.contract_id)
    open_ = months.filter(state__in=WORKING).exists() or months.unbooked().exists()
    return "还有考核没公布、没入账，或者有没扣成的，了结以后再退还。" if open_ or deposit.unpaid_fen else ""


@transaction.atomic
def book(*, entry: DepositEntry, by: User, now: datetime) -> DepositLine:
    """Another person books the entry: the line stands for ever. What is unpaid is taken first from a replenishment.

    Raises:
        PermissionDenied: not the town's head, or whoever wrote it.
        WrongState: booked or sent back before, or the balance does not reach any more.
    """
    demand_check(by, Act.DEPOSIT)
    demand_other(by, entry.made_by_id)
    deposit = held(entry.deposit_id)
    to = {"state": DepositEntry.State.BOOKED, "checked_by": by, "checked_at": now}
    shift(entry, state=DepositEntry.State.OPEN, to=to, else_="这一笔刚才已经处理过了。")
    if entry.kind == LineKind.RETURN and (why := _not_to_return(deposit, beijing_date(now))):
        raise WrongState(why)
    if deposit.balance_fen + entry.amount_fen < 0:
        raise WrongState("余额没有这么多了，退回让经办改。")
    people = {"made_by": entry.made_by, "checked_by": by, "at": now}
    words = entry.text or entry.get_kind_display()
    line = write_line(deposit, entry.kind, entry.amount_fen, on=entry.on, text=words, entry=entry, **people)
    if entry.kind == LineKind.REPLENISH:
        _take_unpaid(deposit, line, people)
    settle_notices(deposit, now=now)
    return line


def _take_unpaid(deposit: Deposit, line: DepositLine, people: dict) -> None:
    taken = min(deposit.unpaid_fen, deposit.balance_fen)
    if taken:
        text = "补扣以前没扣成的"
        write_line(deposit, LineKind.DEDUCT, -taken, unpaid=-taken, on=line.on, text=text, settles=line, **people)


@transaction.atomic
def refuse(*, entry: DepositEntry, why: str, by: User, now: datetime) -> None:
    """The checker sends an entry back; its bank line is free again.

    Raises:
        PermissionDenied, WrongState: as `book`.
        ValidationError: no reason.
    """
    demand_check(by, Act.DEPOSIT)
    demand_other(by, entry.made_by_id)
    if not why.strip():
        raise ValidationError({"why": "写一句为什么退回。"})
    to = {"state": DepositEntry.State.REFUSED, "checked_by": by, "checked_at": now, "bank_line": None}
    to["refused_why"] = why.strip()[:200]
    shift(entry, state=DepositEntry.State.OPEN, to=to, else_="这一笔刚才已经处理过了。")


def held(pk: int) -> Deposit:
    """The deposit, locked for this transaction."""
    return Deposit.objects.select_for_update(of=("self",)).select_related("contract", "community", "firm").get(pk=pk)


def write_line(
    deposit: Deposit, kind: str, amount: int, *, unpaid: int = 0, on: date, text: str, **more
) -> DepositLine:
    """Writes a line; number and balance are the database's."""
    line = DepositLine.objects.create(
        deposit=deposit, kind=kind, amount_fen=amount, unpaid_fen=unpaid, on=on, text=text[:200], **more
    )
    line.refresh_from_db()
    deposit.refresh_from_db(fields=["balance_fen", "unpaid_fen", "last_no"])
    return line


# ---------------------------------------------------------------- rewards


@transaction.atomic
def set_aside(
    *,
    community: Community,
    party: str,
    amount_fen: int,
    document: str,
    first_day: date,
    last_day: date | None = None,
    by: User,
    now: datetime,
) -> AwardBudget:
    """Notes money that a contract's other party sets aside for rewards. DOMAIN D.6

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: something is missing, or there is a budget on one of these days.
    """
    demand(by, Act.DEPOSIT)
    row = AwardBudget(community=community, party=party.strip(), amount_fen=amount_fen, document=document.strip())
    row.first_day, row.last_day, row.made_by = first_day, last_day, by
    row.full_clean()
    row.save(force_insert=True)
    return row
