"""The journal of dissuasion, record and transfer: the list, its sheet, a line more, what the department did."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import cadre_only, office_only, station_only
from accounts.roles import Act, demand, may
from lib import workbook
from lib.paging import A_PAGE
from lib.workbook import DAY, Column

from .. import journal as book
from ..forms import JournalAnswerForm, JournalFilter, JournalForm
from ..models import Campaign, JournalEntry
from .acts import act_page, done, form_methods, posted, seen_place, staff, today

TEXT = (
    "镇、村居和物业不能罚款、不能强制。劝不住的记下来，移交给有权的部门，部门怎么处理的填回来。巡查里记过的不用再记。"
)


def _found(request: HttpRequest):
    form = JournalFilter(request.GET, campaigns=Campaign.objects.visible_to(request.user))
    return form, book.keys(request.user, **form.said)


@staff
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """What was dissuaded, recorded and handed over, wherever it was written; newest first."""
    form, keys = _found(request)
    page = Paginator(keys, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": book.lines(page.object_list),
        "may_answer": office_only.admits(request.user) and may(request.user, Act.TRANSFER),
    }
    return render(request, "campaigns/journal.html", context)


COLUMNS = [
    Column("日期", 12, DAY),
    Column("小区", 20),
    Column("做了什么", 12),
    Column("什么事", 40),
    Column("谁去的", 20),
    Column("移交给", 20),
    Column("移交文号", 20),
    Column("部门怎么处理的", 40),
    Column("处理的文号", 20),
    Column("处理日期", 12, DAY),
]


def _cells(line: book.Line) -> list:
    said = [line.day, line.community, line.label, line.text, line.person]
    return [*said, line.department, line.document, line.result, line.result_document, line.result_on]


@staff
@require_safe
def journal_export(request: HttpRequest) -> HttpResponse:
    """The filtered journal as a workbook."""
    _, keys = _found(request)
    cells = (_cells(line) for line in book.all_lines(keys))
    return workbook.response("劝阻记录移交.xlsx", title="劝阻、记录、移交", columns=COLUMNS, rows=cells)


@(cadre_only | station_only | office_only)
@form_methods
def journal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A line about a community."""
    place = seen_place(request, pk)
    book.demand_writer(request.user, place)
    initial = {"day": today(), "person": request.user.name}
    transfers = may(request.user, Act.TRANSFER)
    form = JournalForm(posted(request), initial=initial, today=today(), transfers=transfers)
    if done(request, form, partial(book.write, place=place)):
        messages.success(request, "记下了。")
        return redirect(f"{reverse('campaigns:journal')}?campaign={place.campaign_id}")
    title, back = f"{place}：劝阻、记录、移交", place.get_absolute_url()
    return act_page(request, form, back=back, title=title, act="记下", text=TEXT)


@office_only
@form_methods
def journal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the department did."""
    demand(request.user, Act.TRANSFER)
    rows = JournalEntry.objects.visible_to(request.user).filter(kind=JournalEntry.Kind.TRANSFERRED)
    row = get_object_or_404(rows.select_related("place", "department"), pk=pk)
    back = f"{reverse('campaigns:journal')}?campaign={row.place.campaign_id}"
    form = JournalAnswerForm(posted(request), initial={"result_on": today()})
    if done(request, form, partial(book.answer, entry=row)):
        messages.success(request, "记下了，这件事有结果了。")
        return redirect(back)
    return act_page(request, form, back=back, title=f"{row.department}怎么处理的", act="登记", text=row.text)
