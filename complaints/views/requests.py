"""Requests of people for their own data: listed, taken, answered. DOMAIN 0.5"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only
from accounts.roles import Act, demand
from lib.paging import page_of

from .. import data_requests, exports
from ..forms.requests import OutcomeForm, RequestForm
from ..models import DataRequest
from .sending import act_page, done, posted, refuse


@office_only
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """The requests, those under way first."""
    rows = DataRequest.objects.visible_to(request.user).select_related("phone", "taken_by")
    page = page_of(rows.order_by("-state", "-asked_at", "-pk"), request.GET.get("page"))
    return render(request, "complaints/request_list.html", {"page": page})


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    """Takes a request, once the person is known to be who they say."""
    demand(request.user, Act.COMPLAINT)
    form, made = RequestForm(posted(request)), []
    if done(request, form, lambda **typed: made.append(data_requests.ask(**typed))):
        return redirect("complaints:request-detail", made[0].pk)
    words = {"title": "受理本人资料申请", "act": "受理", "text": "先核对本人，再查这个号码名下有什么。"}
    return act_page(request, form, back=reverse("complaints:request-list"), **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is held under the number; given, erased or refused."""
    row = get_object_or_404(DataRequest.objects.visible_to(request.user).select_related("phone", "taken_by"), pk=pk)
    form = OutcomeForm(posted(request))
    if request.method == "POST":
        demand(request.user, Act.COMPLAINT)
        if form.is_valid() and _ended(request, row, form):
            messages.success(request, row.outcome)
            return redirect("complaints:request-detail", pk)
    held = data_requests.held_under(row.phone) if row.state == DataRequest.State.OPEN else []
    context = {"row": row, "form": form, "held": held}
    return render(request, "complaints/request_detail.html", context, status=422 if form.errors else 200)


@office_only
@require_POST
def request_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is held, to print or as a workbook for the person; each time it is opened stays on record."""
    row = get_object_or_404(DataRequest.objects.visible_to(request.user).select_related("phone"), pk=pk)
    held = data_requests.read(request=row, by=request.user, now=timezone.now())
    if request.POST.get("as") == "sheet":
        return exports.own_data(held, by=request.user)
    return render(request, "complaints/request_paper.html", {"row": row, "held": held, "today": timezone.now()})


def _ended(request: HttpRequest, row: DataRequest, form: OutcomeForm) -> bool:
    say = {"request": row, "by": request.user, "now": timezone.now()}
    try:
        if form.cleaned_data["outcome"]:
            data_requests.refuse(outcome=form.cleaned_data["outcome"], **say)
        elif row.kind == DataRequest.Kind.ERASE:
            data_requests.erase(**say)
        else:
            data_requests.give(**say)
    except ValidationError as error:
        refuse(form, error)
    return not form.errors
