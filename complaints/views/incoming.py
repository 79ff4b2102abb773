"""What browsers send by themselves: complaints that waited on a phone, photos ahead of them, pictures of open cases."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import limits
from accounts.access import anyone
from communities.models import Community
from lib.pictures import BadPhoto

from .. import links, neighbours, photos, registration, robots
from ..forms import ContactForm, PhotoForm, WaitedForm, WhatForm
from ..models import ComplaintPhoto
from .sending import UNPROCESSABLE, serve


@anyone
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Takes in a complaint that waited on a phone; sent again, it is answered with the same number.

    Answers: 200 number and slip; 409 photos that are not here; 422 a sentence, nothing is written; 503 later.
    """
    waited = WaitedForm(request.POST)
    place = Community.objects.public().filter(code=request.POST.get("c", "").upper().replace("\0", "")).first()
    if not waited.is_valid() or place is None:
        return _refused(["这个小区找不到了，请打电话，我们替您登记。"])
    if missing := photos.missing(waited.cleaned_data["manifest"]):
        return JsonResponse({"missing": missing}, status=409)
    what, contact = WhatForm(request.POST, community=place), ContactForm(request.POST)
    if not (what.is_valid() and contact.is_valid()):
        return _refused([error for form in (what, contact) for errors in form.errors.values() for error in errors])
    return _take_in(request, place, what.cleaned_data, contact.cleaned_data)


def _take_in(request: HttpRequest, place: Community, what: dict, contact: dict) -> JsonResponse:
    by = request.user if request.user.is_authenticated else None
    text = what.pop("text")
    what.pop("files")
    try:
        if not registration.sent_before(what["client_id"]):
            robots.demand_person(request, "")
        row = registration.register(community=place, text=text, **what, **contact, by=by, now=timezone.now())
    except limits.TooMany as error:
        return _refused([str(error)], status=503)  # it stays on the phone and comes again by itself
    except ValidationError as error:
        return _refused(error.messages)
    url = reverse("complaints:mine-slip", args=[links.token(row.complainants.get(joined=False))])
    return JsonResponse({"number": row.number, "url": url})


def _refused(sentences: list[str], *, status: int = UNPROCESSABLE) -> JsonResponse:
    return JsonResponse({"error": sentences[0], "errors": sentences}, status=status)


# ---------------------------------------------------------------- photos


@anyone
@require_POST
def photo_upload(request: HttpRequest) -> JsonResponse:
    """Takes one photo in from anybody, within limits; answers with its number, or with a sentence why not."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"error": next(iter(form.errors.values()))[0]}, status=UNPROCESSABLE)
    try:
        limits.take("complaint-photo", request, each=120, all_=3000, seconds=3600)
        by = request.user if request.user.is_authenticated else None
        received = photos.receive(**form.cleaned_data, by=by, now=timezone.now())
    except (BadPhoto, limits.TooMany) as error:
        return JsonResponse({"error": str(error)}, status=UNPROCESSABLE)
    return JsonResponse({"id": str(received.client_id)})


@anyone
@require_safe
def photo_sent(request: HttpRequest, client_id) -> HttpResponse:
    """A photo that was sent ahead, for whoever knows its number, until its complaint is sent."""
    return serve(ComplaintPhoto.objects.loose().filter(client_id=client_id).first(), small=True)


@anyone
@require_safe
def photo_near(request: HttpRequest, signed: str) -> HttpResponse:
    """The small picture of an open case, for whoever writes about something like it just now."""
    return serve(neighbours.photo_of(signed), small=True)
