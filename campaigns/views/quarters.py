"""Quarters: how each stands, what the next campaign could be about, the reason for none, the report. H.2"""

from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, may

from .. import quarters as acts
from ..forms import QuarterReasonForm
from ..kinds import CampaignKind, CampaignState
from ..models import QuarterReport
from .acts import act_page, done, form_methods, posted, quarter_readers, today

A_PAGE = 12
MOST_TOPICS, MOST_SPOTS = 5, 5


@quarter_readers
@require_safe
def quarter_list(request: HttpRequest) -> HttpResponse:
    """Each quarter with its campaign, plan, reason or report; topics for the next."""
    day = today()
    page = Paginator(acts.known(day), A_PAGE).get_page(request.GET.get("page"))
    topics = acts.topics(day)[:MOST_TOPICS]
    context = {
        "page": page,
        "rows": acts.states(page.object_list, day),
        "topics": [(topic, topic.spots[:MOST_SPOTS]) for topic in topics],
        "may_plan": may(request.user, Act.CAMPAIGN),
    }
    return render(request, "campaigns/quarter_list.html", context)


@quarter_readers
@require_safe
def quarter(request: HttpRequest, quarter: date) -> HttpResponse:
    """The report of a quarter that is over, as its last day left it."""
    report = get_object_or_404(QuarterReport, quarter=quarter)
    rows = [
        (row, CampaignKind(row["kind"]).label, CampaignState(row["state"]).label) for row in report.figures["campaigns"]
    ]
    state = acts.state_of(quarter, today())
    may_explain = state.lacks_reason and may(request.user, Act.CAMPAIGN)
    context = {"report": report, "rows": rows, "state": state, "may_explain": may_explain}
    return render(request, "campaigns/quarter.html", context)


@office_only
@form_methods
def quarter_explain(request: HttpRequest, quarter: date) -> HttpResponse:
    """Why a quarter has no campaign."""
    demand(request.user, Act.CAMPAIGN)
    if quarter not in acts.known(today()):
        raise Http404
    if not acts.state_of(quarter, today()).lacks_reason:
        raise PermissionDenied("这个季度开展了专项行动，或者原因已经写了。")
    form, back = QuarterReasonForm(posted(request)), reverse("campaigns:quarter-list")
    if done(request, form, partial(acts.explain, quarter=quarter)):
        messages.success(request, "原因记下了。")
        return redirect(back)
    title = f"{acts.words(quarter)}为什么没开展专项整治"
    return act_page(request, form, title=title, act="写上原因", back=back)
