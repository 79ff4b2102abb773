"""Income, investments, lost houses, what is made public of a year, objections."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import anyone, office_only, signed_in
from accounts.roles import Act, demand, may, may_check
from communities.models import Unit
from lib.paging import Pages
from lib.periods import beijing_date

from .. import disclosure, incomes, losses
from .. import investments as laid_out
from ..forms import AnswerForm, IncomeForm, InvestmentForm, LossForm, LossPayForm, ObjectionForm, RedeemForm
from ..models import Fund, Investment, Objection, YearStatement
from ..querysets import households_of
from .acts import act_page, done, posted, press
from .books import book_of


def _today():
    return beijing_date(timezone.now())


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def income_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Records income of common parts."""
    book = book_of(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = IncomeForm(posted(request), community=pk, initial={"paid_on": _today(), "cost_fen": "0"})
    made = done(request, form, lambda **typed: incomes.record(book=book, **typed))
    if made:
        messages.success(request, "记下了，等另一个人复核后入账。")
        return redirect(made)
    text = "电梯广告、地面停车这些收益归业主。减去合理成本后记到“待分配累计收益”，再按面积分到各户。"
    words = {"title": "记公共收益", "act": "提交复核", "text": text}
    return act_page(request, form, back=reverse("maintenance_fund:ledger", args=[pk]), **words)


# ---------------------------------------------------------------- investments


@office_only
@require_safe
def investments(request: HttpRequest, pk: int) -> HttpResponse:
    """Fixed deposits and bonds of a book: what is laid out until when, what came back."""
    book = book_of(request, pk)
    rows = Investment.objects.visible_to(request.user).filter(community=pk).standing()
    held = set(rows.held().values_list("pk", flat=True))
    page = Pages(rows.select_related("bought__transaction", "redeemed__transaction")).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.is_held = row.pk in held
    context = {"book": book, "page": page, "today": _today(), "may": may(request.user, Act.FUND_VOUCHER)}
    return render(request, "maintenance_fund/investments.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def investment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Proposes a fixed deposit or the purchase of bonds."""
    book = book_of(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = InvestmentForm(posted(request), community=pk, initial={"kind": "deposit", "bought_on": _today()})
    made = done(request, form, lambda **typed: laid_out.buy(book=book, **typed))
    if made:
        messages.success(request, "记下了，等另一个人复核后入账。")
        return redirect(made)
    text = "银行里已经办好，再来记。这里不向银行发任何指令。"
    words = {"title": "记定期存款或国债", "act": "提交复核", "text": text}
    return act_page(request, form, back=reverse("maintenance_fund:investments", args=[pk]), **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def investment_redeem(request: HttpRequest, pk: int) -> HttpResponse:
    """Proposes what came back of an investment."""
    rows = Investment.objects.visible_to(request.user).select_related("bank_account")
    row = get_object_or_404(rows, pk=pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = RedeemForm(posted(request), community=row.community_id, initial={"on": _today()})
    made = done(request, form, lambda **typed: laid_out.redeem(investment=row, **typed))
    if made:
        messages.success(request, "记下了，等另一个人复核后入账。")
        return redirect(made)
    text = "本金回到活期，多出来的是利息，记到“待分配累计收益”。"
    words = {"title": f"{row}收回", "act": "提交复核", "text": text}
    return act_page(request, form, back=reverse("maintenance_fund:investments", args=[row.community_id]), **words)


# ---------------------------------------------------------------- a house that is no more


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def household_loss(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost house: first what stood on its account becomes owed, then it is paid back."""
    units = households_of(request.user).filter(community__fund__isnull=False).select_related("community")
    unit = get_object_or_404(units, pk=pk)
    demand(request.user, Act.FUND_VOUCHER)
    form, act, words = _loss(request, unit)
    made = done(request, form, lambda **typed: act(unit=unit, **typed))
    if made:
        messages.success(request, "记下了，等另一个人复核后入账。")
        return redirect(made)
    return act_page(request, form, back=reverse("maintenance_fund:household", args=[pk]), **words)


def _loss(request: HttpRequest, unit: Unit) -> tuple:
    """The step that comes next: pay back what is owed, else turn the balance into it."""
    if losses.held(unit, "2001"):
        form = LossPayForm(posted(request), community=unit.community_id, initial={"on": _today()})
        return form, losses.pay, {"title": f"{unit} 灭失返还", "act": "提交复核", "text": "钱已经付出，再来记。"}
    text = "房屋灭失后，分户账余额返还业主，账户结清。没有书面同意，不能用余额抵欠款。"
    words = {"title": f"{unit} 房屋灭失", "act": "提交复核", "text": text, "danger": True}
    return LossForm(posted(request), initial={"on": _today()}), losses.propose, words


# ---------------------------------------------------------------- a year made public


@office_only
@require_POST
def year_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes last year's statement public, once its months are closed."""
    book = book_of(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    year = _today().year - 1
    act = lambda *, by, now: disclosure.publish(book=book, year=year, by=by, now=now)  # noqa: E731
    to = reverse("maintenance_fund:public-year", args=[book.community.code, year])
    return press(request, act, f"{year} 年的收支公布了。", to)


@anyone
@require_safe
def public_year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The statement of a year, as it was made public."""
    book = get_object_or_404(Fund.objects.public().select_related("community"), community__code=code.upper())
    row = get_object_or_404(YearStatement, community=book.community_id, year=year)
    return render(request, "maintenance_fund/public_year.html", {"book": book, "row": row})


# ---------------------------------------------------------------- objections


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def objection_new(request: HttpRequest, pk: int) -> HttpResponse:
    """An owner doubts something of their account."""
    own = households_of(request.user).filter(ownerships__person__user=request.user, community__fund__isnull=False)
    unit = get_object_or_404(own.distinct().select_related("community"), pk=pk)
    form, back = ObjectionForm(posted(request)), reverse("maintenance_fund:household", args=[pk])
    made = done(request, form, lambda **typed: disclosure.object_to(unit=unit, **typed))
    if made:
        day = f"{made.due_on.month}月{made.due_on.day}日"
        messages.success(request, f"收到了，最迟 {day} 书面答复，答复会出现在这一页。")
        return redirect(back)
    words = {"title": "提异议", "act": "提交", "text": f"{unit.community}{unit}。镇物业办核对以后书面答复。"}
    return act_page(request, form, back=back, **words)


@office_only
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """Objections of all communities, those that wait first."""
    rows = Objection.objects.visible_to(request.user).select_related("community", "unit", "answered_by")
    context = {
        "page": Pages(rows.order_by(F("answered_at").desc(nulls_first=True), "due_on", "pk")).get_page(
            request.GET.get("page")
        ),
        "open": rows.open().count(),
        "today": _today(),
        "may": may(request.user, Act.FUND_VOUCHER) or may_check(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/objections.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def objection_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers in writing after a look at the account."""
    row = get_object_or_404(Objection.objects.visible_to(request.user).select_related("community", "unit"), pk=pk)
    if not may_check(request.user, Act.FUND_VOUCHER):
        demand(request.user, Act.FUND_VOUCHER)
    form = AnswerForm(posted(request))
    if done(request, form, lambda **typed: disclosure.answer(objection=row, **typed)):
        messages.success(request, "答复了，业主会收到通知。")
        return redirect("maintenance_fund:objections")
    words = {"title": f"答复{row}", "act": "答复", "text": f"{row.community}{row.unit}：{row.text}"}
    return act_page(request, form, back=reverse("maintenance_fund:objections"), **words)
