"""What waits in scores and deposits on the first pages of office, stations and leaders. Issue 8"""

from datetime import date

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.roles import Act, may
from assessments.models import Appeal, CreditEvent, DepositEntry, ReplenishNotice, ScoreSheet, Talk
from lib.periods import DAY, month_of
from rulebook import rules
from rulebook.workdays import add_working_days

from .waiting import Heap, Waiting

BACK = 400  # days: an older month that is still open is in the lists


def waiting(user: User, today: date) -> list[Heap]:
    """What may wait for this person."""
    admin, deposits = reverse("admin:assessments_scoresheet_changelist"), reverse("assessments:deposit-list")
    months = ScoreSheet.objects.visible_to(user).months().current()
    keeps, knows = may(user, Act.DEPOSIT), may(user, Act.CREDIT)
    late = ReplenishNotice.objects.visible_to(user).overdue(today=today)
    appeals = Appeal.objects.visible_to(user).to_decide_by(user)
    return [
        Heap(months.to_assess_by(user, today=today), "考核等您认定", "份", f"{admin}?turn=assess"),
        Heap(months.to_check_by(user), "考核等您复核", "份", f"{admin}?turn=check"),
        Heap(months.to_publish_by(user, today=today), "考核可以公布", "份", f"{admin}?turn=publish"),
        Heap(appeals, "考核申诉等决定", "件", reverse("assessments:appeal-list")),
        Heap(DepositEntry.objects.to_check_by(user), "保证金等复核", "笔", deposits),
        Heap(_own(late, keeps), "保证金没按期补足", "份", f"{deposits}#late"),
        Heap(_own(CreditEvent.objects.proposed(), knows), "信用信息待核实", "条", reverse("assessments:credit-list")),
        Heap(_own(Talk.objects.to_hold(), knows), "要约谈的企业", "家", reverse("assessments:talk-list")),
    ]


def _own(rows: QuerySet, mine: bool) -> QuerySet:
    return rows if mine else rows.none()


def late_months(user: User, today: date) -> list[Waiting]:
    """For leaders: months of which the timetable is late, each with its rows. DOMAIN D.5"""
    months = ScoreSheet.objects.visible_to(user).months().current()
    return [
        Waiting(
            f"{first.month}月{words}", number, "份", f"{reverse('assessments:board')}?month={first:%Y-%m}&state={state}"
        )
        for first, state, number in _open(months, today)
        if (words := _late_words(first, state, today))
    ]


def late(user: User, today: date) -> list[Heap]:
    """For leaders: what else is late."""
    appeals = Appeal.objects.visible_to(user).open().filter(due_on__lt=today)
    deposits = ReplenishNotice.objects.visible_to(user).overdue(today=today)
    return [
        Heap(appeals, "考核申诉没按时决定", "件", reverse("assessments:appeal-list")),
        Heap(deposits, "保证金没按期补足", "份", f"{reverse('assessments:deposit-list')}#late"),
    ]


def _open(months: QuerySet, today: date):
    """Months that are over with drafts and sheets to check, and how many."""
    rows = months.filter(state__in=["draft", "to_check"], last_day__lt=today, last_day__gte=today - BACK * DAY)
    return rows.order_by("first_day", "state").values_list("first_day", "state").annotate(number=Count("pk"))


def _late_words(first: date, state: str, today: date) -> str:
    """What is late about it, by the timetable of the month; empty where nothing is."""
    key, words = ("score.draft_wd", "考核没按时认定") if state == "draft" else ("score.check_wd", "考核没按时复核")
    return words if add_working_days(month_of(first).last_day, rules.on(first, key)).date < today else ""
