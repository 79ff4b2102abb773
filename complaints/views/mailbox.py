"""The mailbox: anybody asks, the office answers by e-mail; what is published stands below the form."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.access import anyone, office_only
from accounts.roles import Act, demand
from lib.paging import page_of
from lib.periods import beijing_date
from rulebook import rules

from .. import mailbox as letters
from ..forms.mailbox import LetterAnswerForm, LetterForm
from ..models import MailboxLetter
from .sending import UNPROCESSABLE, act_page, done, posted, refuse


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """The form, and questions with their answers as far as their writers agreed."""
    form, days = LetterForm(posted(request)), rules.on(beijing_date(timezone.now()), "mailbox.days")
    if request.method == "POST" and form.is_valid() and _written(request, form):
        messages.success(request, f"信收到了，{days} 天内答复到您的邮箱。")
        return redirect("complaints:mailbox")
    page = page_of(MailboxLetter.objects.questions().public(), request.GET.get("page"))
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "complaints/mailbox.html", {"form": form, "page": page, "days": days}, status=status)


def _written(request: HttpRequest, form: LetterForm) -> bool:
    try:
        limits.take("mailbox", request, each=10, all_=200, seconds=3600)
        letters.write(**form.cleaned_data, now=timezone.now())
    except limits.TooMany as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        refuse(form, error)
    return not form.errors


@office_only
@require_safe
def mailbox_desk(request: HttpRequest) -> HttpResponse:
    """Letters that wait, what is due first on top, and those that are answered."""
    rows = MailboxLetter.objects.visible_to(request.user).select_related("answered_by")
    context = {
        "waiting": rows.waiting(),
        "page": page_of(rows.exclude(answered_at=None), request.GET.get("page")),
        "today": beijing_date(timezone.now()),
    }
    return render(request, "complaints/mailbox_desk.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers a letter, once."""
    demand(request.user, Act.COMPLAINT)
    letter = get_object_or_404(MailboxLetter.objects.visible_to(request.user), pk=pk)
    form = LetterAnswerForm(posted(request), letter=letter)
    if done(request, form, lambda **typed: letters.answer(letter=letter, **typed)):
        messages.success(request, "答复发出去了。")
        return redirect("complaints:mailbox-desk")
    words = {"title": "答复来信", "act": "答复", "text": letter.text}
    return act_page(request, form, back=reverse("complaints:mailbox-desk"), **words)
