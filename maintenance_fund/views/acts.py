"""One form, one act: what pages that change the book have in common."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from lib.states import WrongState
from rulebook.rules import NoRule


def posted(request: HttpRequest):
    """What was sent, for a form; nothing where the page is only opened."""
    return request.POST if request.method == "POST" else None


def done(request: HttpRequest, form: Form, act: Callable):
    """What the act made, if the form was sent and the ledger took it; what it refuses stands above the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    typed = dict(form.cleaned_data)
    try:
        return act(**typed, by=request.user, now=timezone.now()) or True
    except (WrongState, NoRule) as refused:
        form.add_error(None, str(refused))
        return None


def act_page(request: HttpRequest, form: Form, *, back: str, **words) -> HttpResponse:
    """The page of one act: a title, a sentence, the form, the button that says the act."""
    context = {"form": form, "back": back, **words}
    return render(request, "maintenance_fund/_act.html", context, status=422 if form.errors else 200)


def press(request: HttpRequest, act: Callable, said: str, to) -> HttpResponse:
    """Does what a button alone asks for and says so; WrongState is told by the middleware."""
    act(by=request.user, now=timezone.now())
    messages.success(request, said)
    return redirect(to)
