"""What the pages of one act share: the row, the form with its photos, the sentence when it is refused, where next."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from lib.pictures import BadPhoto

from .. import photos
from ..entries import Refused
from ..models import MOST_PHOTOS, Notice
from .sending import posted


def readable(request: HttpRequest, pk: int) -> Notice:
    """The notice with all that its page shows; 404 for a stranger."""
    return get_object_or_404(Notice.objects.visible_to(request.user).with_page_parts(), pk=pk)


def demand(fine: bool, sentence: str) -> None:
    """403 for somebody who may read but not act."""
    if not fine:
        raise PermissionDenied(sentence)


def act(
    request: HttpRequest,
    form,
    do: Callable[..., object],
    *,
    done: str,
    back: models.Model | str,
    template: str = "inspections/_notice_act.html",
    **words,
) -> HttpResponse:
    """A page with one form and one button: does it and goes back, or says what is missing and keeps what was typed.

    Args:
        form: a bound or blank form; None where there is only the button.
        do: called with the form's fields, ``by`` and ``now``; Refused stands at its field.
        back: where to go afterwards, a row or an address.
    """
    if request.method == "POST" and _has_done(request, form, do):
        messages.success(request, done)
        return redirect(back)
    address = back if isinstance(back, str) else back.get_absolute_url()
    context = {"form": form, "back": address, **words}
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def _has_done(request: HttpRequest, form, do: Callable[..., object]) -> bool:
    say = {"by": request.user, "now": timezone.now()}
    if form is None:
        do(**say)
        return True
    if not form.is_valid():
        return False
    try:
        do(**_typed(request, form), **say)
    except Refused as refused:
        _refuse(form, refused)
    except BadPhoto as bad:
        form.add_error("photos", str(bad))
    return not form.errors


def _typed(request: HttpRequest, form) -> dict:
    """The form's fields; photos chosen in a browser without scripts are taken in here."""
    data = dict(form.cleaned_data)
    if "photos" in data:
        data["photos"] = [*data["photos"], *_without_scripts(request)]
    return data


def _without_scripts(request: HttpRequest) -> list[uuid.UUID]:
    say = {"kind": "problem", "taken_on": None, "sha256": "", "by": request.user, "now": timezone.now()}
    files = request.FILES.getlist("files")[:MOST_PHOTOS]
    return [photos.receive(file=file, client_id=uuid.uuid4(), **say).client_id for file in files]


def _refuse(form, refused: Refused) -> None:
    for name, sentence in refused.problems.items():
        form.add_error(name if name in form.fields else None, sentence)


def form_of(request: HttpRequest, form_class, **more):
    """The form as it was sent, or blank."""
    return form_class(posted(request), **more)
