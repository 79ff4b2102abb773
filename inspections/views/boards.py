"""The week: a cadre's own, and the board of stations and office."""

from datetime import date, datetime

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import cadre_only, leader_only, office_only, signed_in, station_only
from accounts.models import User
from accounts.roles import Act, demand
from communities.models import Community, VillageCommittee
from lib import cards
from lib.periods import Week, beijing_date, week_of
from lib.text import day_words

from .. import boards, exports, missed_weeks, routes, sharing, soon_after, weeks
from ..boards import CommunityWeek
from ..forms import BoardFilter, ReasonForm
from ..models import Finding, Notice, Severity

ROWS_SHOWN, RECHECKS_SHOWN = 10, 50
BOARD_ROWS = 100  # a town's communities on one page, a county's on five
FIRST_WEEK = Week(date(2005, 1, 3))  # a year after the first rules, so that the weeks before it can be asked, too


def _asked_week(request: HttpRequest) -> Week:
    """The week of ``?week=2026-11-16`` (any day of it), else this week; no week to come."""
    now = week_of(timezone.now())
    try:
        return max(FIRST_WEEK, min(week_of(date.fromisoformat(request.GET.get("week", ""))), now))
    except (ValueError, OverflowError):
        return now


@cadre_only
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """A cadre's home: how many patrols are left in each community, what waits."""
    asked, now = _asked_week(request), timezone.now()
    mine = routes.sort(weeks.cadre_week(asked, request.user))
    mine_open = Notice.objects.filter(community__in=Community.objects.overseen_by(request.user))
    context = {
        "week": asked,
        "this_week": week_of(now),
        "today": beijing_date(now),
        "mine": mine,
        "next": routes.next_stop(mine, today=beijing_date(now)) if asked == week_of(now) else None,
        "last": weeks.cadre_week(asked.previous, request.user),
        "rechecks": _rechecks(request.user),
        "overdue": mine_open.overdue(today=beijing_date(now)).with_row_parts().most_pressing_first()[:ROWS_SHOWN],
        "soon_after": soon_after.of_cadre(request.user, now=now),
        "findings": Finding.objects.open().visible_to(request.user).with_row_parts()[:ROWS_SHOWN],
        "reasons": missed_weeks.reasons_of(request.user, asked.previous, asked),
    }
    return render(request, "inspections/week.html", context)


def _rechecks(user: User):
    """What this cadre may look at again, by community, the most pressing first."""
    waiting = Notice.objects.to_recheck().filter(community__in=Community.objects.overseen_by(user))
    own = waiting.exclude(issued_by=user, finding__severity=Severity.MAJOR)
    return own.with_row_parts().order_by("community__pinyin", "recheck_by", "pk")[:RECHECKS_SHOWN]


@(station_only | office_only | leader_only)
@require_safe
def week_board(request: HttpRequest) -> HttpResponse:
    """Communities × days of a week, those not visited first. Leaders and clerks of stations see no cadres."""
    asked, form, now = _asked_week(request), _board_filter(request), timezone.now()
    terms = weeks.terms_of(asked)
    all_rows = _board(request, asked, form, terms)
    board = form.chosen(all_rows)
    missed_weeks.name(board, asked, request.user, terms=terms, now=now)
    context = {
        "week": asked,
        "this_week": week_of(now),
        "today": beijing_date(now),
        "terms": terms,
        "is_over": missed_weeks.is_over(asked, now=now),
        "form": form,
        "board": board,
        "page": Paginator(board, BOARD_ROWS).get_page(request.GET.get("page")),
        "missing": sum(1 for row in board if row.missing),
        "unvisited": sum(1 for row in board if row.is_unvisited),
        "names_cadres": any(row.names_cadres for row in board),
    } | _to_copy(request, _told(all_rows, asked, form, now))
    return render(request, "inspections/week_board.html", context)


