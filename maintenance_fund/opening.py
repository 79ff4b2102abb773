"""Opening a book from the agency's list 期初建账: per unit first deposit, its day, present balance. DOMAIN F.5a"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from accounts.models import User
from communities.models import Community, Unit
from lib import table_files
from lib.money import parse_yuan
from lib.table_files import BadFile

from . import ledger
from .ledger import Entry, in_words
from .models import BankAccount, Kind, OpeningDeposit, PostingProposal

HEADINGS = {
    "code": ("房号", "房号编码"),
    "first": ("首期交存", "首期"),
    "day": ("交存日期", "首期日期"),
    "balance": ("余额",),
}
MOST_FEN = 10**12


@dataclass(frozen=True)
class Household:
    """A line of the list that can be read; fen."""

    unit: int
    code: str
    first: int | None
    day: date | None
    balance: int


@dataclass
class Reading:
    """What the list says, and what is wrong with it, by the sheet's own row numbers."""

    households: list[Household] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(household.balance for household in self.households)


def read(data: bytes, community: Community) -> Reading:
    """Reads the agency's workbook; every bad row is named with its reason, and nothing is written.

    Raises:
        BadFile: no workbook, or the headings are missing.
    """
    rows = table_files.first_rows(data)
    place, header = _header(rows)
    units, reading, seen = _units(community), Reading(), set()
    for number, cells in enumerate(rows[place + 1 :], start=place + 2):
        values = {name: cells[column] if column < len(cells) else "" for name, column in header.items()}
        if not any(str(value).strip() for value in values.values()) or str(values["code"]).strip() in ("合计", "总计"):
            continue
        try:
            household = _household(values, units, seen)
        except ValueError as error:
            reading.problems.append((number, str(error)))
        else:
            reading.households.append(household)
    if not reading.households and not reading.problems:
        reading.problems.append((place + 2, "表里一户也没有。"))
    return reading


def _units(community: Community) -> dict[str, int]:
    return dict(Unit.objects.filter(community=community).values_list("code", "pk"))


def _header(rows: list[list]) -> tuple[int, dict[str, int]]:
    """Where the headings stand: in one of the first rows, in any order."""
    for place, cells in enumerate(rows[:10]):
        said = [str(cell).strip() for cell in cells]
        found = {
            name: next((said.index(word) for word in words if word in said), None) for name, words in HEADINGS.items()
        }
        if found["code"] is not None and found["balance"] is not None:
            return place, {name: column for name, column in found.items() if column is not None}
    raise BadFile("没找到表头。表头要有“房号”“余额”，最好还有“首期交存”“交存日期”。")


def _household(values: dict, units: dict[str, int], seen: set[str]) -> Household:
    code = str(values["code"]).strip()
    if code not in units:
        raise ValueError(f"台账里没有房号 {code or '（空）'}，先到小区台账里补上，或改成台账的写法。")
    if code in seen:
        raise ValueError(f"房号 {code} 出现了两次。")
    seen.add(code)
    balance = _fen(values["balance"], "余额")
    said = str(values.get("first", "")).strip()
    first = _fen(values["first"], "首期交存") if said else None
    if balance is None:
        raise ValueError("余额空着。没有余额写 0。")
    return Household(units[code], code, first or None, _day(values.get("day", "")), balance)


def _fen(value, what: str) -> int | None:
    text = f"{value:.2f}" if isinstance(value, float) else str(value).strip()
    if not text:
        return None
    try:
        fen = parse_yuan(text)
    except ValueError as error:
        raise ValueError(f"{what}“{text}”不是金额。{error}") from error
    if fen < 0:
        raise ValueError(f"{what}是负数，请先和管理机构核对。")
    if fen > MOST_FEN:
        raise ValueError(f"{what}太大，看看是不是多打了几位。")
    return fen


def _day(value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip().replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in text.split("-")))
    except ValueError as error:
        raise ValueError(f"交存日期“{value}”写成 2016-06-12 这样。") from error


def propose(
    *,
    households: Iterable[Household],
    bank_account: BankAccount,
    bank_total: int,
    as_of: date,
    by: User,
    now: datetime,
    key: UUID | None = None,
) -> PostingProposal:
    """One opening voucher for a community; what the bank letter says beyond or below the list goes to 1901. F.5a

    Args:
        bank_total: the balance by the bank's letter, fen.
        as_of: the day of list and letter, in the book's first month.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: no book, or the form was somebody else's.
    """
    households = list(households)
    community = bank_account.community
    with in_words():
        say = {"kind": Kind.OPENING, "memo": Kind.OPENING.label, "dated_on": as_of, "key": key}
        lines = _lines(households, bank_account, bank_total)
        proposal = ledger.propose(community=community, lines=lines, by=by, now=now, **say)
        if not proposal.opening_deposits.exists():
            OpeningDeposit.objects.bulk_create(
                OpeningDeposit(proposal=proposal, unit_id=row.unit, amount_fen=row.first, paid_on=row.day)
                for row in households
                if row.first
            )
    return proposal


def _lines(households: list[Household], bank_account: BankAccount, bank_total: int) -> list[Entry]:
    missing = sum(row.balance for row in households) - bank_total
    lines = [Entry("3001", credit=row.balance, unit=row.unit) for row in households if row.balance]
    if bank_total:
        lines.insert(0, Entry(bank_account.account.code, debit=bank_total, bank_account=bank_account.pk))
    if missing:
        lines.append(Entry("1901", debit=max(missing, 0), credit=max(-missing, 0)))
    return lines
