"""Millions of shares by largest remainder: not one fen may be lost, and nobody is a fen off the exact share.

.venv/bin/python -m bench.faults.allocate 5000000
"""

import random
import sys
import time

from lib.money import allocate


def trial(chance: random.Random) -> bool:
    """One amount over up to six units, of sizes that households, projects and whole funds have."""
    amount = chance.randrange(-(10 ** chance.randrange(1, 14)), 10 ** chance.randrange(1, 14))
    weights = {f"{n:02}-0101": chance.randrange(0, 30_000) for n in range(chance.randrange(1, 7))}
    total = sum(weights.values())
    if not total:
        return True
    shares = allocate(amount, weights)
    exact = sum(shares.values()) == amount
    return exact and all(abs(shares[code] * total - amount * weight) < total for code, weight in weights.items())


def main() -> None:
    times, seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, 20261123
    chance, start = random.Random(seed), time.perf_counter()
    wrong = sum(not trial(chance) for _ in range(times))
    print(f"{times:,} allocations, seed {seed}, {time.perf_counter() - start:.0f} s: {wrong} fen off")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
