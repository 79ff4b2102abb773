"""How long a notice gives: deemed receipt, the term of a round, the recheck. DOMAIN B.6

The rule rows are those of the day on which the round was issued.
"""

from datetime import date
from typing import NamedTuple

from rulebook import rules
from rulebook.deadlines import due_after
from rulebook.workdays import WorkingDay, add_working_days


class Due(NamedTuple):
    """From when the term runs, until when, and whether a year that is not loaded had a part in it."""

    received_effective: date
    due: WorkingDay


def days_given(severity: str, no: int, *, issued: date) -> int:
    """Working days of a round: ``rectify.general`` and its like, ``rectify.reissue.…`` from the second on."""
    return rules.on(issued, f"rectify.{'' if no == 1 else 'reissue.'}{severity}")


def deemed_receipt(issued: date) -> WorkingDay:
    """The day on which a notice counts as received though nobody signed."""
    return add_working_days(issued, rules.on(issued, "patrol.deemed_receipt_workdays"))


def rectify_due(*, issued: date, received: date | None, severity: str, no: int) -> Due:
    """The last day for a reply: so many working days after the signature or the deemed receipt, what came first."""
    deemed = deemed_receipt(issued)
    start = min(received or deemed.date, deemed.date)
    due = due_after(start, days_given(severity, no, issued=issued))
    return Due(start, WorkingDay(due.date, due.provisional or (deemed.provisional and start == deemed.date)))


def recheck_until(replied: date) -> date:
    """The last day of the recheck after a reply."""
    return add_working_days(replied, rules.on(replied, "recheck.workdays")).date


def plan_until(received: date, *, issued: date) -> date:
    """The last day for responsible person, limit and measure."""
    return add_working_days(received, rules.on(issued, "hazard.plan_wd")).date


def objection_until(received: date, *, issued: date) -> date:
    """The last day on which the firm may object."""
    return add_working_days(received, rules.on(issued, "notice.objection_wd")).date


def objection_words(day: date) -> tuple[str, str]:
    """How long the firm has to object and the office to answer, in words of the rules of the day: 2 个工作日."""
    return tuple(rules.in_force(day, f"notice.{key}").words for key in ("objection_wd", "objection_decide_wd"))
