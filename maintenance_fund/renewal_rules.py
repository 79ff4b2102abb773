"""When a household has to renew 续交, how much, and until when. DOMAIN F.10"""

from dataclasses import dataclass
from datetime import date, timedelta

from rulebook import rules
from rulebook.deadlines import Term, due_after
from rulebook.workdays import WorkingDay

NO_FIRST_DEPOSIT = "NO_FIRST_DEPOSIT"


@dataclass(frozen=True)
class Need:
    """Whether a household has to renew and by how many fen; undecided (None) with a reason."""

    is_needed: bool | None
    top_up: int = 0
    reason: str = ""


def need(*, balance: int, first_deposit: int, day: date) -> Need:
    """Below the share of the first deposit that the rule says (exactly it is enough), up to the first deposit again.

    Args:
        balance: fen on the household's account, posted interest included, holds not deducted.
        first_deposit: fen, with posted corrections; 0 when it is not known.
    """
    if first_deposit <= 0:
        return Need(None, reason=NO_FIRST_DEPOSIT)
    ratio = rules.on(day, "fund.renewal_ratio")
    if balance * ratio.of < first_deposit * ratio.part:
        return Need(True, first_deposit - balance)
    return Need(False)


@dataclass(frozen=True)
class Deadline:
    """The last day as counted, and as it holds when that is no working day."""

    nominal: date
    due: WorkingDay

    @property
    def overdue_from(self) -> date:
        return self.due.date + timedelta(days=1)


def deadline(received: date) -> Deadline:
    """The last day to renew after a notice was received; the day of receipt is not counted. DOMAIN F.10, 0.2"""
    days = rules.on(received, "fund.renewal_days")
    return Deadline(received + timedelta(days=days), due_after(received, days, Term.Counting.DAYS_ROLLED))
