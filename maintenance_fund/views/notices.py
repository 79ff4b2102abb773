"""Renewal: who is low, notices in batches, their receipt."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only, signed_in
from accounts.roles import Act, demand, may
from lib.paging import Pages
from lib.periods import beijing_date

from .. import renewals as renewing
from ..forms import ReceivedForm
from ..models import RenewalNotice
from .acts import act_page, done, posted
from .books import book_of


def _pdf(paper: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


@office_only
@require_safe
def renewals(request: HttpRequest, pk: int) -> HttpResponse:
    """Households that are low without a notice, and the notices with what became of them."""
    book, today = book_of(request, pk), beijing_date(timezone.now())
    notices = RenewalNotice.objects.visible_to(request.user).filter(community=pk).select_related("unit")
    warned = set(notices.open().values_list("unit", flat=True))
    low = [found for found in renewing.low(book.community, today=today) if found.unit not in warned]
    context = {
        "book": book,
        "today": today,
        "low": low,
        "low_fen": sum(found.need.top_up for found in low),
        "page": Pages(notices.order_by("-pk")).get_page(request.GET.get("page")),
        "open": notices.open().count(),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/renewals.html", context)


@office_only
@require_POST
def renewals_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice for each household that is low and has none."""
    demand(request.user, Act.FUND_VOUCHER)
    made = renewing.issue(book=book_of(request, pk), by=request.user, now=timezone.now())
    said = f"发了 {len(made)} 份续交通知书，打印出来送达。" if made else "没有要发的，低于续交线的都发过了。"
    messages.success(request, said)
    return redirect("maintenance_fund:renewals", pk)


@office_only
@require_safe
def renewals_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The open notices that nobody has received yet, as one PDF of at most 500 pages."""
    book = book_of(request, pk)
    notices = (
        RenewalNotice.objects.visible_to(request.user).open().filter(community=book.community_id, received_on=None)
    )
    rows = list(notices.select_related("community__village_committee", "unit")[: renewing.A_BATCH])
    if not rows:
        messages.info(request, "没有等着送达的通知书。")
        return redirect("maintenance_fund:renewals", pk)
    return _pdf(renewing.paper(rows), f"renewals-{pk}")


@signed_in
@require_safe
def renewal_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice as a PDF: for the office, and for its household."""
    rows = RenewalNotice.objects.visible_to(request.user).select_related("community__village_committee", "unit")
    return _pdf(renewing.paper([get_object_or_404(rows, pk=pk)]), f"renewal-{pk}")


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def renewal_received(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes when and how a notice was received."""
    demand(request.user, Act.FUND_VOUCHER)
    notice = get_object_or_404(RenewalNotice.objects.visible_to(request.user).select_related("unit"), pk=pk)
    back = reverse("maintenance_fund:renewals", args=[notice.community_id])
    form = ReceivedForm(posted(request), initial={"received_on": beijing_date(timezone.now())})
    act = lambda *, received_on, **typed: renewing.receive(notice=notice, on=received_on, **typed)  # noqa: E731
    if done(request, form, act):
        messages.success(request, "登记好了，续交期限从收到的第二天起算。")
        return redirect(back)
    text = f"{notice.number}，要续交的期限从收到的第二天起算。"
    words = {"title": f"{notice.unit} 收到通知", "act": "登记", "text": text}
    return act_page(request, form, back=back, **words)
