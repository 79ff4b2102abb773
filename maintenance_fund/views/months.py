"""Closing a month, and sharing out what interest and income have come in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, demand_check, may, may_check
from lib.periods import beijing_date

from .. import incomes, interest, months, renewals
from ..forms import CloseForm, InterestForm
from ..models import Month, MonthClosing
from .acts import act_page, done, posted
from .books import book_of


@office_only
@require_safe
def months_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The months of a book: closed, waiting for their check, and whose turn it is."""
    book, today = book_of(request, pk), beijing_date(timezone.now())
    month = months.next_to_close(book, today=today)
    closings = MonthClosing.objects.visible_to(request.user).filter(community=pk).select_related("made_by")
    context = {
        "book": book,
        "month": month,
        "book_fen": months.book_balance(book, month) if month else None,
        "waiting": closings.filter(state="open").first(),
        "closed": Month.objects.visible_to(request.user)
        .filter(community=pk, closed_at__isnull=False)
        .select_related("closed_by", "checked_by")
        .order_by("-first_day"),
        "may": may(request.user, Act.FUND_VOUCHER),
        "may_check": may_check(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/months_list.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def month_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The clerk reconciles the month whose turn it is and asks that it be closed."""
    demand(request.user, Act.FUND_VOUCHER)
    book, back = book_of(request, pk), reverse("maintenance_fund:months-list", args=[pk])
    month = months.next_to_close(book, today=beijing_date(timezone.now()))
    if not month:
        messages.info(request, "这个月还没过完，下个月再来月结。")
        return redirect(back)
    form = CloseForm(posted(request))

    def act(*, bank_fen, note, by, now, **amounts):
        items = [(kind, fen) for kind, fen in amounts.items() if fen]
        say = {"bank_fen": bank_fen, "items": items, "note": note, "by": by, "now": now}
        return months.propose(book=book, month=month, **say)

    if done(request, form, act):
        messages.success(request, "对上了，等另一个人复核后结账。")
        return redirect(back)
    text = (
        f"{month.year}年{month.month}月底账面余额 {months.yuan(months.book_balance(book, month))} 元。照银行对账单填。"
    )
    words = {"title": f"{book.community}{month.year}年{month.month}月月结", "act": "提交复核", "text": text}
    return act_page(request, form, back=back, **words)


@office_only
@require_POST
def month_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The checker closes the month, or sends it back."""
    demand_check(request.user, Act.FUND_VOUCHER)
    closing = get_object_or_404(MonthClosing.objects.visible_to(request.user), pk=pk)
    if "back" in request.POST:
        months.send_back(closing=closing, by=request.user)
        messages.success(request, "退回了，没有结账。")
    else:
        months.close(closing=closing, by=request.user, now=timezone.now())
        low = len(renewals.unwarned(closing.community, today=beijing_date(timezone.now())))
        more = f"现在有 {low} 户低于续交线、还没发通知。" if low else ""
        messages.success(request, f"{closing}完成。这个月不能再记账，也不能重新打开。{more}")
    return redirect("maintenance_fund:months-list", closing.community_id)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def interest_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The clerk shares out what waits in 3101: interest by balance-days, common income by area."""
    demand(request.user, Act.FUND_VOUCHER)
    book = book_of(request, pk)
    form = InterestForm(
        posted(request), initial={"until": beijing_date(timezone.now()), "memo": "利息", "what": "interest"}
    )

    def act(*, what, decision, **typed):
        if what == "income":
            return incomes.propose(book=book, decision=decision, **typed)
        return interest.propose(book=book, **typed)

    made = done(request, form, act)
    if made:
        messages.success(request, "分好了，等另一个人复核后入账。")
        return redirect(made)
    since = interest.last_distributed(book)
    day = f"{since.year}年{since.month}月{since.day}日"
    left = interest.waiting(book)
    text = (
        f"等着分的利息 {months.yuan(left.interest)} 元，按积数（每天的余额加起来）从{day}算起；"
        f"公共收益 {months.yuan(left.income)} 元，按面积，业主大会另有决定的照决定。一分不差。"
    )
    words = {"title": f"{book.community}分利息和收益", "act": "算好，提交复核", "text": text}
    return act_page(request, form, back=reverse("maintenance_fund:ledger", args=[pk]), **words)
