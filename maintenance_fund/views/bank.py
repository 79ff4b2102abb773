"""The bank's lines: brought in from its files, and for each the voucher that stands for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, may
from lib import workbook
from lib.paging import Pages
from lib.periods import beijing_date
from lib.table_files import BadFile
from lib.workbook import DAY, FEN, Column

from .. import bank_lines, matching
from ..forms import BankFileForm, BankFilter, LineBookForm, LineDepositForm
from ..ledger import LedgerRefused
from ..models import BankLine, BankStatement, PostingProposal
from .acts import done
from .books import book_of


@office_only
@require_safe
def bank(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a book's accounts, those without a voucher with the likeliest household."""
    book, form = book_of(request, pk), BankFilter(request.GET)
    lines = BankLine.objects.visible_to(request.user).filter(community=pk)
    page = Pages(form.narrow(lines).with_match()).get_page(request.GET.get("page"))
    matching.guesses_of(page.object_list, book.community, today=beijing_date(timezone.now()))
    context = {
        "book": book,
        "form": form,
        "page": page,
        "waiting": bank_lines.waiting(pk),
        "files": BankStatement.objects.visible_to(request.user).filter(bank_account__community=pk)[:5],
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/bank.html", context)


COLUMNS = [
    Column("日期", 12, DAY),
    Column("收入", 14, FEN),
    Column("支出", 14, FEN),
    Column("余额", 14, FEN),
    Column("对方户名", 20),
    Column("附言", 40),
    Column("流水号", 20),
    Column("凭证", 18),
]


@office_only
@require_safe
def bank_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines as filtered, as a workbook, with their vouchers."""
    book = book_of(request, pk)
    lines = BankFilter(request.GET).narrow(BankLine.objects.visible_to(request.user).filter(community=pk))
    cells = (_cells(line) for line in lines.with_match())
    return workbook.response(f"{book.community}银行流水.xlsx", title="银行流水", columns=COLUMNS, rows=cells)


def _cells(line: BankLine) -> list:
    fen, proposal = line.amount_fen, line.match and line.match.proposal
    sealed = proposal and proposal.state == "sealed"
    voucher = proposal.transaction.number if sealed else "等复核" if proposal else ""
    sides = [max(fen, 0) or None, max(-fen, 0) or None]
    return [line.day, *sides, line.balance_fen, line.party, line.remark, line.reference, voucher]


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def bank_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Brings a file of the bank's in; rows that cannot be read are listed and nothing is taken."""
    demand(request.user, Act.FUND_VOUCHER)
    book, brought = book_of(request, pk), None
    form = BankFileForm(request.POST or None, request.FILES or None, community=pk)
    if request.method == "POST" and form.is_valid():
        brought = _bring_in(form, request)
        if brought and not brought.problems:
            again = f"，{brought.known} 笔以前导入过" if brought.known else ""
            messages.success(request, f"导入了 {brought.new} 笔{again}。接着一笔一笔对上凭证。")
            return redirect("maintenance_fund:bank", pk)
    context = {"book": book, "form": form, "brought": brought}
    return render(request, "maintenance_fund/bank_new.html", context, status=422 if request.method == "POST" else 200)


def _bring_in(form: BankFileForm, request: HttpRequest) -> bank_lines.Brought | None:
    data = form.cleaned_data
    say = {"bank_account": data["bank_account"], "is_whole": data["is_whole"], "file_name": data["file"].name}
    try:
        return bank_lines.bring_in(data=data["file"].read(), by=request.user, now=timezone.now(), **say)
    except (BadFile, LedgerRefused) as error:
        form.add_error("file", str(error))
        return None


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def bank_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: its voucher, or whose it may be and what is booked of it."""
    line = _line(request, pk)
    if request.method == "POST":
        demand(request.user, Act.FUND_VOUCHER)
    is_deposit = "number" in request.POST
    forms = _forms(request, line, is_deposit)
    act = matching.deposit if is_deposit else matching.book
    made = done(request, forms[not is_deposit], lambda **typed: act(line=line, **typed))
    if made:
        messages.success(request, "记下了，等另一个人复核后入账。")
        return redirect("maintenance_fund:bank", line.community_id)
    context = {
        "line": line,
        "match": line.match,
        "guesses": matching.Guesser(line.community, today=beijing_date(timezone.now())).guesses(line),
        "candidates": matching.candidates(line),
        "deposit": forms[0],
        "book": forms[1],
        "form": forms[not is_deposit],
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/bank_line.html", context, status=422 if request.method == "POST" else 200)


def _line(request: HttpRequest, pk: int) -> BankLine:
    rows = BankLine.objects.visible_to(request.user).with_match()
    return get_object_or_404(rows.select_related("community__fund", "bank_account__account", "statement"), pk=pk)


def _forms(request: HttpRequest, line: BankLine, is_deposit: bool) -> tuple:
    """The two forms of a line, the one that was sent bound."""
    sent = request.POST if request.method == "POST" else None
    start = {"unit": request.GET.get("unit", ""), "kind": "renewal", "payer": "OWNER"}
    deposit = LineDepositForm(sent if is_deposit else None, community=line.community, initial=start)
    words = {"memo": line.remark[:100] or line.party, "what": "unknown" if line.amount_fen > 0 else "returned"}
    book = LineBookForm(None if is_deposit else sent, is_receipt=line.amount_fen > 0, initial=words, auto_id="book_%s")
    return deposit, book


@office_only
@require_POST
def bank_match(request: HttpRequest, pk: int) -> HttpResponse:
    """Says that an existing voucher stands for the line."""
    line, wanted = _line(request, pk), request.POST.get("proposal", "")
    demand(request.user, Act.FUND_VOUCHER)
    if not wanted.isdecimal() or len(wanted) > 18:
        messages.warning(request, "先选一张金额一样的凭证。")
        return redirect(line)
    rows = PostingProposal.objects.visible_to(request.user).filter(community=line.community_id)
    proposal = get_object_or_404(rows, pk=wanted)
    matching.match(line=line, proposal=proposal, by=request.user, now=timezone.now())
    messages.success(request, "对上了。")
    return redirect("maintenance_fund:bank", line.community_id)
