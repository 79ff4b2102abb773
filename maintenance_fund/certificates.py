"""A household's account on paper: the certificate of balance with every line. DOMAIN F.7"""

from datetime import date

from lib.money import capitals, yuan
from lib.paper import pdf

from .households import Statement

TEMPLATE = "maintenance_fund/household.typ"


def paper(account: Statement, *, today: date) -> bytes:
    """The account as a PDF, with the balance in capitals."""
    unit, book = account.unit, account.unit.community.fund
    data = {
        "title": "分户账",
        "community": unit.community.name,
        "code": unit.code,
        "area": unit.area_text,
        "first": yuan(account.first_deposit) if account.first_deposit else "没有登记",
        "balance": yuan(account.balance),
        "capitals": capitals(account.balance),
        "since": account.since and f"{account.since.year}年{account.since.month}月{account.since.day}日以前结转",
        "carried": yuan(account.carried),
        "rows": [
            [f"{row.day}", f"{row.label}{'，' if row.memo else ''}{row.memo}", _or_empty(row.paid_in),
             _or_empty(row.paid_out), yuan(row.balance)] for row in account.rows
        ],
        "debts": [[row.get_debtor_display(), yuan(row.amount)] for row in account.debts],
        "keeper": book.get_keeper_display(),
        "agency": book.agency,
        "day": f"{today.year}年{today.month}月{today.day}日",
    }  # fmt: skip
    return pdf(TEMPLATE, data)


def _or_empty(fen: int) -> str:
    return yuan(fen) if fen else ""
