"""Charging sheds and bins of a campaign: the list with its sums and gaps, one more, changed, done."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.roles import Act, demand
from communities import days
from communities.models import Community
from lib import workbook
from lib.paging import page_of
from lib.workbook import DAY, WHOLE, Column

from .. import amenities as book
from ..forms import AmenityFilter, AmenityFinishForm, AmenityForm, AmenityNewForm
from ..models import Amenity, Campaign, CampaignPlace
from .acts import act_page, done, form_methods, keepers, posted, readers, seen, today


def _rows(request: HttpRequest, campaign: Campaign, form: AmenityFilter):
    rows = form.narrow(Amenity.objects.visible_to(request.user).filter(place__campaign=campaign))
    return rows.select_related("place__community").order_by("place__community__pinyin", "place", "-kind", "pk")


def _keeping(request: HttpRequest):
    """The communities whose list the person writes."""
    kept = Community.objects.kept_by(request.user)
    return kept if keepers.admits(request.user) else kept.none()


@readers
@require_safe
def amenities(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is, what is missing, what is planned; sums of what is shown on top."""
    campaign, form = seen(request, pk), AmenityFilter(request.GET)
    rows = _rows(request, campaign, form)
    places = campaign.places.order_by().values("community")
    kept = set(_keeping(request).filter(pk__in=places).values_list("pk", flat=True)) if campaign.is_running else set()
    context = {
        "campaign": campaign,
        "form": form,
        "page": page_of(rows, request.GET.get("page")),
        "sums": book.sums(rows),
        "kept": kept,
        "today": today(),
    }
    return render(request, "campaigns/amenities.html", context)


COLUMNS = [
    Column("小区", 24),
    Column("种类", 10),
    Column("在哪里", 24),
    Column("现有", 8, WHOLE),
    Column("要", 8, WHOLE),
    Column("还差", 8, WHOLE),
    Column("怎么补", 40),
    Column("哪天前", 12, DAY),
    Column("哪天补好的", 12, DAY),
]


def _cells(row: Amenity) -> list:
    what = [row.place.community.name, row.get_kind_display(), row.spot]
    return [*what, row.capacity, row.needed, row.gap, row.plan, row.planned_on, row.done_on]


@readers
@require_safe
def amenities_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as filtered, as a workbook."""
    rows = _rows(request, seen(request, pk), AmenityFilter(request.GET))
    cells = (_cells(row) for row in rows.iterator(chunk_size=500))
    return workbook.response("充电棚垃圾桶.xlsx", title="充电棚、垃圾桶", columns=COLUMNS, rows=cells)


@keepers
@form_methods
def amenity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A shed or the bins of a spot."""
    demand(request.user, Act.REGISTRY)
    campaign = seen(request, pk)
    places = CampaignPlace.objects.visible_to(request.user).filter(campaign=campaign)
    places = places.filter(community__in=Community.objects.kept_by(request.user)).select_related("community")
    form = AmenityNewForm(posted(request), places=places)
    back = reverse("campaigns:amenities", args=[pk])
    if done(request, form, book.add):
        messages.success(request, "列上了。")
        return redirect(back)
    return act_page(request, form, back=back, title="列一处充电棚或垃圾桶", act="列上")


def _kept(request: HttpRequest, pk: int) -> tuple[Amenity, str]:
    rows = Amenity.objects.visible_to(request.user).select_related("place__community", "place__campaign")
    row = get_object_or_404(rows, pk=pk)
    days.demand_registry(request.user, row.place.community)
    return row, reverse("campaigns:amenities", args=[row.place.campaign_id])


@keepers
@form_methods
def amenity_amend(request: HttpRequest, pk: int) -> HttpResponse:
    row, back = _kept(request, pk)
    initial = {name: getattr(row, name) for name in AmenityForm.base_fields}
    form = AmenityForm(posted(request), initial=initial)
    if done(request, form, partial(book.amend, amenity=row)):
        messages.success(request, "改好了。")
        return redirect(back)
    return act_page(request, form, back=back, title=f"{row.place} {row}", act="保存")


@keepers
@form_methods
def amenity_done(request: HttpRequest, pk: int) -> HttpResponse:
    """What was missing is there."""
    row, back = _kept(request, pk)
    form = AmenityFinishForm(posted(request), initial={"done_on": today(), "capacity": max(row.needed, row.capacity)})
    if done(request, form, partial(book.finish, amenity=row)):
        messages.success(request, "记下了，补好了。")
        return redirect(back)
    text = f"原来 {row.capacity} 个，需要 {row.needed} 个。"
    return act_page(request, form, back=back, title=f"{row.place} {row}：补好了", act="补好了", text=text)
