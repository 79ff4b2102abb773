"""Who may do what about a complaint, and what every act about one shares. DOMAIN D.7, E.2"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from accounts.roles import Act, Role, demand, may
from communities.models import Firm
from lib.periods import DAY
from rulebook import rules

from .kinds import Level
from .models import Complaint, State

CHANGED = "这件投诉刚才已经变了，看看现在的状态再办。"
WORKED_ON = (State.ACCEPTED, State.ASSIGNED, State.HANDLING, State.REOPENED)
ANSWERED = (State.REPLIED, State.RATED)


def demand_staff(by: User, complaint: Complaint) -> None:
    """Raises PermissionDenied when the user's roles do not handle complaints, or not those of this community."""
    demand(by, Act.COMPLAINT)
    if not Complaint.objects.handled_by(by).filter(pk=complaint.pk).exists():
        raise PermissionDenied("这件投诉不归您的物管站办。")


def may_handle(user: User, complaint: Complaint) -> bool:
    """Whether the user's role handles complaints of this place."""
    return may(user, Act.COMPLAINT) and Complaint.objects.handled_by(user).filter(pk=complaint.pk).exists()


def demand_answerer(by: User, complaint: Complaint) -> None:
    """Raises PermissionDenied when the answer is not for this person to give: the firm at its own level, the station
    up to its own, the town at each. DOMAIN D.7
    """
    demand(by, Act.COMPLAINT_ANSWER)
    level = Level(complaint.level)
    if level == Level.FIRM and Firm.objects.employing(by).filter(pk=complaint.firm_id).exists():
        return
    top = Level.TOWN if Role.TOWN_CLERK in by.roles else Level.STATION if Role.STATION_CLERK in by.roles else None
    if top is None or level.rank > top.rank or not Complaint.objects.handled_by(by).filter(pk=complaint.pk).exists():
        raise PermissionDenied(f"这件投诉现在由{level.label}答复。")


def may_answer(user: User, complaint: Complaint) -> bool:
    try:
        demand_answerer(user, complaint)
    except PermissionDenied:
        return False
    return True


def demand_words(**fields: tuple[str, str]) -> None:
    if wrong := {name: sentence for name, (words, sentence) in fields.items() if not words.strip()}:
        raise ValidationError(wrong)


def over(day: date) -> dict:
    """What a case gets on the day on which it ends: from then its contact data has its own term."""
    return {"closed_on": day, "anonymise_on": day + rules.on(day, "complaint.anonymise_days") * DAY}
