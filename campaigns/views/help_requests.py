"""求助函: the list, one of them, what is done about it, the letter."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import firm_only, office_only, station_only
from accounts.roles import Act, demand, may
from lib import paper
from lib.paging import page_of
from lib.text import day_in_full

from .. import help_requests as acts
from ..forms import HelpAnswerForm, HelpDropForm, HelpFilter, HelpForm, HelpSendForm
from ..models import Campaign, HelpRequest
from .acts import act_page, done, form_methods, insiders, posted, seen_place, today


@insiders
@require_safe
def help_request_list(request: HttpRequest) -> HttpResponse:
    """What waits for the office or for a department, and what was answered."""
    form = HelpFilter(request.GET, campaigns=Campaign.objects.visible_to(request.user))
    rows = form.narrow(HelpRequest.objects.visible_to(request.user)).with_row_parts()
    context = {"form": form, "page": page_of(rows, request.GET.get("page"))}
    return render(request, "campaigns/help_request_list.html", context)


@(firm_only | station_only | office_only)
@form_methods
def help_request_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A firm, its station or the office says what cannot be done alone."""
    place = seen_place(request, pk)
    acts.demand_asker(request.user, place)
    form = HelpForm(posted(request))
    if done(request, form, partial(acts.ask, place=place)):
        messages.success(request, "提上去了，镇物业办发函，发出和答复都会通知您。")
        return redirect(place)
    text = "物业和村居没有权、靠自己办不了的，写清楚，由镇物业办发函请部门办。"
    back = place.get_absolute_url()
    return act_page(request, form, back=back, title=f"{place}：请部门帮忙", act="提给镇物业办", text=text)


def _seen(request: HttpRequest, pk: int) -> HelpRequest:
    rows = HelpRequest.objects.visible_to(request.user).with_row_parts()
    return get_object_or_404(rows.select_related("sent_by", "place__community__village_committee"), pk=pk)


@insiders
@require_safe
def help_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose turn it is, what is asked, what was answered."""
    context = {"row": _seen(request, pk), "may": office_only.admits(request.user) and may(request.user, Act.CAMPAIGN)}
    return render(request, "campaigns/help_request.html", context)


DOING = {
    "send": (HelpSendForm, acts.send, "发出了，登记文号", "登记"),
    "drop": (HelpDropForm, acts.drop, "不发", "不发"),
    "answer": (HelpAnswerForm, acts.answer, "登记部门的答复", "登记"),
}


@office_only
@form_methods
def help_request_act(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """It was sent, dropped or answered."""
    if doing not in DOING:
        raise Http404
    demand(request.user, Act.CAMPAIGN)
    row = _seen(request, pk)
    kind, act, title, button = DOING[doing]
    more = {"today": today()} if kind is HelpSendForm else {}
    form = kind(posted(request), initial={"sent_on": today(), "settled_on": today()}, **more)
    if done(request, form, partial(act, request=row)):
        messages.success(request, "记下了，提的人会收到通知。")
        return redirect(row)
    return act_page(request, form, back=row.get_absolute_url(), title=title, act=button, text=row.text)


@insiders
@require_safe
def help_request_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter's body for the town's document system, as PDF; the number it gets there is typed back."""
    row = _seen(request, pk)
    data = {
        "department": str(row.department or ""),
        "community": row.place.community.name,
        "village": str(row.place.community.village_committee),
        "campaign": str(row.place.campaign),
        "text": row.text.rstrip("。"),
        "asks": row.asks.rstrip("。"),
        "document": row.document,
        "day": day_in_full(row.sent_on or today()),
        "organisation": settings.SITE["organisation"],
        "phone": settings.SITE["phone"],
    }
    return HttpResponse(paper.pdf("campaigns/help_request.typ", data), content_type="application/pdf")
