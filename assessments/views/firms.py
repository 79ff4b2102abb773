"""The firm's side: its months and points at stake, appeals and their decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import firm_only, leader_only, office_only, station_only
from lib.paging import Pages
from lib.periods import beijing_date

from .. import appeals, boards, explain, people
from ..forms import AppealDecisionForm, AppealForm
from ..models import Appeal
from ..points import written
from .acts import act_page, did, posted, readable


@firm_only
@require_safe
def firm(request: HttpRequest) -> HttpResponse:
    """What is at stake this month, what may be appealed, the months published, the deposits."""
    context = boards.firm_page(request.user, now=timezone.now())
    context["page"] = Pages(context.pop("published")).get_page(request.GET.get("page"))
    return render(request, "assessments/firm.html", context)


@firm_only
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The firm appeals: which charges, why, with photos."""
    row = readable(request, pk)
    people.demand(people.may_appeal(request.user, row), "申诉由被考核的物业企业提。")
    charges = row.charges.with_page_parts().in_order().filter(exempt="", accepted_deci__gt=0)
    form = AppealForm(posted(request), charges=charges)
    form.fields["charges"].label_from_instance = _charge_words

    def act(**say):
        appeals.file(sheet=row, **form.cleaned_data, **say)

    words = {"title": f"{row}，申诉", "sheet": row, "button": "提交申诉", "album_key": f"appeal-{row.pk}"}
    return act_page(
        request, form, act, said="申诉提交了，等没经手的人决定。", to=row, back=row.get_absolute_url(), **words
    )


def _charge_words(charge) -> str:
    leaf = explain.leaf(charge)
    return f"{charge.item}，{leaf.day}，{leaf.title}，扣 {written(charge.accepted_deci)}"


@(office_only | station_only | leader_only | firm_only)
@require_safe
def appeal_list(request: HttpRequest) -> HttpResponse:
    """Appeals, those that wait for this person first."""
    rows = Appeal.objects.visible_to(request.user).select_related("sheet__community", "sheet__firm", "by")
    context = {
        "waiting": Appeal.objects.visible_to(request.user)
        .to_decide_by(request.user)
        .select_related("sheet__community", "sheet__firm"),
        "page": Pages(rows.order_by("-at")).get_page(request.GET.get("page")),
    }
    return render(request, "assessments/appeal_list.html", context)


@(office_only | station_only | leader_only | firm_only)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """An appeal with the charges it is about; whoever took no part decides here."""
    ways = ("sheet__community", "sheet__firm", "sheet__table", "by", "decided_by", "led_to")
    row = get_object_or_404(Appeal.objects.visible_to(request.user).select_related(*ways), pk=pk)
    points = {point.charge_id: point for point in row.points.all()}
    charges = row.sheet.charges.with_page_parts().in_order()
    charges = list(charges.filter(pk__in=points) if points else charges.filter(accepted_deci__gt=0))
    may = row.state == Appeal.State.OPEN and people.may_decide_appeal(request.user, row.sheet)
    form = AppealDecisionForm(posted(request), charges=charges) if may else None
    people.demand(may or request.method != "POST", "申诉由没经手这一份的镇物业办人员或分管领导决定。")

    def act(**say):
        data = form.cleaned_data
        appeals.decide(appeal=row, upheld=data["upheld"], answer=data["answer"], points=form.points, **say)

    context = {
        "appeal": row,
        "leaves": [(explain.leaf(charge), points[charge.pk]) for charge in charges if charge.pk in points],
        "turn": boards.turn(row.sheet, row, request.user, today=beijing_date(timezone.now())),
        "photos": row.photos.all(),
    }
    if form is None:
        return render(request, "assessments/appeal.html", context)
    if did(request, form, act):
        messages.success(request, "决定了，企业会收到通知。")
        return redirect(row)
    return render(request, "assessments/appeal.html", {**context, "form": form}, status=422 if form.errors else 200)
