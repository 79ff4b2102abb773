"""A household's own account, and what everybody may know of a community's fund."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import anyone, office_only, signed_in
from accounts.roles import Act, may
from lib import workbook
from lib.periods import beijing_date
from lib.workbook import DAY, FEN, Column

from .. import boards, certificates, heads
from .. import households as accounts
from ..models import Fund, Objection, Receipt, RenewalNotice, Transaction, YearStatement
from ..querysets import governed_books, households_of
from ..renewal_rules import need

NEWEST = 25


def _statement(request: HttpRequest, pk: int):
    """The account of a unit whose account the user may open, from the day on from which they may read it."""
    units = households_of(request.user).select_related("community", "building")
    unit = get_object_or_404(units.filter(community__fund__isnull=False), pk=pk)
    today = beijing_date(timezone.now())
    return accounts.statement(unit, since=accounts.since_for(request.user, unit, today=today)), today


@signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The accounts of the units that somebody owns, with one of them that one at once; a committee's own book."""
    mine = households_of(request.user).filter(ownerships__person__user=request.user, community__fund__isnull=False)
    units = list(mine.select_related("community").distinct().order_by("community__pinyin", "code")[:50])
    books = list(governed_books(request.user))
    if len(units) == 1 and not books:
        return redirect("maintenance_fund:household", units[0].pk)
    return render(request, "maintenance_fund/own.html", {"units": units, "books": books})


@signed_in
@require_safe
def household(request: HttpRequest, pk: int) -> HttpResponse:
    """A household's account: the balance against the line at which it must renew, and every line."""
    account, today = _statement(request, pk)
    everything = request.GET.get("all") == "1"
    context = {
        "account": account,
        "unit": account.unit,
        "book": account.unit.community.fund,
        "need": need(balance=account.balance, first_deposit=account.first_deposit, day=today),
        "notice": RenewalNotice.objects.visible_to(request.user).open().filter(unit=pk).first(),
        "rows": account.rows[::-1] if everything else account.rows[: -NEWEST - 1 : -1],
        "hidden": 0 if everything else max(0, len(account.rows) - NEWEST),
        "today": today,
        "debts": account.debts,
        "objections": Objection.objects.visible_to(request.user).filter(unit=pk)[:5],
        "is_office": office_only.admits(request.user),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/household.html", context)


@signed_in
@require_safe
def household_line(request: HttpRequest, pk: int, voucher: int) -> HttpResponse:
    """One line of an account opened: what it was about, how it was shared, who made and checked it."""
    account, _ = _statement(request, pk)
    row = next((row for row in account.rows if row.voucher == voucher), None)
    if row is None:
        raise Http404("这一笔不在您看得到的账里。")
    sealed = boards.journal(Transaction.objects.filter(pk=voucher).with_reversed())[0]
    context = {
        "row": row,
        "unit": account.unit,
        "voucher": sealed,
        "receipt": Receipt.objects.filter(unit=pk, lines__transaction=voucher).select_related("series").first(),
        "hash": bytes(sealed.hash).hex(),
        "is_office": office_only.admits(request.user),
    }
    return render(request, "maintenance_fund/household_line.html", context)


@signed_in
@require_safe
def household_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The account as a certificate of balance with its lines, as a PDF."""
    account, today = _statement(request, pk)
    paper = certificates.paper(account, today=today)
    name = {"Content-Disposition": f'inline; filename="account-{pk}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(paper, content_type="application/pdf", headers=name)


COLUMNS = [
    Column("日期", 12, DAY),
    Column("做什么", 14),
    Column("说明", 40),
    Column("凭证号", 16),
    Column("存入", 13, FEN),
    Column("支出", 13, FEN),
    Column("余额", 13, FEN),
]


@signed_in
@require_safe
def household_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The account as a workbook."""
    account, _ = _statement(request, pk)
    cells = ([r.day, r.label, r.memo, r.number, r.paid_in, r.paid_out, r.balance] for r in account.rows)
    name = f"分户账{account.unit.code}.xlsx"
    return workbook.response(name, title="分户账", columns=COLUMNS, rows=cells)


@anyone
@require_safe
def public(request: HttpRequest, code: str) -> HttpResponse:
    """What everybody may know of a community's fund: in, out, balance, works; no names, no households. F.14"""
    book = get_object_or_404(Fund.objects.public().with_totals(), community__code=code.upper())
    today = beijing_date(timezone.now())
    works = Transaction.objects.filter(community=book.community_id, kind="use").with_reversed().newest_first()[:20]
    context = {
        "book": book,
        "totals": boards.totals(book),
        "agreement": boards.agreement(book),
        "years": [boards.year(book, number) for number in range(today.year, today.year - 3, -1)],
        "works": boards.journal(works),
        "published": YearStatement.objects.filter(community=book.community_id),
        "head": heads.latest_of(book.community_id),
        "today": today,
    }
    return render(request, "maintenance_fund/public.html", context)
