"""Notices to renew: whose account is low, the notice in the agency's name, its receipt, and what became of it. F.10"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from communities.models import Community, Unit
from lib.money import yuan
from lib.paper import pdf
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move
from rulebook import rules
from rulebook.deadlines import Term

from . import households
from .first_deposits import not_liable
from .models import Fund, Kind, Line, RenewalNotice
from .renewal_rules import Need, deadline, need

TEMPLATE = "maintenance_fund/renewal_notice.typ"
A_BATCH = 500


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
    out = not_liable(community.pk)
    units = Unit.objects.filter(community=community).exclude(pk__in=out).order_by("code").values_list("pk", "code")
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


@transaction.atomic
def issue(*, book: Fund, by: User, now: datetime) -> list[RenewalNotice]:
    """A notice for each household that is low and has none open, under the registered agency's name. F.10

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: the book is a committee's own (its assembly's plan decides there), or somebody issues just now.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if book.is_self_managed:
        raise WrongState("这是业主自主管理的账，续交按业主大会的续筹方案办，不发管理机构的通知书。")
    today = beijing_date(now)
    _one_at_a_time()
    warned = set(RenewalNotice.objects.open().filter(community=book.community_id).values_list("unit", flat=True))
    fresh = [found for found in low(book.community, today=today) if found.unit not in warned]
    last = _last_number(today.year)
    with first_come("刚才有人发过通知了，请看新的名单。"):
        return RenewalNotice.objects.bulk_create(
            _notice(book, found, last + n, today, by) for n, found in enumerate(fresh, start=1)
        )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('maintenance_fund.renewals'))")


def _last_number(year: int) -> int:
    last = RenewalNotice.objects.filter(number__startswith=f"续交〔{year}〕").aggregate(last=Max("number"))["last"]
    return int(last.rpartition("〕")[2]) if last else 0


def _notice(book: Fund, found: Candidate, number: int, today: date, by: User) -> RenewalNotice:
    return RenewalNotice(
        community_id=book.community_id,
        unit_id=found.unit,
        number=f"续交〔{today.year}〕{number:06}",
        agency=book.agency,
        as_of=today,
        balance_fen=found.balance,
        first_deposit_fen=found.first_deposit,
        amount_fen=found.need.top_up,
        issued_on=today,
        issued_by=by,
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
    term = deadline(on)
    columns = {
        "received_on": on,
        "delivery": delivery,
        "term_start": on,
        "term_days": rules.on(on, "fund.renewal_days"),
        "term_counting": Term.Counting.DAYS_ROLLED,
        "due_on": term.due.date,
        "due_provisional": term.due.provisional,
    }
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
    closed = 0
    for notice in RenewalNotice.objects.open().select_related("unit"):
        if paid_since(notice) >= notice.amount_fen:
            rows = RenewalNotice.objects.open().filter(pk=notice.pk)
            closed += rows.update(state="paid", closed_on=beijing_date(now))
    return closed


def paid_since(notice: RenewalNotice) -> int:
    """What was renewed since the notice, reversals taken off, fen."""
    lines = Line.objects.of_household(notice.unit_id).filter(transaction__dated_on__gte=notice.issued_on)
    kinds = lines.filter(transaction__kind__in=[Kind.RENEWAL, Kind.REVERSAL])
    return sum(
        credit - debit
        for kind, of, credit, debit in kinds.values_list(
            "transaction__kind", "transaction__reverses__kind", "credit", "debit"
        )
        if (of or kind) == Kind.RENEWAL
    )


# ---------------------------------------------------------------- on paper


def paper(notices: Iterable[RenewalNotice]) -> bytes:
    """The notices as one PDF, a page each, in one statement; batches of 500 are what is printed at once."""
    notices = list(notices)
    spent = _spent(notices)
    pages = [_words(notice, spent[notice.unit_id]) for notice in notices]
    return pdf(TEMPLATE, {"title": "续交通知书", "notices": pages})


def _spent(notices: list[RenewalNotice]) -> dict[int, list[tuple[date, str, int]]]:
    """What each household paid for works, with the day and the work; fen."""
    found = defaultdict(list)
    units = [notice.unit_id for notice in notices]
    lines = Line.objects.filter(unit__in=units, account__code="3001", flow="5001").order_by("id")
    for unit, day, memo, debit, credit in lines.values_list(
        "unit", "transaction__dated_on", "transaction__memo", "debit", "credit"
    ):
        found[unit].append((day, memo, debit - credit))
    return found


def _words(notice: RenewalNotice, spent: list[tuple[date, str, int]]) -> dict:
    used = [(day, memo, fen) for day, memo, fen in spent if day <= notice.as_of]
    share = notice.balance_fen * 10_000 // notice.first_deposit_fen
    return {
        "number": notice.number,
        "home": f"{notice.community}{notice.unit.code}",
        "as_of": _day(notice.as_of),
        "balance": yuan(notice.balance_fen),
        "first": yuan(notice.first_deposit_fen),
        "share": f"{share // 100}.{share % 100:02}",
        "amount": yuan(notice.amount_fen),
        "days": rules.on(notice.issued_on, "fund.renewal_days"),
        "used": [[f"{day.year}年{day.month}月", memo, yuan(fen)] for day, memo, fen in used],
        "used_total": yuan(sum(fen for _, _, fen in used)),
        "agency": notice.agency,
        "issued_on": _day(notice.issued_on),
        "copies": f"{notice.community}业主委员会、{notice.community.village_committee}",
    }


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
