"""Who patrols where, and 楼幢长: two pages for stations and office, with the acts that are done daily."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only, station_only
from accounts.roles import Act, demand, may
from lib.periods import DAY, beijing_date

from .. import duties as acts
from .. import roster
from ..forms import HandOverForm, HeadFilter, LeaveForm, SubstituteForm
from ..models import Building, BuildingHead, CadreLeave, Community
from .acts import act_page, attempt, done

PER_PAGE = 50
BACK = reverse_lazy("communities:duties")


def _today() -> date:
    return beijing_date(timezone.now())


@(station_only | office_only)
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Who patrols where today, communities without anybody first; leave and who stands in."""
    today = _today()
    lines = roster.lines(request.user, day=today)
    context = {
        "today": today,
        "lines": lines,
        "uncovered": sum(line.is_uncovered for line in lines),
        "away": roster.away(request.user, today=today),
        "may_act": may(request.user, Act.REGISTRY),
        "is_office": office_only.admits(request.user),
    }
    return render(request, "communities/duties.html", context)


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def leave_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    user = get_object_or_404(acts.cadres_of(request.user, today=_today()), pk=pk)
    form = LeaveForm(request.POST or None, initial={"first_day": _today(), "last_day": _today()})
    if done(request, form, lambda **typed: acts.record_leave(user=user, **typed)):
        messages.success(request, f"{user}的请假记下了。这几天不要求巡查，没人代的小区可以在下面找人代班。")
        return redirect("communities:duties")
    return act_page(
        request, form, back=BACK, title=f"给{user}记请假", act="记下请假", text="请假的工作日不算巡查次数。原因不用写。"
    )


@(station_only | office_only)
@require_POST
def leave_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    leave = get_object_or_404(CadreLeave.objects.visible_to(request.user), pk=pk)
    attempt(request, partial(acts.take_back_leave, leave=leave), f"{leave.user}的请假收回了，从今天起照常。")
    return redirect("communities:duties")


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def substitute_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    community = _own(request, pk)
    people = acts.who_may_patrol(request.user, today=_today())
    form = SubstituteForm(request.POST or None, people=people, initial=_days_of(request))
    if done(request, form, lambda **typed: acts.substitute(community=community, **typed)):
        messages.success(request, f"{form.cleaned_data['user']}这几天代{community}的班。")
        return redirect("communities:duties")
    text = "代班的这几天，巡查次数算代班人的。"
    return act_page(request, form, back=BACK, title=f"{community}找人代班", act="记下代班", text=text)


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    community = _own(request, pk)
    people = acts.who_may_patrol(request.user, today=_today())
    form = HandOverForm(request.POST or None, people=people, initial={"first_day": _today() + DAY})
    if done(request, form, lambda user, **typed: acts.hand_over(community=community, to=user, **typed)):
        messages.success(request, f"{community}由{form.cleaned_data['user']}联系。")
        return redirect("communities:duties")
    text = "原来联系的干部到前一天为止；以前的记录还在他名下。"
    return act_page(request, form, back=BACK, title=f"{community}换联系干部", act="就这样定", text=text)


def _own(request: HttpRequest, pk: int) -> Community:
    return get_object_or_404(Community.objects.kept_by(request.user), pk=pk)


def _days_of(request: HttpRequest) -> dict[str, date]:
    """The days that the address proposes, else today."""
    days = {"first_day": _today(), "last_day": _today()}
    for name in days:
        try:
            days[name] = max(date.fromisoformat(request.GET.get(name, "")), _today())
        except ValueError:
            continue
    return days


@(station_only | office_only)
@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """Buildings with their 楼幢长, and those that have none. R03"""
    form = HeadFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    communities = Community.objects.visible_to(request.user).search(wanted.get("words", ""))
    rows = Building.objects.filter(community__in=communities, ended_on=None)
    without = rows.without_head(_today())
    shown = {"no": without, "yes": rows.exclude(pk__in=without.values("pk"))}.get(wanted.get("head"), rows)
    in_force = BuildingHead.objects.on(_today()).select_related("person", "stairwell")
    shown = shown.select_related("community").prefetch_related(Prefetch("heads", in_force, to_attr="heads_today"))
    page = Paginator(shown.order_by("community__pinyin", "community_id", "code"), PER_PAGE)
    context = {
        "form": form,
        "page": page.get_page(request.GET.get("page")),
        "total": rows.count(),
        "missing": without.count(),
        "may_act": may(request.user, Act.REGISTRY),
    }
    return render(request, "communities/heads.html", context)
