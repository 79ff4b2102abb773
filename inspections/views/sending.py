"""The patrol form: a new patrol, its check page and receipt, and its correction within the day."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import cadre_only, office_only
from accounts.roles import Act, may
from communities.models import Community
from communities.responsibility import responsible_on
from lib.periods import DAY, beijing_date, week_of

from .. import patrols, recent, rechecks, record_sheet, routes, weeks
from ..entries import Refused, check
from ..forms import PatrolForm, ReasonForm
from ..models import Patrol, PatrolAnswer

MOST_SHOWN = 200
MOST_CHARACTERS = 50


@(cadre_only | office_only)
@require_http_methods(["GET", "POST"])
def patrol_new(request: HttpRequest) -> HttpResponse:
    """The patrol form, its check page, and the sending; the one button of each page says which step is meant."""
    mine = routes.in_own_order(patrols.places_of(request.user, now=timezone.now()), request.user)
    if "c" not in request.GET:
        return _choose_community(request, mine)
    form = _form(request, _chosen(request, mine))
    step = request.POST.get("step")
    if request.method == "GET" or step == "edit":
        return _write(request, form)
    if not (is_complete(form, kind_of(request)) and _is_of_its_day(request, form)):
        return _write(request, form, status=422)
    return _send(request, form) if step == "submit" else _ask_to_check(request, form)


def _chosen(request: HttpRequest, mine) -> Community:
    if not request.GET["c"].isdecimal():
        raise Http404
    return get_object_or_404(mine, pk=request.GET["c"])


def _form(request: HttpRequest, community: Community, **more) -> PatrolForm:
    now = timezone.now()
    responsible = responsible_on(community, beijing_date(now)).name
    return PatrolForm(posted(request), community=community, responsible=responsible, now=now, **more)


def posted(request: HttpRequest):
    """What a form is bound to: an empty POST is a form that was sent, too."""
    return request.POST if request.method == "POST" else None


def kind_of(request: HttpRequest) -> str:
    """The office's own visits are unannounced (暗访); a cadre's are daily ones. DOMAIN B.4"""
    own = may(request.user, Act.PATROL)
    return Patrol.Kind.DAILY if own else Patrol.Kind.COVERT


def is_complete(form: PatrolForm, kind: str) -> bool:
    """Whether the record can be taken; what is missing stands at the fields then."""
    if not form.is_valid():
        return False
    try:
        check(form.entry(kind=kind), now=timezone.now())
    except Refused as error:
        form.refuse(error)
        return False
    return True


def _is_of_its_day(request: HttpRequest, form: PatrolForm) -> bool:
    """A community that was handed over can be written up for earlier days only; what was sent before stays sent."""
    entry = form.entry()
    if patrols.is_place_of(entry, request.user) or Patrol.objects.filter(client_id=entry.client_id).exists():
        return True
    form.add_error("occurred_on", "这个小区那一天不归您联系，看看日期对不对。")
    return False


def _write(request: HttpRequest, form: PatrolForm, status: int = 200) -> HttpResponse:
    return render(request, "inspections/patrol_new.html", _context(request, form), status=status)


def _context(request: HttpRequest, form: PatrolForm) -> dict:
    return {
        "form": form,
        "community": form.community,
        "today": form.today,
        "yesterday": form.today - DAY,
        "draft": draft_name(request, form.community),
        "visit_no": _visit_no(request, form),
        "known": recent.findings_of([form.community], request.user)[form.community.pk],
        "is_covert": kind_of(request) == Patrol.Kind.COVERT,
        "rechecks": rechecks.waiting_here(form.community, request.user),
    }


def draft_name(request: HttpRequest, community: Community) -> str:
    """Under which name the browser keeps what is typed: the community's, or that of one draft out of the queue."""
    asked = request.GET.get("d", "")
    return f"{community.pk}:{asked}" if re.fullmatch(r"[0-9a-f-]{36}", asked) else str(community.pk)


def _visit_no(request: HttpRequest, form: PatrolForm) -> int | None:
    """Which visit of this week it would be; None where it counts for none, or for a week before."""
    this_week, day = week_of(form.today), form.day
    if day not in this_week:
        return None
    share = weeks.cadre_week(this_week, request.user).share_of(form.community)
    return share.counted + 1 if share and day not in share.days else None


def _choose_community(request: HttpRequest, mine) -> HttpResponse:
    """Which community; with just one there is nothing to choose."""
    found = list(mine[:2])
    if len(found) == 1:
        return redirect(f"{request.path}?c={found[0].pk}")
    words = request.GET.get("q", "").replace("\0", "")[:MOST_CHARACTERS]
    context = {
        "communities": mine.search(words)[:MOST_SHOWN],
        "words": words,
        "is_covert": kind_of(request) == Patrol.Kind.COVERT,
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
    now = timezone.now()
    try:
        patrol = patrols.submit(entry=form.entry(kind=kind_of(request)), by=request.user, now=now)
    except Refused as error:
        form.refuse(error)
        return _write(request, form, status=422)
    if patrol.submitted_at != now:
        messages.info(request, "这份记录之前已经收到，没有再记一份。内容要改，打开记录点“更正”。")
    return redirect("inspections:patrol-done", patrol.pk)


def own_patrol(request: HttpRequest, pk: int) -> Patrol:
    """The viewer's own patrol; another's is refused to those who see it, and is not there for the others."""
    patrol = get_object_or_404(Patrol.objects.visible_to(request.user).select_related("community", "user"), pk=pk)
    if patrol.user_id != request.user.pk:
        raise PermissionDenied("这份记录是别人写的，要由巡查人自己来办。")
    return patrol


@(cadre_only | office_only)
@require_safe
def patrol_done(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt with the number; seeing it, the phone forgets its draft."""
    patrol, now = own_patrol(request, pk), timezone.now()
    this_week = week_of(now)
    mine = routes.sort(weeks.cadre_week(this_week, request.user))
    share = mine.share_of(patrol.community)
    counts = share and patrol.occurred_on in this_week
    context = {
        "patrol": patrol,
        "remaining": share.missing if counts else None,
        "next": routes.next_stop(mine, today=beijing_date(now)),
    }
    return render(request, "inspections/patrol_done.html", context)


# ---------------------------------------------------------------- correcting


@(cadre_only | office_only)
@require_http_methods(["GET", "POST"])
def patrol_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a patrol within its day; the old version stays readable."""
    patrol = own_patrol(request, pk)
    if not patrol.is_correctable(by=request.user, now=timezone.now()):
        messages.warning(request, "当天才能更正。现在可以写一条补充说明。")
        return redirect(patrol)
    typed = record_sheet.as_typed(patrol) if request.method == "GET" else {}
    form, reason = _form(request, patrol.community, initial=typed), ReasonForm(posted(request))
    if request.method == "POST" and _correct(request, patrol, form, reason):
        return redirect(patrol)
    context = _context(request, form) | {"patrol": patrol, "reason": reason}
    status = 422 if request.method == "POST" else 200
    return render(request, "inspections/patrol_correct.html", context, status=status)


def _correct(request: HttpRequest, patrol: Patrol, form: PatrolForm, reason: ReasonForm) -> bool:
    if not all([reason.is_valid(), is_complete(form, patrol.kind)]):
        return False
    why, entry = reason.cleaned_data["reason"], form.entry(kind=patrol.kind)
    try:
        changed = patrols.correct(patrol=patrol, entry=entry, reason=why, by=request.user, now=timezone.now())
    except Refused as error:
        form.refuse(error)
        return False
    messages.success(request, f"{patrol.number} 已更正，更正前的写法也留着。" if changed else "内容没有变，没有更正。")
    return True
