"""The month's dispatch: written with the numbers that are known, read with what changed, printed."""

from datetime import date
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, may
from communities.models import ActionItem, Community
from lib import paper
from lib.money import yuan
from lib.text import day_in_full

from .. import dispatches
from ..forms import DecisionFormSet, DispatchForm, OneDecisionForm
from ..models import Campaign, Decision, Dispatch
from .acts import UNPROCESSABLE, act_page, done, form_methods, keepers, posted, seen, staff, today


def _communities(campaign: Campaign):
    return Community.objects.filter(campaign_places__campaign=campaign).order_by("pinyin")


@office_only
@form_methods
def dispatch_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress, quality, money, blockers, and what was decided; the numbers stand there already."""
    demand(request.user, Act.CAMPAIGN)
    campaign, sent = seen(request, pk), posted(request)
    figures, months = dispatches.figures(campaign, today()), dispatches.months_without(campaign, today())
    initial = {"held_on": today(), "progress": str(figures), "month": str(months[0]) if months else ""}
    form = DispatchForm(sent, initial=initial, months=months)
    rows = DecisionFormSet(sent, prefix="decision", form_kwargs={"communities": _communities(campaign)})
    hold = partial(dispatches.hold, campaign=campaign, decisions=rows.rows if rows.is_valid() else ())
    if rows.is_valid() and done(request, form, hold):
        messages.success(request, "调度记好了，那天的进度表一起存着。")
        return redirect(campaign.dispatches.get(month=form.cleaned_data["month"].first_day))
    context = {
        "campaign": campaign,
        "form": form,
        "rows": rows,
        "months": months,
        "due_on": dispatches.due_on(months[0]) if months else None,
        "late": campaign.tasks.late(today()).select_related("lead"),
        "decisions": dispatches.open_decisions(campaign),
    }
    status = UNPROCESSABLE if sent is not None else 200
    return render(request, "campaigns/dispatch_new.html", context, status=status)


def _seen(request: HttpRequest, pk: int) -> Dispatch:
    rows = Dispatch.objects.visible_to(request.user).select_related("campaign", "by")
    return get_object_or_404(rows, pk=pk)


def _content(request: HttpRequest, row: Dispatch) -> dict:
    """What is read of a dispatch: the lines of the communities that the person sees, what changed in them."""
    places = dispatches.places_seen_by(request.user, row.campaign)
    before, table = dispatches.before(row), dispatches.table(row, places)
    decided = row.decisions.select_related("item__community", "item__done_by", "dispatch__campaign")
    return {
        "dispatch": row,
        "table": table,
        "before": before,
        "changes": dispatches.changes(dispatches.table(before, places), table) if before else [],
        "decisions": [one for one in decided if one.item.community_id in {None, *places.values()}],
    }


@staff
@require_safe
def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """One dispatch: what was said, the matrix of that day, what changed, what was decided and is done."""
    row = _seen(request, pk)
    content = _content(request, row)
    more = {
        "today": today(),
        "may": office_only.admits(request.user) and may(request.user, Act.CAMPAIGN) and row.campaign.is_running,
        "finishable": dispatches.finishable_by(request.user, content["decisions"]),
        "next": min((one.item for one in content["decisions"] if not one.item.done_at), key=_due, default=None),
    }
    return render(request, "campaigns/dispatch.html", content | more)


def _due(item: ActionItem) -> date:
    return item.due_on


@staff
@require_safe
def dispatch_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The dispatch as PDF."""
    row = _seen(request, pk)
    content = _content(request, row)
    facts = {name: getattr(row, name) for name in ("progress", "quality", "blockers")}
    data = facts | {
        "held_on": day_in_full(row.held_on),
        "campaign": str(row.campaign),
        "month": f"{row.month.year}年{row.month.month}月",
        "money": "" if row.money_fen is None else yuan(row.money_fen),
        "steps": row.snapshot.get("steps", []),
        "rows": [
            {"community": line.community, "words": [cell.label for cell in line.cells]}
            | {"found": line.found, "left": line.left}
            for line in content["table"]
        ],
        "before": str(content["before"] or ""),
        "changes": [{"community": one.community, "words": one.words} for one in content["changes"]],
        "decisions": [
            {"text": one.item.text, "person": one.item.person, "due_on": one.item.due_on}
            | {"community": str(one.item.community or ""), "is_done": one.item.done_at is not None}
            for one in content["decisions"]
        ],
        "organisation": settings.SITE["organisation"],
        "by": str(row.by),
    }
    return HttpResponse(paper.pdf("campaigns/dispatch.typ", data), content_type="application/pdf")


@office_only
@form_methods
def decision_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more thing that a dispatch decided."""
    demand(request.user, Act.CAMPAIGN)
    row = _seen(request, pk)
    form = OneDecisionForm(posted(request), communities=_communities(row.campaign))
    if done(request, form, partial(dispatches.decide, dispatch=row)):
        messages.success(request, "添上了。")
        return redirect(row)
    return act_page(request, form, back=row.get_absolute_url(), title=f"{row}：定下的事", act="添上")


@keepers
@require_POST
def decision_done(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided is done."""
    rows = Decision.objects.filter(dispatch__in=Dispatch.objects.visible_to(request.user))
    row = get_object_or_404(rows.select_related("dispatch", "item"), pk=pk)
    dispatches.demand_finisher(row, request.user)
    dispatches.finish_decision(decision=row, by=request.user, now=timezone.now())
    messages.success(request, "记下了，办好了。")
    return redirect(row.dispatch)
