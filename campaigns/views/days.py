"""The calendar of campaigns: a month, the year of duties, what is late; and the feed for people's own calendars."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import anyone

from .. import calendars
from ..forms import CalendarFilter
from ..models import Problem
from .acts import insiders, staff, today

MOST = 100  # late ones on the page; the lists of each campaign have the rest


@insiders
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month's phases and tasks, what is late, and the duties of its year."""
    form, user, day = CalendarFilter(request.GET), request.user, today()
    month, only = form.month_or(day), form.only_
    tasks = calendars.tasks_of(user, day, only).filter(due_on__range=(month.first_day, month.last_day))
    phases = [] if only else list(calendars.phases_in(user, month))
    weeks = calendars.weeks_of(month, phases, list(tasks.order_by("due_on", "pk")), day)
    late = calendars.tasks_of(user, day, calendars.LATE)
    problems = Problem.objects.visible_to(user).late(day) if staff.admits(user) else Problem.objects.none()
    numbers = late.count(), problems.count()
    duties = calendars.duties_of(user, month.year, day, only)
    context = {
        "form": form,
        "month": month,
        "today": day,
        "phases": phases,
        "weeks": weeks,
        "has_items": any(cell.items for week in weeks for cell in week),
        "late_tasks": numbers[0],
        "late_problems": numbers[1],
        "late_count": sum(numbers),
        "late": [calendars.item_of(task, day) for task in _first(late, only)],
        "problems": _first(problems.select_related("campaign", "place__community"), only),
        "duties": [(task, calendars.state_of(task, day)) for task in duties],
        "feed": None if getattr(request, "shared_phone", None) else _address(request),
    }
    return render(request, "campaigns/calendar.html", context)


def _first(rows: QuerySet, only: str) -> list:
    """The longest late, on the page that is about them."""
    return list(rows.order_by("due_on", "pk")[:MOST]) if only == calendars.LATE else []


def _address(request: HttpRequest) -> str:
    return _whole(request, reverse("campaigns:feed", args=[calendars.token_of(request.user)]))


def _whole(request: HttpRequest, path: str) -> str:
    return f"{settings.SITE['url']}{path}" if settings.SITE["url"] else request.build_absolute_uri(path)


@anyone
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the person whose token it is sees, as iCalendar; anybody who has the address reads it."""
    user = calendars.user_of(token)
    if user is None:
        raise Http404
    title = f"{settings.SITE['title']}专项行动"
    body = calendars.feed(
        user=user, title=title, link=lambda path: _whole(request, path), now=timezone.now(), today=today()
    )
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="campaigns.ics"'
    answer["Cache-Control"] = "private, max-age=900"
    return answer
