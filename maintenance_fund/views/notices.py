"""Renewal: who is low, notices in batches, what happens to each, the list of who has paid."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only, signed_in
from accounts.roles import Act, demand, may
from lib.paging import Pages
from lib.periods import beijing_date

from .. import renewal_course, renewal_papers
from .. import renewals as renewing
from ..forms import CopyForm, PlanForm, ReasonForm, ReceivedForm, StepForm
from ..models import Collection, Fund, RenewalBatch, RenewalNotice
from .acts import act_page, done, posted
from .books import book_of


def _pdf(paper: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def with_looks(notices: list[RenewalNotice], *, today) -> list[RenewalNotice]:
    """Gives each notice ``paid_fen`` and ``look``, for a list."""
    sums = renewing.paid(notices)
    for notice in notices:
        notice.paid_fen = sums[notice.pk]
        notice.look = renewal_course.look(notice, notice.paid_fen, today=today)
    return notices


@office_only
@require_safe
def renewals(request: HttpRequest, pk: int) -> HttpResponse:
    """Households that are low without a notice, and the notices with what became of them."""
    book, today = book_of(request, pk), beijing_date(timezone.now())
    notices = RenewalNotice.objects.visible_to(request.user).filter(community=pk).select_related("unit", "plan")
    plan = renewing.plan_of(pk)
    low = [(found, renewing.asked(found, plan)) for found in renewing.unwarned(book.community, today=today)]
    page = Pages(notices.order_by("-pk")).get_page(request.GET.get("page"))
    page.object_list = with_looks(list(page.object_list), today=today)
    collections = Collection.objects.visible_to(request.user).filter(community=pk)
    context = {
        "book": book,
        "today": today,
        "low": low,
        "low_fen": sum(fen for _, fen in low),
        "page": page,
        "plan": plan,
        "batches": RenewalBatch.objects.visible_to(request.user).filter(community=pk)[:5],
        "late": collections.overdue(today=today).count(),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/renewals.html", context)


@office_only
@require_POST
def renewals_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice for each household that is low and has none; the worker makes the papers."""
    demand(request.user, Act.FUND_VOUCHER)
    batch = renewing.issue(book=book_of(request, pk), by=request.user, now=timezone.now())
    if batch is None:
        messages.success(request, "没有要发的，低于续交线的都发过了。")
        return redirect("maintenance_fund:renewals", pk)
    messages.success(request, f"发了 {batch.count} 份续交通知书，正在排版，做好就能打印。")
    return redirect(batch)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def renewal_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what the assembly decided about renewing."""
    book = book_of(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form, back = PlanForm(posted(request)), reverse("maintenance_fund:renewals", args=[pk])
    if done(request, form, lambda **typed: renewing.enter_plan(book=book, **typed)):
        messages.success(request, "登记好了，以后发的通知书按这个方案。")
        return redirect(back)
    text = "照业主大会的决议写。已经发出的通知书不变。"
    words = {"title": f"{book.community}续筹方案", "act": "登记", "text": text}
    return act_page(request, form, back=back, **words)


# ---------------------------------------------------------------- batches


def _batch(request: HttpRequest, pk: int) -> RenewalBatch:
    rows = RenewalBatch.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("community__village_committee", "issued_by"), pk=pk)


@office_only
@require_safe
def renewal_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the papers of a batch are, its parts to print, its copies."""
    batch = _batch(request, pk)
    context = {
        "batch": batch,
        "parts": range(renewal_papers.parts_of(batch)),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/renewal_batch.html", context)


@office_only
@require_safe
def renewal_batch_paper(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """One part of a batch, at most 500 pages, as the worker made it."""
    batch = _batch(request, pk)
    path = renewal_papers.path_of(batch, part)
    if not batch.finished or part >= renewal_papers.parts_of(batch) or not default_storage.exists(path):
        raise Http404("这一份还没做好，过一会儿再来。")
    with default_storage.open(path) as file:
        return _pdf(file.read(), f"renewals-{pk}-{part + 1}")


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def renewal_batch_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes when committee or village committee got their copy."""
    batch = _batch(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = CopyForm(posted(request), initial={"on": beijing_date(timezone.now()), "to": "committee"})
    if done(request, form, lambda **typed: renewal_papers.send_copies(batch=batch, **typed) or True):
        messages.success(request, "登记好了。")
        return redirect(batch)
    text = f"{batch}。通知书要抄送业主委员会和{batch.community.village_committee}。"
    return act_page(request, form, back=batch.get_absolute_url(), title="登记抄送", act="登记", text=text)


# ---------------------------------------------------------------- one notice


def _notice(request: HttpRequest, pk: int) -> RenewalNotice:
    rows = RenewalNotice.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("community__village_committee", "unit", "plan"), pk=pk)


@signed_in
@require_safe
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: how much until when, in which parts, what came in, what happened; for office and household."""
    notice, today = _notice(request, pk), beijing_date(timezone.now())
    with_looks([notice], today=today)
    is_office = office_only.admits(request.user)
    context = {
        "notice": notice,
        "parts": renewal_course.schedule(notice),
        "steps": notice.steps.select_related("by") if is_office else [],
        "today": today,
        "is_office": is_office,
        "may": may(request.user, Act.FUND_VOUCHER) and notice.state == "open",
    }
    return render(request, "maintenance_fund/renewal.html", context)


@signed_in
@require_safe
def renewal_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice as a PDF: for the office, and for its household."""
    return _pdf(renewal_papers.paper([_notice(request, pk)]), f"renewal-{pk}")


@office_only
@require_safe
def renewal_urging(request: HttpRequest, pk: int) -> HttpResponse:
    """The written dunning of one notice as a PDF."""
    paper = renewal_papers.urging(_notice(request, pk), today=beijing_date(timezone.now()))
    return _pdf(paper, f"renewal-{pk}-urging")


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def renewal_received(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes when and how a notice was received."""
    notice = _notice(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = ReceivedForm(posted(request), initial={"received_on": beijing_date(timezone.now())})
    act = lambda *, received_on, **typed: renewing.receive(notice=notice, on=received_on, **typed)  # noqa: E731
    if done(request, form, act):
        messages.success(request, "登记好了，续交期限从收到的第二天起算。")
        return redirect("maintenance_fund:renewals", notice.community_id)
    text = f"{notice.number}，要续交的期限从收到的第二天起算。"
    words = {"title": f"{notice.unit} 收到通知", "act": "登记", "text": text}
    return act_page(request, form, back=notice.get_absolute_url(), **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def renewal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an open notice back, with the reason."""
    notice = _notice(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = ReasonForm(posted(request))
    if done(request, form, lambda **typed: renewing.withdraw(notice=notice, **typed)):
        messages.success(request, "撤回了。这一户还低于续交线的，可以重新发。")
        return redirect(notice)
    text = "比如首期交存登记错了。撤回后告诉业主，原来的通知书不算。"
    words = {"title": f"撤回 {notice.number}", "act": "撤回", "text": text, "danger": True}
    return act_page(request, form, back=notice.get_absolute_url(), **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def renewal_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes a refusal, a written dunning, a remark."""
    notice = _notice(request, pk)
    demand(request.user, Act.FUND_VOUCHER)
    form = StepForm(posted(request), initial={"on": beijing_date(timezone.now()), "kind": "refused"})
    if done(request, form, lambda **typed: renewal_course.note(notice=notice, **typed)):
        messages.success(request, "记下了。")
        return redirect(notice)
    text = "拒绝续交的，书面催告；要不要起诉由业主委员会决定。不能停水停电，也不能收滞纳金。"
    words = {"title": f"{notice.unit} 续交经过", "act": "登记", "text": text}
    return act_page(request, form, back=notice.get_absolute_url(), **words)


@signed_in
@require_safe
def renewal_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Which units have paid and which have not, without amounts: for that community's owners, and to be put up. F.10"""
    book = get_object_or_404(Fund.objects.listed_to(request.user).select_related("community"), community=pk)
    rows = list(RenewalNotice.objects.filter(community=pk).newest())
    context = {
        "book": book,
        "paid": [row for row in rows if row.state == "paid"],
        "unpaid": [row for row in rows if row.state == "open"],
        "today": beijing_date(timezone.now()),
    }
    return render(request, "maintenance_fund/renewal_list.html", context)
