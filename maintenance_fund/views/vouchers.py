"""Proposals that wait for their check, and sealed vouchers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, demand_check, may, may_check
from lib.paging import Pages

from .. import ledger
from ..forms import ReasonForm, ReverseForm, SealForm
from ..models import PostingProposal, Transaction
from .acts import act_page, done, posted, press

PARTS = ("account", "unit", "project", "bank_account")


def _proposal(request: HttpRequest, pk: int) -> PostingProposal:
    rows = PostingProposal.objects.visible_to(request.user).with_amount()
    return get_object_or_404(rows.select_related("transaction", "reverses"), pk=pk)


@office_only
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody wants to post, for another to check."""
    row = _proposal(request, pk)
    user, is_maker = request.user, row.made_by_id == request.user.pk
    needs = row.state == "open" and ledger.needs_approval(row)
    may_seal = may_check(user, Act.FUND_VOUCHER) and not is_maker and row.approved_by_id != user.pk
    context = {
        "row": row,
        "page": Pages(row.lines.select_related(*PARTS).order_by("n")).get_page(request.GET.get("page")),
        "lines": row.lines.count(),
        "needs_approval": needs,
        "may_seal": may_seal and not (needs and not row.approved_by_id),
        "may_approve": needs and not row.approved_by_id and may(user, Act.FUND_APPROVAL) and not is_maker,
        "may_withdraw": is_maker or may_check(user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/proposal.html", context)


@office_only
@require_POST
def proposal_seal(request: HttpRequest, pk: int) -> HttpResponse:
    """The checker's button: posted as read, or told why not."""
    demand_check(request.user, Act.FUND_VOUCHER)
    row, form = _proposal(request, pk), SealForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "请从凭证页上按“复核通过”。")
        return redirect(row)
    sealed = ledger.seal(proposal=row, by=request.user, now=timezone.now(), revision=form.cleaned_data["revision"])
    messages.success(request, f"入账了，凭证号 {sealed.number}。")
    return redirect(sealed)


@office_only
@require_POST
def proposal_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """A third person agrees to a large payment."""
    row, form = _proposal(request, pk), SealForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else None
    return press(
        request, lambda *, by, now: ledger.approve(proposal=row, by=by, revision=revision), "批准了，等复核入账。", row
    )


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an open proposal back, or sends it back, with the reason."""
    row = _proposal(request, pk)
    if row.made_by_id != request.user.pk:
        demand_check(request.user, Act.FUND_VOUCHER)
    form = ReasonForm(posted(request))
    act = lambda *, reason, by, now: ledger.withdraw(proposal=row, reason=reason, by=by)  # noqa: E731
    if done(request, form, act):
        messages.success(request, "退回了，没有入账。")
        return redirect(row)
    words = {"title": "退回这张凭证", "act": "退回", "text": f"{row}。退回以后要重新做一张。", "danger": True}
    return act_page(request, form, back=row.get_absolute_url(), **words)


@office_only
@require_safe
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """A sealed voucher with its lines."""
    rows = Transaction.objects.visible_to(request.user).select_related(
        "community", "made_by", "checked_by", "approved_by", "reverses"
    )
    row = get_object_or_404(rows, pk=pk)
    lines = row.lines.select_related(*PARTS, "receipt__series").order_by("n")
    context = {
        "row": row,
        "page": Pages(lines).get_page(request.GET.get("page")),
        "hash": bytes(row.hash).hex(),
        "reversal": Transaction.objects.filter(reverses=row).first(),
        "may": may(request.user, Act.FUND_VOUCHER),
    }
    return render(request, "maintenance_fund/voucher.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def voucher_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Proposes the mirror of a voucher."""
    demand(request.user, Act.FUND_VOUCHER)
    row = get_object_or_404(Transaction.objects.visible_to(request.user).select_related("community"), pk=pk)
    form = ReverseForm(posted(request))
    made = done(request, form, lambda **typed: ledger.reverse(transaction=row, **typed))
    if made:
        messages.success(request, "冲销凭证做好了，等另一个人复核。")
        return redirect(made)
    text = "整张冲掉，日期是复核入账的那天；然后再记一张对的。原来的凭证留着，不改不删。"
    words = {"title": f"冲销 {row.number}", "act": "做冲销凭证", "text": text, "danger": True}
    return act_page(request, form, back=reverse("maintenance_fund:voucher", args=[pk]), **words)
