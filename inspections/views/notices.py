"""Notices as they are read: what waits, one notice with its story, its paper, the register."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import cadre_only, firm_only, leader_only, office_only, station_only
from accounts.roles import FIRM
from lib.paging import A_PAGE, page_of
from lib.periods import beijing_date

from .. import exports, notice_page, notice_paper, registers, takeovers, waiting
from ..forms import NoticesForm, RegisterFilter
from ..models import Notice
from ..notice_people import is_staff
from .acting import readable

MOST_TO_SIGN = 100
readers = cadre_only | station_only | office_only | leader_only | firm_only


@readers
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """What waits: for the firm what it must answer, for staff what they must look at, the most pressing first."""
    today = beijing_date(timezone.now())
    shelves = waiting.shelves(request.user, today=today)
    shelf = next((one for one in shelves if one.name == request.GET.get("show")), shelves[0])
    page = page_of(shelf.rows.with_row_parts().most_pressing_first(), request.GET.get("page"))
    is_firm = not FIRM.isdisjoint(request.user.roles)
    context = {"shelves": shelves, "shelf": shelf, "page": page, "today": today, "is_firm": is_firm}
    context |= {"to_sign": receivable(request.user).with_row_parts()[:MOST_TO_SIGN], "is_staff": is_staff(request.user)}
    return render(request, "inspections/notice_list.html", context)


@readers
@require_safe
def notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: whose turn it is, before and after, the story, and what the reader may do."""
    notice = readable(request, pk)
    context = notice_page.gather(notice, request.user, now=timezone.now())
    return render(request, "inspections/notice_detail.html", context)


@readers
@require_safe
def notice_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice 抄告单 as a PDF."""
    notice = readable(request, pk)
    left = takeovers.left_at(notice, request.user)
    response = HttpResponse(notice_paper.paper(notice, until=left), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{notice.number}.pdf")
    return response


@readers
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The register 台账 of notices, searched and filtered, with how much is settled."""
    today = beijing_date(timezone.now())
    form = RegisterFilter(request.GET, user=request.user, today=today)
    rows = form.narrow(Notice.objects.visible_to(request.user))
    page = page_of(rows.with_row_parts().newest_first(), request.GET.get("page"))
    context = {"form": form, "page": page, "today": today, "settled": registers.settled(rows)}
    return render(request, "inspections/register.html", context)


@readers
@require_safe
def register_summary(request: HttpRequest) -> HttpResponse:
    """How much is settled by community or by firm; each number leads to its rows in the register."""
    by = "firm" if request.GET.get("by") == "firm" else "community"
    form = RegisterFilter(request.GET, user=request.user, today=beijing_date(timezone.now()))
    rows = form.narrow(Notice.objects.visible_to(request.user))
    page = Paginator(registers.shares(rows, by), A_PAGE).get_page(request.GET.get("page"))
    page.object_list = registers.named(list(page.object_list), by)
    context = {"form": form, "page": page, "by": by, "settled": registers.settled(rows)}
    return render(request, "inspections/register_summary.html", context)


@readers
@require_safe
def register_export(request: HttpRequest) -> HttpResponse:
    """The filtered register as a workbook."""
    today = beijing_date(timezone.now())
    form = RegisterFilter(request.GET, user=request.user, today=today)
    return exports.notices(form.narrow(Notice.objects.visible_to(request.user)), today=today)


def receivable(user):
    """What the firm of the user can sign for now."""
    return Notice.objects.addressed_to(user).filter(state=Notice.State.ISSUED)


def notices_form(request: HttpRequest) -> NoticesForm:
    return NoticesForm(request.POST, notices=receivable(request.user))
