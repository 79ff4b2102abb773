"""What waits in campaigns on the first pages of office, stations and leaders. Issue 10"""

from datetime import date

from django.urls import reverse

from accounts.models import User
from accounts.roles import Act, may, may_check
from campaigns.models import Campaign, HelpRequest, Problem, Task

from .waiting import Waiting, counts


def tiles(user: User, today: date) -> list[Waiting]:
    """Only what waits for this person, and only where there is something."""
    running = Campaign.objects.visible_to(user).running()
    plans = may(user, Act.CAMPAIGN)
    lists, calendar = reverse("campaigns:campaign-list"), reverse("campaigns:calendar")
    late = Problem.objects.filter(campaign__in=running, done_on=None, due_on__lt=today)
    asked = HelpRequest.objects.visible_to(user).to_send()
    found = [
        (to_approve(user), "行动方案等您批准", "份", f"{lists}?state=proposed"),
        (Task.objects.visible_to(user).late(today), "行动任务过期", "项", f"{calendar}?only=late"),
        (late if plans else late.none(), "清单里的问题过期", "个", lists),
        (
            asked if plans else asked.none(),
            "求助函等您发出",
            "份",
            f"{reverse('campaigns:help-request-list')}?state=asked",
        ),
    ]
    numbers = counts([rows for rows, *_ in found])
    shown = zip(numbers, found, strict=True)
    return [Waiting(label, number, unit, url) for number, (_, label, unit, url) in shown if number]


def to_approve(user: User):
    """Plans that this person may approve."""
    rows = Campaign.objects.to_approve().exclude(made_by=user)
    return rows if may_check(user, Act.CAMPAIGN) else rows.none()


def overdue(user: User, today: date) -> list[Waiting]:
    """For leaders: tasks of campaigns that passed their day, problems of the lists too."""
    running = Campaign.objects.visible_to(user).running()
    tasks, problems = counts(
        [
            Task.objects.visible_to(user).late(today),
            Problem.objects.filter(campaign__in=running, done_on=None, due_on__lt=today),
        ]
    )
    late = [
        Waiting("专项行动任务过期", tasks, "项", f"{reverse('campaigns:calendar')}?only=late"),
        Waiting("专项行动清单里的问题过期", problems, "个", reverse("campaigns:campaign-list")),
    ]
    return [line for line in late if line.number]
