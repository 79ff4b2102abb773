"""Interest shared by balance-days 积数: the balance at the end of each day, summed. DOMAIN F.11"""

from collections.abc import Mapping, Sequence

from lib.money import allocate


def products(history: Mapping[str, Sequence[tuple[int, int]]]) -> dict[str, int]:
    """The balance-days of each household from its stretches of (days, balance in fen)."""
    return {code: sum(days * balance for days, balance in stretches) for code, stretches in history.items()}


def shares(interest_fen: int, weights: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Each household's share and what stays in 3101: all of it when nobody had a balance.

    Exact in sum; a negative adjustment mirrors the positive.
    """
    if not sum(weights.values()):
        return dict.fromkeys(sorted(weights), 0), interest_fen
    return allocate(interest_fen, weights), 0
