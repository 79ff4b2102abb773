"""Pages that show several rooms at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.access import anyone, cadre_only, firm_only, leader_only, office_only, signed_in, station_only
from accounts.people import home_role
from accounts.roles import Act, demand, may
from communities import duties, handovers
from communities.models import ActionItem, Community, Handover, VillageCommittee
from complaints import mailbox
from complaints.models import MailboxLetter
from lib.paging import page_of
from lib.periods import DAY, beijing_date

from . import archive, community_page, desks, handover_page
from . import offline as offline_shell
from . import search as found
from .forms import CommunityFilter, FeedbackForm, HandoverForm, PeriodForm, PhoneForm, PromiseForm, WithdrawForm
from .menu import home_of

MOST_CHARACTERS = 50
inside = cadre_only | station_only | office_only | leader_only | firm_only


@anyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Strangers find whom to call; everybody signed in goes to the home of their role."""
    if request.user.is_authenticated:
        return redirect(home_of(home_role(request)))
    return render(request, "portal/home.html", {"communities": Community.objects.public().count()})


@(station_only | office_only)
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """The desk of office and stations: what waits, who has not been visited this week."""
    return render(request, "portal/office.html", desks.office(request.user, now=timezone.now()))


@leader_only
@require_safe
def leader(request: HttpRequest) -> HttpResponse:
    """One page for the town's leaders: this week against last week, what is serious and open. No personal data."""
    return render(request, "portal/leader.html", desks.leader(request.user, now=timezone.now()))


@inside
@require_safe
def community_list(request: HttpRequest) -> HttpResponse:
    """The communities that somebody sees, searched and filtered."""
    form = CommunityFilter(request.GET, villages=VillageCommittee.objects.visible_to(request.user))
    rows = form.narrow(Community.objects.visible_to(request.user)).select_related("village_committee")
    rows = community_page.with_open_findings(rows.order_by("pinyin", "pk"), request.user)
    page = page_of(rows, request.GET.get("page"))
    context = {"form": form, "page": page, "may_import": may(request.user, Act.REGISTRY)}
    context["keeps_people"] = (station_only | office_only).admits(request.user)
    return render(request, "portal/community_list.html", context)


@inside
@require_safe
def community(request: HttpRequest, pk: int) -> HttpResponse:
    """One community: who answers for it, its weeks, its patrols and findings, its houses and equipment."""
    rows = Community.objects.visible_to(request.user).select_related("village_committee")
    place = get_object_or_404(rows, pk=pk)
    return render(request, "portal/community.html", community_page.gather(place, request.user, now=timezone.now()))


def _archive_asked(request: HttpRequest, pk: int) -> tuple[PeriodForm, archive.Asked]:
    rows = Community.objects.overseen_by(request.user).select_related("village_committee")
    place = get_object_or_404(rows, pk=pk)
    form = PeriodForm(request.GET)
    first, last = form.days(beijing_date(timezone.now()))
    shown = form if form.errors else PeriodForm({"first": first, "last": last})
    return shown, archive.Asked(place, first, last, request.user)


@(station_only | office_only)
@require_safe
def community_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """迎检: the archive of a community and period in the superior's order, with what is missing."""
    form, asked = _archive_asked(request, pk)
    chapters = archive.gather(asked)
    missing = [chapter for chapter in chapters if chapter.is_missing]
    context = {"form": form, "asked": asked, "chapters": chapters, "missing": missing, "most": archive.MOST_LINES}
    return render(request, "portal/community_archive.html", context)


@(station_only | office_only)
@require_safe
def community_archive_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive as a workbook."""
    return archive.export(_archive_asked(request, pk)[1])


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The box in the head: everything that somebody may see, by a few characters of it."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    return render(request, "portal/search.html", {"words": words, "groups": found.search(request.user, words)})


@anyone
@require_safe
def gate(request: HttpRequest, code: str) -> HttpResponse:
    """The sign at a community's gate (QR): whom to call for this community. The address never changes."""
    rows = Community.objects.public().select_related("village_committee")
    place = get_object_or_404(rows, code=code.upper().replace("\0", ""))
    context = {"community": place, "contract": community_page.contract_on(place, beijing_date(timezone.now()))}
    return render(request, "portal/gate.html", context)


