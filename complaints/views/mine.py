"""What somebody sees and does with the link of their own complaint; without it these pages are not there."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.access import anyone, signed_in
from lib.paging import page_of
from lib.periods import beijing_date
from rulebook import rules

from .. import additions, events, findings, handling, judging, links, progress, staffing, terms
from ..forms import AddForm, RateForm, WithdrawForm
from ..models import Complainant, Complaint, State
from .sending import UNPROCESSABLE, act_page, files, posted, receive_files, refuse, serve


def _mine(token: str) -> Complainant:
    found = links.find(token[:40])
    if found is None:
        raise Http404
    return found


@anyone
@require_safe
@never_cache
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """All of one's own complaint: words, photos, the story, what one can do now."""
    complainant, today = _mine(token), beijing_date(timezone.now())
    complaint, case = complainant.complaint, complainant.complaint.main
    context = {
        "token": token,
        "complainant": complainant,
        "complaint": complaint,
        "turn": progress.turn(case, today),
        "steps": progress.steps(complaint, events.told(complaint), today),
        "photos": complaint.photos.all() if not complainant.joined else [],
        "after": case.photos.filter(kind="after"),
        "answers": case.given_answers,
        "may_look": findings.waits_for_look(complainant) is not None,
        "may_add": case.is_unanswered,
        "may_rate": case.state in staffing.ANSWERED and not _has_rated(complainant, case),
        "may_withdraw": _may_withdraw(complainant),
        "village": case.community.village_committee,
    }
    return render(request, "complaints/mine.html", context)


def _may_withdraw(complainant: Complainant) -> bool:
    """One who complained first, before it is answered."""
    return complainant.complaint.state in (State.REGISTERED, *staffing.WORKED_ON) and not complainant.joined


def _has_rated(complainant: Complainant, case: Complaint) -> bool:
    return complainant.ratings.filter(round=case.reopened).exists()


@anyone
@require_safe
@never_cache
def mine_slip(request: HttpRequest, token: str) -> HttpResponse:
    """收到了: the number in large type, what happens when; printed it is the slip for those without a phone."""
    complainant, today = _mine(token), beijing_date(timezone.now())
    case = complainant.complaint.main
    context = {
        "token": token,
        "complainant": complainant,
        "complaint": complainant.complaint,
        "case": case,
        "who": progress.who_answers(case),
        "village": case.community.village_committee,
        "today": today,
        "reopen_words": terms.reopen_words(today),
        "by_sms": complainant.contact.phone is not None,
    }
    return render(request, "complaints/mine_slip.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mine_add(request: HttpRequest, token: str) -> HttpResponse:
    """Adds words and photos to a complaint that is under way."""
    complainant = _mine(token)
    form = AddForm(posted(request), files(request))
    if _acted(request, form, lambda data: _add(request, complainant, form, data)):
        messages.success(request, "补充收到了，办的人看得到。")
        return redirect("complaints:mine", token)
    back = links.path(complainant)
    words = {"title": "补充情况", "act": "补充"}
    return act_page(request, form, back=back, **words, **_whom_to_call(complainant))


def _whom_to_call(complainant: Complainant) -> dict:
    case = complainant.complaint.main
    return {"is_resident": True, "village": case.community.village_committee, "firm": case.firm}


def _add(request, complainant: Complainant, form, data: dict) -> None:
    ids = receive_files(form, None)
    if form.errors:
        raise ValidationError([])
    additions.add(complainant=complainant, text=data["text"], photos=ids, now=timezone.now())


def _acted(request: HttpRequest, form, act) -> bool:
    """Whether the form was sent, within limits, and the act is done; what it refuses stands at its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        limits.take("complaint-mine", request, each=60, all_=2000, seconds=3600)
        act(form.cleaned_data)
    except ValidationError as error:
        refuse(form, error)
    except limits.TooMany as error:
        form.add_error(None, str(error))
    return not form.errors


@anyone
@require_POST
@never_cache
def mine_look(request: HttpRequest, token: str) -> HttpResponse:
    """修好了吗, before the recheck: said once a round, by one tap."""
    complainant, fixed = _mine(token), request.POST.get("fixed")
    if fixed in ("yes", "no"):
        findings.look(complainant=complainant, fixed=fixed == "yes", now=timezone.now())
        messages.success(request, "记下了，复查的人看得到。")
    return redirect("complaints:mine", token)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mine_rate(request: HttpRequest, token: str) -> HttpResponse:
    """Satisfied, or back one level higher. DOMAIN E.5"""
    complainant = _mine(token)
    case = complainant.complaint.main
    form = RateForm(posted(request))
    rated = lambda data: judging.rate(complainant=complainant, now=timezone.now(), **data)  # noqa: E731
    if _acted(request, form, rated):
        bad = form.cleaned_data["score"] <= 2
        messages.success(request, "已退回，由上一级重新办。" if bad else "谢谢您的评价。")
        return redirect("complaints:mine", token)
    most = rules.on(case.registered_on, "complaint.max_reopen")
    context = {"form": form, "token": token, "complaint": complainant.complaint, "answer": case.answers.last()}
    context |= {"most": most, "village": case.community.village_committee, "firm": case.firm}
    return render(request, "complaints/mine_rate.html", context, status=UNPROCESSABLE if form.errors else 200)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mine_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Takes one's own complaint back."""
    complainant = _mine(token)
    form = WithdrawForm(posted(request))
    if complainant.joined:
        raise Http404
    act = lambda data: handling.withdraw(complaint=complainant.complaint, now=timezone.now(), **data)  # noqa: E731
    if _acted(request, form, act):
        messages.success(request, "撤回了。")
        return redirect("complaints:mine", token)
    words = {"title": "撤回投诉", "act": "撤回", "text": "撤回以后不再办，要办请重新登记。", "danger": True}
    return act_page(request, form, back=links.path(complainant), **words, **_whom_to_call(complainant))


@signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What somebody who is signed in complained about or joined, each a link to all of it."""
    rows = Complainant.objects.filter(user=request.user).exclude(link_digest=None).order_by("-since", "-pk")
    parts = rows.select_related("complaint__community", "complaint__merged_into")
    page, today = page_of(parts, request.GET.get("page")), beijing_date(timezone.now())
    for row in page.object_list:
        row.link, row.badge = links.path(row), progress.state_of(row.complaint.main, today)
    return render(request, "complaints/own.html", {"page": page})


@anyone
@require_safe
def mine_photo(request: HttpRequest, token: str, client_id) -> HttpResponse:
    return _photo(token, client_id, small=False)


@anyone
@require_safe
def mine_photo_small(request: HttpRequest, token: str, client_id) -> HttpResponse:
    return _photo(token, client_id, small=True)


def _photo(token: str, client_id, *, small: bool) -> HttpResponse:
    """Photos of one's own complaint, and of how its case was put right."""
    complainant = _mine(token)
    own, case = complainant.complaint, complainant.complaint.main
    rows = (
        case.photos.filter(kind="after") if complainant.joined else own.photos.all() | case.photos.filter(kind="after")
    )
    return serve(get_object_or_404(rows, client_id=client_id), small=small)
