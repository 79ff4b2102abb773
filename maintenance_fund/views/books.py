"""Books of communities: all of them, one with its journal, and what is written into one."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import committee_only, office_only
from accounts.roles import Act, demand, may
from communities.models import Community, Unit
from lib import workbook
from lib.paging import Pages
from lib.periods import beijing_date
from lib.table_files import BadFile
from lib.workbook import DAY, FEN, Column

from .. import boards, disclosure, receipts, renewals
from .. import ledger as books_ledger
from .. import opening as openings
from ..forms import BookForm, DepositForm, JournalFilter, OpeningForm, SeriesForm
from ..models import Account, BankAccount, Fund, Objection, PostingProposal, RenewalNotice, Transaction
from .acts import act_page, done, posted


@office_only
@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """Every book with what stands at the bank and what the households have; communities without one; what waits."""
    proposals = PostingProposal.objects.visible_to(request.user).open()
    context = {
        "books": Fund.objects.visible_to(request.user).with_totals(),
        "without": Community.objects.visible_to(request.user).public().filter(fund=None),
        "proposals": proposals.with_amount()[:20],
        "objections": Objection.objects.visible_to(request.user).open().count(),
        "to_check": PostingProposal.objects.to_check_by(request.user).count(),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/books.html", context)


def book_of(request: HttpRequest, pk: int) -> Fund:
    """The book of a community that the user may see."""
    rows = Fund.objects.visible_to(request.user).select_related("community__village_committee")
    return get_object_or_404(rows, community=pk)


@(office_only | committee_only)
@require_safe
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """A community's book: sums that agree, its journal, what waits."""
    book, today = book_of(request, pk), beijing_date(timezone.now())
    form = JournalFilter(request.GET)
    vouchers = form.narrow(Transaction.objects.visible_to(request.user).filter(community=pk)).newest_first()
    page = Pages(vouchers.with_reversed()).get_page(request.GET.get("page"))
    low = renewals.low(book.community, today=today)
    open_notices = RenewalNotice.objects.open().filter(community=pk).values_list("unit", flat=True)
    context = {
        "book": book,
        "totals": boards.totals(book),
        "agreement": boards.agreement(book),
        "year": boards.year(book, today.year),
        "form": form,
        "page": page,
        "vouchers": boards.journal(page.object_list),
        "low": low,
        "low_fen": sum(found.need.top_up for found in low),
        "unwarned": len({found.unit for found in low} - set(open_notices)),
        "homes": Unit.objects.filter(community=pk).count(),
        "proposals": PostingProposal.objects.visible_to(request.user).open().filter(community=pk).with_amount(),
        "may": may(request.user, Act.FUND_VOUCHER),
        "to_publish": disclosure.to_publish(book, today=today) if may(request.user, Act.FUND_VOUCHER) else None,
        "is_office": office_only.admits(request.user),
    }
    return render(request, "maintenance_fund/ledger.html", context)


COLUMNS = [
    Column("日期", 12, DAY),
    Column("凭证号", 16),
    Column("事由", 12),
    Column("摘要", 40),
    Column("分户存入", 14, FEN),
    Column("分户支出", 14, FEN),
]


@(office_only | committee_only)
@require_safe
def ledger_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The journal as filtered, as a workbook."""
    book = book_of(request, pk)
    vouchers = Transaction.objects.visible_to(request.user).filter(community=pk)
    rows = boards.journal(JournalFilter(request.GET).narrow(vouchers).order_by("seq"))
    cells = ([v.dated_on, v.number, v.get_kind_display(), v.memo, v.moved_in, v.moved_out] for v in rows)
    return workbook.response(f"{book.community}维修资金.xlsx", title="维修资金流水", columns=COLUMNS, rows=cells)


@(office_only | committee_only)
@require_safe
def households(request: HttpRequest, pk: int) -> HttpResponse:
    """Every household of a book with its balance and whether it is low, by building.

    A committee reads only who has paid and who has not, unless it keeps the book itself. Issue 9 §8
    """
    book, today = book_of(request, pk), beijing_date(timezone.now())
    found = {row.unit: row for row in renewals.scan(book.community, today=today)}
    units = Unit.objects.filter(community=pk).select_related("building").order_by("code")
    units = units.search(request.GET.get("q", ""))
    is_office = office_only.admits(request.user)
    with_balances = is_office or book.is_self_managed
    only = request.GET.get("only") if with_balances else None
    rows = [(unit, found[unit.pk]) for unit in units if unit.pk in found]  # those who take part
    rows = [(unit, row) for unit, row in rows if only != "low" or row.need.is_needed]
    renewed = _renewed(pk)
    for unit, _ in rows:
        unit.renewed = renewed.get(unit.pk)
    sums = {}
    for unit, row in rows:
        number, fen = sums.get(unit.building, (0, 0))
        sums[unit.building] = (number + 1, fen + row.balance)
    page = Pages(units).get_page(1) if not rows else _page_of(rows, request)
    context = {"book": book, "page": page, "sums": sums, "only": only, "q": request.GET.get("q", "")}
    context |= {"is_office": is_office, "with_balances": with_balances}
    return render(request, "maintenance_fund/households.html", context)


def _renewed(community: int) -> dict[int, str]:
    """The state of each unit's newest notice to renew."""
    return {row.unit_id: row.state for row in RenewalNotice.objects.filter(community=community).newest()}


