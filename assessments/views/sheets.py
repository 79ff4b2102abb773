"""The month's board, a sheet with its charges, and each step of its way."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import committee_only, firm_only, leader_only, office_only, station_only
from accounts.roles import Act, may
from lib import paper, workbook
from lib.paging import Pages
from lib.periods import Month, beijing_date, month_of
from lib.states import WrongState
from lib.workbook import Column
from rulebook import rules

from .. import boards, on_site, people, review, revisions, scoring
from .. import explain as explaining
from ..forms import BoardFilter, HalfYearForm, ReasonForm, RevisionForm, VerdictsForm, VetoForm, VisitForm
from ..models import ScoreSheet
from ..points import written
from .acts import act_page, posted, press, readable, received, refuse, refused, sentences_of

staff = station_only | office_only
readers = staff | leader_only | firm_only | committee_only


FIRST = Month(2004, 1)  # rules begin here


def asked_month(form: BoardFilter) -> Month:
    """The month of the filter, else the last one that is over."""
    text = form.cleaned_data.get("month")
    if text:
        year, number = text.split("-")
        return max(FIRST, Month(int(year), int(number)))
    return month_of(beijing_date(timezone.now())).previous


@(staff | leader_only)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Sheets of a month, outliers first; who is not scored and why."""
    form, today = BoardFilter(request.GET), beijing_date(timezone.now())
    month = asked_month(form)
    rows = boards.sheets(request.user, month)
    context = {
        "form": form,
        "month": month,
        "tiles": boards.tiles(request.user, month, today=today),
        "page": Pages(form.narrow(rows)).get_page(request.GET.get("page")),
        "unscored": boards.unscored(request.user, month),
        "is_running": today <= month.last_day,
        "may_half_year": may(request.user, Act.SCORE_SETTLEMENT),
        "half_years": boards.half_years(request.user),
    }
    return render(request, "assessments/board.html", context)


COLUMNS = [
    Column("小区", 24),
    Column("物业企业", 24),
    Column("类别", 10),
    Column("状态", 12),
    Column("得分", 8),
    Column("档次", 6),
    Column("比上月", 8),
    Column("应巡查", 8, workbook.WHOLE),
    Column("已巡查", 8, workbook.WHOLE),
    Column("扣分最多", 30),
]


@(staff | leader_only)
@require_safe
def board_export(request: HttpRequest) -> HttpResponse:
    """The month's sheets as filtered, as a workbook."""
    form = BoardFilter(request.GET)
    month = asked_month(form)
    rows = list(form.narrow(boards.sheets(request.user, month)))
    worst = boards.worst_items(rows)
    cells = (
        [
            *(row.community.name, row.firm.name, row.get_kind_display(), boards.state_words(row)),
            *(written(row.score_deci), row.band, "" if row.change_deci is None else written(row.change_deci)),
            *(row.patrols_asked, row.patrols_done, worst.get(row.pk, "")),
        ]
        for row in rows
    )
    return workbook.response(f"{month}考核.xlsx", title=f"{month}考核", columns=COLUMNS, rows=cells)


