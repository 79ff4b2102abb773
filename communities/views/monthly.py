"""Fees that came in, month by month, and what passed through supervised accounts. R15, R16"""

from datetime import date
from functools import partial

from django.contrib import messages
from django.db.models import Prefetch
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import anyone, cadre_only, committee_only, firm_only, leader_only, office_only, station_only
from accounts.roles import Act, demand, may
from lib.paging import page_of
from lib.periods import beijing_date

from .. import monthly
from ..forms import AccountMonthForm, FeeForm, PlaceFilter, SupervisedForm
from ..models import Community, FeeMonth, SupervisedAccount, SupervisedMonth, VillageCommittee
from .acts import act_page, done, posted
from .committees import form_methods

readers = firm_only | committee_only | cadre_only | station_only | office_only | leader_only
keepers = station_only | office_only
LIST = "communities:fee-list"


def _today() -> date:
    return beijing_date(timezone.now())


def _places(request: HttpRequest):
    rows, user = Community.objects, request.user
    return rows.overseen_by(user) | rows.governed_by(user) | rows.served_by(user)


def _filtered(request: HttpRequest) -> tuple[PlaceFilter, object]:
    form = PlaceFilter(request.GET, villages=VillageCommittee.objects.visible_to(request.user))
    return form, form.narrow(_places(request).standing(_today())).distinct().order_by("pinyin", "pk")


@readers
@require_safe
def fee_list(request: HttpRequest) -> HttpResponse:
    """收缴率: communities × the last months."""
    form, communities = _filtered(request)
    page = page_of(communities, request.GET.get("page"))
    months = monthly.months_until(_today(), monthly.MONTHS_SHOWN)
    lines = monthly.board(page.object_list, request.user, months)
    for line in lines:
        line.cells = [(month, row, monthly.rate_text(row)) for month, row in zip(months, line.months, strict=True)]
    return render(request, "communities/fee_list.html", {"form": form, "page": page, "lines": lines, "months": months})


@readers
@require_safe
def fee_list_export(request: HttpRequest) -> FileResponse:
    """The filtered list with twelve months as a workbook."""
    months = monthly.months_until(_today(), monthly.TREND)
    return monthly.export(_filtered(request)[1], request.user, months, today=_today())


@readers
@require_safe
def fee_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One community: twelve months of fees, and the supervised account."""
    place = get_object_or_404(_places(request).distinct(), pk=pk)
    rows = list(FeeMonth.objects.visible_to(request.user).filter(community=place).order_by("month"))[-monthly.TREND :]
    for row in rows:
        row.rate_text = monthly.rate_text(row)
        row.percent = (row.rate_bp or 0) // 100
    account = SupervisedAccount.objects.visible_to(request.user).filter(community=place).order_by("-first_day").first()
    serves = Community.objects.served_by(request.user).filter(pk=pk).exists()
    kept = may(request.user, Act.REGISTRY) and Community.objects.kept_by(request.user).filter(pk=pk).exists()
    context = {"community": place, "rows": rows, "account": account, "serves": serves, "keeps": kept}
    context["account_months"] = account.months.all()[: monthly.TREND] if account else []
    return render(request, "communities/fee_detail.html", context)


def _at(pk: int) -> str:
    return reverse("communities:fee-detail", args=[pk])


@firm_only
@form_methods
def fee_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A firm reports the fees of a month, or corrects them."""
    demand(request.user, Act.MONTHLY)
    place = get_object_or_404(Community.objects.served_by(request.user), pk=pk)
    form = FeeForm(posted(request), months=monthly.months_until(_today(), monthly.TREND))
    if done(request, form, partial(monthly.report_fees, community=place)):
        messages.success(request, "报好了。报错的月份再报一次就改过来，改过都有记录。")
        return redirect(_at(pk))
    text = "只报总数。谁交了、谁没交，这里不记。"
    return act_page(request, form, title=f"{place}报收缴", act="报上", text=text, back=_at(pk))


@keepers
@form_methods
def account_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    place = get_object_or_404(Community.objects.kept_by(request.user), pk=pk)
    form = SupervisedForm(posted(request), initial={"first_day": _today()})
    if done(request, form, partial(monthly.open_account, community=place)):
        messages.success(request, "登记好了，物业企业每月报收支，业主都能看。")
        return redirect(_at(pk))
    return act_page(request, form, title=f"{place}登记监管账户", act="登记", back=_at(pk))


@firm_only
@form_methods
def account_month_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A firm reports a month of the supervised account."""
    demand(request.user, Act.MONTHLY)
    rows = SupervisedAccount.objects.filter(community__in=Community.objects.served_by(request.user))
    account = get_object_or_404(rows.select_related("community"), pk=pk)
    form = AccountMonthForm(posted(request), months=monthly.months_until(_today(), monthly.TREND))
    back = _at(account.community_id)
    if done(request, form, partial(monthly.report_account, account=account)):
        messages.success(request, "报好了，公开页上已经能看到。")
        return redirect(back)
    text = "期初接着上个月的期末，期末自动算。"
    return act_page(request, form, title=f"{account.community}报监管账户收支", act="报上", text=text, back=back)


@anyone
@require_safe
def supervised(request: HttpRequest) -> HttpResponse:
    """The public summary: supervised accounts with their last months."""
    months = SupervisedMonth.objects.order_by("-month")
    rows = SupervisedAccount.objects.on(_today()).public().select_related("community")
    rows = rows.order_by("community__pinyin", "pk").prefetch_related(Prefetch("months", months, to_attr="reported"))
    page = page_of(rows, request.GET.get("page"))
    for account in page.object_list:
        account.shown = account.reported[: monthly.TREND]
    return render(request, "communities/supervised.html", {"page": page})
