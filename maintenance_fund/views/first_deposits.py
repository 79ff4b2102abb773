"""First deposits: costs, tenders, buildings assessed, what was paid."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, demand_check, may, may_check
from communities.models import Unit
from lib.paging import Pages
from lib.periods import beijing_date

from .. import first_deposits
from ..forms import AreaForm, AssessmentForm, CostForm, LiabilityForm, PayForm, ReimbursedForm, TenderForm
from ..models import AssessedUnit, Assessment, BankAccount, BankTender, ConstructionCost, Liability
from .acts import act_page, done, posted, press
from .books import book_of


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def costs(request: HttpRequest) -> HttpResponse:
    """Published construction costs, entered by one and checked by another."""
    form = CostForm(posted(request))
    if request.method == "POST":
        demand(request.user, Act.FUND_VOUCHER)
        if done(request, form, first_deposits.enter_cost):
            messages.success(request, "录好了，等另一个人复核后起用。")
            return redirect("maintenance_fund:costs")
    context = {
        "form": form,
        "rows": ConstructionCost.objects.visible_to(request.user).select_related("entered_by", "checked_by"),
        "may": may(request.user, Act.FUND_VOUCHER),
        "may_check": may_check(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/costs.html", context, status=422 if form.errors else 200)


@office_only
@require_POST
def cost_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The checker confirms a cost, or sends it back."""
    cost = get_object_or_404(ConstructionCost.objects.visible_to(request.user), pk=pk)
    demand_check(request.user, Act.FUND_VOUCHER)
    is_right = "back" not in request.POST
    first_deposits.check_cost(cost=cost, by=request.user, is_right=is_right)
    messages.success(request, "复核了，从那一天起用。" if is_right else "退回了。")
    return redirect("maintenance_fund:costs")


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def tenders(request: HttpRequest) -> HttpResponse:
    """How account banks were chosen; banks with accounts and no record."""
    form = TenderForm(posted(request))
    if request.method == "POST":
        demand(request.user, Act.FUND_VOUCHER)
        if done(request, form, first_deposits.enter_tender):
            messages.success(request, "登记好了。")
            return redirect("maintenance_fund:tenders")
    rows = BankTender.objects.visible_to(request.user)
    banks = set(BankAccount.objects.visible_to(request.user).values_list("bank", flat=True))
    context = {
        "form": form,
        "rows": rows,
        "without": sorted(banks - {row.bank for row in rows}),
        "today": beijing_date(timezone.now()),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/tenders.html", context, status=422 if form.errors else 200)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def liability_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes by which document a unit takes part in the fund or does not."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user).select_related("community"), pk=pk)
    demand(request.user, Act.FUND_VOUCHER)
    last = Liability.objects.filter(unit=unit).first()
    form = LiabilityForm(posted(request), initial={"is_liable": "0" if last is None or last.is_liable else "1"})
    if done(request, form, lambda **typed: first_deposits.change_liability(unit=unit, **typed)):
        messages.success(request, "登记好了。")
        return redirect("maintenance_fund:household", pk)
    now = f"现在：{last}，{last.reason}，{last.document}。" if last else "现在：要交存，没有登记过不用交的文件。"
    words = {"title": f"{unit} 交存义务", "act": "登记", "text": f"{now}不用交存的户没有分户账，也不参加分摊。"}
    return act_page(request, form, back=reverse("maintenance_fund:household", args=[pk]), **words)


# ---------------------------------------------------------------- assessments


