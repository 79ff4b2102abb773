"""What was registered wrongly is put right with a reason, and the story tells what it was: category, community, whether
neighbours may see place and picture. Issue 7 §4
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from communities.models import Community
from communities.responsibility import responsible_on
from lib.periods import beijing_date
from lib.states import WrongState, move

from . import messages, terms
from .events import Kind, note
from .kinds import Category, Level
from .models import Complaint, State
from .staffing import CHANGED, WORKED_ON, demand_staff, demand_words

OPEN = (State.REGISTERED, *WORKED_ON)


@transaction.atomic
def recategorise(*, complaint: Complaint, category: str, reason: str, by: User, now: datetime) -> None:
    """Gives a complaint its right category; who answers stays as it was.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: the same category, or no reason.
        WrongState: answered, over, or changed by somebody else.
    """
    demand_staff(by, complaint)
    demand_words(reason=(reason, "写一句为什么改。"))
    before = Category(complaint.category)
    if category == before:
        raise ValidationError({"category": f"现在就是{before.label}。"})
    move(complaint, state__in=OPEN, category=before, to={"category": Category(category)}, else_=CHANGED)
    said = f"类别从{before.label}改为{Category(category).label}：{reason.strip()}"
    note(complaint, Kind.CHANGED, by=by, now=now, text=said)


@transaction.atomic
def relocate(*, complaint: Complaint, community: Community, reason: str, by: User, now: datetime) -> None:
    """Moves a complaint to the community that was meant; its station and its firm of that day are asked from now on.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: the same community, no reason, or other cases hang on it.
        WrongState: answered, over, a finding, or changed by somebody else.
    """
    demand_staff(by, complaint)
    demand_words(reason=(reason, "写一句为什么改。"))
    _demand_free(complaint, community)
    before, firm = complaint.community, responsible_on(community, complaint.registered_on).firm
    level = Level.STATION if complaint.level == Level.FIRM and firm is None else complaint.level
    to = {"community": community, "firm": firm, "building": None, "handler": None, "level": level}
    to |= {"firm_was_asked": False} | _from_the_start(complaint, level, beijing_date(now))
    move(complaint, state__in=OPEN, community=before, finding=None, to=to, else_=CHANGED)
    complaint.refresh_from_db(fields=["reply_by"])
    note(complaint, Kind.CHANGED, by=by, now=now, text=f"小区从{before}改为{community}：{reason.strip()}")
    messages.new(complaint, now=now)


def _demand_free(complaint: Complaint, community: Community) -> None:
    if community.pk == complaint.community_id:
        raise ValidationError({"community": f"现在就是{community}。"})
    if complaint.finding_id or complaint.merged.exists():
        raise WrongState("这件已经转成问题，或者并进来了别的投诉，先拆开再改小区。")


def _from_the_start(complaint: Complaint, level: str, day: date) -> dict:
    """As newly registered there, so that the other station takes it up itself; the answer's term runs on."""
    if level != complaint.level:
        complaint.start_term(complaint.term_start, terms.days_of(level, complaint.term_start))
    accept = terms.accept_term(day)
    to = {"state": State.REGISTERED, "accept_by": accept.date, "accept_provisional": accept.provisional}
    return to | terms.columns(complaint)


@transaction.atomic
def hide(*, complaint: Complaint, reason: str, by: User, now: datetime) -> None:
    """Takes place and picture out of what neighbours see when they meet the same thing.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no reason.
        WrongState: hidden before.
    """
    demand_staff(by, complaint)
    demand_words(reason=(reason, "写一句为什么，比如 照片里有人脸。"))
    to = {"hidden_from_neighbours": True}
    move(complaint, hidden_from_neighbours=False, to=to, else_="已经不给邻居看了。")
    note(complaint, Kind.NOTE, by=by, now=now, text=f"照片和地点不给邻居看：{reason.strip()}")
