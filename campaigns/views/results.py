"""What a campaign has come to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..results import Results
from .acts import seen, staff, today


@staff
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Before and after by category, what is unfinished, photos of before and after, a text to publish."""
    campaign = seen(request, pk)
    found = Results(campaign, request.user, today())
    return render(request, "campaigns/results.html", {"campaign": campaign, "results": found, "today": today()})
