"""Sending in a patrol, reading it, correcting it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import cadre_only, leader_only, office_only, station_only
from accounts.roles import Act, may
from communities.models import Community
from communities.responsibility import responsible_on
from lib.periods import beijing_date, week_of

from .. import exports, patrols, record_sheet, weeks
from ..forms import PatrolFilter, PatrolForm, ReasonForm, RemarkForm
from ..models import Category, Finding, Patrol, PatrolAnswer
from ..patrols import Refused

A_PAGE = 25
readers = cadre_only | station_only | office_only | leader_only


# ---------------------------------------------------------------- sending in


@(cadre_only | office_only)
@require_http_methods(["GET", "POST"])
def patrol_new(request: HttpRequest) -> HttpResponse:
    """The patrol form, its check page, and the sending; the one button of each page says which step is meant."""
    mine = Community.objects.visible_to(request.user).standing(_today()).order_by("pinyin")
    community = mine.filter(pk=request.GET.get("c")).first() if request.GET.get("c", "").isdigit() else None
    if community is None:
        return _choose_community(request, mine)
    form = _form(request, community)
    step = request.POST.get("step")
    if request.method == "GET" or step == "edit":
        return _write(request, form)
    if not _check(form, request):
        return _write(request, form, status=422)
    if step != "submit":
        return _ask_to_check(request, form)
    return _send(request, form)


def _today():
    return beijing_date(timezone.now())


def _form(request: HttpRequest, community: Community, **more) -> PatrolForm:
    responsible = responsible_on(community, _today()).name
    data = request.POST if request.method == "POST" else None
    return PatrolForm(data, community=community, responsible=responsible, now=timezone.now(), **more)


def _kind(request: HttpRequest) -> str:
    """The office's own visits are unannounced (暗访); a cadre's are daily ones. DOMAIN B.4"""
    own = may(request.user, Act.PATROL)
    return Patrol.Kind.DAILY if own else Patrol.Kind.COVERT


def _check(form: PatrolForm, request: HttpRequest) -> bool:
    if not form.is_valid():
        return False
    try:
        patrols.check(form.entry(kind=_kind(request)), now=timezone.now())
    except Refused as error:
        form.refuse(error)
        return False
    return True


def _write(request: HttpRequest, form: PatrolForm, status: int = 200) -> HttpResponse:
    return render(request, "inspections/patrol_new.html", _context(request, form), status=status)


def _context(request: HttpRequest, form: PatrolForm) -> dict:
    share = next((s for s in _week_of(request).shares if s.community == form.community), None)
    return {
        "form": form,
        "community": form.community,
        "today": form.today,
        "visit_no": share.counted + 1 if share else None,
        "is_covert": _kind(request) == Patrol.Kind.COVERT,
    }


def _week_of(request: HttpRequest) -> weeks.CadreWeek:
    return weeks.cadre_week(week_of(timezone.now()), request.user)


def _choose_community(request: HttpRequest, mine) -> HttpResponse:
    """Which community; with just one there is nothing to choose."""
    found = list(mine[:2])
    if len(found) == 1:
        return redirect(f"{request.path}?c={found[0].pk}")
    words = request.GET.get("q", "")
    context = {
        "communities": mine.search(words)[:200],
        "words": words,
        "is_covert": _kind(request) == Patrol.Kind.COVERT,
    }
    return render(request, "inspections/patrol_new_where.html", context)


def _ask_to_check(request: HttpRequest, form: PatrolForm) -> HttpResponse:
    posted = [(name, value) for name, values in request.POST.lists() for value in values]
    context = _context(request, form) | {
        "categories": [_checked(form, part) for part in form.parts],
        "posted": [(name, value) for name, value in posted if name not in ("csrfmiddlewaretoken", "step")],
    }
    return render(request, "inspections/patrol_new_check.html", context)


def _checked(form: PatrolForm, part) -> dict:
    result = form.cleaned_data[part.code] or PatrolAnswer.Result.NOT_SEEN
    findings = part.findings if result == PatrolAnswer.Result.FINDING else []
    return {
        "code": part.code,
        "label": part.label,
        "result": result,
        "answer": PatrolAnswer.Result(result).label,
        "findings": [_checked_finding(one) for one in findings if one.has_changed()],
    }


def _checked_finding(one) -> dict:
    data = one.cleaned_data
    severity = data["severity"] or data["item"].severity
    return {
        "prefix": one.prefix,
        "item": data["item"],
        "severity": dict(one.fields["severity"].choices).get(severity, severity),
        "building": data["building"],
        "text": data["text"],
        "handling": dict(one.fields["handling"].choices)[data["handling"]],
        "after": data["after_photos"],
    }


def _send(request: HttpRequest, form: PatrolForm) -> HttpResponse:
    try:
        patrol = patrols.submit(entry=form.entry(kind=_kind(request)), by=request.user, now=timezone.now())
    except Refused as error:
        form.refuse(error)
        return _write(request, form, status=422)
    return redirect("inspections:patrol-done", patrol.pk)


@(cadre_only | office_only)
@require_safe
def patrol_done(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt with the number; seeing it, the phone forgets its draft."""
    patrol = get_object_or_404(Patrol.objects.filter(user=request.user).select_related("community"), pk=pk)
    share = next((s for s in _week_of(request).shares if s.community == patrol.community), None)
    context = {"patrol": patrol, "remaining": share.missing if share else None}
    return render(request, "inspections/patrol_done.html", context)


