"""Registers: entries listed, read, written and struck; their files; the register of a community on paper."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import cadre_only, committee_only, firm_only, leader_only, office_only, station_only
from accounts.roles import Act, demand
from lib import files, workbook
from lib.paging import page_of

from .. import records, takings
from ..forms import RecordFilter, RecordForm, StrikeForm
from ..models import Community, Firm, Record, RecordFile
from .acts import act_page, done, posted
from .committees import form_methods

readers = committee_only | firm_only | cadre_only | station_only | office_only | leader_only
writers = committee_only | firm_only | station_only | office_only
COLUMNS = [
    workbook.Column("日期", 12, workbook.DAY),
    workbook.Column("种类", 14),
    workbook.Column("小区或企业", 24),
    workbook.Column("事由", 40),
    workbook.Column("负责人", 14),
    workbook.Column("数", 8, workbook.WHOLE),
    workbook.Column("内容", 60),
    workbook.Column("记的时间", 18, workbook.MOMENT),
    workbook.Column("作废", 30),
]


def _rows(request: HttpRequest) -> tuple[RecordFilter, object]:
    """The entries that the address asks for: of a community, of a firm, or all that the person sees."""
    form = RecordFilter(request.GET)
    rows = form.narrow(Record.objects.visible_to(request.user))
    for name in ("community", "firm"):
        if (key := request.GET.get(name, "")).isdecimal():
            rows = rows.filter(**{name: key[:18]})
    return form, rows.select_related("community", "firm", "entered_by", "struck_by")


@readers
@require_safe
def record_list(request: HttpRequest) -> HttpResponse:
    """The register: newest first, searched and filtered. Struck entries stay, struck through."""
    form, rows = _rows(request)
    page = page_of(rows.prefetch_related("files"), request.GET.get("page"))
    for record in page.object_list:
        record.is_late = records.is_late(record)
    return render(request, "communities/record_list.html", {"form": form, "page": page})


@readers
@require_safe
def record_list_export(request: HttpRequest) -> FileResponse:
    """The filtered register as a workbook."""
    _, rows = _rows(request)
    takings.note(request.user, "台账记录", rows.count(), f"筛选：{request.GET.urlencode() or '没有'}", Record)
    cells = (_cells(record) for record in rows.iterator(chunk_size=500))
    return workbook.response("台账记录.xlsx", title="台账记录", columns=COLUMNS, rows=cells)


def _cells(record: Record) -> list:
    where, what = str(record.community or record.firm), [record.title, record.in_charge, record.number, record.text]
    return [record.happened_on, record.get_kind_display(), where, *what, record.entered_at, record.struck_why]


def _record(request: HttpRequest, pk: int) -> Record:
    rows = Record.objects.visible_to(request.user).select_related(
        "community", "firm", "committee", "entered_by", "struck_by"
    )
    return get_object_or_404(rows, pk=pk)


@readers
@require_safe
def record_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry, as it was written, with its files."""
    record = _record(request, pk)
    context = {
        "record": record,
        "words": records.REGISTERS[record.kind],
        "is_late": records.is_late(record),
        "files": record.files.all(),
        "writes": records.may_write(request.user, community=record.community, firm=record.firm),
    }
    return render(request, "communities/record_detail.html", context)


@writers
@form_methods
def community_record_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """An entry in one of a community's registers."""
    demand(request.user, Act.RECORD)
    own = Community.objects.kept_by(request.user) | Community.objects.governed_by(request.user)
    return _new(request, kind, records.OF_COMMUNITY, community=get_object_or_404(own, pk=pk))


@firm_only
@form_methods
def firm_record_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """An entry in one of a firm's registers: its training plan, its trainings, its papers."""
    demand(request.user, Act.RECORD)
    return _new(request, kind, records.OF_FIRM, firm=get_object_or_404(Firm.objects.employing(request.user), pk=pk))


def _new(request: HttpRequest, kind: str, kinds: list[str], **whose) -> HttpResponse:
    if kind not in kinds:
        raise Http404
    form = RecordForm(posted(request), request.FILES if request.method == "POST" else None, kind=kind)
    (name, row), *_ = whose.items()
    back = f"{reverse('communities:record-list')}?{name}={row.pk}&kind={kind}"
    if done(request, form, partial(records.enter, kind=kind, **whose)):
        messages.success(request, "记下了。")
        return redirect(back)
    text = "记下以后不能改，只能作废另记；什么时候记的也写着。"
    return act_page(request, form, title=f"{row}{Record.Kind(kind).label}", act="记下", text=text, back=back)


@writers
@form_methods
def record_strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Strikes an entry; it stays readable."""
    demand(request.user, Act.RECORD)
    record = _record(request, pk)
    back = reverse("communities:record-detail", args=[pk])
    form = StrikeForm(posted(request))
    if done(request, form, partial(records.strike, record=record)):
        messages.success(request, "作废了，原来的内容还看得到。")
        return redirect(back)
    return act_page(request, form, title=f"作废：{record.title}", act="作废", back=back, danger=True)


@readers
@require_safe
def record_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of an entry, as a download."""
    return files.response(get_object_or_404(RecordFile.objects.visible_to(request.user), pk=pk))
