"""What the bank says of the deposits' accounts: read from its file, each line once, matched to one entry at most."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from lib import bank_statement
from lib.bank_statement import Reading

from .models import Deposit, DepositBankLine


class BadStatement(ValidationError):
    """Some rows cannot be read; nothing is kept."""


@transaction.atomic
def read_in(*, account: str, data: bytes, file_name: str, by: User, now: datetime) -> tuple[int, int]:
    """Keeps the lines of a bank's file; the same file again, or one that overlaps, brings only what is new.

    Returns:
        How many lines are new, and how many were known.

    Raises:
        PermissionDenied: not the office's clerk.
        BadFile: no bank's file.
        BadStatement: rows that cannot be read, each with its sentence; nothing is kept.
    """
    demand(by, Act.DEPOSIT)
    if not Deposit.objects.filter(account=account).exists():
        raise ValidationError("没有用这个账号的保证金，先登记保证金。")
    reading: Reading = bank_statement.read(data)
    if reading.problems:
        raise BadStatement([f"第 {row} 行：{words}" for row, words in reading.problems[:50]])
    rows = [
        DepositBankLine(
            account=account,
            fingerprint=mark,
            day=line.day,
            amount_fen=line.amount,
            party=line.party[:100],
            remark=line.remark[:200],
            reference=line.reference[:60],
            file_name=file_name[:100],
            read_by=by,
            read_at=now,
        )
        for line, mark in reading.fingerprints()
    ]
    known = DepositBankLine.objects.filter(account=account, fingerprint__in=[row.fingerprint for row in rows]).count()
    DepositBankLine.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows) - known, known


def likely(line: DepositBankLine) -> list[Deposit]:
    """Deposits that the line may belong to: of its account, those whose firm or community the bank names first."""
    deposits = list(Deposit.objects.filter(account=line.account).select_related("community", "firm"))
    said = f"{line.party} {line.remark}"
    return sorted(deposits, key=lambda row: -((row.firm.name in said) * 2 + (row.community.name in said)))
