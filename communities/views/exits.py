"""移交清单: the lists of firms and committees that leave. R17"""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import cadre_only, committee_only, firm_only, leader_only, office_only, station_only
from accounts.roles import Act, demand, may
from lib.paging import page_of
from lib.periods import beijing_date

from .. import exits
from ..forms import AnswerForm, CloseForm, ExitItemForm
from ..models import Community, Contract, ExitHandover, ExitItem
from .acts import act_page, attempt, done, posted
from .committees import form_methods

readers = committee_only | firm_only | cadre_only | station_only | office_only | leader_only
keepers = station_only | office_only


@readers
@require_safe
def exit_list(request: HttpRequest) -> HttpResponse:
    """Lists that are open, by their last day, then those that are closed; contracts that ended without a list."""
    today = beijing_date(timezone.now())
    rows = ExitHandover.objects.visible_to(request.user).with_parties().open_first()
    kept = Community.objects.kept_by(request.user)
    ended = Contract.objects.filter(last_day__lt=today, exit=None, community__in=kept).order_by("-last_day")
    context = {
        "page": page_of(rows, request.GET.get("page")),
        "ended": ended.select_related("firm", "community")[:10] if may(request.user, Act.REGISTRY) else [],
        "today": today,
    }
    return render(request, "communities/exit_list.html", context)


def _exit(request: HttpRequest, pk: int) -> ExitHandover:
    return get_object_or_404(ExitHandover.objects.visible_to(request.user).with_parties(), pk=pk)


@readers
@require_safe
def exit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: what was handed over, what is missing and why; printed to be signed."""
    row, today = _exit(request, pk), beijing_date(timezone.now())
    kept = Community.objects.kept_by(request.user).filter(pk=row.community_id).exists()
    context = {
        "exit": row,
        "items": row.items.all(),
        "left": row.items.open().count(),
        "is_late": row.is_late(today),
        "keeps": kept and row.closed_on is None,
    }
    return render(request, "communities/exit_detail.html", context)


@keepers
@require_POST
def exit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens the list of a contract that ends."""
    demand(request.user, Act.REGISTRY)
    contract = get_object_or_404(Contract.objects.visible_to(request.user).select_related("community"), pk=pk)
    is_open = attempt(request, partial(exits.open_list, contract=contract), "清单开好了，要交的都在上面，可以再添。")
    return redirect(contract.exit if is_open else "communities:exit-list")


@keepers
@form_methods
def exit_item_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    row = _exit(request, pk)
    form = ExitItemForm(posted(request))
    if done(request, form, partial(exits.add, exit=row)):
        messages.success(request, "添上了。")
        return redirect(row)
    return act_page(request, form, title=f"{row}添一样", act="添上", back=row.get_absolute_url())


@keepers
@form_methods
def exit_item_answer(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    rows = ExitItem.objects.visible_to(request.user).select_related("exit__community")
    item = get_object_or_404(rows, pk=pk)
    form = AnswerForm(posted(request), initial={name: getattr(item, name) for name in AnswerForm.base_fields})
    if done(request, form, partial(exits.answer, item=item)):
        messages.success(request, f"{item}记下了。")
        return redirect(item.exit)
    back = reverse("communities:exit-detail", args=[item.exit_id])
    text = "交了的写日期；没有或者不交的，写原因。"
    return act_page(request, form, title=f"{item}交了没有", act="记下", text=text, back=back)


@keepers
@form_methods
def exit_close(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    row = _exit(request, pk)
    form = CloseForm(posted(request))
    if done(request, form, partial(exits.close, exit=row)):
        messages.success(request, "移交完成。")
        return redirect(row)
    text = "完成以后清单不能再改。双方在打印的清单上签字。"
    return act_page(request, form, title=f"{row}完成", act="移交完成", text=text, back=row.get_absolute_url())
