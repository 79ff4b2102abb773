"""What patrols make people be told: a week that will fall short, and on Monday how the last week went.

Both run every quarter of an hour and write each message once (its key holds week, round and due moment). Nothing is
written outside working hours, and nothing about a week that is over except its one summary.
"""

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from accounts import notifications
from accounts.models import Message, User
from accounts.notifications import Text
from accounts.roles import STATION, Role
from communities.models import Community, StationPost
from lib.periods import DAY, Week, beijing_date, week_of
from lib.text import day_words
from rulebook import rules
from rulebook.workdays import working_days
from rulebook.working_hours import at, is_working_time, last_working_day, next_working_time

from . import boards, weeks

REMINDER, SUMMARY = "patrol-reminder", "patrol-week-summary"
WEEK = "inspections.week"  # what the messages are about; the key is the week's Monday


# ---------------------------------------------------------------- a week that will fall short


def remind(*, now: datetime) -> int:
    """Reminds the cadres whose week will fall short; returns how many messages are new. Issue 3 §5

    The hours are the rule rows ``patrol.remind_hours``; one on a day off moves to the working day before it. After a
    pause only the latest hour that has passed is made up.
    """
    if not is_working_time(now):
        return 0
    week, today = week_of(now), beijing_date(now)
    passed = [(number, due) for number, due in enumerate(reminder_hours(week)) if due <= now]
    if not passed:
        return 0
    number, due = passed[-1]
    short = [mine.user for mine in weeks.cadre_weeks(week) if mine.to_visit(today) and mine.user.is_active]
    rows = [notifications.row(user, REMINDER, about=_about(week), round=number, due=due) for user in short]
    return notifications.tell_many(rows)


def reminder_hours(week: Week) -> list[datetime]:
    """The moments of a week at which it reminds, in order."""
    moments = []
    for hour in rules.on(week.monday, "patrol.remind_hours"):
        day = last_working_day(week.monday + (hour.weekday - 1) * DAY, not_before=week.monday)
        if day:
            moments.append(at(day, hour.at))
    return sorted(moments)


def _about(week: Week) -> tuple[str, str]:
    return WEEK, week.monday.isoformat()


# ---------------------------------------------------------------- how the last week went


def summarise(*, now: datetime) -> int:
    """On Monday, or the first working day after it, tells stations and office how the last week went, once.

    Returns:
        How many messages are new.
    """
    week = week_of(now)
    due = next_working_time(week.start)
    if not is_working_time(now) or now < due or due >= week.end:
        return 0
    about = _about(_last_worked(week))
    people = _readers(beijing_date(now))
    notifications.tell_robots(SUMMARY, about=about, due=due)
    return notifications.tell_many(notifications.row(user, SUMMARY, about=about, due=due) for user in people)


def _last_worked(week: Week) -> Week:
    """The week before, or where all of it was a holiday the one before that: nothing was asked in a holiday."""
    last = week.previous
    return last if working_days(last.monday, last.sunday) else _last_worked(last)


def _readers(today: date) -> set[int]:
    """Those with a post at a station, and the office's head and clerks."""
    station = User.objects.with_role(Role.STATION_HEAD, Role.STATION_CLERK, today=today)
    posted = station.filter(pk__in=StationPost.objects.on(today).values("user"))
    office = User.objects.with_role(Role.TOWN_HEAD, Role.TOWN_CLERK, today=today)
    return {*posted.values_list("pk", flat=True), *office.values_list("pk", flat=True)}


# ---------------------------------------------------------------- words, made when read


def _week(message: Message) -> Week:
    return Week(date.fromisoformat(message.about_key))


def _reminder_text(message: Message) -> Text:
    week, url = _week(message), reverse("inspections:week")
    if message.due < week_of(timezone.now()).start:
        return Text("那一周的巡查提醒", f"{day_words(week.monday)}那一周的提醒，那一周已经过去。", url)
    mine = weeks.cadre_week(week, message.user)
    if mine.is_met:
        return Text("本周的巡查够了", "提醒之后都巡过了，不用再做什么。", url)
    today = beijing_date(timezone.now())
    if not mine.to_visit(today):
        return Text("本周的巡查不用再去", "小区已经交给别人联系。之前去过没记的，还可以补记。", url)
    return Text("本周还有小区没巡够", f"{mine.missing_words(today)}。到星期天为止，周末去也算。", url)


def _summary_text(message: Message) -> Text:
    week = _week(message)
    url = f"{reverse('inspections:week-board')}?week={week.monday}"
    subject = f"{day_words(week.monday)}那一周的巡查"
    if week != _last_worked(week_of(timezone.now())):
        return Text(subject, "点开看那一周各小区的情况。", url)
    board = boards.community_weeks(week, Community.objects.overseen_by(message.user).standing(week.sunday))
    short = [row for row in board if row.missing]
    if not board:
        return Text(subject, "没有小区归您这里管。", url)
    if not short:
        return Text(subject, f"{len(board)} 个小区都巡够了。", url)
    names = "、".join(f"{row.community}（差 {row.missing} 次）" for row in short[:10])
    more = "等" if len(short) > 10 else ""
    limit = weeks.terms_of(week).submit_by.date
    still = f"那一周的记录 {day_words(limit)} 前还能交。" if beijing_date(timezone.now()) <= limit else ""
    return Text(subject, f"{len(board)} 个小区，{len(short)} 个没巡够：{names}{more}。{still}", url)


def _group_text(message: Message) -> str:
    """For the office's groups: numbers alone, nobody's name."""
    week = _week(message)
    board = boards.community_weeks(week, Community.objects.standing(week.sunday))
    met = sum(1 for row in board if not row.missing)
    return f"{day_words(week.monday)}那一周的巡查：{len(board)} 个小区，{met} 个巡够了。" if board else ""


def register_messages() -> None:
    """Called once at start."""
    patrols = {"related": None, "group": "巡查"}
    readers = STATION | {Role.TOWN_HEAD, Role.TOWN_CLERK}
    notifications.register(REMINDER, "巡查提醒", _reminder_text, roles=frozenset({Role.CADRE}), **patrols)
    notifications.register(SUMMARY, "每周巡查小结", _summary_text, roles=readers, robot=_group_text, **patrols)
