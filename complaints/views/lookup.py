"""Looking a complaint up by number and last four digits, and having its link sent once more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits, puzzles
from accounts.access import anyone
from lib.periods import beijing_date

from .. import guessing, messages, progress
from ..forms import LookupForm
from .sending import UNPROCESSABLE, posted


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lookup(request: HttpRequest) -> HttpResponse:
    """Where a complaint stands, by number and the last four digits; nothing tells whether a number exists."""
    form = LookupForm(posted(request), initial={"number": request.GET.get("number", "")[:40]})
    context = {"form": form, "challenge": puzzles.challenge()}
    if request.method == "POST" and form.is_valid():
        context["found"] = _found(request, form)
    return render(request, "complaints/lookup.html", context, status=UNPROCESSABLE if form.errors else 200)


NOT_FOUND = "没找到。检查号码（TS 开头，两组数字）和电话后四位，或者打电话，我们替您查。"


def _found(request: HttpRequest, form: LookupForm) -> dict | None:
    try:
        complainant = guessing.find(request, **form.cleaned_data)
    except limits.TooMany as error:
        form.add_error(None, str(error))
        return None
    if complainant is None:
        form.add_error(None, NOT_FOUND)
        return None
    complaint, today = complainant.complaint, beijing_date(timezone.now())
    return {
        "complaint": complaint,
        "turn": progress.turn(complaint.main, today),
        "steps": progress.brief(complaint, today),
        "village": complaint.community.village_committee,
        "typed": form.cleaned_data,
    }


@anyone
@require_POST
@never_cache
def link_send(request: HttpRequest) -> HttpResponse:
    """Sends the link once more to the number that was registered; the answer is the same whatever was typed."""
    form = LookupForm(request.POST)
    if form.is_valid():
        try:
            complainant = guessing.find(request, **form.cleaned_data)
        except limits.TooMany as error:
            form.add_error(None, str(error))
        else:
            if complainant:
                messages.send_link(complainant, now=timezone.now())
    context = {"form": form, "challenge": puzzles.challenge(), "was_asked": not form.errors}
    return render(request, "complaints/lookup.html", context, status=UNPROCESSABLE if form.errors else 200)
