"""Notices to renew: whose account is low, the notice in the agency's name, its receipt, and what became of it. F.10"""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from communities.models import Community
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move
from rulebook import rules
from rulebook.deadlines import Term

from . import households
from .first_deposits import taking_part
from .ledger import in_words, one_at_a_time
from .models import Fund, Kind, Line, RenewalBatch, RenewalNotice, RenewalPlan
from .renewal_rules import Need, need


@dataclass(frozen=True)
class Candidate:
    """A unit as the scan found it, fen."""

    unit: int
    code: str
    balance: int
    first_deposit: int
    need: Need


def scan(community: Community, *, today: date) -> list[Candidate]:
    """Every unit of a community with whether it has to renew, in order of the codes; four statements.

    Run after each month close for notices, and at any time as information.
    """
    first, held = households.first_deposits(community.pk), households.balances(community.pk)
    units = taking_part(community.pk).values_list("pk", "code")
    return [
        Candidate(
            unit,
            code,
            held.get(unit, 0),
            first.get(unit, 0),
            need(balance=held.get(unit, 0), first_deposit=first.get(unit, 0), day=today),
        )
        for unit, code in units
    ]


def low(community: Community, *, today: date) -> list[Candidate]:
    """Those that have to renew."""
    return [found for found in scan(community, today=today) if found.need.is_needed]


def unwarned(community: Community, *, today: date) -> list[Candidate]:
    """Those that have to renew and have no open notice. Looked at after each month close. F.10"""
    warned = set(RenewalNotice.objects.open().filter(community=community).values_list("unit", flat=True))
    return [found for found in low(community, today=today) if found.unit not in warned]


def plan_of(community: int) -> RenewalPlan | None:
    """What the assembly decided last about renewing; None where it decided nothing."""
    return RenewalPlan.objects.filter(community=community).first()


def enter_plan(*, book: Fund, by: User, now: datetime, **decided) -> RenewalPlan:
    """Keeps the assembly's plan: how far accounts are filled, in how many instalments, until when. F.10

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: instalments without months between them.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    with in_words():
        return RenewalPlan.objects.create(community_id=book.community_id, entered_by=by, entered_at=now, **decided)


@transaction.atomic
def issue(*, book: Fund, by: User, now: datetime) -> RenewalBatch | None:
    """A notice for each household that is low and has none open, as one batch for the worker to print. F.10

    It bears the registered agency's name; in a book that a committee keeps itself, the committee's, by its assembly's
    plan. None: nobody needs one.

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: a committee's own book without a plan, or somebody issues just now.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    plan = plan_of(book.community_id)
    if book.is_self_managed and not plan:
        raise WrongState("这是业主自主管理的账，续交按业主大会的续筹方案办。先登记方案，再发通知书。")
    today = beijing_date(now)
    one_at_a_time("notices to renew")
    fresh = unwarned(book.community, today=today)
    if not fresh:
        return None
    with first_come("刚才有人发过通知了，请看新的名单。"):
        batch = RenewalBatch.objects.create(
            community_id=book.community_id, issued_on=today, issued_by=by, count=len(fresh),
            stored=secrets.token_hex(16),
        )  # fmt: skip
        last = _last_number(today.year)
        rows = (_notice(book, found, last + n, batch, plan) for n, found in enumerate(fresh, start=1))
        RenewalNotice.objects.bulk_create(rows, batch_size=5000)
    return batch


def _last_number(year: int) -> int:
    last = RenewalNotice.objects.filter(number__startswith=f"续交〔{year}〕").aggregate(last=Max("number"))["last"]
    return int(last.rpartition("〕")[2]) if last else 0


def asked(found: Candidate, plan: RenewalPlan | None) -> int:
    """How much a household that is low is asked for, fen: up to its first deposit, or to what the plan says."""
    target = found.first_deposit * plan.target_bp // 10_000 if plan else found.first_deposit
    return max(target - found.balance, 1)


def _notice(book: Fund, found: Candidate, number: int, batch: RenewalBatch, plan: RenewalPlan | None) -> RenewalNotice:
    return RenewalNotice(
        community_id=book.community_id,
        unit_id=found.unit,
        batch=batch,
        plan=plan,
        number=f"续交〔{batch.issued_on.year}〕{number:06}",
        agency=f"{book.community}业主委员会" if book.is_self_managed else book.agency,
        as_of=batch.issued_on,
        balance_fen=found.balance,
        first_deposit_fen=found.first_deposit,
        amount_fen=asked(found, plan),
        issued_on=batch.issued_on,
        issued_by=batch.issued_by,
    )


def receive(*, notice: RenewalNotice, on: date, delivery: str, by: User, now: datetime) -> None:
    """Notes that a notice was received, which starts the ninety days. F.10, 0.2

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: noted before, or the notice is over; or the day is before the notice or still to come.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if not notice.issued_on <= on <= beijing_date(now):
        raise WrongState("收到日期要在发出那天到今天之间。")
    days = notice.plan.days if notice.plan and notice.plan.days else rules.on(on, "fund.renewal_days")
    notice.start_term(on, days, Term.Counting.DAYS_ROLLED)
    term = ("term_start", "term_days", "term_counting", "due_on", "due_provisional")
    columns = {"received_on": on, "delivery": delivery} | {name: getattr(notice, name) for name in term}
    move(notice, state="open", received_on=None, to=columns, else_="这份通知书的收到日期已经登记过，或者已经了结。")


def withdraw(*, notice: RenewalNotice, reason: str, by: User, now: datetime) -> None:
    """Takes an open notice back, for instance because the first deposit was wrong.

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: it is over.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    to = {"state": "withdrawn", "reason": reason, "closed_on": beijing_date(now)}
    move(notice, state="open", to=to, else_="这份通知书已经了结。")


def settle(*, now: datetime) -> int:
    """Closes notices whose amount has been renewed since; run at any time, twice changes nothing more.

    Returns:
        How many were closed.
    """
    today = beijing_date(now)
    notices = list(RenewalNotice.objects.open())
    sums = paid(notices)
    done = [notice.pk for notice in notices if sums[notice.pk] >= notice.amount_fen]
    return RenewalNotice.objects.open().filter(pk__in=done).update(state="paid", closed_on=today)


def paid(notices: Iterable[RenewalNotice]) -> dict[int, int]:
    """What was renewed since each notice, reversals taken off, fen by the notice's key; one statement."""
    notices, moved = list(notices), defaultdict(list)
    lines = Line.objects.filter(unit__in={notice.unit_id for notice in notices}, account__code="3001")
    lines = lines.filter(Q(transaction__kind=Kind.RENEWAL) | Q(transaction__reverses__kind=Kind.RENEWAL))
    for unit, day, credit, debit in lines.values_list("unit", "transaction__dated_on", "credit", "debit"):
        moved[unit].append((day, credit - debit))
    return {notice.pk: sum(fen for day, fen in moved[notice.unit_id] if day >= notice.issued_on) for notice in notices}
