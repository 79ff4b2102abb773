"""Deposits: all of them, one with its lines, what is written by one and booked by another, the bank's lines."""

import pghistory
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import firm_only, leader_only, office_only
from accounts.history import changes_of
from accounts.roles import Act, demand, may, may_check
from lib import paper, workbook
from lib.money import yuan
from lib.paging import Pages
from lib.periods import beijing_date
from lib.table_files import BadFile
from lib.workbook import FEN, Column

from .. import bank
from .. import deposits as money
from ..forms import BankForm, BudgetForm, DepositAmendForm, DepositFilter, DepositForm, EntryForm, WhyForm
from ..kinds import LineKind
from ..models import AwardBudget, Deposit, DepositBankLine, DepositEntry, ReplenishNotice
from .acts import act_page, posted, press, refuse


def _today():
    return beijing_date(timezone.now())


@(office_only | leader_only | firm_only)
@require_safe
def deposit_list(request: HttpRequest) -> HttpResponse:
    """Every deposit with what is held, short or not taken; what waits for a check."""
    form = DepositFilter(request.GET)
    seen, today, keeps = (
        Deposit.objects.visible_to(request.user).with_row_parts(),
        _today(),
        may(request.user, Act.DEPOSIT),
    )
    context = {
        "form": form,
        "page": Pages(form.narrow(seen, today=today)).get_page(request.GET.get("page")),
        "entries": DepositEntry.objects.visible_to(request.user)
        .open()
        .select_related("deposit__community", "deposit__firm", "made_by"),
        "overdue": ReplenishNotice.objects.visible_to(request.user)
        .overdue(today=today)
        .select_related("deposit__community"),
        "returns": seen.to_return(today=today) if keeps else [],
        "budgets": AwardBudget.objects.visible_to(request.user).on(today).with_spent().select_related("community"),
        "may": keeps,
        "unmatched": DepositBankLine.objects.visible_to(request.user).unmatched().count(),
    }
    return render(request, "assessments/deposit_list.html", context)


COLUMNS = [
    Column("小区", 24),
    Column("物业企业", 24),
    Column("保管人", 24),
    Column("开户额", 14, FEN),
    Column("余额", 14, FEN),
    Column("没扣成的", 14, FEN),
]


@(office_only | leader_only | firm_only)
@require_safe
def deposit_export(request: HttpRequest) -> HttpResponse:
    """The deposits as filtered, as a workbook."""
    seen = Deposit.objects.visible_to(request.user).with_row_parts()
    rows = DepositFilter(request.GET).narrow(seen, today=_today())
    cells = ([r.community.name, r.firm.name, r.holder, r.opening_fen, r.balance_fen, r.unpaid_fen] for r in rows)
    return workbook.response("保证金.xlsx", title="保证金", columns=COLUMNS, rows=cells)


def _readable(request: HttpRequest, pk: int) -> Deposit:
    rows = Deposit.objects.visible_to(request.user).with_row_parts()
    return get_object_or_404(rows, pk=pk)


@(office_only | leader_only | firm_only)
@require_safe
def deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """One deposit: what was agreed, its lines, what waits."""
    row = _readable(request, pk)
    entries = row.entries.open().select_related("made_by", "bank_line")
    is_office = office_only.admits(request.user)
    context = {
        "deposit": row,
        "lines": row.lines.select_related("sheet", "made_by", "checked_by"),
        "entries": entries,
        "notice": row.notices.open().first(),
        "bookings": row.bookings.filter(reward_fen__gt=0).select_related("sheet", "budget"),
        "may": may(request.user, Act.DEPOSIT),
        "may_check": may_check(request.user, Act.DEPOSIT),
        "is_over": row.is_over(_today()),
        "is_office": is_office,
        "changes": changes_of(row)[:-1] if is_office else [],
    }
    return render(request, "assessments/deposit.html", context)