def _page_of(rows: list, request: HttpRequest):
    from django.core.paginator import Paginator

    return Paginator(rows, 50).get_page(request.GET.get("page"))


# ---------------------------------------------------------------- writing


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def book_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a community's book with its special account."""
    demand(request.user, Act.FUND_VOUCHER)
    community = get_object_or_404(Community.objects.visible_to(request.user), pk=pk)
    if Fund.objects.filter(community=community).exists():
        return redirect("maintenance_fund:ledger", pk)
    start = {"first_month": beijing_date(timezone.now()).replace(day=1), "keeper": "agency"}
    form = BookForm(posted(request), initial=start)
    if done(request, form, lambda **typed: _open(community, **typed)):
        messages.success(request, "建好了。接着录期初余额。")
        return redirect("maintenance_fund:opening", pk)
    text = "镇里的账是辅助账，只记录和核对，不向银行发任何指令。"
    words = {"title": f"给{community}建维修资金账", "act": "建账", "text": text}
    return act_page(request, form, back=reverse("maintenance_fund:books"), **words)


@transaction.atomic
def _open(community, *, agency, first_month, keeper, bank, number, by, now):
    book = books_ledger.open_book(
        community=community, agency=agency, first_month=first_month, keeper=keeper, by=by, now=now
    )
    account = {"account": Account.objects.get(code="100101"), "opened_on": book.first_month}
    BankAccount.objects.create(community=community, bank=bank, number=number, **account)
    return book


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads the agency's list; bad rows are listed and nothing is written, a sound list becomes one proposal."""
    demand(request.user, Act.FUND_VOUCHER)
    book, reading = book_of(request, pk), None
    form = OpeningForm(posted(request), request.FILES or None, initial={"as_of": book.first_month})
    if request.method == "POST" and form.is_valid():
        reading = _read(form, book)
        if reading and not reading.problems:
            data = {name: form.cleaned_data[name] for name in ("bank_total", "as_of", "key")}
            account = BankAccount.objects.filter(community=pk, account__code="100101").select_related("account").first()
            say = {"households": reading.households, "bank_account": account, "by": request.user}
            return redirect(openings.propose(**say, **data, now=timezone.now()))
    context = {"book": book, "form": form, "reading": reading}
    status = 422 if request.method == "POST" else 200
    return render(request, "maintenance_fund/opening.html", context, status=status)


def _read(form: OpeningForm, book: Fund):
    try:
        return openings.read(form.cleaned_data["file"].read(), book.community)
    except BadFile as error:
        form.add_error("file", str(error))
        return None


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def deposit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Records money of a household with its receipt."""
    demand(request.user, Act.FUND_VOUCHER)
    book = book_of(request, pk)
    start = {"paid_on": beijing_date(timezone.now()), "kind": "renewal", "unit": request.GET.get("unit", "")}
    form = DepositForm(posted(request), community=book.community, initial=start)
    made = done(request, form, _record)
    if made:
        messages.success(request, "记下了，等另一个人复核后入账。")
        return redirect(made)
    text = f"{book.community}。钱已经到专户、票据已经开出，再来记。"
    words = {"title": "记一笔交存或续交", "act": "提交复核", "text": text}
    return act_page(request, form, back=reverse("maintenance_fund:ledger", args=[pk]), **words)


def _record(*, amount, **typed):
    return receipts.record(amount_fen=amount, **typed)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HttpRequest) -> HttpResponse:
    """Receipt numbers: what was issued by the authority, and how far it is used."""
    form = SeriesForm(posted(request))
    if request.method == "POST":
        demand(request.user, Act.FUND_VOUCHER)
        if done(request, form, lambda *, now, **typed: receipts.enter_series(**typed)):
            messages.success(request, "登记好了。")
            return redirect("maintenance_fund:series")
    context = {"form": form, "rows": receipts.overview(), "may": may(request.user, Act.FUND_VOUCHER)}
    return render(request, "maintenance_fund/series.html", context, status=422 if form.errors else 200)
