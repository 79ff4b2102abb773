"""Firms: their people, certificates, registers; the tables for the superior platform. R10"""

from datetime import date
from functools import partial

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import cadre_only, firm_only, leader_only, office_only, station_only
from accounts.roles import Act, demand, may
from lib.dated import holding
from lib.paging import page_of
from lib.periods import beijing_date
from rulebook import rules

from .. import firm_staff, records
from ..forms import CertificateForm, FirmFilter, StaffAmendForm, StaffForm
from ..models import Certificate, Contract, ExportColumn, Firm, FirmStaff, Record
from .acts import act_page, done, posted
from .committees import form_methods

readers = firm_only | cadre_only | station_only | office_only | leader_only
keepers = firm_only | station_only | office_only
RECORDS_SHOWN = 5


def _today() -> date:
    return beijing_date(timezone.now())


def _running_out(today: date):
    return Certificate.objects.running_out(today=today, within=rules.on(today, "certificate.remind_days"))


@readers
@require_safe
def firm_list(request: HttpRequest) -> HttpResponse:
    """Firms with the communities they serve today, their people, certificates that end."""
    form, today = FirmFilter(request.GET), _today()
    wanted = form.cleaned_data if form.is_valid() else {}
    ending = _running_out(today).values("staff__firm")
    rows = Firm.objects.visible_to(request.user).search(wanted.get("q") or "")
    rows = rows.annotate(people=Count("staff", filter=holding(today, "staff__"), distinct=True))
    narrow = {"over": Q(pk__in=ending), "nobody": Q(people=0)}
    rows = rows.filter(narrow.get(wanted.get("only"), Q())).order_by("pinyin", "pk")
    served = Contract.objects.on(today).visible_to(request.user).select_related("community")
    context = {
        "form": form,
        "page": page_of(
            rows.prefetch_related(Prefetch("contracts", served, to_attr="serving")), request.GET.get("page")
        ),
        "ending": set(ending.values_list("staff__firm", flat=True)),
        "may_export": may(request.user, Act.REGISTRY_TOWN),
    }
    return render(request, "communities/firm_list.html", context)


def _firm(request: HttpRequest, pk: int) -> Firm:
    return get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)


@readers
@require_safe
def firm_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One firm: contracts, people with certificates, training plan, hand-over lists."""
    firm, today = _firm(request, pk), _today()
    staff = FirmStaff.objects.visible_to(request.user).filter(firm=firm).select_related("person__phone", "community")
    entries = Record.objects.visible_to(request.user).standing().filter(firm=firm)
    context = {
        "firm": firm,
        "today": today,
        "contracts": firm.contracts.visible_to(request.user).select_related("community", "exit"),
        "staff": staff.on(today).prefetch_related("certificates"),
        "former": staff.filter(last_day__lt=today),
        "ending": set(_running_out(today).filter(staff__firm=firm).values_list("pk", flat=True)),
        "registers": [
            (kind, Record.Kind(kind).label, entries.filter(kind=kind)[:RECORDS_SHOWN]) for kind in records.OF_FIRM
        ],
        "keeps": may(request.user, Act.FIRM_STAFF) and firm_staff.may_keep(request.user, firm, today=today),
        "writes": may(request.user, Act.RECORD) and records.may_write(request.user, firm=firm),
    }
    return render(request, "communities/firm_detail.html", context)


@keepers
@form_methods
def staff_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.FIRM_STAFF)
    firm = _firm(request, pk)
    firm_staff.demand_keep(request.user, firm, today=_today())
    places = firm_staff.places_of(firm, today=_today())
    form = StaffForm(posted(request), places=places, initial={"first_day": _today()})
    if done(request, form, partial(firm_staff.take, firm=firm)):
        messages.success(request, f"{form.cleaned_data['name']}登记好了。")
        return redirect(firm)
    return act_page(request, form, title=f"{firm}登记人员", act="登记", back=firm.get_absolute_url())


def _person(request: HttpRequest, pk: int) -> FirmStaff:
    rows = FirmStaff.objects.visible_to(request.user).select_related("firm", "person")
    row = get_object_or_404(rows, pk=pk)
    firm_staff.demand_keep(request.user, row.firm, today=_today())
    return row


@keepers
@form_methods
def staff_amend(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.FIRM_STAFF)
    staff = _person(request, pk)
    places = firm_staff.places_of(staff.firm, today=_today())
    initial = {name: getattr(staff, name) for name in StaffAmendForm.base_fields}
    form = StaffAmendForm(posted(request), places=places, initial=initial)
    if done(request, form, partial(firm_staff.amend, staff=staff)):
        messages.success(request, "记下了。")
        return redirect(staff.firm)
    return act_page(request, form, title=f"{staff.person}的岗位", act="存上", back=staff.firm.get_absolute_url())


@keepers
@form_methods
def certificate_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.FIRM_STAFF)
    staff = _person(request, pk)
    form = CertificateForm(posted(request))
    if done(request, form, partial(firm_staff.add_certificate, staff=staff)):
        messages.success(request, "证书登记好了。")
        return redirect(staff.firm)
    return act_page(request, form, title=f"{staff.person}的证书", act="登记", back=staff.firm.get_absolute_url())


@office_only
@require_safe
def credit_export(request: HttpRequest, sheet: str) -> FileResponse:
    """Firms, or their people, in the superior platform's columns, so that nobody types twice."""
    demand(request.user, Act.REGISTRY_TOWN)
    if sheet not in ExportColumn.Sheet.values:
        raise Http404
    return firm_staff.export(sheet, by=request.user, today=_today())
