"""A resident's way in, without an account: the place, what and where, how to be reached, a check, done; and the box for
fire hazards, where nobody need say who they are.
"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.access import anyone
from communities.models import Community
from communities.responsibility import responsible_on
from lib.periods import beijing_date
from lib.states import WrongState

from .. import box, links, registration, robots
from ..forms import BoxForm
from ..models import Complainant, Complaint
from .draft import STEPS, Draft
from .sending import UNPROCESSABLE, files, posted, receive_files, refuse

MOST_SHOWN, MOST_WORDS = 25, 50


@anyone
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Which community: by name, pinyin, initials or the code on its gate."""
    return render(request, "complaints/new.html", _chosen(request) | {"here": "complaints:new-here"})


def _chosen(request: HttpRequest) -> dict:
    """The communities that fit what was typed."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:MOST_WORDS]
    found = list(Community.objects.public().search(words).select_related("village_committee")[: MOST_SHOWN + 1])
    return {"words": words, "found": found[:MOST_SHOWN], "more": len(found) > MOST_SHOWN}


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def new_here(request: HttpRequest, code: str) -> HttpResponse:
    """The form for one community, a step a page; each step's button names the step that comes next."""
    draft = Draft(request, _place(code))
    asked = request.POST.get("step", "what") if request.method == "POST" else "what"
    step = draft.first_unready(asked if asked in STEPS else "what")
    if step == "submit":
        return _submit(request, draft)
    return draft.page(step, status=UNPROCESSABLE if draft.has_faults(step) else 200)


def _place(code: str) -> Community:
    rows = Community.objects.public().select_related("village_committee")
    return get_object_or_404(rows, code=code.upper().replace("\0", ""))


def _submit(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Takes it in, or joins an open case; sent again, it leads to the same slip."""
    try:
        if not Complainant.objects.filter(client_id=draft.client_id).exists():
            robots.demand_person(request, draft.check.cleaned_data["solution"])
        complainant = _send(request, draft)
    except limits.TooMany as error:
        draft.check.add_error(None, str(error))
    except ValidationError as error:
        refuse(draft.check, error)
    except WrongState as error:
        draft.check.add_error(None, str(error))
    else:
        return redirect("complaints:mine-slip", links.token(complainant))
    return draft.page("check", status=UNPROCESSABLE)


def _send(request: HttpRequest, draft: Draft) -> Complainant:
    by, now = request.user if request.user.is_authenticated else None, timezone.now()
    same = draft.check.cleaned_data["same"]
    if same.isdecimal():
        rows = Complaint.objects.open().filter(community=draft.place)
        case = get_object_or_404(rows, pk=same)
        return registration.join(complaint=case, who=draft.who(), client_id=draft.client_id, by=by, now=now)
    complaint = registration.take_in(entry=draft.entry(), by=by, now=now)
    return complaint.complainants.get(joined=False)


# ---------------------------------------------------------------- the box for fire hazards


@anyone
@require_safe
def report_box(request: HttpRequest) -> HttpResponse:
    """举报箱: which community."""
    return render(request, "complaints/new.html", _chosen(request) | {"here": "complaints:report-box-here"})


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def report_box_here(request: HttpRequest, code: str) -> HttpResponse:
    """A fire hazard, on one page; without a number it is told to nobody but the station."""
    place = _place(code)
    form = BoxForm(posted(request), files(request), community=place)
    if request.method == "POST" and form.is_valid() and (told := _told(request, place, form)):
        return redirect("complaints:mine-slip", links.token(told.complainants.get(joined=False)))
    firm = responsible_on(place, beijing_date(timezone.now())).firm
    context = {"community": place, "form": form, "village": place.village_committee, "firm": firm}
    context["challenge"] = robots.challenge()
    return render(request, "complaints/report_box_here.html", context, status=UNPROCESSABLE if form.errors else 200)


def _told(request: HttpRequest, place: Community, form: BoxForm) -> Complaint | None:
    by, typed = request.user if request.user.is_authenticated else None, dict(form.cleaned_data)
    typed["photos"] = [*typed["photos"], *receive_files(form, by)]
    del typed["files"]
    form.data = form.data.copy()
    form.data["photos"] = ",".join(map(str, typed["photos"]))  # a fault elsewhere loses none of them
    solution = typed.pop("solution")
    if form.errors:
        return None
    try:
        if not registration.sent_before(typed["client_id"]):
            robots.demand_person(request, solution)
        return box.take_in(community=place, **typed, by=by, now=timezone.now())
    except limits.TooMany as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        refuse(form, error)
    return None
