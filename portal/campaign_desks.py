"""What waits in campaigns on the first pages of office, stations and leaders. Issue 10"""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.roles import Act, may, may_check
from campaigns.models import Campaign, HelpRequest, Problem, Task

from .waiting import Heap


def waiting(user: User, today: date) -> list[Heap]:
    """What may wait for this person."""
    campaigns, help_ = reverse("campaigns:campaign-list"), reverse("campaigns:help-request-list")
    plans = may(user, Act.CAMPAIGN)
    asked = HelpRequest.objects.visible_to(user).to_send() if plans else HelpRequest.objects.none()
    return [
        Heap(_to_approve(user), "行动方案等您批准", "份", f"{campaigns}?state=proposed"),
        *late(user, today),
        Heap(asked, "求助函等您发出", "份", f"{help_}?state=asked"),
    ]


def late(user: User, today: date) -> list[Heap]:
    """Tasks of campaigns that passed their day, and problems of the lists."""
    running = Campaign.objects.visible_to(user).running()
    problems = Problem.objects.filter(campaign__in=running, done_on=None, due_on__lt=today)
    tasks = Task.objects.visible_to(user).late(today)
    return [
        Heap(tasks, "专项行动任务过期", "项", f"{reverse('campaigns:calendar')}?only=late"),
        Heap(problems, "专项行动清单里的问题过期", "个", reverse("campaigns:campaign-list")),
    ]


def _to_approve(user: User) -> QuerySet[Campaign]:
    """Plans that this person may approve."""
    rows = Campaign.objects.to_approve().exclude(made_by=user)
    return rows if may_check(user, Act.CAMPAIGN) else rows.none()
