"""One form, one act: what pages that change a score or a deposit have in common."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from lib.states import WrongState

from ..models import ScoreSheet


def posted(request: HttpRequest):
    """What was sent, for a form; nothing where the page is only opened."""
    return request.POST if request.method == "POST" else None


def readable(request: HttpRequest, pk: int) -> ScoreSheet:
    """The sheet with what its page shows beside its charges; 404 for a stranger."""
    ways = ("community__village_committee", "firm", "table", "assessed_by", "checked_by", "published_by")
    return get_object_or_404(ScoreSheet.objects.visible_to(request.user).select_related(*ways), pk=pk)


def did(request: HttpRequest, form: Form, act: Callable[..., object]) -> bool:
    """Whether the form was sent and the act done; what it refuses stands at its field, and what was typed stays."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(by=request.user, now=timezone.now())
    except ValidationError as error:
        refuse(form, error)
    except WrongState as error:
        form.add_error(None, str(error))
    return not form.errors


def refuse(form: Form, error: ValidationError) -> None:
    """Each sentence at its field, or above the form."""
    problems = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, sentences in problems.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def act_page(
    request: HttpRequest,
    form: Form,
    act: Callable[..., object],
    *,
    said: str,
    to: str | object,
    back: str = "",
    **words,
) -> HttpResponse:
    """The page of one act: a title, a sentence, the form, the button; done, it goes on to ``to``."""
    if did(request, form, act):
        messages.success(request, said)
        return redirect(to() if callable(to) else to)
    context = {"form": form, "back": back, **words}
    return render(request, "assessments/_act.html", context, status=422 if form.errors else 200)


def press(request: HttpRequest, act: Callable[..., object], said: str, to) -> HttpResponse:
    """Does what a button alone asks for; a refusal is a message on the page it came from."""
    try:
        act(by=request.user, now=timezone.now())
        messages.success(request, said)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(to)


def received(row: ScoreSheet) -> JsonResponse:
    """What a phone's queue is told when the office has it."""
    return JsonResponse({"number": str(row), "url": row.get_absolute_url()})


def sentences_of(form: Form) -> list[str]:
    """What is wrong with a form, sentence by sentence."""
    return [sentence for sentences in form.errors.values() for sentence in sentences]


def refused(sentences: list[str], status: int = 422) -> JsonResponse:
    """What must be mended before it can be taken."""
    return JsonResponse({"error": sentences[0], "errors": sentences}, status=status)
