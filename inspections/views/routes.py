"""The order in which a cadre goes round."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import cadre_only

from .. import routes

STEPS = {"up": -1, "down": 1}


@cadre_only
@require_http_methods(["GET", "HEAD", "POST"])
def route(request: HttpRequest) -> HttpResponse:
    """The own communities in the own order; each can be moved up and down."""
    now = timezone.now()
    mine = routes.places_of(request.user, now=now)
    if request.method == "POST":
        return _move(request, mine, now)
    return render(request, "inspections/route.html", {"communities": mine})


def _move(request: HttpRequest, mine, now: datetime) -> HttpResponse:
    which = next((name for name in STEPS if name in request.POST), None)
    if which is None:
        return redirect("inspections:route")
    key = request.POST[which]
    place = get_object_or_404(mine, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    routes.move(community=place, by=request.user, steps=STEPS[which], now=now)
    return redirect(f"{request.path}#c{place.pk}")
