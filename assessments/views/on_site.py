"""Scored on the spot, with and without signal; photos that go ahead."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import firm_only, office_only, signed_in, station_only
from inspections.forms import PhotoForm
from lib import uploads
from lib.periods import beijing_date
from lib.pictures import BadPhoto
from lib.states import WrongState

from .. import on_site, people, photos
from ..forms import OnSiteForm, WaitedForm
from ..models import AssessmentPhoto, ManualFact, ScoreSheet
from .acts import posted, readable, received, refuse, refused, sentences_of

staff = station_only | office_only


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def on_site_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds what is seen on the spot; without signal the page keeps it for the phone's queue."""
    row = readable(request, pk)
    people.demand(people.may_assess(request.user, row), "现场扣分由考核这个小区的经办加。")
    form = OnSiteForm(posted(request), sheet=row, initial={"day": min(row.last_day, beijing_date(timezone.now()))})
    if request.method == "POST" and form.is_valid() and _added(request, row, form):
        messages.success(request, "加上了。还要加就接着写。")
        return redirect("assessments:on-site-new", pk)
    facts = (
        ManualFact.objects.filter(evidence__charges__sheet=row).prefetch_related("photos").select_related("item", "by")
    )
    context = {"sheet": row, "form": form, "facts": facts, "album_key": f"on-site-{row.pk}"}
    return render(request, "assessments/on_site_new.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, row: ScoreSheet, form: OnSiteForm) -> bool:
    say = {"by": request.user, "now": timezone.now()}
    try:
        typed = dict(form.cleaned_data)
        typed["photos"] = [*typed["photos"], *_without_scripts(request, say)]
        on_site.add(sheet=row, **typed, **say)
    except ValidationError as error:
        refuse(form, error)
    except (WrongState, BadPhoto) as error:
        form.add_error(None, str(error))
    return not form.errors


def _without_scripts(request: HttpRequest, say: dict) -> list[uuid.UUID]:
    """Photos chosen in a browser without scripts are taken in here."""
    given = {"taken_on": None, "sha256": ""}
    files = request.FILES.getlist("files")[:9]
    return [photos.receive(file=file, client_id=uuid.uuid4(), **given, **say).client_id for file in files]


@staff
@require_POST
def on_site_send(request: HttpRequest) -> JsonResponse:
    """Takes in what waited on a phone; sent again, it is answered with the same number.

    Answers: 200 number and address; 409 photos that are not here; 422 or 403 a sentence, nothing is written.
    """
    waited = WaitedForm(request.POST)
    if not waited.is_valid():
        return refused(sentences_of(waited))
    data = waited.cleaned_data
    row = ScoreSheet.objects.visible_to(request.user).select_related("community", "table").filter(pk=data["c"]).first()
    if row is None:
        return refused(["这份考核不归您，请和镇物业办说一声。"], status=403)
    if ManualFact.objects.filter(client_id=data["client_id"], by=request.user).exists():
        return received(row)
    if missing := photos.missing(data["manifest"], by=request.user):
        return JsonResponse({"missing": missing}, status=409)
    form = OnSiteForm(request.POST, sheet=row)
    if not form.is_valid():
        return refused(sentences_of(form))
    try:
        on_site.add(sheet=row, **form.cleaned_data, by=request.user, now=timezone.now())
    except ValidationError as error:
        return refused(error.messages)
    except (WrongState, PermissionDenied) as error:
        return refused([str(error)], status=403 if isinstance(error, PermissionDenied) else 422)
    return received(row)


# ---------------------------------------------------------------- photos


@(staff | firm_only)
@require_POST
def photo_upload(request: HttpRequest) -> JsonResponse:
    """Takes one photo in; answers with its number, or with a sentence why not."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return refused(sentences_of(form))
    data = form.cleaned_data
    data.pop("kind")
    try:
        received = photos.receive(**data, by=request.user, now=timezone.now())
    except BadPhoto as error:
        return refused([str(error)])
    return JsonResponse({"id": str(received.client_id)})


@signed_in
@require_safe
def photo(request: HttpRequest, client_id) -> HttpResponse:
    """The picture, or with ``?small`` its thumbnail."""
    row = get_object_or_404(AssessmentPhoto.objects.visible_to(request.user), client_id=client_id)
    if not row.is_ready:
        return _not_found("照片还在处理，过一会儿再看。")
    try:
        return uploads.response(row, small="small" in request.GET)
    except FileNotFoundError:
        return _not_found("这张照片的文件不在了，请告诉镇物业办。")


def _not_found(words: str) -> HttpResponse:
    return HttpResponseNotFound(words, content_type="text/plain; charset=utf-8")
