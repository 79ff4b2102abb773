"""Renovation: the list of a community as staff keep it, and the page on which its owners say what they want."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import resident_only
from communities import days

from .. import renovation as acts
from ..forms import ItemsForm, ListItemForm, OnPaperForm
from ..kinds import CampaignKind
from ..models import CampaignPlace, ListItem, Opinion
from .acts import UNPROCESSABLE, act_page, done, form_methods, keepers, posted, readers, today


def _places(request: HttpRequest):
    rows = CampaignPlace.objects.visible_to(request.user).filter(campaign__kind=CampaignKind.RENOVATION)
    return rows.select_related("campaign", "community")


def _address(place: CampaignPlace) -> str:
    return reverse("campaigns:renovation", args=[place.pk])


@readers
@require_safe
def renovation(request: HttpRequest, pk: int) -> HttpResponse:
    """What could be renovated in a community, how many want it, what is on the list."""
    place = get_object_or_404(_places(request), pk=pk)
    context = {
        "place": place,
        "items": place.list_items.with_counts(),
        "is_open": acts.is_open(place, today()),
        "is_fixed": acts.is_fixed(place),
        "keeps": keepers.admits(request.user) and place.campaign.is_running and place.is_kept_by(request.user),
    }
    context["chosen"] = any(item.is_chosen for item in context["items"])
    return render(request, "campaigns/renovation.html", context)


@keepers
@form_methods
def renovation_item_new(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(_places(request), pk=pk)
    days.demand_registry(request.user, place.community)
    form = ListItemForm(posted(request))
    if done(request, form, partial(acts.add_item, place=place)):
        messages.success(request, "列上了。")
        return redirect(_address(place))
    return act_page(request, form, back=_address(place), title=f"{place}：可以改造什么", act="列上")


@keepers
@form_methods
def renovation_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """How many households said on paper that they want an item."""
    rows = ListItem.objects.filter(place__in=_places(request)).select_related("place__campaign", "place__community")
    item = get_object_or_404(rows, pk=pk)
    days.demand_registry(request.user, item.place.community)
    form, back = OnPaperForm(posted(request), initial={"on_paper": item.on_paper}), _address(item.place)
    if done(request, form, partial(acts.count_on_paper, item=item)):
        messages.success(request, "记下了。")
        return redirect(back)
    return act_page(request, form, back=back, title=f"{item}：纸上征求的", act="保存")


@keepers
@form_methods
def renovation_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Which items are on the list of what is renovated."""
    place = get_object_or_404(_places(request), pk=pk)
    days.demand_registry(request.user, place.community)
    items = place.list_items.with_counts()
    initial = {"items": [item.pk for item in items if item.is_chosen]}
    form = ItemsForm(posted(request), items=items, label="列进改造清单的", initial=initial)
    form.fields["items"].label_from_instance = lambda item: f"{item}，{item.wanted} 户要"
    if done(request, form, partial(acts.choose, place=place)):
        messages.success(request, "选好了。登记了“改造清单”这一步，清单就定了。")
        return redirect(_address(place))
    text = "照要的户数从多到少排。登记了“改造清单”这一步以后不能再改。"
    return act_page(request, form, back=_address(place), title=f"{place}：定改造清单", act="选好了", text=text)


@resident_only
@form_methods
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """An owner ticks what they want while opinions are asked for; afterwards what came of it."""
    rows = CampaignPlace.objects.of_owner(request.user, today()).select_related("campaign", "community").distinct()
    place = get_object_or_404(rows, pk=pk)
    person, items = acts.owner_of(request.user, place, today()), place.list_items.with_counts()
    mine = list(Opinion.objects.filter(item__place=place, person=person).values_list("item", flat=True))
    asked = {"items": place.list_items.order_by("pk"), "label": "您家要改造什么"}
    form = ItemsForm(posted(request), initial={"items": mine}, **asked)
    if done(request, form, partial(acts.say, place=place)):
        messages.success(request, "记下了。征求意见结束以前都可以来改。")
        return redirect("campaigns:opinions", pk)
    context = {
        "place": place,
        "form": form,
        "items": items,
        "mine": set(mine),
        "is_open": acts.is_open(place, today()),
        "is_fixed": acts.is_fixed(place),
    }
    return render(request, "campaigns/opinions.html", context, status=UNPROCESSABLE if form.errors else 200)


@resident_only
@require_safe
def own_opinions(request: HttpRequest) -> HttpResponse:
    """The renovations of communities in which the person owns a unit, those that ask now first."""
    rows = CampaignPlace.objects.of_owner(request.user, today()).select_related("campaign", "community").distinct()
    places = [(place, acts.is_open(place, today()), acts.is_fixed(place)) for place in rows.order_by("-campaign", "pk")]
    context = {"places": sorted(places, key=lambda one: not one[1])}
    return render(request, "campaigns/own_opinions.html", context)
