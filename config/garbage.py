"""Python's garbage collector, told what need not be looked through.

What a process loads at start (half a million objects) stays for ever, and a page or a task that reads thousands of
rows made the collector walk through all of it several times: 40 % of the time of 10,000 reminders (bench/README.md).
"""

import gc

YOUNG = 50_000  # new objects before the young ones are looked through; Python's own number is 700


def settle() -> None:
    """Called once in each process, when everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
