"""Problems that partner units take on: the list, one of them, and what is done about it. R08"""

from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import cadre_only, committee_only, leader_only, office_only, partner_only, station_only
from accounts.roles import Act, demand, may
from lib.paging import page_of
from lib.periods import beijing_date

from .. import claims as acts
from .. import days
from ..forms import ClaimFilter, FinishForm, ProblemForm, TakeForm, TellForm
from ..models import ClaimedProblem, Community, ResidentGroup
from .acts import act_page, done, posted
from .committees import form_methods

readers = partner_only | committee_only | cadre_only | station_only | office_only | leader_only
keepers = station_only | office_only
claimers = partner_only | keepers
State = ClaimedProblem.State


def _today() -> date:
    return beijing_date(timezone.now())


@readers
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """What waits to be taken on, and what is being done, in the communities that the person sees."""
    form = ClaimFilter(request.GET)
    form.is_valid()
    rows = ClaimedProblem.objects.visible_to(request.user).in_state(form.cleaned_data.get("state", ""))
    if words := form.cleaned_data.get("q"):
        rows = rows.filter(community__in=Community.objects.search(words))
    rows = rows.select_related("community", "group").order_by("-state", "due_on", "-listed_at", "pk")
    context = {"form": form, "page": page_of(rows, request.GET.get("page")), "today": _today()}
    return render(request, "communities/claim_list.html", context)


@keepers
@form_methods
def claim_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    place = get_object_or_404(Community.objects.kept_by(request.user), pk=pk)
    form = ProblemForm(posted(request))
    back = reverse("communities:group-list", args=[pk])
    if done(request, form, partial(acts.put_on_list, community=place)):
        messages.success(request, "列进清单了，共建单位看得到。")
        return redirect(back)
    return act_page(request, form, title=f"{place}列一个要帮忙的问题", act="列进清单", back=back)


@readers
@require_safe
def claim_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose turn it is, what is to be done and what was."""
    problem = _seen(request, pk)
    may_claim = may(request.user, Act.CLAIM)
    context = {
        "problem": problem,
        "events": problem.events.select_related("by"),
        "takes": may_claim and problem.state == State.LISTED and _groups(request, problem).exists(),
        "acts": may_claim and ClaimedProblem.objects.acted_on_by(request.user, _today()).filter(pk=pk).exists(),
        "keeps": Community.objects.kept_by(request.user).filter(pk=problem.community_id).exists(),
        "is_late": problem.state == State.CLAIMED and problem.due_on < _today(),
    }
    return render(request, "communities/claim_detail.html", context)


def _seen(request: HttpRequest, pk: int) -> ClaimedProblem:
    rows = ClaimedProblem.objects.visible_to(request.user).select_related("community", "group", "listed_by")
    return get_object_or_404(rows, pk=pk)


def _groups(request: HttpRequest, problem: ClaimedProblem):
    return ResidentGroup.objects.partners_for(problem, request.user, _today()).order_by("name", "pk")


def _demand_actor(request: HttpRequest, problem: ClaimedProblem, doing: str) -> None:
    """403 for somebody who may read but not act; the act itself asks again."""
    if doing == "strike":
        days.demand_registry(request.user, problem.community)
    elif doing != "take":
        acts.demand_claimer(problem, request.user, timezone.now())
    elif not _groups(request, problem).exists():
        raise PermissionDenied(acts.NO_PARTNER)


DOING = {
    "take": (TakeForm, acts.take, "认领", "认领"),
    "report": (TellForm, acts.report, "写进展", "写上"),
    "finish": (FinishForm, acts.finish, "办好了", "办好了"),
    "give-back": (TellForm, acts.give_back, "办不了，退回清单", "退回清单"),
    "strike": (TellForm, acts.strike, "从清单撤下", "撤下"),
}


@claimers
@form_methods
def claim_act(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """One of the acts about a problem."""
    if doing not in DOING:
        raise Http404
    kind, act, title, button = DOING[doing]
    problem = _seen(request, pk)
    _demand_actor(request, problem, doing)
    more = {"groups": _groups(request, problem)} if kind is TakeForm else {}
    form = kind(posted(request), initial={"done_on": _today()}, **more)
    if done(request, form, partial(act, problem=problem)):
        messages.success(request, "记下了。")
        return redirect(problem)
    return act_page(request, form, title=f"{problem}：{title}", act=button, back=problem.get_absolute_url())