# ---------------------------------------------------------------- reading


@readers
@require_safe
def patrol_list(request: HttpRequest) -> HttpResponse:
    """Patrols, newest first, searched and filtered."""
    form = PatrolFilter(request.GET, user=request.user)
    rows = form.narrow(Patrol.objects.visible_to(request.user)).select_related("community", "user")
    page = Paginator(rows.with_findings(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "inspections/patrol_list.html", {"form": form, "page": page})


@readers
@require_safe
def patrol_list_export(request: HttpRequest) -> HttpResponse:
    """The filtered patrols as a workbook."""
    form = PatrolFilter(request.GET, user=request.user)
    return exports.patrols(form.narrow(Patrol.objects.visible_to(request.user)))


def _readable(request: HttpRequest, pk: int) -> Patrol:
    return get_object_or_404(Patrol.objects.visible_to(request.user).select_related("community", "user"), pk=pk)


@readers
@require_safe
def patrol_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One patrol: answers, findings with photos, remarks, earlier versions."""
    patrol = _readable(request, pk)
    answers = {answer.category: answer for answer in patrol.answers.all()}
    context = {
        "patrol": patrol,
        "answers": [answers[c] for c in Category if c in answers],
        "findings": record_sheet.findings_of(patrol),
        "withdrawn": patrol.findings.filter(state=Finding.State.WITHDRAWN).select_related("item"),
        "photos": patrol.photos.shown(),
        "remarks": patrol.remarks.select_related("by"),
        "versions": patrol.versions.select_related("replaced_by"),
        "may_correct": patrol.is_correctable(by=request.user, now=timezone.now()),
        "may_remark": patrol.user_id == request.user.pk,
        "may_void": _may_void(request, patrol),
    }
    return render(request, "inspections/patrol_detail.html", context)


def _may_void(request: HttpRequest, patrol: Patrol) -> bool:
    stands = patrol.state == Patrol.State.SUBMITTED
    own = patrol.is_correctable(by=request.user, now=timezone.now())
    return stands and (own or may(request.user, Act.SEVERITY_LOWER))


@readers
@require_safe
def patrol_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A patrol as it read before a correction."""
    version = get_object_or_404(_readable(request, pk).versions.select_related("replaced_by"), number=number)
    context = {"patrol": version.patrol, "version": version}
    return render(request, "inspections/patrol_version.html", context)


@readers
@require_safe
def patrol_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The record sheet 巡查记录单 as a PDF."""
    patrol = _readable(request, pk)
    response = HttpResponse(record_sheet.paper(patrol), content_type="application/pdf")
    response["Content-Disposition"] = (
        f"inline; filename=\"patrol-{patrol.pk}.pdf\"; filename*=UTF-8''{patrol.number}.pdf"
    )
    return response


# ---------------------------------------------------------------- afterwards


@(cadre_only | office_only)
@require_http_methods(["GET", "POST"])
def patrol_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a patrol within its day; the old version stays readable."""
    patrol = get_object_or_404(Patrol.objects.filter(user=request.user).select_related("community"), pk=pk)
    if not patrol.is_correctable(by=request.user, now=timezone.now()):
        messages.warning(request, "当天才能更正。现在可以写一条补充说明。")
        return redirect(patrol)
    typed = record_sheet.as_typed(patrol) if request.method == "GET" else {}
    form, reason = _form(request, patrol.community, initial=typed), ReasonForm(request.POST or None)
    if request.method == "POST" and _correct(request, patrol, form, reason):
        messages.success(request, f"{patrol.number} 已更正，更正前的写法也留着。")
        return redirect(patrol)
    context = _context(request, form) | {"patrol": patrol, "reason": reason}
    status = 422 if request.method == "POST" else 200
    return render(request, "inspections/patrol_correct.html", context, status=status)


def _correct(request: HttpRequest, patrol: Patrol, form: PatrolForm, reason: ReasonForm) -> bool:
    if not (reason.is_valid() and _check(form, request)):
        return False
    why, entry = reason.cleaned_data["reason"], form.entry(kind=patrol.kind)
    try:
        patrols.correct(patrol=patrol, entry=entry, reason=why, by=request.user, now=timezone.now())
    except Refused as error:
        form.refuse(error)
        return False
    return True


@(cadre_only | office_only)
@require_http_methods(["GET", "POST"])
def patrol_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds a remark to one's own patrol."""
    patrol = get_object_or_404(Patrol.objects.filter(user=request.user).select_related("community"), pk=pk)
    form = RemarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        patrols.remark(patrol=patrol, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        messages.success(request, "补充说明记好了。")
        return redirect(patrol)
    status = 422 if form.errors else 200
    return render(request, "inspections/patrol_remark.html", {"patrol": patrol, "form": form}, status=status)


@(cadre_only | station_only | office_only)
@require_http_methods(["GET", "POST"])
def patrol_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Voids a patrol, with a reason; its findings are withdrawn with it."""
    patrol = _readable(request, pk)
    if not _may_void(request, patrol):
        messages.warning(request, "作废要由巡查人当天办，或者由物管站站长办。")
        return redirect(patrol)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        patrols.void(patrol=patrol, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        messages.success(request, f"{patrol.number} 已作废，记录还看得到。")
        return redirect(patrol)
    status = 422 if form.errors else 200
    return render(request, "inspections/patrol_void.html", {"patrol": patrol, "form": form}, status=status)
