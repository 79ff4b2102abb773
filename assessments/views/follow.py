"""What follows from scores: standing of firms, talks, the credit file, random checks, stars."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import anyone, firm_only, leader_only, office_only
from accounts.roles import Act, demand, may, may_check
from lib.paging import Pages
from lib.periods import beijing_date

from .. import credit, people
from .. import spot_checks as sampling
from .. import stars as rating
from ..forms import DrawForm, ExamineForm, ReportForm, SpotForm, StarForm, TalkForm
from ..models import CreditEvent, SpotCheck, StarRating, Talk
from ..points import written
from .acts import act_page, posted, press


def _today() -> date:
    return beijing_date(timezone.now())


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    return int(text) if len(text) == 4 and text.isdecimal() and 2000 <= int(text) <= 2099 else _today().year


@(office_only | leader_only)
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """Firms by their average over a quarter or a year; never people."""
    year, text = _year(request), request.GET.get("quarter", "")
    quarter = int(text) if text in ("1", "2", "3", "4") else None
    first, last = credit.stretch(year, quarter)
    context = {"rows": credit.standings(first, last), "year": year, "quarter": quarter, "quarters": range(1, 5)}
    return render(request, "assessments/standing.html", context)


@(office_only | leader_only | firm_only)
@require_safe
def talk_list(request: HttpRequest) -> HttpResponse:
    """Firms to be talked to, and talks that were held."""
    rows = Talk.objects.visible_to(request.user).select_related("firm", "sheet__community", "kept_by")
    context = {"waiting": rows.to_hold(), "page": Pages(rows.exclude(held_on=None)).get_page(request.GET.get("page"))}
    return render(request, "assessments/talk_list.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes that a talk was held."""
    demand(request.user, Act.CREDIT)
    row = get_object_or_404(Talk.objects.visible_to(request.user).select_related("firm", "sheet__community"), pk=pk)
    form = TalkForm(posted(request), initial={"held_on": _today()})

    def act(**say):
        data = form.cleaned_data
        credit.hold_talk(talk=row, on=data["held_on"], who=data["who"], record=data["record"], **say)

    words = {"title": f"约谈{row.firm}", "text": f"{row.sheet}，{written(row.sheet.score_deci)} 分。", "button": "记下"}
    return act_page(request, form, act, said="记下了。", to="assessments:talk-list", back="", **words)


