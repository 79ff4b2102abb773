"""规则与依据 and the working-day calendar: read by all staff, entered by one person, checked by another."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import roles
from accounts.access import cadre_only, leader_only, office_only, station_only
from accounts.roles import Act
from lib.periods import Month
from rulebook import calendars, keys, workdays
from rulebook.forms import CalendarForm, FindForm, RuleForm
from rulebook.keys import UnknownRule
from rulebook.models import CalendarDay, CalendarLoad, Rule
from rulebook.rules import NoRule, in_force, line, overview
from rulebook.rules import check as check_rule
from rulebook.rules import enter as enter_rule
from rulebook.rules import withdraw as withdraw_rule

PER_PAGE = 25
UNPROCESSABLE = 422


def _status(form) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200


# ---------------------------------------------------------------- rules


@office_only | station_only | leader_only | cadre_only
@require_safe
def rules(request: HttpRequest):
    form, day = FindForm(request.GET), timezone.localdate()
    rows = Rule.objects.visible_to(request.user).in_town(settings.JURISDICTIONS).select_related("jurisdiction")
    lines = overview(rows, day, **form.wanted)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    waiting = Rule.objects.visible_to(request.user).waiting().select_related("jurisdiction", "entered_by")
    context = {"form": form, "page": page, "waiting": waiting, "may_enter": roles.may(request.user, Act.RULES)}
    return render(request, "rulebook/rules.html", context)


@office_only | station_only | leader_only | cadre_only
@require_safe
def rule(request: HttpRequest, key: str):
    try:
        declared, day = keys.get(key), timezone.localdate()
    except UnknownRule as error:
        raise Http404(str(error)) from error
    rows = Rule.objects.visible_to(request.user).of(key).select_related("jurisdiction", "entered_by", "checked_by")
    context = {
        "line": line(declared, rows, day),
        "rows": rows,
        "day": day,
        "may_enter": roles.may(request.user, Act.RULES),
    }
    return render(request, "rulebook/rule.html", context)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request: HttpRequest):
    roles.demand(request.user, Act.RULES)
    form = RuleForm(request.POST or None, initial={"key": request.GET.get("key"), "jurisdiction": _nearest(request)})
    if request.method == "POST" and form.is_valid():
        row = enter_rule(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, "录好了，等另一个人复核。")
        return redirect("rulebook:rule-check", row.pk)
    return render(request, "rulebook/rule_new.html", {"form": form}, status=_status(form))


def _nearest(request: HttpRequest):
    """The jurisdiction whose row speaks now, which is most often the one to be changed."""
    try:
        row = in_force(timezone.localdate(), request.GET.get("key", ""))
    except (UnknownRule, NoRule):
        return None
    return row and row.jurisdiction


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def rule_check(request: HttpRequest, pk: int):
    seen = Rule.objects.visible_to(request.user).filter(origin="person")
    row = get_object_or_404(seen.select_related("jurisdiction", "entered_by", "checked_by"), pk=pk)
    if request.method == "POST":
        if request.POST.get("decision") == "back":
            return _sent_back(request, withdraw_rule, "rulebook:rules", rule=row)
        check_rule(rule=row, by=request.user, now=timezone.now())
        messages.success(request, "复核通过，到那天就按新的算。")
        return redirect(row)
    return render(request, "rulebook/rule_check.html", {"rule": row, "before": _before(row), **_rights(request, row)})


def _before(row: Rule) -> Rule | None:
    """What holds on the row's first day without it."""
    try:
        return in_force(row.first_day, row.key)
    except NoRule:
        return None


def _rights(request: HttpRequest, row) -> dict[str, bool]:
    may_check = roles.may_check(request.user, Act.RULES)
    return {
        "may_check": row.is_waiting and may_check and row.entered_by_id != request.user.pk,
        "may_withdraw": row.is_waiting and (may_check or roles.may(request.user, Act.RULES)),
    }


def _sent_back(request: HttpRequest, withdraw, where: str, **row):
    withdraw(**row, by=request.user)
    messages.success(request, "已退回，没有生效。")
    return redirect(where)


# ---------------------------------------------------------------- the calendar


@office_only | station_only | leader_only | cadre_only
@require_safe
def calendar(request: HttpRequest):
    year = _year(request.GET.get("year"))
    days = CalendarDay.objects.visible_to(request.user).of_year(year).unlike_the_weekday()
    months = [calendars.summary(Month(year, number), days) for number in range(1, 13)]
    loads = CalendarLoad.objects.visible_to(request.user).select_related("entered_by", "checked_by")
    context = {
        "year": year,
        "months": months,
        "total": sum(month.workdays for month in months),
        "loaded": sorted(workdays.loaded_years()),
        "load": loads.checked().filter(year=year).first(),
        "waiting": loads.waiting(),
        "may_enter": roles.may(request.user, Act.RULES),
    }
    return render(request, "rulebook/calendar.html", context)


def _year(text: str | None) -> int:
    this = timezone.localdate().year
    if text is None:
        return this
    if not text.isascii() or not text.isdigit() or not 2004 <= int(text) <= 2099:
        raise Http404("没有这一年的日历")
    return int(text)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_load(request: HttpRequest):
    roles.demand(request.user, Act.RULES)
    form = CalendarForm(request.POST or None, request.FILES or None, initial={"year": timezone.localdate().year + 1})
    if request.method == "POST" and form.is_valid():
        return _entered(request, form) if "confirm" in request.POST else _preview(request, form)
    return render(request, "rulebook/calendar_load.html", {"form": form}, status=_status(form))


def _preview(request: HttpRequest, form: CalendarForm):
    data = form.cleaned_data
    seen = calendars.preview(form.lines, year=data["year"], today=timezone.localdate())
    return render(request, "rulebook/calendar_load.html", {"form": form, "preview": seen, "typed": data})


def _entered(request: HttpRequest, form: CalendarForm):
    data = form.cleaned_data
    load = calendars.enter(
        year=data["year"], lines=form.lines, source=data["source"], by=request.user, now=timezone.now()
    )
    messages.success(request, "录好了，等另一个人复核。")
    return redirect(load)


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_check(request: HttpRequest, pk: int):
    seen = CalendarLoad.objects.visible_to(request.user).filter(origin="person")
    load = get_object_or_404(seen.select_related("entered_by", "checked_by"), pk=pk)
    if request.method == "POST":
        if request.POST.get("decision") == "back":
            return _sent_back(request, calendars.withdraw, "rulebook:calendar", load=load)
        calendars.check(load=load, by=request.user, now=timezone.now())
        messages.success(request, f"复核通过，{load.year} 年按这份日历算。")
        return redirect(load)
    seen_days = calendars.preview(calendars.lines_of(load), year=load.year, today=timezone.localdate())
    return render(
        request, "rulebook/calendar_check.html", {"load": load, "preview": seen_days, **_rights(request, load)}
    )
