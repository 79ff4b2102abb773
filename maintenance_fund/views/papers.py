"""Receipts one by one: spoiled ones are voided, handed-in ones noted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, may
from lib.paging import Pages
from lib.periods import beijing_date

from .. import receipts as papers
from ..forms import HandedInForm, ReasonForm
from ..models import Receipt, ReceiptSeries
from .acts import act_page, done, posted


@office_only
@require_safe
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of a series that were written on; found by number or unit."""
    series = get_object_or_404(ReceiptSeries, pk=pk)
    rows = Receipt.objects.visible_to(request.user).filter(series=series).select_related("unit", "community", "series")
    word = request.GET.get("q", "").strip()
    if word:
        is_number = word.isdecimal() and len(word) <= 12
        rows = rows.filter(number=int(word)) if is_number else rows.filter(unit__code__icontains=word)
    context = {
        "series": series,
        "page": Pages(rows.order_by("-number").with_voucher()).get_page(request.GET.get("page")),
        "q": word,
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/receipts.html", context)


def _receipt(request: HttpRequest, pk: int) -> Receipt:
    rows = Receipt.objects.visible_to(request.user).select_related("series", "unit", "community")
    return get_object_or_404(rows, pk=pk)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_void(request: HttpRequest, pk: int) -> HttpResponse:
    """A spoiled receipt; one that is posted is reversed with its voucher instead."""
    row = _receipt(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    back = reverse("maintenance_fund:receipts", args=[row.series_id])
    form = ReasonForm(posted(request))
    act = lambda *, reason, by, now: papers.void(receipt=row, reason=reason, by=by)  # noqa: E731
    if done(request, form, act):
        messages.success(request, "作废了。各联都要留着。")
        return redirect(back)
    text = "作废后号码不能再用，各联都要留着。已经入账的票据不能作废，要冲销它的凭证。"
    words = {"title": f"作废票据 {row}", "act": "作废", "text": text, "danger": True}
    return act_page(request, form, back=back, **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_handed_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes that the owner showed the receipt at registration."""
    row = _receipt(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    back = reverse("maintenance_fund:receipts", args=[row.series_id])
    form = HandedInForm(posted(request), initial={"on": beijing_date(timezone.now())})
    act = lambda *, on, by, now: papers.hand_in(receipt=row, on=on, by=by)  # noqa: E731
    if done(request, form, act):
        messages.success(request, "登记好了。")
        return redirect(back)
    words = {"title": f"票据 {row} 交验", "act": "登记", "text": "业主办理房屋登记时交验了这张票据。"}
    return act_page(request, form, back=back, **words)