@(office_only | leader_only | firm_only)
@require_safe
def credit_list(request: HttpRequest) -> HttpResponse:
    """The credit file: what is proposed, what stands and until when."""
    rows = CreditEvent.objects.visible_to(request.user)
    rows = rows.select_related("firm", "manager__person", "sheet__community", "notice__deposit__community")
    context = {
        "proposed": rows.proposed(),
        "page": Pages(rows.exclude(state="proposed")).get_page(request.GET.get("page")),
        "today": _today(),
    }
    return render(request, "assessments/credit_list.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def credit_event(request: HttpRequest, pk: int) -> HttpResponse:
    """The clerk examines, the head decides, the clerk notes the report to the county."""
    ways = ("firm", "manager__person", "sheet__community", "notice__deposit__community", "made_by", "checked_by")
    row = get_object_or_404(CreditEvent.objects.visible_to(request.user).select_related(*ways), pk=pk)
    step = request.POST.get("step", "")
    context = {
        "event": row,
        "may": may(request.user, Act.CREDIT),
        "may_decide": people.may_decide_event(request.user, row),
    }
    form = ReportForm(posted(request) if step == "report" else None, initial={"on": _today()})
    examine = ExamineForm(posted(request) if step == "examine" else None, initial={"text": row.text})
    if request.method == "POST" and _stepped(request, row, step, form, examine):
        return redirect("assessments:credit-event", pk)
    context |= {"form": form, "examine": examine}
    status = 422 if form.errors or examine.errors else 200
    return render(request, "assessments/credit_event.html", context, status=status)


def _stepped(request: HttpRequest, row: CreditEvent, step: str, form: ReportForm, examine: ExamineForm) -> bool:
    say = {"event": row, "by": request.user, "now": timezone.now()}
    if step in ("confirm", "drop"):
        credit.decide(confirmed=step == "confirm", **say)
    elif step == "report" and form.is_valid():
        credit.report(**form.cleaned_data, **say)
    elif step == "examine" and examine.is_valid():
        credit.examine(**examine.cleaned_data, **say)
    else:
        demand(request.user, Act.CREDIT)
        return False
    messages.success(request, "记下了。")
    return True


# ---------------------------------------------------------------- random checks


@office_only
@require_safe
def spot_check_list(request: HttpRequest) -> HttpResponse:
    """What was drawn, what was found, and how far it is from the station's score."""
    rows = SpotCheck.objects.visible_to(request.user)
    rows = rows.select_related("community", "sheet__community", "sheet__firm", "charge__item", "by", "drawn_by")
    page = Pages(rows).get_page(request.GET.get("page"))
    return render(request, "assessments/spot_check_list.html", {"page": page, "may": may(request.user, Act.SPOT_CHECK)})


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def spot_draw(request: HttpRequest) -> HttpResponse:
    """Draws the month's sheets and exemptions."""
    demand(request.user, Act.SPOT_CHECK)
    last = _today().replace(day=1)
    form = DrawForm(posted(request), initial={"month": f"{credit.months_after(last, -1):%Y-%m}"})

    def act(**say):
        month = date.fromisoformat(f"{form.cleaned_data['month']}-01")
        sampling.draw(month=month, seed=form.cleaned_data["seed"], **say)

    words = {"title": "抽查", "button": "抽", "text": "从物管站认定完的考核和全镇的免扣里随机抽，份数按规则。"}
    return act_page(request, form, act, said="抽好了。", to="assessments:spot-check-list", back="", **words)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def spot_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the town saw."""
    demand(request.user, Act.SPOT_CHECK)
    rows = SpotCheck.objects.visible_to(request.user).select_related("sheet__community", "charge__item")
    row = get_object_or_404(rows, pk=pk)
    form = SpotForm(posted(request))

    def act(**say):
        data = form.cleaned_data
        sampling.answer(check=row, same=data["same"], note_=data["note"], score_deci=data["score"], **say)

    what = f"免扣的一条：{row.charge.item}，{row.exempt}" if row.charge_id else f"{written(row.sheet.score_deci)} 分"
    words = {"title": f"抽查{row.community}", "button": "提交", "text": f"{row.sheet}，{what}。"}
    back = reverse("assessments:spot-check-list")
    return act_page(request, form, act, said="记下了。", to="assessments:spot-check-list", back=back, **words)


# ---------------------------------------------------------------- stars


@anyone
@require_safe
def star_list(request: HttpRequest) -> HttpResponse:
    """The public register of stars; for the office also what waits for a check."""
    year = _year(request)
    published = StarRating.objects.published().filter(year=year).select_related("firm")
    is_office = office_only.admits(request.user)
    waiting = (
        StarRating.objects.visible_to(request.user).filter(state="open").select_related("firm", "made_by")
        if is_office
        else []
    )
    names = {str(row.pk): f"{row.name}（{row.most}）" for row in rating.criteria(year)}
    context = {
        "year": year,
        "rows": [(row, _points(row, names)) for row in published],
        "waiting": [(row, _points(row, names)) for row in waiting],
        "criteria": rating.criteria(year),
        "may": is_office and may(request.user, Act.CREDIT),
        "may_confirm": is_office and may_check(request.user, Act.CREDIT),
    }
    return render(request, "assessments/star_list.html", context)


def _points(row: StarRating, names: dict[str, str]) -> list[tuple[str, int]]:
    return [(names.get(key, ""), value) for key, value in row.points.items()]


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def star_new(request: HttpRequest) -> HttpResponse:
    """Rates a firm: what follows from the records is added by itself."""
    demand(request.user, Act.CREDIT)
    year = _year(request)
    form = StarForm(posted(request), criteria=rating.criteria(year), initial={"year": year})

    def act(**say):
        data = form.cleaned_data
        rating.rate(firm=data["firm"], year=data["year"], note=data["note"], by_hand=form.by_hand, **say)

    text = "年度平均得分、信用记录按记录自动算；其余的在这里打分。由另一个人复核后公布。"
    words = {"title": "星级评定", "button": "提交复核", "text": text}
    return act_page(request, form, act, said="评好了，等复核。", to="assessments:star-list", back="", **words)


@office_only
@require_POST
def star_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(StarRating.objects.visible_to(request.user), pk=pk)
    people.demand(may_check(request.user, Act.CREDIT), "星级由镇物业办负责人复核。")
    published = request.POST.get("step") != "drop"
    act = lambda **say: rating.confirm(rating=row, published=published, **say)  # noqa: E731
    return press(request, act, "公布了。" if published else "退回了。", "assessments:star-list")
