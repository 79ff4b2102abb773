"""What a firm reports once a month: the fees that came in, and what passed through the supervised account. R15, R16

Totals alone; nobody's payment is recorded by name.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import FileResponse

from accounts.models import User
from accounts.roles import Act, demand
from lib import workbook
from lib.money import yuan
from lib.periods import Month, beijing_date, month_of

from . import days, takings
from .models import Community, Contract, FeeMonth, Firm, SupervisedAccount, SupervisedMonth

MONTHS_SHOWN = 6
TREND = 12
LATER = "后面的月份已经报过，期末变了就接不上。先从最后一个月往前改。"


def months_until(today: date, number: int) -> list[Month]:
    """This month and those before it, the latest first."""
    found = [month_of(today)]
    while len(found) < number:
        found.append(found[-1].previous)
    return found


def _firm_of(by: User, community: Community, month: Month) -> Firm:
    """The firm of the user whose contract holds on a day of the month.

    Raises:
        PermissionDenied: none of theirs served the community then.
    """
    demand(by, Act.MONTHLY)
    contracts = Contract.objects.between(month.first_day, month.last_day).filter(community=community)
    row = contracts.filter(firm__in=Firm.objects.employing(by)).select_related("firm").first()
    if row is None:
        raise PermissionDenied("这个月这个小区不是您的企业服务的。")
    return row.firm


def _demand_month(month: Month, now: datetime) -> None:
    if month > month_of(beijing_date(now)):
        raise ValidationError({"month": "还没到的月份不能报。"})


@transaction.atomic
def report_fees(
    *, community: Community, month: Month, due_fen: int, received_fen: int, by: User, now: datetime
) -> FeeMonth:
    """Reports a month, or corrects it: the amounts in fen.

    Raises:
        PermissionDenied: another firm's community.
        ValidationError: a month to come, more received than due; by field.
    """
    firm = _firm_of(by, community, month)
    _demand_month(month, now)
    days.locked(community)
    row = FeeMonth.objects.filter(community=community, month=month.first_day).first() or FeeMonth(
        community=community, month=month.first_day
    )
    if row.pk and row.firm_id != firm.pk:
        raise ValidationError({"month": f"这个月{row.firm}已经报过，不能改别家的。"})
    row.firm, row.due_fen, row.received_fen = firm, due_fen, received_fen
    row.reported_by, row.reported_at = by, now
    row.full_clean()
    row.save()
    return row


def open_account(
    *, community: Community, bank: str, tail: str, first_day: date, by: User, now: datetime
) -> SupervisedAccount:
    """A community has a supervised account from a day on.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: there is one on these days, more than four digits of the number; by field.
    """
    days.demand_registry(by, community)
    row = SupervisedAccount(community=community, bank=bank, tail=tail, first_day=first_day)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def report_account(
    *, account: SupervisedAccount, month: Month, income_fen: int, expense_fen: int, opening_fen: int | None = None,
    what: str = "", by: User, now: datetime,
) -> SupervisedMonth:  # fmt: skip
    """Reports a month of the account, or corrects its last one. It opens with what the month before closed with.

    Raises:
        PermissionDenied: another firm's community.
        ValidationError: a month to come, a closing below zero, a later month that would no longer follow; by field.
    """
    _firm_of(by, account.community, month)
    _demand_month(month, now)
    days.locked(account)
    others = account.months.exclude(month=month.first_day)
    before = others.filter(month__lt=month.first_day).order_by("-month").first()
    row = account.months.filter(month=month.first_day).first() or SupervisedMonth(
        account=account, month=month.first_day
    )
    row.opening_fen = before.closing_fen if before else opening_fen or 0
    row.income_fen, row.expense_fen, row.what = income_fen, expense_fen, what
    closing = row.opening_fen + income_fen - expense_fen
    if closing < 0:
        raise ValidationError({"expense_fen": f"期初 {yuan(row.opening_fen)} 加收入不够支出，再看看。"})
    if closing != row.closing_fen and others.filter(month__gt=month.first_day).exists():
        raise ValidationError({"month": LATER})
    row.closing_fen, row.reported_by, row.reported_at = closing, by, now
    row.full_clean()
    row.save()
    return row


# ---------------------------------------------------------------- lists


@dataclass
class Line:
    """A community with its fees of the last months, the latest first; None where nothing was reported."""

    community: Community
    months: list[FeeMonth | None] = field(default_factory=list)


def board(communities: Iterable[Community], user: User, months: list[Month]) -> list[Line]:
    """The fees of each community in these months, in one query."""
    found = defaultdict(dict)
    lines = list(communities)
    rows = FeeMonth.objects.visible_to(user).filter(community__in=lines)
    for row in rows.filter(month__in=[month.first_day for month in months]):
        found[row.community_id][row.month] = row
    return [Line(place, [found[place.pk].get(month.first_day) for month in months]) for place in lines]


def rate_text(row: FeeMonth | None) -> str:
    """95.3%, rounded down; — where nothing was due or reported."""
    if row is None or row.rate_bp is None:
        return "—"
    return f"{row.rate_bp // 100}.{row.rate_bp % 100 // 10}%"


COLUMNS = [
    workbook.Column("小区", 24),
    workbook.Column("月份", 10),
    workbook.Column("物业企业", 24),
    workbook.Column("应收（元）", 14, workbook.FEN),
    workbook.Column("实收（元）", 14, workbook.FEN),
    workbook.Column("收缴率", 10),
]


def export(communities: Iterable[Community], user: User, months: list[Month], *, today: date) -> FileResponse:
    """The fees as a workbook; who took them away is noted."""
    lines = board(communities, user, months)
    rows = [row for line in lines for row in line.months if row]
    takings.note(user, "物业费收缴率", len(rows))
    cells = (
        [row.community.name, f"{row.month:%Y-%m}", row.firm.name, row.due_fen, row.received_fen, rate_text(row)]
        for row in rows
    )
    return workbook.response(f"物业费收缴率{today:%Y%m%d}.xlsx", title="物业费收缴率", columns=COLUMNS, rows=cells)
