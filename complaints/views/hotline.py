"""Answers that go back into the system of the hotline 12345: to copy, with their photos, then noted as 已回填."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import office_only, station_only
from accounts.roles import Act, demand
from lib.paging import page_of
from lib.periods import beijing_date

from .. import exports, hotline


@(station_only | office_only)
@require_safe
def hotline_desk(request: HttpRequest) -> HttpResponse:
    """Orders that are answered here and not there, what is due there first on top."""
    demand(request.user, Act.COMPLAINT)
    page = page_of(hotline.to_fill_back(request.user), request.GET.get("page"))
    context = {"page": page, "today": beijing_date(timezone.now())}
    return render(request, "complaints/hotline_desk.html", context)


@(station_only | office_only)
@require_safe
def hotline_export(request: HttpRequest) -> FileResponse:
    """All of them as a workbook: number, term, answer."""
    demand(request.user, Act.COMPLAINT)
    return exports.orders(hotline.to_fill_back(request.user), by=request.user)
