"""Figures: a month by firm, community and category for staff; what everybody may know of one community."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import anyone, leader_only, office_only, station_only
from communities.models import Community
from communities.responsibility import responsible_on
from lib.periods import Month, beijing_date, month_of

from .. import analysis as figures
from .. import charts

FIRST = Month(2020, 1)
A_YEAR = 12


def _asked_month(request: HttpRequest) -> Month:
    """The month of ``?month=2026-11``, else this one; none to come."""
    now = month_of(timezone.now())
    year, _, number = request.GET.get("month", "").partition("-")
    if not (year.isdecimal() and number.isdecimal() and len(year) == 4 and 1 <= int(number[:3]) <= 12):
        return now
    return max(FIRST, min(Month(int(year), int(number)), now))


@(station_only | office_only | leader_only)
@require_safe
def analysis(request: HttpRequest) -> HttpResponse:
    """Complaints of a month by firm, community or category, with the last half-year beside it."""
    month, by = _asked_month(request), request.GET.get("by", "firm")
    by = by if by in figures.DIMENSIONS else "firm"
    lines = figures.of_month(request.user, month, by)
    months = figures.by_month(request.user, month)
    context = {
        "month": month,
        "this_month": month_of(timezone.now()),
        "by": by,
        "dimensions": figures.DIMENSIONS,
        "lines": [(line, line.rows(month, by)) for line in lines],
        "total": figures.total(lines),
        "repeats": figures.repeats(request.user, month),
        "months": months,
        "chart": charts.bars([(f"{one.number}月", came, went) for one, came, went in months]),
    }
    return render(request, "complaints/analysis.html", context)


@anyone
@require_safe
def community_numbers(request: HttpRequest, code: str) -> HttpResponse:
    """A community's complaints of a year: how many, how fast, how satisfied; no words of anybody."""
    place = get_object_or_404(
        Community.objects.public().select_related("village_committee"), code=code.upper().replace("\0", "")
    )
    last = beijing_date(timezone.now())
    first = Month(month_of(last).year - 1, month_of(last).number).first_day
    days = {"first": first, "last": last}
    context = {
        "community": place,
        "firm": responsible_on(place, last).firm,
        "line": figures.of_community(place, **days),
        "kinds": figures.kinds_of_community(place, **days),
        **days,
    }
    return render(request, "complaints/community_numbers.html", context)
