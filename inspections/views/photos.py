"""Photos: taken in one by one, shown only to those who see the row."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import cadre_only, firm_only, office_only, signed_in_also_by_code, station_only
from lib import uploads
from lib.pictures import BadPhoto

from .. import photos
from ..forms import PhotoForm
from ..models import PatrolPhoto


@(cadre_only | station_only | office_only | firm_only)
@require_POST
def photo_upload(request: HttpRequest) -> JsonResponse:
    """Takes one photo in; answers with its number, or with a sentence why not."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        sentences = [error for errors in form.errors.values() for error in errors]
        return JsonResponse({"error": sentences[0]}, status=422)
    data = form.cleaned_data
    data["kind"] = data["kind"] or PatrolPhoto.Kind.PROBLEM
    try:
        received = photos.receive(**data, by=request.user, now=timezone.now())
    except BadPhoto as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"id": str(received.client_id)})


@signed_in_also_by_code
@require_safe
def photo(request: HttpRequest, client_id) -> HttpResponse:
    return _serve(request, client_id, small=False)


@signed_in_also_by_code
@require_safe
def photo_small(request: HttpRequest, client_id) -> HttpResponse:
    return _serve(request, client_id, small=True)


def _serve(request: HttpRequest, client_id, *, small: bool) -> HttpResponse:
    row = get_object_or_404(PatrolPhoto.objects.visible_to(request.user), client_id=client_id)
    if not row.is_ready:
        return _not_found("照片还在处理，过一会儿再看。")
    try:
        return uploads.response(row, small=small)
    except FileNotFoundError:  # a database that came back without its photos
        return _not_found("这张照片的文件不在了，请告诉镇物业办。")


def _not_found(words: str) -> HttpResponse:
    return HttpResponseNotFound(words, content_type="text/plain; charset=utf-8")