@(office_only | leader_only | firm_only)
@require_safe
def deposit_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The statement for the firm, as PDF."""
    row = _readable(request, pk)
    lines = [
        {"no": line.no, "on": line.on, "kind": line.get_kind_display(), "text": line.text}
        | {"amount": yuan(line.amount_fen), "balance": yuan(line.balance_fen)}
        for line in row.lines.all()
    ]
    facts = {name: str(getattr(row, name)) for name in ("community", "firm", "clause", "holder", "bank", "beneficiary")}
    amounts = {name: yuan(getattr(row, f"{name}_fen")) for name in ("annual_fee", "opening", "balance", "unpaid")}
    data = {**facts, **amounts, "account": f"尾号 {row.account[-4:]}", "lines": lines, "day": _today()}
    return HttpResponse(paper.pdf("assessments/deposit.typ", data), content_type="application/pdf")


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def deposit_new(request: HttpRequest) -> HttpResponse:
    """Notes what a contract agrees on."""
    demand(request.user, Act.DEPOSIT)
    form = DepositForm(posted(request), today=_today(), initial={"contract": request.GET.get("contract")})
    made = []

    def act(**say):
        made.append(money.agree(**form.agreed(), **say))

    words = {
        "title": "登记一份保证金",
        "button": "登记",
        "text": "照合同登记。钱到账以后再记开户的一笔，由另一个人复核。",
    }
    back = reverse("assessments:deposit-list")
    return act_page(request, form, act, said="登记好了，接着记开户的一笔。", to=lambda: made[0], back=back, **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def deposit_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts right what was noted of the contract, with a reason."""
    demand(request.user, Act.DEPOSIT)
    row = _readable(request, pk)
    form = DepositAmendForm(posted(request), deposit=row)

    def act(**say):
        agreed = form.agreed()
        with pghistory.context(reason=agreed.pop("why")):
            money.amend(deposit=row, **agreed, **say)

    words = {"title": "更改合同约定", "text": f"{row}。改以前是什么样，记在变更记录里。", "button": "保存"}
    back = row.get_absolute_url()
    return act_page(request, form, act, said="改好了。", to=back, back=back, **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Writes an entry, perhaps from a line of the bank's; another person books it."""
    demand(request.user, Act.DEPOSIT)
    row = _readable(request, pk)
    line = DepositBankLine.objects.unmatched().filter(pk=_number(request.GET.get("line")), account=row.account).first()
    start = {"on": _today(), "kind": LineKind.REPLENISH if row.last_no else LineKind.OPEN}
    if line:
        start |= {"amount": yuan(abs(line.amount_fen)), "on": line.day, "text": line.remark}
    elif not row.last_no:
        start["amount"] = yuan(row.opening_fen)
    form = EntryForm(posted(request), initial=start)

    def act(**say):
        data = dict(form.cleaned_data)
        money.propose(deposit=row, amount_fen=data.pop("amount"), bank_line=line, **data, **say)

    text = f"{row}。现在余额 {yuan(row.balance_fen)} 元。"
    words = {"title": "记一笔", "button": "提交复核", "text": text}
    return act_page(
        request, form, act, said="记下了，等另一个人复核后入账。", to=row, back=row.get_absolute_url(), **words
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


def _entry(request: HttpRequest, pk: int) -> DepositEntry:
    rows = DepositEntry.objects.visible_to(request.user).select_related("deposit__community", "deposit__firm")
    return get_object_or_404(rows, pk=pk)


@office_only
@require_POST
def entry_book(request: HttpRequest, pk: int) -> HttpResponse:
    """The checker books the entry."""
    row = _entry(request, pk)
    return press(request, lambda **say: money.book(entry=row, **say), "入账了。", row.deposit)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def entry_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The checker sends the entry back."""
    row = _entry(request, pk)
    form = WhyForm(posted(request))
    act = lambda **say: money.refuse(entry=row, **form.cleaned_data, **say)  # noqa: E731
    words = {"title": "退回这一笔", "button": "退回", "text": f"{row}，{yuan(row.amount_fen)} 元。"}
    return act_page(request, form, act, said="退回了。", to=row.deposit, back=row.deposit.get_absolute_url(), **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def bank_lines(request: HttpRequest) -> HttpResponse:
    """Reads a bank's file, and lists lines that no entry has used."""
    if request.method == "POST":
        demand(request.user, Act.DEPOSIT)
    form = BankForm(posted(request), request.FILES or None)
    if request.method == "POST" and _has_read(request, form):
        return redirect("assessments:bank-lines")
    page = Pages(DepositBankLine.objects.visible_to(request.user).unmatched()).get_page(request.GET.get("page"))
    rows = [(line, bank.likely(line)[:5]) for line in page]
    context = {"form": form, "page": page, "rows": rows, "may": may(request.user, Act.DEPOSIT)}
    return render(request, "assessments/bank_lines.html", context, status=422 if form.errors else 200)


def _has_read(request: HttpRequest, form: BankForm) -> bool:
    if not form.is_valid():
        return False
    file = form.cleaned_data["file"]
    given = {"account": form.cleaned_data["account"], "data": file.read(), "file_name": file.name}
    try:
        new, known = bank.read_in(**given, by=request.user, now=timezone.now())
    except BadFile as error:
        form.add_error("file", str(error))
    except ValidationError as error:
        refuse(form, error)
    else:
        messages.success(request, f"读进 {new} 笔新的" + (f"，{known} 笔以前读过。" if known else "。"))
    return not form.errors


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def budget_new(request: HttpRequest) -> HttpResponse:
    """Notes money that a contract's other party sets aside for rewards."""
    demand(request.user, Act.DEPOSIT)
    form = BudgetForm(posted(request), user=request.user, initial={"first_day": _today().replace(month=1, day=1)})

    act = lambda **say: money.set_aside(**form.agreed(), **say)  # noqa: E731
    text = "奖励由合同的另一方出钱，登记了才有奖励；不从保证金里出，也不进保证金。"
    words = {"title": "登记奖励预算", "button": "登记", "text": text}
    return act_page(request, form, act, said="登记好了。", to="assessments:deposit-list", back="", **words)
