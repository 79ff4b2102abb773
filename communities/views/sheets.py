"""Sheets in and out: upload, preview, confirm; templates, bad rows, exports."""

import tempfile

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only, station_only
from accounts.roles import Act, demand, may
from lib import workbook
from lib.periods import beijing_date

from .. import imports, tasks
from ..forms import ExportForm, ImportForm
from ..models import SheetImport
from ..sheets import KINDS, files

LATEST = 20
UNPROCESSABLE = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _demand_any(request: HttpRequest) -> None:
    """Some office roles bring in nothing."""
    if not any(may(request.user, kind.act) for kind in KINDS.values()):
        demand(request.user, Act.REGISTRY)


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest) -> HttpResponse:
    """Choose a kind and a file; below, what was brought in lately."""
    _demand_any(request)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*typed, user=request.user, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        return redirect(_take_in(request, form))
    rows = SheetImport.objects.visible_to(request.user)[:LATEST]
    kinds = [kind for kind in KINDS.values() if may(request.user, kind.act)]
    context = {"form": form, "kinds": kinds, "imports": [(row, KINDS.get(row.kind)) for row in rows]}
    return render(request, "communities/import_.html", context, status=UNPROCESSABLE if form.errors else 200)


def _take_in(request: HttpRequest, form: ImportForm) -> SheetImport:
    """Small files are read at once, large ones by the worker."""
    file, now = form.cleaned_data["file"], timezone.now()
    kind = KINDS[form.cleaned_data["kind"]]
    row = imports.take_in(kind=kind, file_name=file.name, data=file.read(), by=request.user, now=now)
    _go_on(row)
    return row


def _go_on(row: SheetImport) -> None:
    if row.in_background:
        transaction.on_commit(tasks.work_on_sheets.delay)
    else:
        imports.work(row, now=timezone.now())


def _own(request: HttpRequest, pk: int) -> SheetImport:
    return get_object_or_404(SheetImport.objects.visible_to(request.user), pk=pk)


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview, and the button that writes it; while the worker is at it, how far it is."""
    row = _own(request, pk)
    if request.method == "POST":
        imports.confirm(row=row, by=request.user, now=timezone.now())
        _go_on(row)
        return redirect(row)
    context = {
        "import": row,
        "kind": KINDS.get(row.kind),
        "found": imports.preview_of(row) if row.state == SheetImport.State.READY else None,
        "most": imports.SHOWN,
        "how_far": imports.how_far(row) if row.is_working else None,
    }
    return render(request, "communities/import_detail.html", context)


@(station_only | office_only)
@require_POST
def import_abandon(request: HttpRequest, pk: int) -> HttpResponse:
    imports.abandon(row=_own(request, pk), now=timezone.now())
    messages.success(request, "不导入了，文件已经删掉，台账没有变。")
    return redirect("communities:import")


@(station_only | office_only)
@require_safe
def import_bad_rows(request: HttpRequest, pk: int) -> FileResponse:
    """The rows that are wrong, each with its reason, as a file to mend."""
    row = _own(request, pk)
    if not default_storage.exists(row.bad_rows):
        raise Http404
    name = f"有错的行 {row.file_name.rpartition('.')[0]}.xlsx"
    return FileResponse(default_storage.open(row.bad_rows), as_attachment=True, filename=name, content_type=XLSX)


@(station_only | office_only)
@require_safe
def import_template(request: HttpRequest, kind: str) -> FileResponse:
    """The empty sheet of a kind."""
    if kind not in KINDS:
        raise Http404
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 — the response closes it
    files.template(file, KINDS[kind])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{KINDS[kind].title}模板.xlsx", content_type=XLSX)


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Takes out what stands, in the columns of the import; personal data asks why."""
    _demand_any(request)
    form = ExportForm(request.POST if request.method == "POST" else None, user=request.user, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            return _workbook(request, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("why", error.message_dict["why"])
    return render(request, "communities/export.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


def _workbook(request: HttpRequest, *, kind: str, community, why: str) -> FileResponse:
    now, declared = timezone.now(), KINDS[kind]
    wanted = {"name": community.name} if community else {}
    rows = imports.take_out(kind=declared, wanted=wanted, why=why, by=request.user, now=now)
    name = f"{declared.title}{beijing_date(now):%Y%m%d}.xlsx"
    columns, cells = files.columns(declared), files.cells(declared, rows)
    return workbook.response(name, title=declared.title, columns=columns, rows=cells)
