"""The week: a cadre's own, and the board of stations and office."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import cadre_only, leader_only, office_only, station_only
from accounts.models import User
from accounts.roles import Act, Role, demand
from communities.models import Community, VillageCommittee
from lib.periods import Week, beijing_date, week_of

from .. import exports, missed_weeks, weeks
from ..forms import BoardFilter, ReasonForm
from ..models import Finding


def _asked_week(request: HttpRequest) -> Week:
    """The week of ``?week=2026-11-16`` (any day of it), else this week; no week to come."""
    now = week_of(timezone.now())
    try:
        return min(week_of(date.fromisoformat(request.GET.get("week", ""))), now)
    except ValueError:
        return now


@cadre_only
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """A cadre's home: how many patrols are left in each community, what waits."""
    asked = _asked_week(request)
    mine = weeks.cadre_week(asked, request.user)
    context = {
        "week": asked,
        "this_week": week_of(timezone.now()),
        "today": beijing_date(timezone.now()),
        "mine": mine,
        "last": weeks.cadre_week(asked.previous, request.user),
        "findings": Finding.objects.open().visible_to(request.user).with_page_parts()[:10],
        "reasons": missed_weeks.reasons_of(request.user, asked.previous),
    }
    return render(request, "inspections/week.html", context)


@(station_only | office_only | leader_only)
@require_safe
def week_board(request: HttpRequest) -> HttpResponse:
    """Communities × days of a week, those not visited first."""
    asked, form = _asked_week(request), _board_filter(request)
    terms = weeks.terms_of(asked)
    board = _board(request, asked, form, terms)
    today = beijing_date(timezone.now())
    context = {
        "week": asked,
        "this_week": week_of(timezone.now()),
        "today": today,
        "terms": terms,
        "is_over": today > terms.submit_by.date,
        "form": form,
        "board": board,
        "missing": sum(1 for row in board if row.missing),
        "unvisited": sum(1 for row in board if row.asked and not row.done),
        "names_cadres": _names_cadres(request.user),
        "reasons": missed_weeks.reasons_on(asked, request.user),
        "may_note": Role.STATION_HEAD in request.user.roles,
    }
    return render(request, "inspections/week_board.html", context)


def _names_cadres(user: User) -> bool:
    """Leaders and clerks of stations see communities; who missed a week is for the station's head and the office."""
    return Role.STATION_HEAD in user.roles or office_only.admits(user)


def _board_filter(request: HttpRequest) -> BoardFilter:
    return BoardFilter(request.GET, villages=VillageCommittee.objects.visible_to(request.user))


def _board(request: HttpRequest, asked: Week, form: BoardFilter, terms) -> list[weeks.CommunityWeek]:
    communities = form.narrow(Community.objects.visible_to(request.user).standing(asked.sunday))
    board = weeks.community_weeks(asked, communities.select_related("village_committee"), terms=terms)
    return [row for row in board if row.missing] if form.wants_missing else board


@(station_only | office_only | leader_only)
@require_safe
def week_board_export(request: HttpRequest) -> HttpResponse:
    """The board as shown, as a workbook."""
    asked = _asked_week(request)
    return exports.board(asked, _board(request, asked, _board_filter(request), weeks.terms_of(asked)))


@station_only
@require_http_methods(["GET", "POST"])
def missed_reason(request: HttpRequest, community: int, cadre: int, week: Week) -> HttpResponse:
    """The station's head notes why a week was missed."""
    demand(request.user, Act.MISSED_REASON)
    place = get_object_or_404(Community.objects.visible_to(request.user), pk=community)
    person = get_object_or_404(User.objects.filter(duties__community=place).distinct(), pk=cadre)
    back = f"{reverse('inspections:week-board')}?week={week.monday}"
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        missed_weeks.note(community=place, user=person, week=week, reason=reason, by=request.user, now=timezone.now())
        messages.success(request, "已经注明，次数不变。")
        return redirect(back)
    words = f"{place}，{person}，{week.monday:%-m月%-d日} 那一周。只注明原因，次数不变，也不进考核。"
    context = {"form": form, "words": words, "back": back}
    status = 422 if form.errors else 200
    return render(request, "inspections/missed_reason.html", context, status=status)