@readers
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet: whose turn it is, why points were lost, what the score does, its story and its versions."""
    return render(
        request, "assessments/sheet.html", boards.page(readable(request, pk), request.user, now=timezone.now())
    )


@readers
@require_safe
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """From the score, or a fen of deposit, down to the fact: as page, ``?as=pdf`` or ``?as=json``."""
    row = readable(request, pk)
    tree, booking = explaining.tree(row), getattr(row, "booking", None)
    money = explaining.money_words(booking) if booking and booking.deposit_id else []
    if request.GET.get("as") == "json":
        answer = explaining.as_json(tree, booking)
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    if request.GET.get("as") == "pdf":
        data = paper.pdf("assessments/explain.typ", {"tree": explaining.as_json(tree, booking), "money": money})
        return HttpResponse(data, content_type="application/pdf")
    context = {"sheet": row, "tree": tree, "booking": booking, "money": money}
    context["sees_rules"] = (office_only | station_only | leader_only).admits(request.user)
    return render(request, "assessments/explain.html", context)


# ---------------------------------------------------------------- the assessor


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Every proposal with its decision; nothing is set beforehand, nothing can exceed it."""
    row = readable(request, pk)
    people.demand(people.may_assess(request.user, row), "认定扣分由考核这个小区的经办做。")
    charges = list(row.charges.with_page_parts().in_order().filter(exempt=""))
    form = VerdictsForm(posted(request), charges=charges)
    if request.method == "POST" and _decided(request, row, form):
        return redirect("assessments:assess" if row.charges.undecided().exists() else "assessments:sheet", pk)
    context = {
        "sheet": row,
        "form": form,
        "areas": boards.verdict_areas(form),
        "open": sum(charge.is_open for charge in charges),
        "exempt": row.charges.with_page_parts().in_order().exclude(exempt=""),
        "is_over": scoring.is_over(row, now=timezone.now()),
    }
    return render(request, "assessments/assess.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, row: ScoreSheet, form: VerdictsForm) -> bool:
    if not form.is_valid():
        return False
    say = {"sheet": row, "by": request.user, "now": timezone.now()}
    try:
        review.decide(verdicts=form.verdicts, **say)
        if "rest" in request.POST:
            review.accept_the_rest(**say)
    except ValidationError as error:
        _point_at(form, error)
        return False
    messages.success(request, f"存好了，现在 {written(row.score_deci)} 分。")
    return True


def _point_at(form: VerdictsForm, error: ValidationError) -> None:
    """Sentences about a charge stand at its points, where they are about points, or at its reason."""
    if not hasattr(error, "error_dict"):
        return refuse(form, error)
    for pk, sentences in error.message_dict.items():
        for sentence in sentences:
            form.add_error(f"{'r' if '为什么' in sentence else 'p'}{pk}", sentence)
    return None


@staff
@require_POST
def assess_send(request: HttpRequest) -> JsonResponse:
    """Takes in decisions that waited on a phone; sent again, they are the same decisions.

    Answers: 200 number and address; 422 or 403 a sentence, nothing is written.
    """
    key = request.POST.get("c", "")
    rows = ScoreSheet.objects.visible_to(request.user).select_related("community", "table")
    row = rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if row is None:
        return refused(["这份考核不归您，请和镇物业办说一声。"], status=403)
    form = VerdictsForm(request.POST, charges=row.charges.with_page_parts().in_order().filter(exempt=""))
    try:
        if form.is_valid():
            review.decide(sheet=row, verdicts=form.verdicts, by=request.user, now=timezone.now())
            return received(row)
    except ValidationError as error:
        _point_at(form, error)
    except (WrongState, PermissionDenied) as error:
        return refused([str(error)], status=403 if isinstance(error, PermissionDenied) else 422)
    return refused(sentences_of(form))


@staff
@require_POST
def sheet_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """All is decided: to the checker."""
    row = readable(request, pk)
    return press(request, lambda **say: review.submit(sheet=row, **say), "送去复核了。", row)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_veto(request: HttpRequest, pk: int) -> HttpResponse:
    """A veto with its paper, or taking it back."""
    row = readable(request, pk)
    people.demand(people.may_assess(request.user, row), "一票否决由考核这个小区的经办提出。")
    form = VetoForm(posted(request), initial={"reason": row.veto_reason, "document": row.veto_document})
    most = written(rules.on(row.first_day, "score.veto_cap_deci"))
    words = {"title": "一票否决", "text": f"{row}。否决后最高 {most} 分。", "button": "提交"}
    act = lambda **say: review.set_veto(sheet=row, **form.cleaned_data, **say)  # noqa: E731
    return act_page(request, form, act, said="记下了。", to=row, back=row.get_absolute_url(), **words)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The day on which the community was scored on the spot."""
    row = readable(request, pk)
    people.demand(people.may_assess(request.user, row), "现场考核由考核这个小区的经办做。")
    form = VisitForm(posted(request), initial={"on": beijing_date(timezone.now())})
    text = f"{row}。巡查 {row.patrols_done} 次，应 {row.patrols_asked} 次。到现场考核过，检查就算充分。"
    act = lambda **say: on_site.visit(sheet=row, **form.cleaned_data, **say)  # noqa: E731
    words = {"title": "到现场考核过", "text": text, "button": "记下"}
    return act_page(request, form, act, said="记下了。", to=row, back=row.get_absolute_url(), **words)


# ---------------------------------------------------------------- the checker


@staff
@require_POST
def sheet_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Passes the sheet as it was seen, and goes on to the next that waits for this person."""
    row = readable(request, pk)
    seen = request.POST.get("seen", "")[:19]
    if seen and row.assessed_at and seen != f"{timezone.localtime(row.assessed_at):%Y-%m-%dT%H:%M:%S}":
        raise WrongState(review.CHANGED)
    following = boards.next_to_check(request.user, row)
    act = lambda **say: review.approve(sheet=row, seen=row.assessed_at, **say)  # noqa: E731
    return press(request, act, f"{row}复核通过，通知企业了。", following or row)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends the sheet back with a reason; the checker changes no points."""
    row = readable(request, pk)
    people.demand(people.may_check_sheet(request.user, row), "退回由没经手的负责人做。")
    form = ReasonForm(posted(request))
    act = lambda **say: review.send_back(sheet=row, **form.cleaned_data, **say)  # noqa: E731
    text = f"{row}。复核人不改分；哪一条不同意，写清楚退回，由{row.assessed_by}重新认定。"
    words = {"title": "退回重新认定", "text": text, "button": "退回"}
    return act_page(request, form, act, said="退回了。", to=row, back=row.get_absolute_url(), **words)


@staff
@require_POST
def sheet_publish(request: HttpRequest, pk: int) -> HttpResponse:
    row = readable(request, pk)
    return press(request, lambda **say: review.publish(sheet=row, **say), f"{row}公布了。", row)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """A next version of a published month, to be assessed, checked and published like any."""
    row = readable(request, pk)
    people.demand(may(request.user, Act.SCORE_SETTLEMENT), "更正由镇物业办经办发起。")
    form, made = RevisionForm(posted(request)), []
    act = lambda **say: made.append(revisions.revise(sheet=row, why=form.cleaned_data["reason"], **say))  # noqa: E731
    text = f"{row}。原来的一版照样看得到，新的一版重新认定、复核、公布，保证金按差额入账。"
    words = {"title": "更正，另立一版", "text": text, "button": "另立一版"}
    back = row.get_absolute_url()
    return act_page(request, form, act, said="新的一版开了，接着认定。", to=lambda: made[0], back=back, **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def half_year_new(request: HttpRequest) -> HttpResponse:
    """Opens a half-yearly inspection of every contract."""
    people.demand(may(request.user, Act.SCORE_SETTLEMENT), "半年检查由镇物业办经办发起。")
    today = beijing_date(timezone.now())
    form = HalfYearForm(posted(request), initial={"year": today.year, "half": "1" if today.month < 7 else "7"})

    def act(**say):
        first = date(form.cleaned_data["year"], int(form.cleaned_data["half"]), 1)
        return on_site.open_half_year(first_day=first, **say)

    text = "给每份物业合同开一张半年检查单，由镇和村居到现场打分；结果进信用档案，不动保证金。"
    words = {"title": "发起半年检查", "text": text, "button": "发起"}
    return act_page(request, form, act, said="发起了。", to="assessments:board", back="", **words)
