"""The card of a community in the registry, a unit with its owners, what a sale changes, reading in full."""

from functools import partial

import pghistory
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import cadre_only, committee_only, firm_only, leader_only, office_only, signed_in, station_only
from accounts.roles import Act, demand
from lib.paging import page_of
from lib.periods import beijing_date

from .. import corrections
from .. import owners as acts
from ..forms import CorrectionForm, OwnerFormSet, ReadForm, TransferForm, WhyForm
from ..models import Community, Ownership, Person, PersonCorrection, Unit
from ..querysets import reads_owners
from .acts import act_page, posted

MOST_CHARACTERS = 50
UNPROCESSABLE = 422


@(cadre_only | station_only | office_only | leader_only | firm_only | committee_only)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A community as the registry has it: buildings, units, contracts; owners for those who may see them."""
    rows = Community.objects.visible_to(request.user).select_related("village_committee", "developer")
    community = get_object_or_404(rows, pk=pk)
    words = request.GET.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    present = Ownership.objects.visible_to(request.user).filter(last_day=None).select_related("person").order_by("pk")
    units = community.units.visible_to(request.user).search(words).select_related("building", "stairwell")
    units = units.prefetch_related(Prefetch("ownerships", present, to_attr="present")).order_by("code")
    total = community.units.aggregate(number=Count("pk"), area=Sum("area_centi"))
    context = {
        "community": community,
        "words": words,
        "page": page_of(units, request.GET.get("page")),
        "total": total["number"],
        "area": Unit(area_centi=total["area"] or 0).area_text,
        "buildings": community.buildings.filter(ended_on=None).annotate(number=Count("units")).order_by("code"),
        "contracts": community.contracts.visible_to(request.user).select_related("firm"),
        "reads_owners": reads_owners(request.user),
        "keeps": Community.objects.kept_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "communities/detail.html", context)


@signed_in
@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit, and who owns and owned it, with stars; an owner sees their own."""
    row = _unit(request, pk)
    ownerships = row.ownerships.visible_to(request.user).select_related("person__phone").order_by("-first_day", "pk")
    context = {
        "unit": row,
        "present": [one for one in ownerships if one.last_day is None],
        "past": [one for one in ownerships if one.last_day is not None],
        "corrections": PersonCorrection.objects.visible_to(request.user)
        .filter(person__in=[one.person_id for one in ownerships])
        .select_related("person", "by"),
        "reads_owners": reads_owners(request.user),
        "keeps": Community.objects.kept_by(request.user).filter(pk=row.community_id).exists(),
        "sees_community": Community.objects.visible_to(request.user).filter(pk=row.community_id).exists(),
    }
    return render(request, "communities/unit.html", context)


def _unit(request: HttpRequest, pk: int) -> Unit:
    rows = Unit.objects.visible_to(request.user).select_related("community", "building", "stairwell")
    return get_object_or_404(rows, pk=pk)


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit has other owners from a day on: by sale, inheritance, gift or judgment, with its paper."""
    demand(request.user, Act.REGISTRY)
    row = get_object_or_404(Unit.objects.filter(community__in=Community.objects.kept_by(request.user)), pk=pk)
    sent = posted(request)
    form = TransferForm(sent, initial={"first_day": beijing_date(timezone.now())})
    rows = OwnerFormSet(sent, prefix="owner")
    if sent is not None and _are_valid(form, rows) and _transferred(request, row, form, rows):
        messages.success(request, f"{row} 过户登记好了。")
        return redirect("communities:unit", pk)
    status = UNPROCESSABLE if sent is not None else 200
    context = {"unit": row, "form": form, "rows": rows}
    return render(request, "communities/unit_transfer.html", context, status=status)


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """What was registered wrongly about the present owners is put right, with the reason."""
    demand(request.user, Act.REGISTRY)
    row = get_object_or_404(Unit.objects.filter(community__in=Community.objects.kept_by(request.user)), pk=pk)
    present = row.ownerships.filter(last_day=None).select_related("person__phone").order_by("pk")
    forms = [CorrectionForm(posted(request), row=one) for one in present]
    if not forms:
        raise Http404
    why = WhyForm(posted(request))
    if request.method == "POST" and _are_valid(why, forms) and _corrected(request, row, forms, why):
        messages.success(request, f"{row} 更正好了。")
        return redirect("communities:unit", pk)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "communities/unit_correct.html", {"unit": row, "rows": forms, "form": why}, status=status)


def _are_valid(form, rows) -> bool:
    """Whether a form and those of the owners below are; the summary on top says that something is below."""
    if not all(row.is_valid() for row in list(rows)):
        form.is_valid()
        form.add_error(None, "下面业主的资料有几格要改，照旁边的话改。")
    return form.is_valid()


def _corrected(request: HttpRequest, unit: Unit, forms: list[CorrectionForm], why: WhyForm) -> bool:
    rows = [(form.row, form.cleaned_data) for form in forms]
    act = partial(corrections.correct, unit=unit, rows=rows, by=request.user, now=timezone.now())
    try:
        with pghistory.context(reason=why.cleaned_data["why"]):
            act(why=why.cleaned_data["why"])
    except ValidationError as error:
        why.add_error(None, error.messages)
        return False
    return True


def _transferred(request: HttpRequest, row: Unit, form: TransferForm, rows) -> bool:
    typed = [owner.cleaned_data for owner in rows if owner.cleaned_data.get("name")]
    try:
        acts.sell(unit=row, to=typed, **form.cleaned_data, by=request.user, now=timezone.now())
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, sentences in by_field.items():
            form.add_error(name if name in form.fields else None, sentences)
        return False
    return True


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def person_read(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's data in full, after saying why; that it was read stays on record."""
    person = get_object_or_404(Person.objects.visible_to(request.user).select_related("phone"), pk=pk)
    form = ReadForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        acts.read(person=person, why=form.cleaned_data["why"], by=request.user, now=timezone.now())
        owned = Ownership.objects.visible_to(request.user).filter(person=person).select_related("unit__community")
        return render(request, "communities/person_read.html", {"person": person, "owned": owned})
    text = "姓名、电话、证件号码完整显示一次。谁、什么时候、为什么看，都记下来。"
    back = request.GET.get("back", "")
    back = reverse("communities:unit", args=[back]) if back.isascii() and back.isdecimal() else reverse("portal:home")
    return act_page(request, form, back=back, title=f"看{person.masked}的完整资料", act="看一次", text=text)
