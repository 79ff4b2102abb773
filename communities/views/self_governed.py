"""Groups of residents and partners, model communities, investments in facilities. R09, R65, R01"""

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import cadre_only, committee_only, leader_only, office_only, station_only
from accounts.roles import Act, demand, demand_check, may, may_check
from lib import workbook
from lib.paging import page_of
from lib.periods import beijing_date

from .. import self_governed as acts
from .. import takings
from ..forms import GroupEndForm, GroupForm, InvestmentFilter, InvestmentForm, NominationForm, ReviewForm
from ..models import Community, Investment, ModelNomination, ResidentGroup
from .acts import act_page, done, posted
from .committees import form_methods

readers = committee_only | cadre_only | station_only | office_only | leader_only
keepers = station_only | office_only
COLUMNS = [
    workbook.Column("日期", 12, workbook.DAY),
    workbook.Column("小区", 24),
    workbook.Column("投在什么上", 30),
    workbook.Column("资金来源", 14),
    workbook.Column("金额（元）", 14, workbook.FEN),
    workbook.Column("项目名称", 24),
    workbook.Column("文号或凭据", 20),
]


def _today() -> date:
    return beijing_date(timezone.now())


def _kept(request: HttpRequest, pk: int) -> Community:
    return get_object_or_404(Community.objects.kept_by(request.user), pk=pk)


@readers
@require_safe
def group_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One community: its groups, teams, partners and law stairwells, nominations, what was invested."""
    seen = Community.objects.overseen_by(request.user) | Community.objects.governed_by(request.user)
    place = get_object_or_404(seen.distinct(), pk=pk)
    keeps = may(request.user, Act.REGISTRY) and Community.objects.kept_by(request.user).filter(pk=pk).exists()
    groups = ResidentGroup.objects.on(_today()).filter(community=place).select_related("building", "leader__phone")
    context = {
        "community": place,
        "groups": groups,
        "problems": place.claimed_problems.in_state("").select_related("group")[:10],
        "today": _today(),
        "nominations": place.nominations.select_related("reviewed_by"),
        "investments": place.investments.all()[:10],
        "keeps": keeps,
        "reviews": may_check(request.user, Act.NOMINATION),
    }
    return render(request, "communities/group_list.html", context)


def _at(pk: int) -> str:
    return reverse("communities:group-list", args=[pk])


@keepers
@form_methods
def group_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    place = _kept(request, pk)
    buildings = place.buildings.filter(ended_on=None)
    form = GroupForm(posted(request), buildings=buildings, initial={"first_day": _today()})
    if done(request, form, partial(acts.found, community=place)):
        messages.success(request, "登记好了。")
        return redirect(_at(pk))
    return act_page(request, form, title=f"{place}登记自治和共建", act="登记", back=_at(pk))


@keepers
@form_methods
def group_end(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    group = get_object_or_404(ResidentGroup.objects.visible_to(request.user).select_related("community"), pk=pk)
    form = GroupEndForm(posted(request), initial={"last_day": _today()})
    back = _at(group.community_id)
    if done(request, form, partial(acts.end, group=group)):
        messages.success(request, "到这一天为止，记录还在。")
        return redirect(back)
    return act_page(request, form, title=f"{group}结束", act="就到这一天", back=back)


@readers
@require_safe
def nomination_list(request: HttpRequest) -> HttpResponse:
    """五类示范: nominations, those that wait for the review first."""
    rows = ModelNomination.objects.visible_to(request.user).select_related("community", "nominated_by", "reviewed_by")
    waiting = rows.waiting().count()
    page = page_of(rows.order_by("-state", "-year", "community__pinyin", "pk"), request.GET.get("page"))
    reviews = may_check(request.user, Act.NOMINATION)
    return render(request, "communities/nomination_list.html", {"page": page, "waiting": waiting, "reviews": reviews})


@keepers
@form_methods
def nomination_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    place = _kept(request, pk)
    form = NominationForm(posted(request), initial={"year": _today().year})
    if done(request, form, partial(acts.nominate, community=place)):
        messages.success(request, "推荐了，等镇物业办评审。")
        return redirect(_at(pk))
    return act_page(request, form, title=f"推荐{place}为示范小区", act="推荐", back=_at(pk))


@office_only
@form_methods
def nomination_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person decides, with an opinion."""
    demand_check(request.user, Act.NOMINATION)
    rows = ModelNomination.objects.visible_to(request.user).select_related("community")
    nomination = get_object_or_404(rows, pk=pk)
    form = ReviewForm(posted(request))
    back = reverse("communities:nomination-list")
    if done(request, form, partial(acts.review, nomination=nomination)):
        messages.success(request, "评审好了。")
        return redirect(back)
    return act_page(request, form, title=f"评审{nomination}", act="评审", text=nomination.reason, back=back)


@readers
@require_safe
def investment_list(request: HttpRequest) -> HttpResponse:
    """设施投入: the ledger with its sums by source."""
    form = InvestmentFilter(request.GET)
    rows = form.narrow(Investment.objects.visible_to(request.user))
    sums = [(Investment.Source(source).label, total) for source, total in rows.by_source()]
    context = {
        "form": form,
        "page": page_of(rows.select_related("community"), request.GET.get("page")),
        "sums": sums,
        "total": sum(total for _, total in sums),
    }
    return render(request, "communities/investment_list.html", context)


@readers
@require_safe
def investment_list_export(request: HttpRequest) -> FileResponse:
    """The filtered ledger as a workbook."""
    rows = InvestmentFilter(request.GET).narrow(Investment.objects.visible_to(request.user))
    takings.note(request.user, "设施投入", rows.count(), f"筛选：{request.GET.urlencode() or '没有'}", Investment)
    cells = (
        [r.spent_on, r.community.name, r.what, r.get_source_display(), r.amount_fen, r.project, r.document]
        for r in rows.select_related("community").iterator(chunk_size=500)
    )
    return workbook.response("设施投入.xlsx", title="设施投入", columns=COLUMNS, rows=cells)


@keepers
@form_methods
def investment_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    place = _kept(request, pk)
    form = InvestmentForm(posted(request), initial={"spent_on": _today()})
    if done(request, form, partial(acts.invest, community=place)):
        messages.success(request, "记下了。")
        return redirect(_at(pk))
    return act_page(request, form, title=f"{place}记一笔设施投入", act="记下", back=_at(pk))