def _board_filter(request: HttpRequest) -> BoardFilter:
    return BoardFilter(request.GET, villages=VillageCommittee.objects.visible_to(request.user))


def _board(request: HttpRequest, asked: Week, form: BoardFilter, terms: weeks.Terms) -> list[CommunityWeek]:
    day = min(asked.sunday, beijing_date(timezone.now()))
    communities = form.narrow(Community.objects.overseen_by(request.user).standing(day))
    return boards.community_weeks(asked, communities.select_related("village_committee"), terms=terms)


@(station_only | office_only | leader_only)
@require_safe
def week_board_export(request: HttpRequest) -> HttpResponse:
    """The board as shown, as a workbook."""
    asked, form = _asked_week(request), _board_filter(request)
    return exports.board(asked, form.chosen(_board(request, asked, form, weeks.terms_of(asked))))


# ---------------------------------------------------------------- for a chat group


def _told(board: list[CommunityWeek], asked: Week, form: BoardFilter, now: datetime) -> sharing.Told:
    """The board as a chat group is told it; the village committee's name where all are of one."""
    villages = {row.community.village_committee.name for row in board}
    where = villages.pop() if len(villages) == 1 else settings.SITE["title"]
    return sharing.Told(where, form.what, asked, now, missed_weeks.is_over(asked, now=now), board)


def _to_copy(request: HttpRequest, told: sharing.Told) -> dict[str, str]:
    """For includes/copy.html: the text with its link, and the picture; nothing for those who only read."""
    if not (station_only | office_only).admits(request.user):
        return {}
    base = settings.SITE["url"] or request.build_absolute_uri("/").rstrip("/")
    link = f"{base}{reverse('inspections:week-link')}?week={told.week.monday}"
    return {"copy_text": f"{sharing.text(told)}\n{link}", "copy_card": _address(request, "inspections:week-card")}


def _address(request: HttpRequest, name: str) -> str:
    return f"{reverse(name)}?{request.GET.urlencode()}"


@(station_only | office_only)
@require_safe
def week_card(request: HttpRequest) -> HttpResponse:
    """The week as a picture for a chat group: figures and names of communities."""
    asked, form = _asked_week(request), _board_filter(request)
    board = _board(request, asked, form, weeks.terms_of(asked))
    picture = cards.png(sharing.card(_told(board, asked, form, timezone.now())))
    name = {
        "Content-Disposition": f'inline; filename="xuncha-{asked.monday}.png"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(picture, content_type="image/png", headers=name)


@signed_in
@require_safe
def week_link(request: HttpRequest) -> HttpResponse:
    """Where the link in a chat group leads: cadres to their own week, others to the board, as far as they may."""
    readers = station_only | office_only | leader_only
    for audience, name in ((readers, "inspections:week-board"), (cadre_only, "inspections:week")):
        if audience.admits(request.user):
            return redirect(_address(request, name))
    return redirect(settings.LOGIN_REDIRECT_URL)


@station_only
@require_http_methods(["GET", "POST"])
def missed_reason(request: HttpRequest, community: int, cadre: int, week: Week) -> HttpResponse:
    """The station's head notes why a week was missed."""
    demand(request.user, Act.MISSED_REASON)
    place = get_object_or_404(Community.objects.headed_by(request.user), pk=community)
    person = get_object_or_404(User.objects.filter(pk__in=place.duties.values("user")), pk=cadre)
    back = f"{reverse('inspections:week-board')}?week={week.monday}"
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        missed_weeks.note(community=place, user=person, week=week, reason=reason, by=request.user, now=timezone.now())
        messages.success(request, "已经注明，次数不变。")
        return redirect(back)
    words = f"{place}，{person}，{day_words(week.monday)}那一周。只注明原因，次数不变，也不进考核。"
    context = {"form": form, "words": words, "back": back}
    status = 422 if request.method == "POST" else 200
    return render(request, "inspections/missed_reason.html", context, status=status)
