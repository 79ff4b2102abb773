"""Findings: the list that staff and firms share, one finding with its story."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import cadre_only, firm_only, leader_only, office_only, station_only
from accounts.roles import Act, demand, may
from lib.paging import page_of
from lib.periods import beijing_date

from .. import exports, findings, notices, turns
from ..entries import Refused
from ..forms import FindingFilter, SeverityForm
from ..models import Finding, Notice, Patrol, Severity
from .sending import posted

readers = cadre_only | station_only | office_only | leader_only | firm_only


@readers
@require_safe
def finding_list(request: HttpRequest) -> HttpResponse:
    """Findings, newest first, searched and filtered."""
    form = FindingFilter(request.GET, user=request.user)
    rows = form.narrow(Finding.objects.visible_to(request.user).standing()).with_row_parts()
    page = page_of(rows, request.GET.get("page"))
    return render(request, "inspections/finding_list.html", {"form": form, "page": page})


@readers
@require_safe
def finding_list_export(request: HttpRequest) -> HttpResponse:
    """The filtered findings as a workbook."""
    form = FindingFilter(request.GET, user=request.user)
    return exports.findings(form.narrow(Finding.objects.visible_to(request.user).standing()))


def _readable(request: HttpRequest, pk: int) -> Finding:
    return get_object_or_404(Finding.objects.visible_to(request.user).with_page_parts(), pk=pk)


@readers
@require_safe
def finding_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: whose turn it is, photos, what happened."""
    finding, today = _readable(request, pk), beijing_date(timezone.now())
    context = {
        "finding": finding,
        "turn": turns.of_finding(finding, today=today),
        "notices": Notice.objects.visible_to(request.user).filter(finding=finding).with_row_parts(),
        "transfers": finding.transfers.exclude(state="dropped").select_related("department"),
        "today": today,
        "may_issue": _is_unsent(finding) and _may_issue(finding, request.user),
        "photos": finding.photos.shown(),
        "events": finding.events.select_related("by"),
        "sees_patrol": Patrol.objects.visible_to(request.user).filter(pk=finding.patrol_id).exists(),
        "may_lower": _is_lowerable(finding) and may(request.user, Act.SEVERITY_LOWER),
    }
    return render(request, "inspections/finding_detail.html", context)


def _is_unsent(finding: Finding) -> bool:
    """Open, for somebody to put right, and nobody has been told."""
    sent = finding.root_cause_id or finding.notices.standing().exists() or finding.transfers.unanswered().exists()
    return finding.state == Finding.State.OPEN and not sent


def _may_issue(finding: Finding, user) -> bool:
    try:
        notices.demand_issuer(finding, user)
    except PermissionDenied:
        return False
    return True


def _is_lowerable(finding: Finding) -> bool:
    return finding.state == Finding.State.OPEN and finding.severity != Severity.GENERAL


@station_only
@require_http_methods(["GET", "POST"])
def finding_lower(request: HttpRequest, pk: int) -> HttpResponse:
    """The station's head lowers a finding's severity, with a reason."""
    demand(request.user, Act.SEVERITY_LOWER)
    finding = _readable(request, pk)
    if not _is_lowerable(finding):
        messages.warning(request, "办结、撤销或一般的问题，等级不用再降。")
        return redirect(finding)
    form = SeverityForm(posted(request), finding=finding)
    if request.method == "POST" and form.is_valid():
        try:
            findings.lower_severity(finding=finding, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "等级已降低，原来的等级和原因都记着。")
            return redirect(finding)
    status = 422 if request.method == "POST" else 200
    return render(request, "inspections/finding_lower.html", {"finding": finding, "form": form}, status=status)