@office_only
@require_safe
def assessments(request: HttpRequest, pk: int) -> HttpResponse:
    """A community's buildings that were assessed, with what is still to be paid."""
    book = book_of(request, pk)
    rows = Assessment.objects.visible_to(request.user).filter(community=pk).select_related("building").with_sums()
    context = {
        "book": book,
        "page": Pages(rows).get_page(request.GET.get("page")),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/assessments.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Assesses a building; what is missing is said with its code, and nothing is written."""
    book = book_of(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    start = {"assessed_on": beijing_date(timezone.now()), "kind": "commodity"}
    form = AssessmentForm(posted(request), community=book.community, initial=start)
    made = done(request, form, first_deposits.assess)
    if made:
        messages.success(request, "算好了。钱到账以后在这里记交存。")
        return redirect(made)
    text = "按核定那天公布的造价和比例算每一户，四舍五入到分。以后造价变了也不重算。"
    words = {"title": "核定首期交存", "act": "算一算", "text": text}
    return act_page(request, form, back=reverse("maintenance_fund:assessments", args=[pk]), **words)


def _assessment(request: HttpRequest, pk: int) -> Assessment:
    rows = Assessment.objects.visible_to(request.user).select_related("community__fund", "building", "made_by")
    return get_object_or_404(rows.filter(community__fund__isnull=False).with_sums(), pk=pk)


@office_only
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """What each unit has to pay, who paid, what stands on unsold ones."""
    row = _assessment(request, pk)
    units = row.units.for_table()
    context = {
        "row": row,
        "page": Pages(units).get_page(request.GET.get("page")),
        "is_live": units.live().exists(),
        "is_paid": units.paid().exists(),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/assessment.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Records money that came in for units of a building, a receipt each."""
    row = _assessment(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    start = {"payer": "DEVELOPER", "paid_on": beijing_date(timezone.now())}
    form = PayForm(posted(request), community=row.community_id, initial=start)
    made = done(request, form, lambda **typed: first_deposits.pay(assessment=row, **typed))
    if made:
        messages.success(request, "记下了，等另一个人复核后入账。")
        return redirect(made)
    text = f"{row.community}{row.building}。钱已经到专户、每户的票据已经开出，再来记。"
    words = {"title": "记首期交存", "act": "提交复核", "text": text}
    return act_page(request, form, back=row.get_absolute_url(), **words)


@office_only
@require_POST
def assessment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an assessment back of which nothing is paid."""
    row = _assessment(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    act = lambda *, by, now: first_deposits.withdraw(assessment=row, by=by)  # noqa: E731
    return press(request, act, "撤回了，可以重新核定。", row)


def _assessed(request: HttpRequest, pk: int) -> AssessedUnit:
    seen = Assessment.objects.visible_to(request.user)
    rows = AssessedUnit.objects.live().filter(assessment__in=seen).select_related("assessment", "unit__community")
    return get_object_or_404(rows, pk=pk)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def assessed_reimbursed(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes when an owner gave the developer back what was paid in for them; nothing is posted."""
    row = _assessed(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = ReimbursedForm(posted(request), initial={"on": beijing_date(timezone.now())})
    if done(request, form, lambda *, on, by, now: first_deposits.reimburse(assessed=row, on=on, by=by) or True):
        messages.success(request, "登记好了，账上不再记一遍。")
        return redirect(row.assessment)
    text = "交房时业主把代交的首期还给建设单位，只登记日期，账上不再记一遍，不然就重了。"
    words = {"title": f"{row} 归还代交款", "act": "登记", "text": text}
    return act_page(request, form, back=row.assessment.get_absolute_url(), **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def assessed_area(request: HttpRequest, pk: int) -> HttpResponse:
    """A later measurement: proposes the difference alone."""
    row = _assessed(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    start = {"paid_on": beijing_date(timezone.now())}
    form = AreaForm(posted(request), community=row.unit.community_id, initial=start)
    made = done(request, form, lambda **typed: first_deposits.correct_area(assessed=row, **typed))
    if made:
        messages.success(request, "差额凭证做好了，等另一个人复核。")
        return redirect(made)
    text = "按当时的造价和比例重算，只记差额：面积变大补交，变小退还。"
    words = {"title": f"{row} 面积更正", "act": "算差额，提交复核", "text": text}
    return act_page(request, form, back=row.assessment.get_absolute_url(), **words)
