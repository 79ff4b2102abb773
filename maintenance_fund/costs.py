"""One amount shared over the households of a community, by area to the fen. DOMAIN F.8"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from communities.models import Community
from lib.money import allocate

from .first_deposits import taking_part
from .ledger import Entry
from .models import BankAccount, Debtor


def shares(units: Iterable[tuple[int, str, int]], amount_fen: int) -> dict[int, int]:
    """Each unit's share of an amount, in fen, by area.

    Args:
        units: key, code and area in 0.01 m² of each.

    Raises:
        ScopeAreaZero: the areas sum to zero.
    """
    units = list(units)
    of_code = allocate(amount_fen, {code: area for _, code, area in units})
    return {key: of_code[code] for key, code, _ in units}


def shared(*, community: Community, cost_fen: int, bank_account: BankAccount) -> Iterator[Entry]:
    """The lines by which a cost paid from the bank is borne by all households of a community that take part. F.8"""
    units = taking_part(community.pk).values_list("pk", "code", "area_centi")
    for unit, fen in shares(units, cost_fen).items():
        if fen:
            yield Entry("3001", debit=fen, unit=unit, flow="5001")
    yield Entry(bank_account.account.code, credit=cost_fen, bank_account=bank_account.pk, flow="5001")


@dataclass(frozen=True)
class Bearer:
    """A unit in the scope of a cost: whether it is sold, and what its account holds in fen."""

    code: str
    area: int
    is_sold: bool
    balance: int


@dataclass(frozen=True)
class Share:
    """A unit's share: what its account pays, and what somebody owes for it."""

    code: str
    share: int
    from_account: int
    receivable: int
    debtor: str | None


def with_debtors(amount_fen: int, bearers: Iterable[Bearer]) -> list[Share]:
    """Shares an amount by area; an unsold unit's share is the developer's debt, what an account lacks its owner's. F.8

    Raises:
        ScopeAreaZero: the areas sum to zero.
    """
    bearers = sorted(bearers, key=lambda bearer: bearer.code)
    of = allocate(amount_fen, {bearer.code: bearer.area for bearer in bearers})
    return [_share(bearer, of[bearer.code]) for bearer in bearers]


def _share(bearer: Bearer, share: int) -> Share:
    paid = min(share, bearer.balance) if bearer.is_sold else 0
    owed = share - paid
    debtor = (Debtor.OWNER if bearer.is_sold else Debtor.DEVELOPER).value if owed else None
    return Share(bearer.code, share, paid, owed, debtor)
