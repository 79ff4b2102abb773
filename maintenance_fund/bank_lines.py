"""The bank's files brought in: lines that are never changed, each once however often its file comes. DOMAIN F.15"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from lib import bank_statement
from lib.bank_statement import Movement
from lib.periods import beijing_date

from .ledger import LedgerRefused, in_words, one_at_a_time
from .models import BankAccount, BankLine, BankStatement


@dataclass(frozen=True)
class Brought:
    """What came of a file: lines that were new, those that an earlier file had, or the rows that must be mended."""

    new: int = 0
    known: int = 0
    problems: tuple[tuple[int, str], ...] = ()


@transaction.atomic
def bring_in(
    *, bank_account: BankAccount, file_name: str, data: bytes, by: User, now: datetime, is_whole: bool = False
) -> Brought:
    """Takes the lines of a bank's file, all or none; a line that another file brought is left as it is.

    Args:
        is_whole: somebody has looked and says that no row is missing though the balances do not follow each other.

    Raises:
        PermissionDenied: the user does not make vouchers.
        BadFile: no table, or no statement.
        LedgerRefused: the same file again, or the statement of another account.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    reading = bank_statement.read(data)
    _demand_account(bank_account, reading.account)
    problems = reading.problems or _ahead(reading, beijing_date(now)) or ([] if is_whole else reading.breaks())
    if problems:
        return Brought(problems=tuple(problems))
    one_at_a_time(f"lines of account {bank_account.pk}")  # another file may bring some of the same
    with in_words():
        file = BankStatement.objects.create(
            bank_account=bank_account, file_name=file_name[-100:], sha256=sha256(data).hexdigest(), brought_by=by,
            brought_at=now,
        )  # fmt: skip
    known = set(bank_account.bank_lines.values_list("fingerprint", flat=True))
    fresh = [_line(file, movement, mark) for movement, mark in reading.fingerprints() if mark not in known]
    BankLine.objects.bulk_create(fresh, batch_size=5000)
    return Brought(new=len(fresh), known=len(reading.movements) - len(fresh))


def _demand_account(bank_account: BankAccount, said: str) -> None:
    if said and said != bank_account.number.replace("-", ""):
        raise LedgerRefused(
            f"这份对账单写的账号尾号是 {said[-4:]}，不是选的专户，核对后再传。", "bank_statement_account"
        )


def _ahead(reading: bank_statement.Reading, today: date) -> list[tuple[int, str]]:
    return [(line.row, f"日期 {line.day} 还没到。") for line in reading.movements if line.day > today]


def _line(file: BankStatement, movement: Movement, fingerprint: str) -> BankLine:
    return BankLine(
        community_id=file.bank_account.community_id,
        bank_account=file.bank_account,
        statement=file,
        row=movement.row,
        fingerprint=fingerprint,
        day=movement.day,
        amount_fen=movement.amount,
        balance_fen=movement.balance,
        party=movement.party[:100],
        remark=movement.remark[:200],
        reference=movement.reference[:60],
    )


def waiting(community: int, until: date | None = None) -> int:
    """How many lines of a community's accounts no voucher stands for, up to a day."""
    rows = BankLine.objects.filter(community=community).matched(False)
    return (rows.filter(day__lte=until) if until else rows).count()
