"""A deposit below its share of the opening: the firm is asked, and who does not pay is named. 补足, DOMAIN D.6"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from lib.periods import beijing_date, midnight
from rulebook import rules

from . import credit, messages
from .models import Deposit, ReplenishNotice


def is_short(balance_fen: int, opening_fen: int, *, on: date) -> bool:
    """Strictly below its share of the opening: to be replenished."""
    part, of = rules.on(on, "deposit.replenish_below")
    return balance_fen * of < opening_fen * part


def settle_notices(deposit: Deposit, *, now: datetime) -> None:
    """Asks for a replenishment where the balance has fallen below its share, and ends the notice when it is paid."""
    today = beijing_date(now)
    open_ = ReplenishNotice.objects.open().filter(deposit=deposit)
    over = deposit.is_over(today)
    notice = open_.first()
    if notice and (over or _replenished(notice) >= notice.amount_fen):
        state = ReplenishNotice.State.ENDED if over else ReplenishNotice.State.PAID
        open_.update(state=state, closed_on=today)
    elif not notice and not over and is_short(deposit.balance_fen, deposit.opening_fen, on=today):
        missing = deposit.opening_fen - deposit.balance_fen
        notice = ReplenishNotice(deposit=deposit, amount_fen=missing, issued_on=today)
        notice.start_term(today, rules.on(today, "deposit.replenish_wd"))
        notice.save(force_insert=True)
        messages.replenish(notice, now=now)


def _replenished(notice: ReplenishNotice) -> int:
    """What has come in since the day of the notice."""
    lines = notice.deposit.lines.filter(at__gte=midnight(notice.issued_on), amount_fen__gt=0)
    return lines.aggregate(fen=Sum("amount_fen", default=0))["fen"]


def chase(*, now: datetime) -> int:
    """Notices whose term has passed: the office is told, once, to tell the contract's other party. DOMAIN D.6"""
    today, late = beijing_date(now), 0
    waiting = ReplenishNotice.objects.overdue(today=today).filter(told_party_at=None)
    for notice in waiting.select_related("deposit__firm"):
        with transaction.atomic():
            if ReplenishNotice.objects.filter(pk=notice.pk, told_party_at=None).update(told_party_at=now):
                messages.not_replenished(notice, now=now)
                credit.propose_unpaid(notice, now=now)
                late += 1
    return late
