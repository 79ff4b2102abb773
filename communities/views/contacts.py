"""Whom to call: one public page, printable, made anew at each look. R01"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import anyone
from lib.paging import A_PAGE
from lib.periods import beijing_date

from .. import contacts as numbers
from ..models import Community

MOST_CHARACTERS = 50


@anyone
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """The town's office, stations, firms, departments, committees; a community's own numbers by its name."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    today = beijing_date(timezone.now())
    communities = Community.objects.public().search(words).select_related("village_committee")
    context = {
        "words": words,
        "today": today,
        "stations": numbers.stations(today),
        "firms": numbers.firms(),
        "sections": numbers.sections(),
        "committees": numbers.committees(today),
        "found": numbers.around(communities[:A_PAGE], today=today) if words else [],
    }
    return render(request, "communities/contacts.html", context)
