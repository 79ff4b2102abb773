"""What a phone asks for and sends by itself: its kit, records that waited for a signal, pages with nobody's data."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import anyone, cadre_only, office_only
from communities.models import Community
from communities.responsibility import responsible_on
from lib.periods import beijing_date

from .. import kit, patrols, photos
from ..doubts import LONGEST
from ..entries import Refused
from ..forms import BlankPatrolForm, PatrolForm, WaitedForm
from ..models import Patrol
from .sending import is_complete, kind_of


@anyone
@require_safe
def patrol_offline(request: HttpRequest) -> HttpResponse:
    """The patrol form without a community; the phone fills it from its kit. The same for everybody."""
    return render(request, "inspections/patrol_offline.html", {"form": BlankPatrolForm()})


@anyone
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What is still in this phone. The same for everybody: the browser fills it."""
    return render(request, "inspections/queue.html")


@cadre_only
@require_safe
@never_cache
def patrol_kit(request: HttpRequest) -> JsonResponse:
    """What the cadre's phone needs to write a patrol without signal."""
    return JsonResponse(kit.kit(request.user, now=timezone.now()))


@(cadre_only | office_only)
@require_POST
def patrol_receive(request: HttpRequest) -> JsonResponse:
    """Takes in a patrol that waited on a phone; sent again, it is answered with the same number.

    Answers: 200 number and receipt; 409 photos that are not here; 422 or 403 a sentence, nothing is written.
    """
    waited = WaitedForm(request.POST)
    if not waited.is_valid():
        return _refused([error for errors in waited.errors.values() for error in errors])
    try:
        return _receive(request, waited)
    except PermissionDenied as error:
        return _refused([str(error)], status=403)


def _receive(request: HttpRequest, waited: WaitedForm) -> JsonResponse:
    data, by = waited.cleaned_data, request.user
    if known := patrols.sent_before(data["client_id"], by):
        return _received(known)
    if missing := photos.missing(data["manifest"], by=by):
        return JsonResponse({"missing": missing}, status=409)
    form, kind = _form(request, waited), kind_of(request)
    if not is_complete(form, kind):
        return _refused(form.sentences())
    try:
        return _received(patrols.submit(entry=form.entry(kind=kind), by=by, now=form.now))
    except Refused as error:
        return _refused(list(error.problems.values()))


def _form(request: HttpRequest, waited: WaitedForm) -> PatrolForm:
    now = timezone.now()
    mine = patrols.places_of(request.user, now=now, since=beijing_date(now - LONGEST))
    try:
        community = mine.get(pk=waited.cleaned_data["c"])
    except Community.DoesNotExist:
        raise PermissionDenied("这个小区不归您联系，这一份交不上来。请和物管站说一声。") from None
    responsible = responsible_on(community, beijing_date(now)).name
    return PatrolForm(request.POST, community=community, responsible=responsible, now=now, waited=waited)


def _received(patrol: Patrol) -> JsonResponse:
    return JsonResponse({"number": patrol.number, "url": patrol.get_absolute_url(), "doubt": patrol.is_doubtful})


def _refused(sentences: list[str], status: int = 422) -> JsonResponse:
    return JsonResponse({"error": sentences[0], "errors": sentences}, status=status)
