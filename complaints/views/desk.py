"""The desk, one complaint as staff and firms read it, its people, its photos."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import cadre_only, firm_only, leader_only, office_only, signed_in_also_by_code, station_only
from accounts.roles import Act, demand, may
from lib.paging import page_of
from lib.periods import beijing_date

from .. import contacts, events, exports, findings, judging, progress, staffing
from .. import desk as desks
from ..forms.acts import CallForm, ReadForm
from ..forms.desk import DeskFilter
from ..models import Complainant, Complaint, ComplaintPhoto
from ..querysets import sees_contacts
from .doings import offered
from .sending import act_page, done, posted, serve

readers = cadre_only | station_only | office_only | leader_only | firm_only
callers = station_only | office_only


@readers
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for whom; the list below it is searched and filtered, what is due first on top."""
    now = timezone.now()
    show = request.GET.get("show", "")
    form = DeskFilter(request.GET, user=request.user)
    rows = form.narrow(desks.rows_of(show, request.user, now=now)).with_row_parts()
    page = page_of(rows, request.GET.get("page"))
    today = beijing_date(now)
    for row in page.object_list:
        row.badge = progress.state_of(row, today)
        row.who = progress.who_answers(row) if row.is_unanswered and row.level != "station" else row.get_level_display()
    context = {
        "form": form,
        "page": page,
        "heaps": desks.heaps(request.user, now=now),
        "tray": desks.BY_NAME.get(show),
        "today": today,
        "registers": may(request.user, Act.COMPLAINT),
        "to_fill_back": Complaint.objects.handled_by(request.user).to_fill_back().count(),
        "analyses": (callers | leader_only).admits(request.user),
        "reads_mailbox": office_only.admits(request.user),
    }
    return render(request, "complaints/desk.html", context)


@readers
@require_safe
def desk_export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook, without anybody's name or number."""
    form = DeskFilter(request.GET, user=request.user)
    rows = desks.rows_of(request.GET.get("show", ""), request.user, now=timezone.now())
    return exports.complaints(form.narrow(rows), by=request.user, words=request.GET.urlencode())


def _readable(request: HttpRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.user).with_page_parts(), pk=pk)


@readers
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint: whose turn it is, what can be done, words and photos, people as far as one may know, the story."""
    complaint, today = _readable(request, pk), beijing_date(timezone.now())
    case, is_staff = complaint.main, sees_contacts(request.user)
    story = complaint.events.select_related("by")
    context = {
        "complaint": complaint,
        "turn": progress.turn(case, today),
        "badge": progress.state_of(complaint, today),
        "acts": offered(complaint, request.user),
        "photos": complaint.photos.all(),
        "answers": [answer for answer in complaint.answers.select_related("by") if is_staff or answer.is_given],
        "people": contacts.shown_to(request.user, case) if case == complaint else [],
        "people_count": Complainant.objects.of_case(complaint).count(),
        "events": story if is_staff else story.exclude(kind__in=events.INTERNAL),
        "mediations": complaint.mediations.all() if is_staff else [],
        "transfers": complaint.transfers.all(),
        "merged": complaint.merged.all(),
        "pauses": complaint.pauses.all(),
        "petition": getattr(complaint, "petition", None),
        "today": today,
        "is_staff": is_staff,
        "may_call": callers.admits(request.user) and complaint.state in staffing.ANSWERED,
        "fine": findings.said_fine(complaint, request.user)[:3],
        "is_late_on_site": complaint.is_late_on_site(timezone.now()),
    }
    return render(request, "complaints/detail.html", context)


# ---------------------------------------------------------------- people


def _complainant(request: HttpRequest, pk: int) -> Complainant:
    rows = Complainant.objects.select_related("contact__phone", "complaint__merged_into")
    found = get_object_or_404(rows, pk=pk)
    case = found.complaint.main
    get_object_or_404(Complaint.objects.visible_to(request.user), pk=case.pk)
    return found


@(callers | firm_only)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads somebody's name and number in full, with a reason that stays on record. DOMAIN 0.5"""
    complainant = _complainant(request, pk)
    case = complainant.complaint.main
    if complainant.pk not in [row.pk for row in contacts.shown_to(request.user, case)]:
        contacts.refuse_reading()
    form = ReadForm(posted(request))
    act = lambda **typed: contacts.read(complainant=complainant, **typed)  # noqa: E731
    if done(request, form, act):
        return render(request, "complaints/contact_read.html", {"complainant": complainant, "complaint": case})
    words = {"title": "看完整的联系方式", "act": "看", "text": f"{case.number}，{complainant.contact.masked}"}
    return act_page(request, form, back=case.get_absolute_url(), **words)


@callers
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Writes down what somebody said of the answer on the telephone; never by whoever gave it. DOMAIN E.5"""
    demand(request.user, Act.COMPLAINT)
    complainant = _complainant(request, pk)
    case = complainant.complaint.main
    form = CallForm(posted(request))

    def called(*, by, now, **typed):
        judging.rate(complainant=complainant, called_by=by, now=now, **typed)

    if done(request, form, called):
        messages.success(request, "回访记下了。")
        return redirect(case)
    words = {"title": f"电话回访：{case.number}", "act": "记下回访", "text": complainant.contact.masked}
    return act_page(request, form, back=case.get_absolute_url(), **words)


# ---------------------------------------------------------------- photos


@signed_in_also_by_code
@require_safe
def photo(request: HttpRequest, client_id) -> HttpResponse:
    return _photo(request, client_id, small=False)


@signed_in_also_by_code
@require_safe
def photo_small(request: HttpRequest, client_id) -> HttpResponse:
    return _photo(request, client_id, small=True)


def _photo(request: HttpRequest, client_id, *, small: bool) -> HttpResponse:
    rows = ComplaintPhoto.objects.visible_to(request.user)
    return serve(get_object_or_404(rows, client_id=client_id), small=small)
