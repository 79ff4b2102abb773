"""What passed its day and is not dealt with: tasks, and lines of the three lists. Issue 10 §5"""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import STATION
from communities.models import Community

from .kinds import Whom
from .models import Problem, Task
from .people import is_office


@dataclass(frozen=True)
class Late:
    """Whom it concerns besides the clerks: campaigns whose stations are late, village committees of late problems."""

    campaigns_of_stations: set[int]
    villages: set[int]


def of_all(today: date) -> Late | None:
    """What is late in the town; None where nothing is. Two queries."""
    tasks = list(Task.objects.late(today).order_by().values_list("campaign", "lead__whom").distinct())
    path = "place__community__village_committee"
    villages = set(Problem.objects.late(today).order_by().values_list(path, flat=True).distinct())
    if not (tasks or villages):
        return None
    return Late({campaign for campaign, whom in tasks if whom == Whom.STATIONS}, villages - {None})


def tasks_of(user: User, today: date) -> QuerySet[Task]:
    """The late tasks that a person is told of: the office all, a station those of its own kind."""
    rows = Task.objects.late(today).visible_to(user)
    return rows if is_office(user) else rows.filter(lead__whom=Whom.STATIONS)


def problems_of(user: User, today: date) -> QuerySet[Problem]:
    """The late problems that a person is told of: the office all, a station those of its communities."""
    if is_office(user):
        return Problem.objects.late(today)
    if STATION.isdisjoint(user.roles):
        return Problem.objects.none()
    return Problem.objects.late(today).filter(place__community__in=Community.objects.kept_by(user))
