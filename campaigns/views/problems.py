"""The three lists of a campaign: problem, measures, responsible person. 三清单"""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from communities.models import Community
from lib import workbook
from lib.paging import page_of
from lib.workbook import DAY, TEXT, Column

from .. import lists
from ..forms import ProblemFilter, ProblemForm, ProblemSettleForm
from ..models import Campaign, Problem
from .acts import act_page, asked, done, form_methods, keepers, posted, seen, staff, today


def _narrowed(request: HttpRequest, campaign: Campaign):
    form = ProblemFilter(request.GET)
    rows = form.narrow(Problem.objects.visible_to(request.user).filter(campaign=campaign), today=today())
    return form, rows.with_row_parts()


@staff
@require_safe
def problem_list(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = seen(request, pk)
    form, rows = _narrowed(request, campaign)
    page = page_of(rows, request.GET.get("page"))
    context = {
        "campaign": campaign,
        "form": form,
        "page": page,
        "written": lists.writable(request.user, page.object_list),
        "lacking": campaign.problems.lacking().count(),
        "today": today(),
        "may_add": _may_add(request, campaign),
    }
    return render(request, "campaigns/problem_list.html", context)


def _may_add(request: HttpRequest, campaign: Campaign) -> bool:
    places = _own_places(request, campaign)
    return lists.may_write(request.user, campaign, None) or places.exists()


def _own_places(request: HttpRequest, campaign: Campaign):
    kept = Community.objects.kept_by(request.user)
    return campaign.places.filter(community__in=kept).select_related("community")


@staff
@require_safe
def problem_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The three lists as a sheet."""
    campaign = seen(request, pk)
    _, rows = _narrowed(request, campaign)
    widths = {"问题": 40, "小区": 24, "措施": 40, "责任人": 18, "哪天前": 12, "办好": 12, "结果": 40}
    columns = [Column(name, width, DAY if width == 12 else TEXT) for name, width in widths.items()]
    lines = (
        [
            row.text,
            str(row.place or ""),
            "；".join(map(str, row.measures.all())),
            row.person,
            row.due_on,
            row.done_on,
            row.result,
        ]
        for row in rows
    )
    return workbook.response(f"{campaign}-三清单.xlsx", title="三清单", columns=columns, rows=lines)


@keepers
@form_methods
def problem_new(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = seen(request, pk)
    if not _may_add(request, campaign):
        raise PermissionDenied(lists.WHO)
    form = ProblemForm(posted(request), places=_own_places(request, campaign))
    if done(request, form, partial(lists.put, campaign=campaign)):
        messages.success(request, "列上了。")
        return redirect("campaigns:problem-list", pk)
    text = "问题、措施、责任人都写齐，后面阶段的步骤才能记。"
    back = reverse("campaigns:problem-list", args=[pk])
    return act_page(request, form, back=back, title=f"{campaign}：列一个问题", act="列上", text=text)


def _own(request: HttpRequest, pk: int) -> Problem:
    """A line that the person may write; 403 for whoever may only read it."""
    row = get_object_or_404(Problem.objects.visible_to(request.user).with_row_parts(), pk=pk)
    if not lists.may_write(request.user, row.campaign, row.place):
        raise PermissionDenied(lists.WHO)
    return row


@keepers
@form_methods
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """A line is written anew."""
    row = _own(request, pk)
    initial = {"text": row.text, "place": row.place, "person": row.person, "due_on": row.due_on}
    initial["measures"] = [str(measure) for measure in row.measures.all()]
    form = ProblemForm(posted(request), initial=initial, places=_own_places(request, row.campaign))
    if done(request, form, partial(lists.put, campaign=row.campaign, problem=row)):
        return redirect("campaigns:problem-list", row.campaign_id)
    return act_page(request, form, back=_back(row), title="改清单", act="保存")


def _back(row: Problem) -> str:
    return reverse("campaigns:problem-list", args=[row.campaign_id])


@keepers
@form_methods
def problem_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A problem is dealt with."""
    row = _own(request, pk)
    form = ProblemSettleForm(posted(request), initial={"done_on": today()})
    if done(request, form, partial(lists.settle, problem=row)):
        messages.success(request, "记下了。")
        return redirect(_back(row))
    return act_page(request, form, back=_back(row), title=f"{row}：办好了", act="办好了")


@keepers
@form_methods
def problem_strike(request: HttpRequest, pk: int) -> HttpResponse:
    """A wrong entry goes."""
    row = _own(request, pk)
    words = {"title": f"从清单去掉：{row}", "act": "去掉"}
    return asked(request, partial(lists.strike, problem=row), "去掉了。", back=_back(row), **words)
