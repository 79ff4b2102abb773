"""Pages that show several rooms at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.access import anyone, cadre_only, firm_only, leader_only, office_only, station_only
from accounts.people import home_role
from communities.models import Community, Firm, VillageCommittee
from lib.paging import A_PAGE, page_of
from lib.periods import beijing_date

from . import community_page, desks, suggestions
from . import offline as offline_shell
from .forms import CommunityFilter, FeedbackForm
from .menu import home_of

MOST_CHARACTERS = 50
inside = cadre_only | station_only | office_only | leader_only | firm_only


@anyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Strangers find whom to call; everybody signed in goes to the home of their role."""
    if request.user.is_authenticated:
        return redirect(home_of(home_role(request)))
    return render(request, "portal/home.html", {"communities": Community.objects.public().count()})


@(station_only | office_only)
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """The desk of office and stations: what waits, who has not been visited this week."""
    return render(request, "portal/office.html", desks.office(request.user, now=timezone.now()))


@leader_only
@require_safe
def leader(request: HttpRequest) -> HttpResponse:
    """One page for the town's leaders: this week against last week, what is serious and open. No personal data."""
    return render(request, "portal/leader.html", desks.leader(request.user, now=timezone.now()))


@inside
@require_safe
def community_list(request: HttpRequest) -> HttpResponse:
    """The communities that somebody sees, searched and filtered."""
    form = CommunityFilter(request.GET, villages=VillageCommittee.objects.visible_to(request.user))
    rows = form.narrow(Community.objects.visible_to(request.user)).select_related("village_committee")
    rows = community_page.with_open_findings(rows.order_by("pinyin", "pk"), request.user)
    page = page_of(rows, request.GET.get("page"))
    return render(request, "portal/community_list.html", {"form": form, "page": page})


@inside
@require_safe
def community(request: HttpRequest, pk: int) -> HttpResponse:
    """One community: who answers for it, its weeks, its patrols and findings, its houses and equipment."""
    rows = Community.objects.visible_to(request.user).select_related("village_committee")
    place = get_object_or_404(rows, pk=pk)
    return render(request, "portal/community.html", community_page.gather(place, request.user, now=timezone.now()))


@anyone
@require_safe
def gate(request: HttpRequest, code: str) -> HttpResponse:
    """The sign at a community's gate (QR): whom to call for this community. The address never changes."""
    rows = Community.objects.public().select_related("village_committee")
    place = get_object_or_404(rows, code=code.upper().replace("\0", ""))
    context = {"community": place, "contract": community_page.contract_on(place, beijing_date(timezone.now()))}
    return render(request, "portal/gate.html", context)


@anyone
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Telephone numbers of the office, the stations and the firms. R01"""
    words = request.GET.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    today = beijing_date(timezone.now())
    communities = Community.objects.public().search(words).select_related("village_committee")
    context = {
        "words": words,
        "stations": VillageCommittee.objects.filter(ended_on=None),
        "firms": Firm.objects.filter(ended_on=None),
        "found": community_page.with_contracts(communities[:A_PAGE], today) if words else [],
    }
    return render(request, "portal/contacts.html", context)


@anyone
@require_safe
def help(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@anyone
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the portal's shell in a browser; asked for anew each time, because it names its version."""
    response = HttpResponse(offline_shell.worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@anyone
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows where there is no signal and no page kept for the address."""
    return render(request, "portal/offline.html")


@anyone
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@anyone
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


def _is_within_limits(request: HttpRequest, form: FeedbackForm) -> bool:
    try:
        limits.take("feedback", request, each=5, all_=200, seconds=3600)
    except limits.TooMany as error:
        form.add_error(None, str(error))
        return False
    return True


@anyone
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Suggestions about the portal itself, from every page. DOMAIN 0.3"""
    typed = request.POST if request.method == "POST" else None
    form = FeedbackForm(typed, initial={"page": request.GET.get("page", "")[:200]})
    if request.method == "POST" and form.is_valid() and _is_within_limits(request, form):
        suggestions.send(by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "意见收到了，谢谢。")
        return redirect("portal:home")
    status = 422 if typed is not None else 200
    return render(request, "portal/feedback.html", {"form": form}, status=status)
