"""The monthly look at book and bank 对账: differences explained, and what must be booked first. DOMAIN F.15"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models


class Item(models.TextChoices):
    """What one side has and the other has not."""

    BOOK_IN_NOT_BANK = "BOOK_IN_NOT_BANK", "企业已收、银行未收"
    BOOK_OUT_NOT_BANK = "BOOK_OUT_NOT_BANK", "企业已付、银行未付"
    BANK_IN_NOT_BOOK = "BANK_IN_NOT_BOOK", "银行已收、企业未收"
    BANK_OUT_NOT_BOOK = "BANK_OUT_NOT_BOOK", "银行已付、企业未付"


BANK_SIDE = {Item.BOOK_IN_NOT_BANK: 1, Item.BOOK_OUT_NOT_BANK: -1}
BOOK_SIDE = {Item.BANK_IN_NOT_BOOK: 1, Item.BANK_OUT_NOT_BOOK: -1}


@dataclass(frozen=True)
class Reconciliation:
    """Both sides after the items, in fen."""

    adjusted_book: int
    adjusted_bank: int
    is_all_booked: bool

    @property
    def difference(self) -> int:
        return self.adjusted_book - self.adjusted_bank

    @property
    def is_closable(self) -> bool:
        """Equal, and nothing left that the bank has and the book has not: that is booked first."""
        return not self.difference and self.is_all_booked


def reconcile(*, book: int, bank: int, items: Iterable[tuple[str, int]]) -> Reconciliation:
    """Book and bank balance, fen, with the items that explain the difference, each a positive amount."""
    items = list(items)
    for kind, fen in items:
        book += BOOK_SIDE.get(kind, 0) * fen
        bank += BANK_SIDE.get(kind, 0) * fen
    return Reconciliation(book, bank, not any(kind in BOOK_SIDE for kind, _ in items))


def receipt_gaps(first: int, used: Iterable[int]) -> list[int]:
    """Numbers never seen (neither issued, voided nor reversed) below the highest that was. DOMAIN F.6"""
    used = set(used)
    return [number for number in range(first, max(used, default=first)) if number not in used]
