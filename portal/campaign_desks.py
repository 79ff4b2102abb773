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
    calendar = f"{reverse('campaigns:calendar')}?only=late"
    tasks, problems = (rows.objects.visible_to(user).late(today) for rows in (Task, Problem))
    return [
        Heap(tasks, "专项行动任务逾期", "项", f"{calendar}#late-tasks"),
        Heap(problems, "三清单里的问题逾期", "项", f"{calendar}#late-problems"),
    ]


def _to_approve(user: User) -> QuerySet[Campaign]:
    """Plans that this person may approve."""
    rows = Campaign.objects.to_approve().exclude(made_by=user)
    return rows if may_check(user, Act.CAMPAIGN) else rows.none()
