"""The page of one act about one complaint; which acts there are, `doings` says."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import firm_only, office_only, station_only
from accounts.roles import Act, demand, may
from lib.periods import beijing_date

from ..models import Complaint, ReplyTemplate
from .doings import DOINGS, Doing
from .sending import act_page, files, posted, receive_files, refuse

workers = station_only | office_only | firm_only


@workers
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """The page of one act about one complaint; which acts there are, DOINGS says."""
    if doing not in DOINGS:
        raise Http404
    it, complaint = DOINGS[doing], _readable(request, pk)
    if request.method == "POST" and not doing.startswith("final"):
        demand(request.user, Act.COMPLAINT_ANSWER if may(request.user, Act.COMPLAINT_ANSWER) else Act.COMPLAINT)
    form = it.form(posted(request), files(request), complaint=complaint, user=request.user)
    if _done(request, form, it, complaint):
        messages.success(request, it.said)
        return redirect(_onward(request, complaint))
    templates = _templates(request) if doing == "answer" else None
    words = {"title": f"{it.title}：{complaint.number}", "act": it.button, "text": it.text, **it.more}
    return act_page(request, form, back=complaint.get_absolute_url(), templates=templates, **words)


def _onward(request: HttpRequest, complaint: Complaint):
    """Back to the case, to the list it was done from, or to the desk when it is another station's now."""
    if request.POST.get("from") == "hotline":
        return "complaints:hotline-desk"
    seen = Complaint.objects.visible_to(request.user).filter(pk=complaint.pk)
    return complaint if seen.exists() else "complaints:desk"


def _readable(request: HttpRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.user).with_page_parts(), pk=pk)


def _templates(request: HttpRequest):
    return ReplyTemplate.objects.visible_to(request.user).on(beijing_date(timezone.now()))


def _done(request: HttpRequest, form, it: Doing, complaint: Complaint) -> bool:
    """Whether the form was sent and the act is done; what it refuses stands at its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    typed = dict(form.cleaned_data)
    if typed.pop("files", None) is not None:
        typed["photos_after"] = receive_files(form, request.user, kind="after")
    if form.errors:
        return False
    try:
        it.run(complaint=complaint, **typed, by=request.user, now=timezone.now())
    except ValidationError as error:
        refuse(form, error)
    return not form.errors
