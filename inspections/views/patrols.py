"""Patrols as they are read: the list, one record with its versions and paper; remarks and voiding."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import cadre_only, leader_only, office_only, station_only
from lib.paging import page_of

from .. import exports, patrols, record_sheet
from ..forms import DoubtForm, PatrolFilter, ReasonForm, RemarkForm
from ..models import Category, Finding, Patrol, PatrolPhoto
from .sending import own_patrol, posted

readers = cadre_only | station_only | office_only | leader_only


@readers
@require_safe
def patrol_list(request: HttpRequest) -> HttpResponse:
    """Patrols, newest first, searched and filtered."""
    form = PatrolFilter(request.GET, user=request.user)
    rows = form.narrow(Patrol.objects.visible_to(request.user)).newest_first()
    page = page_of(rows.with_row_parts(), request.GET.get("page"))
    return render(request, "inspections/patrol_list.html", {"form": form, "page": page})


@readers
@require_safe
def patrol_list_export(request: HttpRequest) -> HttpResponse:
    """The filtered patrols as a workbook."""
    form = PatrolFilter(request.GET, user=request.user)
    return exports.patrols(form.narrow(Patrol.objects.visible_to(request.user)))


def _readable(request: HttpRequest, pk: int) -> Patrol:
    return get_object_or_404(Patrol.objects.visible_to(request.user).select_related("community", "user"), pk=pk)


@readers
@require_safe
def patrol_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One patrol: answers, findings with photos, remarks, earlier versions."""
    patrol, now = _readable(request, pk), timezone.now()
    answers = {answer.category: answer for answer in patrol.answers.all()}
    context = {
        "patrol": patrol,
        "answers": [answers[c] for c in Category if c in answers],
        "findings": record_sheet.findings_of(patrol),
        "withdrawn": patrol.findings.filter(state=Finding.State.WITHDRAWN).select_related("item"),
        "photos": patrol.photos.shown(),
        "remarks": patrol.remarks.select_related("by"),
        "versions": patrol.versions.select_related("replaced_by"),
        "may_correct": patrol.is_correctable(by=request.user, now=now),
        "may_remark": patrol.user_id == request.user.pk,
        "may_settle": patrol.is_doubtful and patrols.may_settle_doubt(patrol, request.user),
        "may_void": patrols.may_void(patrol, request.user, now=now),
    }
    return render(request, "inspections/patrol_detail.html", context)


@readers
@require_safe
def patrol_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A patrol as it read before a correction."""
    patrol = _readable(request, pk)
    version = get_object_or_404(patrol.versions.select_related("replaced_by"), number=number)
    context = {"patrol": patrol, "version": version, **_old_photos(version.content, request.user)}
    return render(request, "inspections/patrol_version.html", context)


def _old_photos(content: dict, user) -> dict:
    """The photos that the version showed: of each finding beside it, and of the record."""
    findings, own = content.get("findings", []), content.get("photos", [])
    keys = {*own, *(key for finding in findings for key in finding["photos"])}
    rows = PatrolPhoto.objects.visible_to(user).in_bulk(keys)
    found = [(finding, [rows[key] for key in finding["photos"] if key in rows]) for finding in findings]
    return {"findings": found, "photos": [rows[key] for key in own if key in rows]}


@readers
@require_safe
def patrol_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The record sheet 巡查记录单 as a PDF."""
    patrol = _readable(request, pk)
    response = HttpResponse(record_sheet.paper(patrol), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{patrol.number}.pdf")
    return response


# ---------------------------------------------------------------- afterwards


@(cadre_only | office_only)
@require_http_methods(["GET", "POST"])
def patrol_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds a remark to one's own patrol."""
    patrol, form = own_patrol(request, pk), RemarkForm(posted(request))
    if request.method == "POST" and form.is_valid():
        patrols.remark(patrol=patrol, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        messages.success(request, "补充说明记好了。")
        return redirect(patrol)
    status = 422 if request.method == "POST" else 200
    return render(request, "inspections/patrol_remark.html", {"patrol": patrol, "form": form}, status=status)


@(cadre_only | station_only | office_only)
@require_http_methods(["GET", "POST"])
def patrol_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Voids a patrol, with a reason; its findings are withdrawn with it."""
    patrol = _readable(request, pk)
    if not patrols.may_void(patrol, request.user, now=timezone.now()):
        raise PermissionDenied("作废要由巡查人当天办，或者由这个小区的物管站站长办；作废过的不用再办。")
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        patrols.void(patrol=patrol, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        messages.success(request, f"{patrol.number} 已作废，记录还看得到。")
        return redirect(patrol)
    status = 422 if request.method == "POST" else 200
    return render(request, "inspections/patrol_void.html", {"patrol": patrol, "form": form}, status=status)


@station_only
@require_http_methods(["GET", "POST"])
def patrol_doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """The station's head says whether the day of a patrol is believed."""
    patrol, form = _readable(request, pk), DoubtForm(posted(request))
    if not patrols.may_settle_doubt(patrol, request.user):
        raise PermissionDenied("日期由这个小区的物管站站长核实，自己的记录由别人核实。")
    if request.method == "POST" and form.is_valid():
        settled = form.cleaned_data["settled"]
        patrols.settle_doubt(patrol=patrol, settled=settled, by=request.user, now=timezone.now())
        messages.success(request, f"{patrol.number}：{patrol.get_doubt_settled_display()}。")
        return redirect(patrol)
    status = 422 if request.method == "POST" else 200
    return render(request, "inspections/patrol_doubt.html", {"patrol": patrol, "form": form}, status=status)
