"""Money to renew that others took: noted, passed on in time, or struck."""

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

from .. import passing_on
from ..forms import ArriveForm, CollectionForm, ReasonForm
from ..models import Collection
from .acts import act_page, done, posted
from .books import book_of


@office_only
@require_safe
def collections(request: HttpRequest, pk: int) -> HttpResponse:
    """What firms, committees and village committees took for a community's fund, and whether it was passed on."""
    book, today = book_of(request, pk), beijing_date(timezone.now())
    rows = Collection.objects.visible_to(request.user).filter(community=pk)
    late = set(rows.overdue(today=today).values_list("pk", flat=True))
    waits = set(rows.not_passed_on().values_list("pk", flat=True))
    page = Pages(rows.select_related("unit", "proposal__transaction")).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.is_late, row.waits = row.pk in late, row.pk in waits
    context = {"book": book, "page": page, "late": len(late), "may": may(request.user, Act.FUND_VOUCHER)}
    return render(request, "maintenance_fund/collections.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def collection_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes money that somebody took."""
    book = book_of(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    start = {"received_on": beijing_date(timezone.now()), "collector": "firm"}
    form, back = CollectionForm(posted(request), community=book.community, initial=start), _back(pk)
    if done(request, form, passing_on.take):
        messages.success(request, "记下了。到账以后再从这里记续交。")
        return redirect(back)
    text = "代收的钱要按规定期限转入专户。这里只记谁收了多少，转入专户才入账。"
    words = {"title": "记一笔代收", "act": "登记", "text": text}
    return act_page(request, form, back=back, **words)


def _back(community: int) -> str:
    return reverse("maintenance_fund:collections", args=[community])


def _collection(request: HttpRequest, pk: int) -> Collection:
    rows = Collection.objects.visible_to(request.user).select_related("unit__community")
    return get_object_or_404(rows, pk=pk)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def collection_arrived(request: HttpRequest, pk: int) -> HttpResponse:
    """The money is in the special account: proposes the renewal."""
    row = _collection(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = ArriveForm(posted(request), community=row.community_id, initial={"paid_on": beijing_date(timezone.now())})
    made = done(request, form, lambda **typed: passing_on.arrive(collection=row, **typed))
    if made:
        messages.success(request, "记下了，等另一个人复核后入账。")
        return redirect(made)
    words = {"title": f"{row}转入专户", "act": "提交复核", "text": "钱已经到专户、票据已经开出，再来记。"}
    return act_page(request, form, back=_back(row.community_id), **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def collection_strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Strikes what was noted wrongly."""
    row = _collection(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = ReasonForm(posted(request))
    act = lambda *, reason, by, now: passing_on.strike(collection=row, reason=reason, by=by)  # noqa: E731
    if done(request, form, act):
        messages.success(request, "划掉了。")
        return redirect(_back(row.community_id))
    words = {"title": f"划掉：{row}", "act": "划掉", "text": "记错了才划掉，划掉的还看得到。", "danger": True}
    return act_page(request, form, back=_back(row.community_id), **words)
