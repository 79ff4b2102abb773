"""What the pages of campaigns have in common: who comes in, which row, one form and one act."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import cadre_only, committee_only, firm_only, leader_only, office_only, station_only
from communities.views.acts import UNPROCESSABLE, act_page, attempt, done, posted
from lib.periods import beijing_date

from ..models import Campaign, CampaignPlace

__all__ = [
    "UNPROCESSABLE",
    "act_page",
    "asked",
    "attempt",
    "done",
    "form_methods",
    "insiders",
    "keepers",
    "posted",
    "quarter_readers",
    "readers",
    "seen",
    "seen_place",
    "staff",
    "today",
]

staff = cadre_only | station_only | office_only | leader_only
insiders = staff | firm_only
readers = insiders | committee_only
keepers = station_only | office_only  # who writes what stands in a community's registry
quarter_readers = office_only | leader_only
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def today() -> date:
    return beijing_date(timezone.now())


def seen(request: HttpRequest, pk: int) -> Campaign:
    """A campaign that the person sees, with what its pages show."""
    return get_object_or_404(Campaign.objects.visible_to(request.user).with_page_parts(), pk=pk)


def seen_place(request: HttpRequest, pk: int) -> CampaignPlace:
    """A community's part in a campaign that the person sees."""
    rows = CampaignPlace.objects.visible_to(request.user).select_related("campaign", "community", "team")
    return get_object_or_404(rows, pk=pk)


def asked(request: HttpRequest, do: Callable, said: str, *, back: str, after=None, **words) -> HttpResponse:
    """A page that asks once more before an act that needs no word; afterwards on to ``after``, else back."""
    if request.method != "POST":
        return act_page(request, None, back=back, **words)
    did = attempt(request, do, said)
    return redirect(after or back) if did else redirect(back)