@anyone
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Where the telephone numbers stood before; printed addresses still lead there."""
    return redirect(f"{reverse('communities:contacts')}?{request.GET.urlencode()}", permanent=True)


@anyone
@require_safe
def help(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@anyone
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the portal's shell in a browser; asked for anew each time, because it names its version."""
    response = HttpResponse(offline_shell.worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@anyone
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows where there is no signal and no page kept for the address."""
    return render(request, "portal/offline.html")


@anyone
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@anyone
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


def _is_within_limits(request: HttpRequest, form: FeedbackForm) -> bool:
    try:
        limits.take("feedback", request, each=5, all_=200, seconds=3600)
    except limits.TooMany as error:
        form.add_error(None, str(error))
        return False
    return True


@anyone
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Suggestions about the portal and the office, from every page; answers stand below where both wished it."""
    typed = request.POST if request.method == "POST" else None
    came_from = request.GET.get("page", "")[:200]  # a path of ours, or the number of a page of answers
    form = FeedbackForm(typed, initial={"page": came_from if came_from.startswith("/") else ""})
    if request.method == "POST" and form.is_valid() and _is_within_limits(request, form):
        by = request.user if request.user.is_authenticated else None
        mailbox.suggest(by=by, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "意见收到了，谢谢。")
        return redirect("portal:home")
    page = page_of(MailboxLetter.objects.suggestions().public(), came_from)
    return render(request, "portal/feedback.html", {"form": form, "answered": page}, status=422 if form.errors else 200)


# ---------------------------------------------------------------- 交接单


@signed_in
@require_safe
def handover(request: HttpRequest) -> HttpResponse:
    """The slips that somebody sees, those not confirmed first; station and office open new ones here."""
    rows = Handover.objects.visible_to(request.user).with_parts().order_by("-state", "-first_day", "-pk")
    page, keeps = page_of(rows, request.GET.get("page")), may(request.user, Act.REGISTRY)
    today = beijing_date(timezone.now())
    people = handovers.whose(request.user, today=today) if keeps else []
    return render(request, "portal/handover.html", {"page": page, "people": people, "keeps": keeps})


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def handover_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a slip for a cadre: who takes over which community, and from when."""
    demand(request.user, Act.REGISTRY)
    today = beijing_date(timezone.now())
    user = get_object_or_404(handovers.whose(request.user, today=today), pk=pk)
    form = HandoverForm(
        request.POST if request.method == "POST" else None,
        places=handovers.places(user, request.user, today=today),
        people=duties.who_may_patrol(request.user, today=today).exclude(pk=pk),
        tomorrow=today + DAY,
    )
    slip = _done(request, form, lambda first_day, **_: _start(request, user, first_day, form))
    if slip:
        messages.success(request, "交接单开好了，交班人和接班人都会收到通知。")
        return redirect(slip)
    text = "从这一天起，小区由接班人联系；以前的记录还在交班人名下。没办结的问题留在小区，期限不变。"
    return _act(request, form, title=f"给{user}开交接单", act="开交接单", text=text, back=reverse("portal:handover"))


def _start(request: HttpRequest, user, first_day, form: HandoverForm) -> Handover:
    say = {"by": request.user, "now": timezone.now()}
    return handovers.start(user=user, first_day=first_day, successors=form.successors, **say)


def _done(request: HttpRequest, form, act):
    """What the act returns, if the form was sent and can be read; what the act refuses stands at its field."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data) or True
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, sentences in by_field.items():
            form.add_error(name if name in form.fields else None, sentences)
        return None


def _act(request: HttpRequest, form, **words: str) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    return render(request, "communities/_act.html", {"form": form, **words}, status=status)


def _slip(request: HttpRequest, pk: int) -> Handover:
    return get_object_or_404(Handover.objects.visible_to(request.user).with_parts(), pk=pk)


@signed_in
@require_safe
def handover_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """One slip: its communities as they are now, promises, contacts, and who has confirmed."""
    return render(
        request, "portal/handover_slip.html", handover_page.gather(_slip(request, pk), request.user, now=timezone.now())
    )


@signed_in
@require_safe
def handover_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The slip as a PDF, with lines to sign on."""
    paper = handover_page.paper(_slip(request, pk), request.user, now=timezone.now())
    headers = {"Content-Disposition": f'inline; filename="handover-{pk}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def handover_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Predecessor and successors confirm, each for themselves."""
    slip, say = _slip(request, pk), {"by": request.user, "now": timezone.now()}
    if slip.user_id == request.user.pk:
        form = PhoneForm(request.POST if request.method == "POST" else None)
        done = _done(request, form, lambda **typed: handovers.hand(handover=slip, **typed, **say))
        words = {"title": "确认交班", "text": "交接单上的情况对，答应过的事都写了，就确认。"}
    elif any(part.user_id == request.user.pk for part in slip.parts.all()):
        form, done = None, request.method == "POST" and (handovers.receive(handover=slip, **say) or True)
        words = {"title": "确认接班", "text": "交接单上的情况都看过了，没办结的问题和答应过的事接着办，就确认。"}
    else:
        raise PermissionDenied("交接单由交班人和接班人自己确认。")
    if done:
        messages.success(request, "确认好了。")
        return redirect(slip)
    return _act(request, form, act="确认", back=slip.get_absolute_url(), **words)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def handover_promise(request: HttpRequest, pk: int) -> HttpResponse:
    """The predecessor writes down what was promised."""
    slip = _slip(request, pk)
    if slip.user_id != request.user.pk:
        raise PermissionDenied("答应过的事由交班人自己写。")
    places = Community.objects.filter(handover_parts__handover=slip).order_by("pinyin", "pk")
    form = PromiseForm(request.POST if request.method == "POST" else None, places=places)
    say = {"handover": slip, "by": request.user, "now": timezone.now()}
    if _done(request, form, lambda **typed: handovers.promise(**typed, **say)):
        messages.success(request, "记下了，接班人看得到。")
        return redirect(slip)
    text = "对住户或物业答应过、还没办的事，一件写一条。"
    return _act(request, form, title="写一件答应过的事", act="记下", text=text, back=slip.get_absolute_url())


@signed_in
@require_POST
def promise_done(request: HttpRequest, pk: int) -> HttpResponse:
    """A promise was kept."""
    rows = ActionItem.objects.visible_to(request.user).select_related("handover")
    item = get_object_or_404(rows, pk=pk)
    handovers.fulfil(item=item, by=request.user, now=timezone.now())
    messages.success(request, "记下了：办好了。")
    return redirect(item.handover)


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def handover_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an open slip back, with a reason."""
    demand(request.user, Act.REGISTRY)
    slip = _slip(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    say = {"by": request.user, "now": timezone.now()}
    if _done(request, form, lambda **typed: handovers.withdraw(handover=slip, **typed, **say)):
        messages.success(request, "撤销了。联系关系没有变，要改在“谁联系哪个小区”里改。")
        return redirect(slip)
    text = "撤销的只是这张单子，联系关系不变。"
    words = {"act": "撤销", "text": text, "back": slip.get_absolute_url(), "danger": True}
    return _act(request, form, title=f"撤销{slip}", **words)
