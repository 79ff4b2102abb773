"""What everybody may know: a community's score and its year; the month's bulletin for the office."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import anyone, leader_only, office_only, station_only
from communities.models import Community
from lib import workbook
from lib.periods import Month, beijing_date
from lib.workbook import Column

from .. import boards, trend
from .. import bulletin as bulletins


@anyone
@require_safe
def public(request: HttpRequest, code: str) -> HttpResponse:
    """The month's score with its reasons in plain words, twelve months' trend, versions beside each other."""
    places = Community.objects.public().select_related("village_committee")
    place = get_object_or_404(places, code=code.upper().replace("\0", ""))
    context = boards.public_page(place, today=beijing_date(timezone.now()))
    context["chart"] = trend.line(context["trend"])
    return render(request, "assessments/public.html", context)


def _made(request: HttpRequest, month: Month) -> bulletins.Bulletin:
    kind = request.GET.get("kind", "settlement")
    if kind not in bulletins.KINDS or not bulletins.is_known(month):
        raise Http404
    return bulletins.make(month, kind)


@(office_only | station_only | leader_only)
@require_safe
def bulletin(request: HttpRequest, month: Month) -> HttpResponse:
    """The body text of the month's bulletin; the town's own system adds head and number."""
    made = _made(request, month)
    return render(
        request, "assessments/bulletin.html", {"bulletin": made, "kinds": bulletins.KINDS, "closing": bulletins.CLOSING}
    )


COLUMNS = [Column("小区", 24), Column("物业企业", 24), Column("得分", 8), Column("档次", 6), Column("扣分最多", 40)]


@(office_only | station_only | leader_only)
@require_safe
def bulletin_export(request: HttpRequest, month: Month) -> HttpResponse:
    """The same numbers as a workbook."""
    made = _made(request, month)
    cells = ([line.community, line.firm, line.score, line.band, line.words] for line in made.lines)
    return workbook.response(f"{made.title}.xlsx", title=f"{month}", columns=COLUMNS, rows=cells)
