"""What the pages of complaints share: forms that were sent, refusals at their fields, photos without a script."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.utils import timezone

from lib import uploads
from lib.pictures import BadPhoto
from lib.uploads import Photo

from .. import photos

UNPROCESSABLE = 422


def posted(request: HttpRequest):
    """What a form is bound to: an empty POST is a form that was sent, too."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest):
    return request.FILES if request.method == "POST" else None


def refuse(form: Form, error: ValidationError) -> None:
    """Puts what an act refused at the form's fields; what has no field stands above them."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, sentences in by_field.items():
        form.add_error(name if name in form.fields else None, sentences)


def done(request: HttpRequest, form: Form, act: Callable) -> bool:
    """Whether the form was sent and the act is done; what the act refuses stands at its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(**form.cleaned_data, by=request.user, now=timezone.now())
    except ValidationError as error:
        refuse(form, error)
        return False
    return True


def act_page(request: HttpRequest, form: Form | None, **words) -> HttpResponse:
    """The page of one act: a title, a sentence, the form, the button that says the act."""
    status = UNPROCESSABLE if form is not None and form.errors else 200
    return render(request, "complaints/_act.html", {"form": form, **words}, status=status)


def receive_files(form: Form, by, *, kind: str = "problem") -> list[UUID]:
    """Takes in the files of a form that ran no script; one that cannot be used is said at the field."""
    ids = []
    for file in form.cleaned_data.get("files") or ():
        try:
            photo = photos.receive(file=file, client_id=uuid4(), kind=kind, by=by, now=timezone.now())
        except BadPhoto as error:
            form.add_error("files", f"{file.name[:40]}：{error}")
        else:
            ids.append(photo.client_id)
    return ids


def serve(photo: Photo | None, *, small: bool) -> HttpResponse:
    """A picture, or words why there is none yet."""
    if photo is None or not photo.is_ready:
        return _not_found("照片还在处理，过一会儿再看。")
    try:
        return uploads.response(photo, small=small)
    except FileNotFoundError:  # a database that came back without its photos
        return _not_found("这张照片的文件不在了，请告诉镇物业办。")


def _not_found(words: str) -> HttpResponse:
    return HttpResponseNotFound(words, content_type="text/plain; charset=utf-8")
