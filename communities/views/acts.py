"""One form, one act: what the daily acts of the registry have in common."""

from collections.abc import Callable

import pghistory
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

UNPROCESSABLE = 422


def done(request: HttpRequest, form: Form, act: Callable) -> bool:
    """Whether the form was sent and the act is done; what the act refuses stands at its field.

    A field ``why`` is the reason that the history keeps.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    typed = dict(form.cleaned_data)
    try:
        with pghistory.context(reason=typed.pop("why", "")):
            act(**typed, by=request.user, now=timezone.now())
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for field, sentences in by_field.items():
            form.add_error(field if field in form.fields else None, sentences)
        return False
    return True


def attempt(request: HttpRequest, act: Callable, said: str) -> bool:
    """Does what a button alone asks for and says so; what the act refuses is said instead."""
    try:
        act(by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.warning(request, "".join(error.messages))
        return False
    messages.success(request, said)
    return True


def posted(request: HttpRequest):
    """What was sent, for a form; nothing where the page is only opened."""
    return request.POST if request.method == "POST" else None


def act_page(request: HttpRequest, form: Form | None, *, back: str, **words) -> HttpResponse:
    """The page of one act: a title, a sentence, the form, the button that says the act."""
    context = {"form": form, "back": back, **words}
    return render(request, "communities/_act.html", context, status=UNPROCESSABLE if form and form.errors else 200)
